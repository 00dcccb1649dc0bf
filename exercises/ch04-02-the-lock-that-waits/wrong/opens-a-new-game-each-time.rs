//! Opens a game for each move and does not put it into the map, so that no move counts for the
//! next one.

impl Games {
    pub async fn play(
        &self,
        name: &str,
        by: Player,
        command: Command,
    ) -> Result<Vec<Event>, Rejection> {
        let known = self.games.lock().await.get(name).cloned();
        let game = known.unwrap_or_else(|| Arc::new(Mutex::new(battle())));
        let mut game = game.lock().await;
        let events = decide(&game, by, command, &Facts::default())?;
        self.disk.append(name, &events).await;
        for event in &events {
            game.apply(event);
        }
        Ok(events)
    }
}

//! Holds the lock of the map while the game is played, so that the locks of the games are of no
//! use.

impl Games {
    pub async fn play(
        &self,
        name: &str,
        by: Player,
        command: Command,
    ) -> Result<Vec<Event>, Rejection> {
        let mut games = self.games.lock().await;
        let open = || Arc::new(Mutex::new(battle()));
        let game = games.entry(name.to_owned()).or_insert_with(open);
        let mut game = game.lock().await;
        let events = decide(&game, by, command, &Facts::default())?;
        self.disk.append(name, &events).await;
        for event in &events {
            game.apply(event);
        }
        Ok(events)
    }
}

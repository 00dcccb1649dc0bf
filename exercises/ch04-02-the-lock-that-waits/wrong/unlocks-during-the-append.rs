//! Lets go of the game while the disk writes. Of two moves at the same moment, each sees the game
//! without the other, and one is lost.

impl Games {
    pub async fn play(
        &self,
        name: &str,
        by: Player,
        command: Command,
    ) -> Result<Vec<Event>, Rejection> {
        let lock = {
            let mut games = self.games.lock().await;
            let open = || Arc::new(Mutex::new(battle()));
            Arc::clone(games.entry(name.to_owned()).or_insert_with(open))
        };
        let mut game = lock.lock().await.clone();
        let events = decide(&game, by, command, &Facts::default())?;
        self.disk.append(name, &events).await;
        for event in &events {
            game.apply(event);
        }
        *lock.lock().await = game;
        Ok(events)
    }
}

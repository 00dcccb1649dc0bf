//! Looks for the game under one lock and opens it under another. Two callers that come first each
//! open one, and the moves of one of them are lost.

impl Games {
    pub async fn play(
        &self,
        name: &str,
        by: Player,
        command: Command,
    ) -> Result<Vec<Event>, Rejection> {
        let known = self.games.lock().await.get(name).cloned();
        let game = match known {
            Some(game) => game,
            None => {
                // Makes the moment between the two longer, so that it is found each time.
                std::thread::sleep(std::time::Duration::from_micros(50));
                let game = Arc::new(Mutex::new(battle()));
                let opened = Arc::clone(&game);
                self.games.lock().await.insert(name.to_owned(), opened);
                game
            }
        };
        let mut game = game.lock().await;
        let events = decide(&game, by, command, &Facts::default())?;
        self.disk.append(name, &events).await;
        for event in &events {
            game.apply(event);
        }
        Ok(events)
    }
}

//! A lock for each game, in a map that has a lock of its own.

use std::collections::HashMap;
use std::sync::Arc;

use islands_core::{Command, Event, Facts, Game, Player, Rejection, decide};
use tokio::sync::Mutex;

use crate::disk::Disk;
use crate::games::battle;

/// The games by name. A game opens when it is first played.
pub struct Games {
    games: Mutex<HashMap<String, Arc<Mutex<Game>>>>,
    disk: Disk,
}

impl Games {
    /// Returns no games yet. Their events go to this disk.
    pub fn new(disk: Disk) -> Games {
        let games = Mutex::default();
        Games { games, disk }
    }

    /// Carries out a command and returns its events.
    ///
    /// # Errors
    /// If the rules refuse it.
    pub async fn play(
        &self,
        name: &str,
        by: Player,
        command: Command,
    ) -> Result<Vec<Event>, Rejection> {
        // The map's lock is held only to find the game.
        let game = {
            let mut games = self.games.lock().await;
            let open = || Arc::new(Mutex::new(battle()));
            Arc::clone(games.entry(name.to_owned()).or_insert_with(open))
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

//! A disk that is slow on demand.

use std::time::Duration;

use islands_core::Event;
use tokio::time::sleep;
use tracing::debug;

/// Stores events, and takes its time for some games.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    slow: Option<(String, Duration)>,
}

impl Disk {
    /// Returns a disk that takes this long for each append to one game, and no time for others.
    pub fn slow_for(game: &str, pause: Duration) -> Disk {
        Disk {
            slow: Some((game.to_owned(), pause)),
        }
    }

    /// Stores the events of one command.
    pub async fn append(&self, game: &str, events: &[Event]) {
        debug!(from = game, to = "disk", "append {}", events.len());
        if let Some((slow, pause)) = &self.slow
            && slow == game
        {
            sleep(*pause).await;
        }
        debug!(from = "disk", to = game, "stored");
    }
}

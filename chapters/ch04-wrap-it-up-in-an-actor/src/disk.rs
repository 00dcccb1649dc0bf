//! A disk that is slow on demand.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use islands_core::Event;
use tokio::task::yield_now;
use tokio::time::sleep;
use tracing::debug;

/// Stores events, and takes its time for some games. Clones are the same disk.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    slow: Option<(String, Duration)>,
    stored: Arc<AtomicUsize>,
}

impl Disk {
    /// Returns a disk that takes this long for each append to one game, and no time for others.
    pub fn slow_for(game: &str, pause: Duration) -> Disk {
        Disk {
            slow: Some((game.to_owned(), pause)),
            stored: Arc::default(),
        }
    }

    /// Stores the events of one command. They are on the disk as soon as it has them, even if the
    /// caller does not wait for the confirmation.
    pub async fn append(&self, game: &str, events: &[Event]) {
        let slow = self.slow.as_ref().filter(|(slow, _)| slow == game);
        if slow.is_some() {
            // Handing it over takes a moment, in which other tasks run.
            yield_now().await;
        }
        debug!(from = game, to = "disk", "append");
        self.stored.fetch_add(events.len(), Ordering::Relaxed);
        if let Some((_, pause)) = slow {
            sleep(*pause).await;
        }
        debug!(from = "disk", to = game, "stored");
    }

    /// Returns the number of events on the disk.
    pub fn stored(&self) -> usize {
        self.stored.load(Ordering::Relaxed)
    }
}

//! Where computer players think.

use std::sync::Arc;
use std::time::Duration;

use islands_core::bot;
use islands_core::{Command, PlayerView};
use tokio::sync::Semaphore;

use crate::opening::Bot;

/// A bounded number of places to think in: however many computers play, they
/// leave the processors to the people who wait.
#[derive(Clone)]
pub(crate) struct Bots {
    places: Arc<Semaphore>,
}

impl Bots {
    pub(crate) fn new() -> Bots {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Bots {
            places: Arc::new(Semaphore::new(processors)),
        }
    }

    /// Thinks after a pause about what this bot does next, away from every game,
    /// and hands it over if there is anything to do. The view is all it knows.
    pub(crate) fn think(
        &self,
        bot: Bot,
        view: PlayerView,
        pause: Duration,
        hand_over: impl FnOnce(Command) + Send + 'static,
    ) {
        let places = Arc::clone(&self.places);
        tokio::spawn(async move {
            tokio::time::sleep(pause).await;
            // The semaphore is never closed.
            let Ok(_place) = places.acquire_owned().await else {
                return;
            };
            let thought =
                tokio::task::spawn_blocking(move || bot::next(&view, bot.strength, bot.seed));
            if let Ok(Some(command)) = thought.await {
                hand_over(command);
            }
        });
    }
}

//! Computes the moves of computer players.

use std::sync::Arc;
use std::time::Duration;

use islands_core::bot;
use islands_core::{Command, PlayerView};
use tokio::sync::Semaphore;

use crate::game_config::Bot;

/// Runs computer players on blocking threads, at most one per processor at a time.
#[derive(Clone)]
pub(crate) struct Bots {
    permits: Arc<Semaphore>,
}

impl Bots {
    pub(crate) fn new() -> Bots {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Bots {
            permits: Arc::new(Semaphore::new(processors)),
        }
    }

    /// Chooses the bot's next command after `pause`, outside the game's process, and
    /// passes it to `hand_over`, if there is one. The bot knows only its view.
    pub(crate) fn think(
        &self,
        bot: Bot,
        view: PlayerView,
        pause: Duration,
        hand_over: impl FnOnce(Command) + Send + 'static,
    ) {
        let permits = Arc::clone(&self.permits);
        tokio::spawn(async move {
            tokio::time::sleep(pause).await;
            // The semaphore is never closed.
            let Ok(_permit) = permits.acquire_owned().await else {
                return;
            };
            let thought = tokio::task::spawn_blocking(move || {
                bot::next_command(&view, bot.strength, bot.seed)
            });
            if let Ok(Some(command)) = thought.await {
                hand_over(command);
            }
        });
    }
}

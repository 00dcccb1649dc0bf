//! A journal in which some commands are poison: the game's process panics.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use islands_core::GameId;
use islands_engine::journal::{
    Answer, AppendError, Batch, Forgotten, Journal, LoadError, Retention,
};
use tokio::sync::oneshot;

/// Another journal, and panics on order.
pub struct Poisoned<J> {
    kept: J,
    ordered: Mutex<HashMap<GameId, Poison>>,
}

enum Poison {
    Once(oneshot::Sender<Instant>),
    Always,
}

impl<J: Journal> Poisoned<J> {
    pub fn new(kept: J) -> Poisoned<J> {
        let ordered = Mutex::default();
        Poisoned { kept, ordered }
    }

    /// Poisons the next append to this game. The time of the panic is told.
    pub fn next_append(&self, game: GameId) -> oneshot::Receiver<Instant> {
        let (panics, panicked) = oneshot::channel();
        self.order(game, Poison::Once(panics));
        panicked
    }

    /// Poisons all appends to this game.
    pub fn every_append(&self, game: GameId) {
        self.order(game, Poison::Always);
    }

    fn order(&self, game: GameId, poison: Poison) {
        let ordered = self.ordered.lock();
        let mut ordered = ordered.unwrap_or_else(PoisonError::into_inner);
        ordered.insert(game, poison);
    }

    fn poison(&self, game: GameId) {
        let ordered = self.ordered.lock();
        let mut ordered = ordered.unwrap_or_else(PoisonError::into_inner);
        let Some(poison) = ordered.remove(&game) else {
            return;
        };
        match poison {
            // Whoever has hung up does not measure it.
            Poison::Once(panics) => drop(panics.send(Instant::now())),
            Poison::Always => drop(ordered.insert(game, Poison::Always)),
        }
        drop(ordered);
        panic!("poison");
    }
}

impl<J: Journal> Journal for Poisoned<J> {
    fn append(
        &self,
        game: GameId,
        expected: u64,
        batch: Batch,
    ) -> Answer<'_, Result<(), AppendError>> {
        Box::pin(async move {
            self.poison(game);
            self.kept.append(game, expected, batch).await
        })
    }

    fn load(&self, game: GameId, after: u64) -> Answer<'_, Result<Vec<Batch>, LoadError>> {
        self.kept.load(game, after)
    }

    fn forget(&self, retention: Retention) -> Answer<'_, Result<Forgotten, LoadError>> {
        self.kept.forget(retention)
    }

    fn is_writable(&self) -> bool {
        self.kept.is_writable()
    }
}

/// Reports panics as the program does, to a log that nobody reads.
pub fn report_panics() {
    let filter = tracing_subscriber::EnvFilter::new("ractor=warn,info");
    let log = tracing_subscriber::fmt().with_env_filter(filter);
    log.with_ansi(false).with_writer(std::io::sink).init();
    islands_engine::report_panics();
}

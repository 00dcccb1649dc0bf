//! One game, as its supervisor sees it.

use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::refusal::Refusal;
use crate::registry::GameRef;
use crate::restart::Crashes;

/// What a caller who needs a game is told.
pub(crate) type Found = oneshot::Sender<Result<GameRef, Refusal>>;

/// A game that a supervisor has in hand.
pub(crate) struct Child {
    phase: Phase,
    since: Instant,
    pub(crate) crashes: Crashes,
    waiting: Vec<Found>,
}

/// Where a game is in its life.
pub(crate) enum Phase {
    /// Between two processes, for a crash's pause or for no time at all.
    Down,
    Starting(GameRef),
    Running(GameRef),
    Quarantined(String),
}

impl Child {
    /// A game that is about to start.
    pub(crate) fn new() -> Child {
        Child {
            phase: Phase::Down,
            since: Instant::now(),
            crashes: Crashes::default(),
            waiting: Vec::new(),
        }
    }

    pub(crate) fn phase(&self) -> &Phase {
        &self.phase
    }

    /// Since when it has been in its phase.
    pub(crate) fn since(&self) -> Instant {
        self.since
    }

    pub(crate) fn enter(&mut self, phase: Phase) {
        self.phase = phase;
        self.since = Instant::now();
    }

    /// How many wait for it to run. Those who have hung up do not.
    pub(crate) fn waiting(&self) -> usize {
        let waits = |found: &&Found| !found.is_closed();
        self.waiting.iter().filter(waits).count()
    }

    pub(crate) fn wait(&mut self, found: Found) {
        self.waiting.retain(|found| !found.is_closed());
        self.waiting.push(found);
    }

    /// Tells all who wait what has become of it.
    pub(crate) fn answer(&mut self, result: &Result<GameRef, Refusal>) {
        for found in self.waiting.drain(..) {
            // Whoever has hung up has no use for an answer.
            let _ = found.send(result.clone());
        }
    }
}

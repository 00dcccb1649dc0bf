//! One game, as its supervisor sees it.

use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::call_error::CallError;
use crate::registry::GameRef;
use crate::restart::Crashes;

/// Sends the answer to a look-up.
pub(crate) type FindReply = oneshot::Sender<Result<GameRef, CallError>>;

/// What a supervisor knows of one game: its process, its recent crashes, and the callers
/// that wait for the process to run.
pub(crate) struct Child {
    phase: Phase,
    since: Instant,
    pub(crate) crashes: Crashes,
    waiting: Vec<FindReply>,
}

/// The phases of a game's process.
pub(crate) enum Phase {
    /// Without a process: before a start, or while a restart backs off.
    Down,
    Starting(GameRef),
    Running(GameRef),
    Quarantined(String),
}

impl Child {
    /// A child that is about to start.
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

    /// When it entered its phase.
    pub(crate) fn since(&self) -> Instant {
        self.since
    }

    pub(crate) fn enter(&mut self, phase: Phase) {
        self.phase = phase;
        self.since = Instant::now();
    }

    /// Number of callers waiting for it to run. A caller that has hung up does not count.
    pub(crate) fn waiting(&self) -> usize {
        let waits = |reply: &&FindReply| !reply.is_closed();
        self.waiting.iter().filter(waits).count()
    }

    /// Adds a waiting caller.
    pub(crate) fn add_waiter(&mut self, reply: FindReply) {
        self.waiting.retain(|reply| !reply.is_closed());
        self.waiting.push(reply);
    }

    /// Answers every waiting caller.
    pub(crate) fn answer_waiters(&mut self, result: &Result<GameRef, CallError>) {
        for reply in self.waiting.drain(..) {
            // A caller that has hung up needs no answer.
            let _ = reply.send(result.clone());
        }
    }
}

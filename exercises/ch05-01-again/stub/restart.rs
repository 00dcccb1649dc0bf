//! The restart policy: a pure function of the crash times, without a clock or an actor.

use std::time::{Duration, Instant};

/// Maximum restarts within a window: the restart intensity of an OTP supervisor, there called
/// `max_restarts` and `max_seconds`.
#[derive(Clone, Copy, Debug)]
pub struct RestartBudget {
    /// The maximum.
    pub restarts: usize,
    /// The length of the sliding window.
    pub within: Duration,
}

impl Default for RestartBudget {
    fn default() -> RestartBudget {
        RestartBudget {
            restarts: 3,
            within: Duration::from_secs(5),
        }
    }
}

/// What to do about a crash, of a game or of a supervisor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RestartDecision {
    /// Restart at once.
    Now,
    /// Restart after a pause: at the second crash within the window, the cause may lie outside
    /// the game, and may soon be gone.
    After(Duration),
    /// More crashes than the budget allows: a game goes into quarantine, a supervisor
    /// restarts after a longer pause.
    OverBudget,
}

/// The crashes of one game or supervisor within the window before the last one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Crashes {
    recent: Vec<Instant>,
}

/// Exponential backoff: the pause before the second restart, doubled for each later one up to
/// [`LONGEST_PAUSE`]. With the default budget, the third and last restart waits 100 ms.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

impl Crashes {
    /// Returns the number of crashes within the window, the last one included.
    pub(crate) fn recent(&self) -> usize {
        self.recent.len()
    }

    /// Records a crash and decides what to do about it.
    pub(crate) fn record(&mut self, budget: RestartBudget, now: Instant) -> RestartDecision {
        your_code!(self, budget, now)
    }
}

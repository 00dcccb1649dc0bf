//! The bounds and times of the process layer, with defaults.

use std::time::Duration;

use crate::restart::RestartBudget;
use crate::testing::Failpoints;

/// Bounds and times, chosen when the games are started.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Time without a subscriber or an accepted command after which a game leaves
    /// memory.
    pub idle_after: Duration,
    /// Maximum games in memory.
    pub max_games: usize,
    /// How long a call waits for its answer.
    pub call_timeout: Duration,
    /// Maximum callers waiting for one game. Further calls fail with
    /// [`CallError::Busy`](crate::CallError::Busy).
    pub max_waiting: usize,
    /// Maximum subscribers of one game.
    pub max_subscribers: usize,
    /// Restarts allowed to a game before it is quarantined.
    pub budget: RestartBudget,
    /// Number of supervisors that share the games, at least 1.
    pub supervisors: usize,
    /// Failpoints for tests; none by default.
    pub failpoints: Failpoints,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            idle_after: Duration::from_secs(15 * 60),
            max_games: 100_000,
            call_timeout: Duration::from_secs(5),
            max_waiting: 256,
            max_subscribers: 10_000,
            budget: RestartBudget::default(),
            supervisors: 8,
            failpoints: Failpoints::default(),
        }
    }
}

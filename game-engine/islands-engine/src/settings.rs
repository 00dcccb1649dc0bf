//! The bounds and times of the process layer, each with a default that works.

use std::time::Duration;

use crate::restart::Budget;
use crate::testing::Failpoints;

/// What may be chosen when the games are started.
#[derive(Clone, Debug)]
pub struct Settings {
    /// A game without a subscriber and an accepted command for this long leaves
    /// memory.
    pub idle_after: Duration,
    /// How many games may be in memory at once.
    pub max_games: usize,
    /// How long a call waits for its answer.
    pub deadline: Duration,
    /// How many calls of one game may wait for their answer at once; past it
    /// they are told that it is busy.
    pub max_waiting: usize,
    /// How many may listen to one game at once.
    pub max_subscribers: usize,
    /// How often a game may crash before it is quarantined.
    pub budget: Budget,
    /// How many supervisors share the games.
    pub supervisors: usize,
    /// Where tests let something happen to a game; nowhere by default.
    pub failpoints: Failpoints,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            idle_after: Duration::from_secs(15 * 60),
            max_games: 100_000,
            deadline: Duration::from_secs(5),
            max_waiting: 256,
            max_subscribers: 10_000,
            budget: Budget::default(),
            supervisors: 8,
            failpoints: Failpoints::default(),
        }
    }
}

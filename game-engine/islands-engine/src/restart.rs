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
        let counts = |crash: &Instant| now.duration_since(*crash) <= budget.within;
        self.recent.retain(counts);
        self.recent.push(now);
        match self.recent.len() {
            count if count > budget.restarts => RestartDecision::OverBudget,
            1 => RestartDecision::Now,
            count => {
                let doublings = u32::try_from(count - 2).unwrap_or(u32::MAX);
                let pause = FIRST_PAUSE.saturating_mul(2u32.saturating_pow(doublings));
                RestartDecision::After(pause.min(LONGEST_PAUSE))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decisions(budget: RestartBudget, crashes_at_ms: &[u64]) -> Vec<RestartDecision> {
        let start = Instant::now();
        let mut crashes = Crashes::default();
        crashes_at_ms
            .iter()
            .map(|ms| crashes.record(budget, start + Duration::from_millis(*ms)))
            .collect()
    }

    fn after(ms: u64) -> RestartDecision {
        RestartDecision::After(Duration::from_millis(ms))
    }

    #[test]
    fn the_first_restart_is_immediate_and_later_ones_back_off() {
        assert_eq!(
            decisions(RestartBudget::default(), &[0, 10, 20]),
            [RestartDecision::Now, after(50), after(100)]
        );
    }

    #[test]
    fn one_crash_more_than_the_budget_is_quarantine() {
        let decisions = decisions(RestartBudget::default(), &[0, 1_000, 2_000, 3_000]);
        assert_eq!(decisions[3], RestartDecision::OverBudget);
    }

    #[test]
    fn crashes_long_ago_are_forgiven() {
        assert_eq!(
            decisions(RestartBudget::default(), &[0, 1_000, 6_001, 6_002]),
            [
                RestartDecision::Now,
                after(50),
                RestartDecision::Now,
                after(50)
            ]
        );
    }

    #[test]
    fn the_pause_has_a_bound() {
        let generous = RestartBudget {
            restarts: 100,
            within: Duration::from_secs(60),
        };
        let last = decisions(generous, &[0; 50]).pop();
        assert_eq!(last, Some(RestartDecision::After(LONGEST_PAUSE)));
    }
}

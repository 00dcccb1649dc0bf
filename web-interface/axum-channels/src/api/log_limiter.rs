//! A rate limiter for warnings that a client can cause at will.

use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

/// Minimum time between two warnings.
const MIN_INTERVAL: Duration = Duration::from_secs(10);

/// Limits one kind of warning to one per [`MIN_INTERVAL`].
#[derive(Debug, Default)]
pub(crate) struct LogLimiter(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    last: Option<Instant>,
    held_back: u64,
}

impl LogLimiter {
    /// If this warning may be logged, returns how many were held back since the last one.
    pub(crate) fn admit(&self) -> Option<u64> {
        let mut state = self.0.lock();
        if state.last.is_some_and(|last| last.elapsed() < MIN_INTERVAL) {
            state.held_back += 1;
            return None;
        }
        state.last = Some(Instant::now());
        Some(std::mem::take(&mut state.held_back))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn one_warning_in_ten_seconds_says_how_many_were_held_back() {
        let warnings = LogLimiter::default();
        assert_eq!(warnings.admit(), Some(0));
        assert_eq!((warnings.admit(), warnings.admit()), (None, None));
        tokio::time::advance(MIN_INTERVAL).await;
        assert_eq!(warnings.admit(), Some(2));
        assert_eq!(warnings.admit(), None);
    }
}

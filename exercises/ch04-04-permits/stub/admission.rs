//! Bounded admission to a game (backpressure), and its idle clock. Both are atomics shared with the
//! game, so a caller takes a permit and the supervisor reads the clock without sending it a
//! message.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::Instant;

/// A counting semaphore for the callers of one game: an actor's mailbox is unbounded. A caller
/// without a permit is refused at once, and never queues (load shedding).
pub(crate) struct Admission {
    /// Permits in use. A caller that is refused counts for a moment.
    waiting: AtomicUsize,
    permits: usize,
    started: Instant,
    /// When a command was last stored or a subscriber last left, in milliseconds after
    /// `started`.
    idle_since_ms: AtomicU64,
}

/// The right to wait for an answer. An RAII guard: dropping it returns the permit.
pub(crate) struct Permit(Arc<Admission>);

impl Admission {
    /// With `permits` permits.
    pub(crate) fn new(permits: usize) -> Admission {
        Admission {
            waiting: AtomicUsize::new(0),
            permits,
            started: Instant::now(),
            idle_since_ms: AtomicU64::new(0),
        }
    }

    /// Acquires a permit, if one is left.
    pub(crate) fn try_acquire(self: &Arc<Admission>) -> Option<Permit> {
        your_code!(self)
    }

    /// Returns the number of callers that wait for an answer.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Acquire).min(self.permits)
    }

    /// Restarts the idle clock.
    pub(crate) fn touch(&self, now: Instant) {
        let ms = now.duration_since(self.started).as_millis();
        let ms = u64::try_from(ms).unwrap_or(u64::MAX);
        self.idle_since_ms.store(ms, Ordering::Release);
    }

    /// Time since the idle clock was last restarted.
    pub(crate) fn idle_for(&self) -> Duration {
        let since = Duration::from_millis(self.idle_since_ms.load(Ordering::Acquire));
        self.started.elapsed().saturating_sub(since)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        your_code!(self)
    }
}

//! The only timer of a socket, for a client that is silent and for one that does not read.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::time::{Instant, Sleep};

use crate::protocol::CloseReason;

/// The timeouts of one socket, checked with one timer.
#[derive(Debug)]
pub(super) struct Timeouts {
    limits: TimeoutLimits,
    last_read: Instant,
    /// Since when frames have waited for the client to read; `None` if none wait.
    stalled_since: Option<Instant>,
    /// Until when the socket does not read, because the client sends too fast.
    paused_until: Option<Instant>,
}

/// How long a client may be silent, and how long it may leave frames unread.
#[derive(Clone, Copy, Debug)]
pub(super) struct TimeoutLimits {
    pub(super) silent: Duration,
    pub(super) unread: Duration,
}

impl Timeouts {
    pub(super) fn new(limits: TimeoutLimits) -> Self {
        Self {
            limits,
            last_read: Instant::now(),
            stalled_since: None,
            paused_until: None,
        }
    }

    /// Notes that the client has sent something.
    pub(super) fn record_read(&mut self) {
        self.last_read = Instant::now();
    }

    /// Notes that the kernel takes no more bytes for the client.
    pub(super) fn record_stall(&mut self) {
        // Most batches are flushed at once, and so never read the clock.
        self.stalled_since.get_or_insert_with(Instant::now);
    }

    /// Notes that the kernel has taken all bytes.
    pub(super) fn clear_stall(&mut self) {
        self.stalled_since = None;
    }

    pub(super) fn is_stalled(&self) -> bool {
        self.stalled_since.is_some()
    }

    /// Stops reading for `time`. The client does not count as silent until then.
    pub(super) fn pause(&mut self, time: Duration) {
        let until = Instant::now() + time;
        self.paused_until = Some(until);
        self.last_read = until;
    }

    /// Whether a pause is still running.
    pub(super) fn is_paused(&mut self) -> bool {
        self.paused_until = self.paused_until.filter(|until| *until > Instant::now());
        self.paused_until.is_some()
    }

    /// Ready with a close reason when a timeout has passed, or with `None` when a pause is over.
    ///
    /// The timer is reset only when it has fired or would fire too late, so that a frame costs a
    /// comparison and no update of the timer.
    pub(super) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        mut timer: Pin<&mut Sleep>,
    ) -> Poll<Option<CloseReason>> {
        let silent = self.last_read + self.limits.silent;
        let unread = self.stalled_since.map(|since| since + self.limits.unread);
        let due = [unread, self.paused_until]
            .into_iter()
            .flatten()
            .fold(silent, Instant::min);
        if due < timer.deadline() {
            timer.as_mut().reset(due);
        }
        loop {
            ready!(timer.as_mut().poll(cx));
            match Instant::now() {
                now if unread.is_some_and(|unread| unread <= now) => {
                    return Poll::Ready(Some(CloseReason::Slow));
                }
                now if silent <= now => return Poll::Ready(Some(CloseReason::Idle)),
                now if self.paused_until.is_some_and(|until| until <= now) => {
                    self.paused_until = None;
                    return Poll::Ready(None);
                }
                _ => timer.as_mut().reset(due),
            }
        }
    }
}

//! The one timer of a socket: it watches for a client that says nothing, and for one that does not
//! read.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::time::{Instant, Sleep};

use crate::protocol::CloseReason;

/// What the watch looks at.
#[derive(Debug)]
pub(super) struct Timeouts {
    patience: TimeoutLimits,
    heard: Instant,
    /// Since when frames have waited for the client to read, if some do.
    stalled: Option<Instant>,
    /// Until when nothing is read from a client that sends too fast.
    paused: Option<Instant>,
}

/// How long a client may say nothing, and how long it may leave frames unread.
#[derive(Clone, Copy, Debug)]
pub(super) struct TimeoutLimits {
    pub(super) silent: Duration,
    pub(super) unread: Duration,
}

impl Timeouts {
    pub(super) fn new(patience: TimeoutLimits) -> Self {
        Self {
            patience,
            heard: Instant::now(),
            stalled: None,
            paused: None,
        }
    }

    /// The client has sent something.
    pub(super) fn hear(&mut self) {
        self.heard = Instant::now();
    }

    /// The kernel takes no more of what the client is sent.
    pub(super) fn stall(&mut self) {
        // Most batches go out at once, and nobody has to ask for the time.
        self.stalled.get_or_insert_with(Instant::now);
    }

    /// It has taken all of it.
    pub(super) fn flow(&mut self) {
        self.stalled = None;
    }

    pub(super) fn is_stalled(&self) -> bool {
        self.stalled.is_some()
    }

    /// Nothing is to be read for so long, and who is not read is not silent.
    pub(super) fn pause(&mut self, time: Duration) {
        let until = Instant::now() + time;
        self.paused = Some(until);
        self.heard = until;
    }

    /// Whether that is not over yet.
    pub(super) fn is_paused(&mut self) -> bool {
        self.paused = self.paused.filter(|until| *until > Instant::now());
        self.paused.is_some()
    }

    /// Ready when the client has been silent, or has not read, for too long; with `None` when a
    /// pause is over. The timer is set anew only when it has rung or would ring too late, so that a
    /// frame costs no more than a look at it.
    pub(super) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        mut timer: Pin<&mut Sleep>,
    ) -> Poll<Option<CloseReason>> {
        let silent = self.heard + self.patience.silent;
        let unread = self.stalled.map(|since| since + self.patience.unread);
        let due = [unread, self.paused]
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
                now if self.paused.is_some_and(|until| until <= now) => {
                    self.paused = None;
                    return Poll::Ready(None);
                }
                _ => timer.as_mut().reset(due),
            }
        }
    }
}

//! The one timer of a socket: it watches for a client that says nothing, and for one that does not
//! read.

use std::{
    pin::Pin,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::time::{Instant, Sleep};

use super::closing::Closing;

/// What the watch looks at.
#[derive(Debug)]
pub(super) struct Watched {
    opened: Instant,
    /// When something was heard, in nanoseconds since the socket opened.
    heard: AtomicU64,
    /// Since when frames have waited for the client to read, the same way; zero while none have.
    stalled: AtomicU64,
}

/// How long a client may say nothing, and how long it may leave frames unread.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    pub(super) silent: Duration,
    pub(super) unread: Duration,
}

impl Watched {
    pub(super) fn new() -> Self {
        Self {
            opened: Instant::now(),
            heard: AtomicU64::new(0),
            stalled: AtomicU64::new(0),
        }
    }

    /// The client has sent something.
    pub(super) fn hear(&self) {
        self.heard.store(self.now(), Relaxed);
    }

    /// The kernel takes no more of what the client is sent.
    pub(super) fn stall(&self, cx: &Context<'_>) {
        // Most batches go out at once, and nobody has to ask for the time.
        if self.stalled.load(Relaxed) == 0 {
            self.stalled.store(self.now().max(1), Relaxed);
            // The watch may have looked already.
            cx.waker().wake_by_ref();
        }
    }

    /// It has taken all of it.
    pub(super) fn flow(&self) {
        self.stalled.store(0, Relaxed);
    }

    /// Ready when the client has been silent, or has not read, for too long. The timer is set anew
    /// only when it has rung or would ring too late, so that a frame costs no more than a look at
    /// it.
    pub(super) fn poll(
        &self,
        cx: &mut Context<'_>,
        mut timer: Pin<&mut Sleep>,
        patience: Patience,
    ) -> Poll<Closing> {
        let at = |moment: &AtomicU64| self.opened + Duration::from_nanos(moment.load(Relaxed));
        let silent = at(&self.heard) + patience.silent;
        let is_stalled = self.stalled.load(Relaxed) > 0;
        let unread = is_stalled.then(|| at(&self.stalled) + patience.unread);
        let due = unread.map_or(silent, |unread| unread.min(silent));
        if due < timer.deadline() {
            timer.as_mut().reset(due);
        }
        loop {
            ready!(timer.as_mut().poll(cx));
            match Instant::now() {
                now if unread.is_some_and(|unread| unread <= now) => {
                    return Poll::Ready(Closing::Slow);
                }
                now if silent <= now => return Poll::Ready(Closing::Idle),
                _ => timer.as_mut().reset(due),
            }
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.opened.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}

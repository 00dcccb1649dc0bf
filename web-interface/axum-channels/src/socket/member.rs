//! The channels that run on one socket, and the callbacks in flight.
//!
//! Callbacks are not tasks: the socket's own task polls them, each behind `catch_unwind`, so one
//! that waits holds up nothing and one that panics ends its own channel only.

use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    task::{Context, Poll},
};

use futures_util::{FutureExt, future::BoxFuture};
use tracing::{Instrument, Span};

use crate::{
    channel::Ending,
    live::{Answer, Live},
    outcome::{Outcome, Then},
    payload::Body,
    port::Port,
    protocol::{MemberId, Received, Ref},
};

/// What came of a member's callback.
pub(crate) enum Happening {
    /// The join is answered; `None` if it panicked.
    Joined(Option<Answer>),
    /// An event is handled.
    Handled(Outcome),
    /// An item of the stream is dealt with.
    Informed,
    /// The channel ends by itself.
    Ended(Ending),
}

/// One join.
pub(crate) struct Member {
    pub(crate) id: MemberId,
    pub(crate) port: Arc<Port>,
    /// Once the join has been accepted.
    pub(crate) live: Option<Box<dyn Live>>,
    /// The join or the handler in flight: at most one.
    work: Option<BoxFuture<'static, Happening>>,
}

impl Member {
    pub(crate) fn joining<F: Future<Output = Answer> + Send>(
        id: MemberId,
        port: Arc<Port>,
        join: impl FnOnce() -> F + Send + 'static,
    ) -> Self {
        let join = async move { join().await };
        let join = AssertUnwindSafe(join)
            .catch_unwind()
            .map(|answer| Happening::Joined(answer.ok()));
        Self {
            id,
            port,
            live: None,
            work: Some(join.boxed()),
        }
    }

    /// Begins to handle an event; what the channel does about it lies within the span.
    pub(crate) fn handle(&mut self, event: String, payload: Received, reference: Ref, span: Span) {
        let Some(live) = &self.live else { return };
        let handling = live.handle(event, payload, reference).instrument(span);
        let handling = AssertUnwindSafe(handling).catch_unwind();
        let handled = handling.map(|outcome| match outcome {
            Ok(outcome) => Happening::Handled(outcome),
            Err(_) => Happening::Ended(Ending::Failed),
        });
        self.work = Some(handled.boxed());
    }

    /// The outcome of a handler that is done but for waiting for its reply's turn.
    pub(crate) fn finish(&mut self) -> Option<Outcome> {
        self.port.follow(false);
        match self.work.take()?.now_or_never()? {
            Happening::Handled(outcome) => Some(outcome),
            _ => None,
        }
    }

    /// Lets the channel see a broadcast before its client does.
    pub(crate) fn intercept(&self, event: &str, body: &Body) -> Happening {
        let Some(live) = &self.live else {
            return Happening::Informed;
        };
        match catch_unwind(AssertUnwindSafe(|| live.intercept(event, body))) {
            Ok(()) => Happening::Informed,
            Err(_) => Happening::Ended(Ending::Failed),
        }
    }

    pub(crate) fn terminate(&self, ending: Ending) {
        if let Some(live) = &self.live {
            // The channel has ended already: there is nothing left that a panic could end.
            let _ = catch_unwind(AssertUnwindSafe(|| live.terminate(ending)));
        }
        self.port.end();
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Happening> {
        if let Some(work) = &mut self.work
            && let Poll::Ready(happening) = work.poll_unpin(cx)
        {
            self.work = None;
            return Poll::Ready(happening);
        }
        let Some(live) = &mut self.live else {
            return Poll::Pending;
        };
        match catch_unwind(AssertUnwindSafe(|| live.poll_info(cx))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(Then::Continue)) => Poll::Ready(Happening::Informed),
            Ok(Poll::Ready(Then::Stop)) => Poll::Ready(Happening::Ended(Ending::Stopped)),
            Ok(Poll::Ready(Then::Fail)) | Err(_) => Poll::Ready(Happening::Ended(Ending::Failed)),
        }
    }
}

/// All members of a socket, at most `Settings::max_channels`.
#[derive(Default)]
pub(crate) struct Members {
    list: Vec<Member>,
    /// Where polling begins, so that a busy channel does not go before the others for ever.
    turn: usize,
}

impl Members {
    pub(crate) fn add(&mut self, member: Member) {
        // Most sockets have one or two, and stay.
        self.list.reserve_exact(1);
        self.list.push(member);
    }

    pub(crate) fn get(&mut self, id: MemberId) -> Option<&mut Member> {
        self.list.iter_mut().find(|member| member.id == id)
    }

    pub(crate) fn remove(&mut self, id: MemberId) -> Option<Member> {
        let at = self.list.iter().position(|member| member.id == id)?;
        Some(self.list.swap_remove(at))
    }

    pub(crate) fn pop(&mut self) -> Option<Member> {
        self.list.pop()
    }

    /// The next thing that happens to any of them. May be dropped and called again.
    pub(crate) async fn next(&mut self) -> (MemberId, Happening) {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    pub(crate) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<(MemberId, Happening)> {
        let count = self.list.len();
        for step in 0..count {
            let at = (self.turn + step) % count;
            if let Poll::Ready(happening) = self.list[at].poll(cx) {
                self.turn = at + 1;
                return Poll::Ready((self.list[at].id, happening));
            }
        }
        Poll::Pending
    }
}

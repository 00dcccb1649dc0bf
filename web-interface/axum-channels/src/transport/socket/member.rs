//! The channels that run on one socket, and the callbacks in flight.
//!
//! Callbacks are not tasks: the socket's own task polls them, each behind `catch_unwind`, so one
//! that waits holds up nothing and one that panics ends its own channel only.

use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    task::{Context, Poll, Waker},
};

use futures_util::{FutureExt, future::BoxFuture};
use smol_str::SmolStr;
use tracing::Span;

use crate::{
    api::{
        live::{Answer, Live},
        outcome::Outcome,
    },
    protocol::{Ending, MemberId, Received, Ref, Then, payload::Body},
    topics::port::Port,
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
    work: Option<Work>,
}

enum Work {
    Join(BoxFuture<'static, Answer>),
    Handle(BoxFuture<'static, Outcome>),
}

impl Work {
    /// A panic is the end of the join, or of the channel, and of nothing else.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Happening> {
        let poll = AssertUnwindSafe(|| match self {
            Self::Join(join) => join.poll_unpin(cx).map(|it| Happening::Joined(Some(it))),
            Self::Handle(handler) => handler.poll_unpin(cx).map(Happening::Handled),
        });
        match catch_unwind(poll) {
            Ok(happening) => happening,
            Err(_) => Poll::Ready(match self {
                Self::Join(_) => Happening::Joined(None),
                Self::Handle(_) => Happening::Ended(Ending::Failed),
            }),
        }
    }
}

impl Member {
    pub(crate) fn joining(id: MemberId, port: Arc<Port>, join: BoxFuture<'static, Answer>) -> Self {
        Self {
            id,
            port,
            live: None,
            work: Some(Work::Join(join)),
        }
    }

    /// Begins to handle an event.
    pub(crate) fn handle(&mut self, event: SmolStr, payload: Received, reference: Ref, span: Span) {
        if let Some(live) = &self.live {
            let handler = live.handle(event, payload, reference, span);
            self.work = Some(Work::Handle(handler));
        }
    }

    /// The outcome of a handler that is done but for waiting for its reply's turn.
    pub(crate) fn finish(&mut self) -> Option<Outcome> {
        self.port.follow(false);
        let mut work = self.work.take()?;
        match work.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Happening::Handled(outcome)) => Some(outcome),
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
            && let Poll::Ready(happening) = work.poll(cx)
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

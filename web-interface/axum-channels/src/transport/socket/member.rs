//! The channels that run on one socket, and the callbacks in flight.
//!
//! Callbacks are not tasks: the socket's own task polls them, each behind `catch_unwind`. So a
//! callback that waits delays no other, and a callback that panics ends only its own channel.

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
        erased::{ErasedInstance, JoinResult},
        outcome::Outcome,
    },
    protocol::{EndReason, MemberId, Received, Ref, Then, payload::Body},
    topics::sender::ChannelSender,
};

/// The result of a member's callback.
pub(crate) enum ChannelEvent {
    /// The join has returned; `None` if it panicked.
    Joined(Option<JoinResult>),
    /// The handler of an event has returned.
    Handled(Outcome),
    /// A stream item or an intercepted broadcast was passed to the channel.
    Informed,
    /// The channel has stopped or failed.
    Ended(EndReason),
}

/// One join on a socket, with its callback in flight.
pub(crate) struct Member {
    pub(crate) id: MemberId,
    pub(crate) sender: Arc<ChannelSender>,
    /// The channel's instance, once the join is accepted.
    pub(crate) live: Option<Box<dyn ErasedInstance>>,
    /// The join or the handler in flight: at most one.
    work: Option<Work>,
}

enum Work {
    Join(BoxFuture<'static, JoinResult>),
    Handle(BoxFuture<'static, Outcome>),
}

impl Work {
    /// Polls the callback. A panic ends the join or the channel, and nothing else.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<ChannelEvent> {
        let poll = AssertUnwindSafe(|| match self {
            Self::Join(join) => join.poll_unpin(cx).map(|it| ChannelEvent::Joined(Some(it))),
            Self::Handle(handler) => handler.poll_unpin(cx).map(ChannelEvent::Handled),
        });
        match catch_unwind(poll) {
            Ok(event) => event,
            Err(_) => Poll::Ready(match self {
                Self::Join(_) => ChannelEvent::Joined(None),
                Self::Handle(_) => ChannelEvent::Ended(EndReason::Failed),
            }),
        }
    }
}

impl Member {
    pub(crate) fn joining(
        id: MemberId,
        sender: Arc<ChannelSender>,
        join: BoxFuture<'static, JoinResult>,
    ) -> Self {
        Self {
            id,
            sender,
            live: None,
            work: Some(Work::Join(join)),
        }
    }

    /// Starts the handler of an event.
    pub(crate) fn handle(&mut self, event: SmolStr, payload: Received, reference: Ref, span: Span) {
        if let Some(live) = &self.live {
            let handler = live.handle(event, payload, reference, span);
            self.work = Some(Work::Handle(handler));
        }
    }

    /// Returns the outcome of a handler that only waits until its reply may go out.
    pub(crate) fn finish(&mut self) -> Option<Outcome> {
        self.sender.follow(false);
        let mut work = self.work.take()?;
        match work.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(ChannelEvent::Handled(outcome)) => Some(outcome),
            _ => None,
        }
    }

    /// Passes a broadcast to the channel, which decides what its client gets.
    pub(crate) fn intercept(&self, event: &str, body: &Body) -> ChannelEvent {
        let Some(live) = &self.live else {
            return ChannelEvent::Informed;
        };
        match catch_unwind(AssertUnwindSafe(|| live.intercept(event, body))) {
            Ok(()) => ChannelEvent::Informed,
            Err(_) => ChannelEvent::Ended(EndReason::Failed),
        }
    }

    pub(crate) fn terminate(&self, reason: EndReason) {
        if let Some(live) = &self.live {
            // The channel has already ended, so there is nothing left for a panic to end.
            let _ = catch_unwind(AssertUnwindSafe(|| live.terminate(reason)));
        }
        self.sender.end();
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<ChannelEvent> {
        if let Some(work) = &mut self.work
            && let Poll::Ready(event) = work.poll(cx)
        {
            self.work = None;
            return Poll::Ready(event);
        }
        let Some(live) = &mut self.live else {
            return Poll::Pending;
        };
        match catch_unwind(AssertUnwindSafe(|| live.poll_info(cx))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(Then::Continue)) => Poll::Ready(ChannelEvent::Informed),
            Ok(Poll::Ready(Then::Stop)) => Poll::Ready(ChannelEvent::Ended(EndReason::Stopped)),
            Ok(Poll::Ready(Then::Fail)) | Err(_) => {
                Poll::Ready(ChannelEvent::Ended(EndReason::Failed))
            }
        }
    }
}

/// All members of a socket, at most `Settings::max_channels`.
#[derive(Default)]
pub(crate) struct Members {
    list: Vec<Member>,
    /// Where the next poll begins, so that a busy channel does not starve the others.
    turn: usize,
}

impl Members {
    pub(crate) fn add(&mut self, member: Member) {
        // Most sockets have one or two members for a long time: reserve no spare capacity.
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

    /// Waits for the next event of any member. Cancel-safe.
    pub(crate) async fn next(&mut self) -> (MemberId, ChannelEvent) {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    pub(crate) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<(MemberId, ChannelEvent)> {
        let count = self.list.len();
        for step in 0..count {
            let at = (self.turn + step) % count;
            if let Poll::Ready(event) = self.list[at].poll(cx) {
                self.turn = at + 1;
                return Poll::Ready((self.list[at].id, event));
            }
        }
        Poll::Pending
    }
}

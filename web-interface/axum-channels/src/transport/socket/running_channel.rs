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
    protocol::{ChannelId, EndReason, NextStep, ReceivedPayload, Ref, payload::Body},
    topics::sender::ChannelSender,
};

/// The result of a channel's callback, for [`ChannelSet`](super::channel_set::ChannelSet).
pub(crate) enum CallbackResult {
    /// The join has returned; `None` if it panicked.
    Joined(Option<JoinResult>),
    /// The handler of an event has returned.
    Handled(Outcome),
    /// The channel has handled a stream item or an intercepted broadcast, and continues.
    Continued,
    /// The channel has stopped or failed.
    Ended(EndReason),
}

/// A channel that runs on a socket, from `phx_join` to its end, with its callback in flight.
/// Phoenix has a channel process here.
pub(crate) struct RunningChannel {
    pub(crate) id: ChannelId,
    pub(crate) sender: Arc<ChannelSender>,
    /// The channel's instance, once the join is accepted.
    pub(crate) instance: Option<Box<dyn ErasedInstance>>,
    /// The join or the handler in flight: at most one.
    callback: Option<Callback>,
}

enum Callback {
    Join(BoxFuture<'static, JoinResult>),
    Handle(BoxFuture<'static, Outcome>),
}

impl Callback {
    /// Polls the callback. A panic ends the join or the channel, and nothing else.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<CallbackResult> {
        let poll = AssertUnwindSafe(|| match self {
            Self::Join(join) => join
                .poll_unpin(cx)
                .map(|it| CallbackResult::Joined(Some(it))),
            Self::Handle(handler) => handler.poll_unpin(cx).map(CallbackResult::Handled),
        });
        match catch_unwind(poll) {
            Ok(result) => result,
            Err(_) => Poll::Ready(match self {
                Self::Join(_) => CallbackResult::Joined(None),
                Self::Handle(_) => CallbackResult::Ended(EndReason::Failed),
            }),
        }
    }
}

impl RunningChannel {
    pub(crate) fn joining(
        id: ChannelId,
        sender: Arc<ChannelSender>,
        join: BoxFuture<'static, JoinResult>,
    ) -> Self {
        Self {
            id,
            sender,
            instance: None,
            callback: Some(Callback::Join(join)),
        }
    }

    /// Starts the handler of an event.
    pub(crate) fn handle(
        &mut self,
        event: SmolStr,
        payload: ReceivedPayload,
        reference: Ref,
        span: Span,
    ) {
        if let Some(instance) = &self.instance {
            let handler = instance.handle(event, payload, reference, span);
            self.callback = Some(Callback::Handle(handler));
        }
    }

    /// Returns the outcome of a handler that has finished, but whose reply
    /// [`Outcome::reply_after`] holds back.
    pub(crate) fn take_held_outcome(&mut self) -> Option<Outcome> {
        self.sender.set_following(false);
        let mut callback = self.callback.take()?;
        match callback.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(CallbackResult::Handled(outcome)) => Some(outcome),
            _ => None,
        }
    }

    /// Passes a broadcast to the channel, which decides what its client gets.
    pub(crate) fn intercept(&self, event: &str, body: &Body) -> CallbackResult {
        let Some(instance) = &self.instance else {
            return CallbackResult::Continued;
        };
        match catch_unwind(AssertUnwindSafe(|| instance.intercept(event, body))) {
            Ok(()) => CallbackResult::Continued,
            Err(_) => CallbackResult::Ended(EndReason::Failed),
        }
    }

    pub(crate) fn terminate(&self, reason: EndReason) {
        if let Some(instance) = &self.instance {
            // The channel has already ended, so there is nothing left for a panic to end.
            let _ = catch_unwind(AssertUnwindSafe(|| instance.terminate(reason)));
        }
        self.sender.end();
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<CallbackResult> {
        if let Some(callback) = &mut self.callback
            && let Poll::Ready(result) = callback.poll(cx)
        {
            self.callback = None;
            return Poll::Ready(result);
        }
        let Some(instance) = &mut self.instance else {
            return Poll::Pending;
        };
        match catch_unwind(AssertUnwindSafe(|| instance.poll_info(cx))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(NextStep::Continue)) => Poll::Ready(CallbackResult::Continued),
            Ok(Poll::Ready(NextStep::Stop)) => {
                Poll::Ready(CallbackResult::Ended(EndReason::Stopped))
            }
            Ok(Poll::Ready(NextStep::Fail)) | Err(_) => {
                Poll::Ready(CallbackResult::Ended(EndReason::Failed))
            }
        }
    }
}

/// The running channels of a socket, at most `Settings::max_channels`.
#[derive(Default)]
pub(crate) struct RunningChannels {
    channels: Vec<RunningChannel>,
    /// Where the next poll begins, so that a busy channel does not starve the others.
    next_poll: usize,
}

impl RunningChannels {
    pub(crate) fn add(&mut self, channel: RunningChannel) {
        // Most sockets have one or two channels for a long time: reserve no spare capacity.
        self.channels.reserve_exact(1);
        self.channels.push(channel);
    }

    pub(crate) fn get(&mut self, id: ChannelId) -> Option<&mut RunningChannel> {
        self.channels.iter_mut().find(|channel| channel.id == id)
    }

    pub(crate) fn remove(&mut self, id: ChannelId) -> Option<RunningChannel> {
        let at = self.channels.iter().position(|channel| channel.id == id)?;
        Some(self.channels.swap_remove(at))
    }

    pub(crate) fn pop(&mut self) -> Option<RunningChannel> {
        self.channels.pop()
    }

    /// Waits for the next result of any channel's callback. Cancel-safe.
    pub(crate) async fn next(&mut self) -> (ChannelId, CallbackResult) {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    pub(crate) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<(ChannelId, CallbackResult)> {
        let count = self.channels.len();
        for step in 0..count {
            let at = (self.next_poll + step) % count;
            if let Poll::Ready(result) = self.channels[at].poll(cx) {
                self.next_poll = at + 1;
                return Poll::Ready((self.channels[at].id, result));
            }
        }
        Poll::Pending
    }
}

//! Type erasure: channels behind trait objects, so that one socket can hold channels of different
//! types.

use std::{
    sync::Arc,
    task::{self, Poll},
};

use futures_util::{FutureExt, StreamExt, future::BoxFuture, stream::BoxStream};
use smol_str::SmolStr;
use tracing::{Instrument, Span};

use super::{
    bad_payload::BadPayload,
    channel::{Channel, InfoOutcome, Joined},
    context::Context,
    event::{self, EventError},
    outcome::{JoinError, Outcome},
};
use crate::{
    protocol::{
        EndReason, NextStep, ReceivedPayload, Ref,
        payload::{Body, Payload, expect_encodable},
    },
    topics::ChannelConfig,
};

/// A type-erased [`Channel`].
pub(crate) trait ErasedChannel<A>: Send + Sync {
    fn join(
        self: Arc<Self>,
        params: ReceivedPayload,
        ctx: Context<A>,
        span: Span,
    ) -> BoxFuture<'static, JoinResult>;

    fn config(&self) -> &'static ChannelConfig;
}

/// The result of a join.
pub(crate) type JoinResult = Result<AcceptedJoin, JoinError>;

/// An accepted join: the running instance, and its reply.
pub(crate) struct AcceptedJoin {
    pub(crate) instance: Box<dyn ErasedInstance>,
    pub(crate) reply: Body,
    pub(crate) seq: u64,
}

/// A type-erased [`Instance`]. Handlers run within the span that they are given.
pub(crate) trait ErasedInstance: Send {
    fn handle(
        &self,
        event: SmolStr,
        payload: ReceivedPayload,
        reference: Ref,
        span: Span,
    ) -> BoxFuture<'static, Outcome>;

    /// Handles one item of the followed stream, if one is ready.
    fn poll_info(&mut self, cx: &mut task::Context<'_>) -> Poll<NextStep>;

    /// Lets the channel replace or drop a broadcast, then pushes it. Bytes bypass the channel.
    fn intercept(&self, event: &str, body: &Body);

    fn terminate(&self, reason: EndReason);
}

/// One client's join of a channel: its state, its context and the stream that it follows.
struct Instance<C: Channel> {
    channel: Arc<C>,
    state: Arc<C::State>,
    ctx: Context<C::Assigns>,
    stream: Option<BoxStream<'static, C::Info>>,
}

impl<A, C> ErasedChannel<A> for C
where
    A: Send + Sync + 'static,
    C: Channel<Assigns = A>,
{
    fn join(
        self: Arc<Self>,
        params: ReceivedPayload,
        ctx: Context<A>,
        span: Span,
    ) -> BoxFuture<'static, JoinResult> {
        async move {
            let joined = match params {
                ReceivedPayload::Json(params) => {
                    let params = BadPayload::read(params.get());
                    let params = params.map_err(|bad| JoinError::new(&bad))?;
                    Channel::join(&*self, params, &ctx).await?
                }
                ReceivedPayload::Binary(data) => self.join_binary(*data, &ctx).await?,
            };
            let Joined {
                state,
                reply,
                seq,
                stream,
            } = joined;
            let mut instance = Instance {
                channel: self,
                state: Arc::new(state),
                ctx,
                stream: None,
            };
            instance.follow(stream);
            Ok(AcceptedJoin {
                instance: Box::new(instance),
                reply,
                seq,
            })
        }
        .instrument(span)
        .boxed()
    }

    fn config(&self) -> &'static ChannelConfig {
        &const {
            ChannelConfig {
                intercepts: C::INTERCEPTS,
                replay: C::REPLAY,
            }
        }
    }
}

impl<C: Channel> Instance<C> {
    fn follow(&mut self, stream: Option<BoxStream<'static, C::Info>>) {
        self.ctx.sender().set_following(stream.is_some());
        self.stream = stream;
    }
}

impl<C: Channel> ErasedInstance for Instance<C> {
    fn handle(
        &self,
        event: SmolStr,
        payload: ReceivedPayload,
        reference: Ref,
        span: Span,
    ) -> BoxFuture<'static, Outcome> {
        let (channel, state) = (Arc::clone(&self.channel), Arc::clone(&self.state));
        let ctx = self.ctx.for_event(reference);
        async move {
            let outcome = match payload {
                ReceivedPayload::Binary(data) => {
                    channel.handle_binary(&state, &event, *data, &ctx).await
                }
                ReceivedPayload::Json(payload) => match event::decode(&event, &payload) {
                    Ok(event) => channel.handle(&state, event, &ctx).await,
                    Err(EventError::Unknown) => Outcome::unknown_event(),
                    Err(EventError::BadPayload(bad)) => Outcome::error(&bad),
                },
            };
            // The handler counts as running until its reply may be sent, so replies keep the order
            // of their events.
            if let Some(seq) = outcome.reply_after {
                ctx.sender().wait_until_sent(seq).await;
            }
            outcome
        }
        .instrument(span)
        .boxed()
    }

    fn poll_info(&mut self, cx: &mut task::Context<'_>) -> Poll<NextStep> {
        let Some(stream) = &mut self.stream else {
            return Poll::Pending;
        };
        let item = task::ready!(stream.poll_next_unpin(cx));
        let stream_ended = item.is_none();
        Poll::Ready(match self.channel.info(&self.state, item, &self.ctx) {
            InfoOutcome::Stop => NextStep::Stop,
            InfoOutcome::Fail => NextStep::Fail,
            InfoOutcome::Continue => {
                if stream_ended {
                    self.follow(None);
                }
                NextStep::Continue
            }
            InfoOutcome::Follow(stream) => {
                self.follow(Some(stream));
                NextStep::Continue
            }
        })
    }

    fn intercept(&self, event: &str, body: &Body) {
        let sender = self.ctx.sender();
        let Body::Json(payload) = body else {
            return sender.push(event, body);
        };
        let replaced = self
            .channel
            .intercept(&self.state, event, payload, &self.ctx);
        if let Some(payload) = replaced {
            sender.push(event, &expect_encodable(Payload::object(&payload)).into());
        }
    }

    fn terminate(&self, reason: EndReason) {
        self.channel.terminate(&self.state, reason, &self.ctx);
    }
}

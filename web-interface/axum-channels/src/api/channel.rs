//! The trait that an application implements, one type for each family of topics.

use std::future::Future;

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream::BoxStream};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    bad_payload::BadPayload,
    context::Context,
    outcome::{JoinError, Outcome},
};
use crate::protocol::{
    EndReason,
    payload::{Body, Payload, or_crash},
};

/// Answers for a family of topics, such as `game:*`.
///
/// **State is shared.** While [`handle`](Channel::handle) waits, perhaps for seconds, the channel
/// still delivers what comes from its stream. So every callback sees `&State`, and what changes
/// lives in a cell of the state's own (an atomic, a `Mutex`). Events are handled one at a time, in
/// the order in which the client sent them; `info`, `intercept` and `terminate` may run while a
/// `handle` is waiting, and do not wait themselves.
///
/// **A panic stays here.** In `join` the client is told `join crashed`; anywhere else it gets
/// `phx_error` on this topic and joins again. The socket and its other topics go on.
///
/// A future that a callback returns is dropped unfinished when its channel or socket ends: what
/// must be carried out belongs in a task or an actor of the application's.
pub trait Channel: Sized + Send + Sync + 'static {
    /// What the connect hook of [`Channels`](crate::Channels) knows about a socket; `()` without one.
    type Assigns: Send + Sync + 'static;
    /// The payload of a join. One that does not fit refuses the join with `bad_payload`.
    type Params: DeserializeOwned + Send + 'static;
    /// The client's events: an enum whose variants are the events and whose fields are their
    /// payloads, with `#[serde(rename_all = "snake_case")]` as a rule. A unit variant takes any
    /// payload. Another event gets the error reply `unknown event`, and a payload that does not fit
    /// `bad_payload` with the field and a sentence; the channel goes on.
    type Event: DeserializeOwned + Send + 'static;
    /// What the stream attached at join yields; `()` for a channel without one.
    type Info: Send + 'static;
    /// What is kept for each join, until it ends.
    type State: Send + Sync + 'static;

    /// The broadcasts that go through [`intercept`](Channel::intercept) on their way to the client.
    const INTERCEPTS: &'static [&'static str] = &[];

    /// How many of the last broadcasts of each topic are kept for clients that come back and ask for
    /// what they have missed; see [`Context::resume`]. If any are, each broadcast of an object gets
    /// a number, the field `seq`, which the application must not use itself. Their
    /// payloads take at most 64 KiB a topic and 64 MiB together; what they are encoded as is kept with
    /// them, once for each version that somebody there speaks.
    const REPLAY: usize = 0;

    /// A client wants to join [`ctx.topic()`](Context::topic). What is pushed here is sent after
    /// the reply.
    fn join(
        &self,
        params: Self::Params,
        ctx: &Context<Self::Assigns>,
    ) -> impl Future<Output = Result<Joined<Self>, JoinError>> + Send;

    /// The client sent an event.
    fn handle(
        &self,
        state: &Self::State,
        event: Self::Event,
        ctx: &Context<Self::Assigns>,
    ) -> impl Future<Output = Outcome> + Send;

    /// A client wants to join with bytes as its payload. By default that is refused.
    fn join_binary(
        &self,
        params: Bytes,
        ctx: &Context<Self::Assigns>,
    ) -> impl Future<Output = Result<Joined<Self>, JoinError>> + Send {
        let _ = (params, ctx);
        async { Err(JoinError::new(&BadPayload::binary())) }
    }

    /// The client sent an event with bytes as its payload. By default it gets the error reply
    /// `unknown event`.
    fn handle_binary(
        &self,
        state: &Self::State,
        event: &str,
        data: Bytes,
        ctx: &Context<Self::Assigns>,
    ) -> impl Future<Output = Outcome> + Send {
        let _ = (state, event, data, ctx);
        async { Outcome::unknown_event() }
    }

    /// The followed stream yielded an item, or ended (`None`). A channel whose stream ended may
    /// follow another.
    fn info(
        &self,
        state: &Self::State,
        item: Option<Self::Info>,
        ctx: &Context<Self::Assigns>,
    ) -> Flow<Self> {
        let _ = (state, item, ctx);
        Flow::Continue
    }

    /// A broadcast of one of the [`INTERCEPTS`](Channel::INTERCEPTS) is on its way to this client.
    /// What is returned, an object, is pushed in its place; `None` keeps it from the client. It may
    /// arrive after a broadcast of another event that was made later.
    fn intercept(
        &self,
        state: &Self::State,
        event: &str,
        payload: &Payload,
        ctx: &Context<Self::Assigns>,
    ) -> Option<Payload> {
        let _ = (state, event, ctx);
        Some(payload.clone())
    }

    /// The channel has ended. Not called for a channel that ends because its client joined the same
    /// topic again.
    fn terminate(&self, state: &Self::State, reason: EndReason, ctx: &Context<Self::Assigns>) {
        let _ = (state, reason, ctx);
    }
}

/// A join that succeeded: the state to keep, what to reply, and what to follow.
#[must_use]
pub struct Joined<C: Channel> {
    pub(crate) state: C::State,
    pub(crate) reply: Body,
    pub(crate) seq: u64,
    pub(crate) stream: Option<BoxStream<'static, C::Info>>,
}

impl<C: Channel> Joined<C> {
    /// Joined, with the reply `{}` and no stream.
    ///
    /// # Panics
    /// Never: `()` always encodes.
    pub fn new(state: C::State) -> Self {
        Self {
            state,
            reply: or_crash(Payload::new(&())).into(),
            seq: 0,
            stream: None,
        }
    }

    /// Sets the payload of the join reply.
    ///
    /// # Panics
    /// If `reply` has no form in JSON; the client is told `join crashed`.
    #[track_caller]
    pub fn reply<T: Serialize + ?Sized>(mut self, reply: &T) -> Self {
        self.reply = or_crash(Payload::new(reply)).into();
        self
    }

    /// States the number up to which the join reply tells everything; see [`Outcome::after`].
    pub fn seq(mut self, seq: u64) -> Self {
        self.seq = seq;
        self
    }

    /// Attaches a stream; each item goes to [`Channel::info`].
    pub fn follow(mut self, stream: impl Stream<Item = C::Info> + Send + 'static) -> Self {
        self.stream = Some(stream.boxed());
        self
    }
}

/// How a channel goes on after [`Channel::info`].
#[must_use]
pub enum Flow<C: Channel> {
    /// As before.
    Continue,
    /// Follow this stream from now on, in place of the old one. Made by [`Flow::follow`].
    Follow(BoxStream<'static, C::Info>),
    /// End normally (`phx_close`); the client does not join again.
    Stop,
    /// End with an error (`phx_error`); the client joins again.
    Fail,
}

impl<C: Channel> Flow<C> {
    /// Follow another stream from now on. A stream that begins with a wait, such as a new
    /// subscription, is `stream::once(subscribe()).flatten()`.
    pub fn follow(stream: impl Stream<Item = C::Info> + Send + 'static) -> Self {
        Self::Follow(stream.boxed())
    }
}

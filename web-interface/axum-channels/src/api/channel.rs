//! The trait that an application implements for each family of topics.

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
    payload::{Body, Payload, expect_encodable},
};

/// Handles a family of topics, such as `game:*`.
///
/// **State is shared.** While [`handle`](Channel::handle) waits, perhaps for seconds, the channel
/// still delivers the items of its stream. So every callback gets `&State`, and mutable parts of
/// the state need interior mutability (an atomic, a `Mutex`). Events are handled one at a time, in
/// the order in which the client sent them; `info`, `intercept` and `terminate` are synchronous and
/// may run while a `handle` is waiting.
///
/// **A panic ends this channel only.** After a panic in `join` the client gets the error reply
/// `join crashed`; after one in an event handler, `info` or `intercept` it gets `phx_error` on this
/// topic and joins again. The socket and its other topics go on.
///
/// The future of a callback is dropped unfinished when its channel or socket ends. Work that must
/// finish belongs in a task or an actor of the application.
pub trait Channel: Sized + Send + Sync + 'static {
    /// The result of the connect hook of [`Channels`](crate::Channels), like `assigns` in Phoenix;
    /// `()` without a hook.
    type Assigns: Send + Sync + 'static;
    /// The payload of a join. If it cannot be decoded, the join is refused with `bad_payload`.
    type Params: DeserializeOwned + Send + 'static;
    /// The client's events: an enum with a variant for each event, whose fields are the payload,
    /// usually with `#[serde(rename_all = "snake_case")]`. A unit variant accepts any payload. An
    /// event without a variant gets the error reply `unknown event`; a payload that cannot be
    /// decoded gets `bad_payload`, which names the field and the fault. Either way the channel goes
    /// on.
    type Event: DeserializeOwned + Send + 'static;
    /// The item of the followed stream, which [`info`](Self::info) handles like `handle_info` in
    /// Phoenix; `()` for a channel without a stream.
    type Info: Send + 'static;
    /// The state of one join, kept until its channel ends.
    type State: Send + Sync + 'static;

    /// The events whose broadcasts pass through [`intercept`](Channel::intercept).
    const INTERCEPTS: &'static [&'static str] = &[];

    /// How many broadcasts each topic keeps in its replay buffer.
    ///
    /// A client that reconnects gets the broadcasts that it has missed; see [`Context::resume`]. If
    /// this is not 0, every JSON broadcast gets a number in the field `seq`, which the application
    /// must not use itself. The kept payloads take at most 64 KiB a topic and 64 MiB an endpoint. Their
    /// encoded frames, one for each protocol version in use on the topic, come on top of that.
    const REPLAY: usize = 0;

    /// Accepts or refuses a client's join of [`ctx.topic()`](Context::topic). Anything pushed here
    /// is sent after the reply.
    fn join(
        &self,
        params: Self::Params,
        ctx: &Context<Self::Assigns>,
    ) -> impl Future<Output = Result<Joined<Self>, JoinError>> + Send;

    /// Handles an event from the client.
    fn handle(
        &self,
        state: &Self::State,
        event: Self::Event,
        ctx: &Context<Self::Assigns>,
    ) -> impl Future<Output = Outcome> + Send;

    /// Accepts or refuses a join whose payload is bytes. Refuses by default.
    fn join_binary(
        &self,
        params: Bytes,
        ctx: &Context<Self::Assigns>,
    ) -> impl Future<Output = Result<Joined<Self>, JoinError>> + Send {
        let _ = (params, ctx);
        async { Err(JoinError::new(&BadPayload::binary())) }
    }

    /// Handles an event whose payload is bytes. By default replies with the error `unknown event`.
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

    /// Handles an item of the followed stream, or its end (`None`). After the end the channel may
    /// follow another stream.
    fn info(
        &self,
        state: &Self::State,
        item: Option<Self::Info>,
        ctx: &Context<Self::Assigns>,
    ) -> InfoOutcome<Self> {
        let _ = (state, item, ctx);
        InfoOutcome::Continue
    }

    /// Replaces or drops a broadcast on its way to this client.
    ///
    /// Called for JSON broadcasts of the events in [`INTERCEPTS`](Channel::INTERCEPTS). The
    /// returned payload, which must be an object, is pushed instead; `None` drops the broadcast. It
    /// may arrive after later broadcasts of other events.
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

    /// Called after the channel has ended, unless its client replaced it by a second join.
    fn terminate(&self, state: &Self::State, reason: EndReason, ctx: &Context<Self::Assigns>) {
        let _ = (state, reason, ctx);
    }
}

/// An accepted join: the state, the reply, and a stream to follow.
#[must_use]
pub struct Joined<C: Channel> {
    pub(crate) state: C::State,
    pub(crate) reply: Body,
    pub(crate) seq: u64,
    pub(crate) stream: Option<BoxStream<'static, C::Info>>,
}

impl<C: Channel> Joined<C> {
    /// Accepts the join, with the reply `{}` and no stream.
    ///
    /// # Panics
    /// Never: `()` always encodes.
    pub fn new(state: C::State) -> Self {
        Self {
            state,
            reply: expect_encodable(Payload::new(&())).into(),
            seq: 0,
            stream: None,
        }
    }

    /// Sets the payload of the join reply.
    ///
    /// # Panics
    /// If `reply` cannot be encoded as JSON; the client then gets the error reply `join crashed`.
    #[track_caller]
    pub fn reply<T: Serialize + ?Sized>(mut self, reply: &T) -> Self {
        self.reply = expect_encodable(Payload::new(reply)).into();
        self
    }

    /// Sets the number of the last event that the join reply covers. A reply with
    /// [`Outcome::reply_after`] waits for later events only.
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

/// What a channel does after [`Channel::info`].
#[must_use]
pub enum InfoOutcome<C: Channel> {
    /// Go on with the same stream.
    Continue,
    /// Follow this stream instead. Made by [`InfoOutcome::follow`].
    Follow(BoxStream<'static, C::Info>),
    /// End normally (`phx_close`); the client does not join again.
    Stop,
    /// End with an error (`phx_error`); the client joins again.
    Fail,
}

impl<C: Channel> InfoOutcome<C> {
    /// Follows another stream instead. To await a subscription first, pass
    /// `stream::once(subscribe()).flatten()`.
    pub fn follow(stream: impl Stream<Item = C::Info> + Send + 'static) -> Self {
        Self::Follow(stream.boxed())
    }
}

//! The session's interface to its socket: effects, results of callbacks, and limits.

use std::{borrow::Cow, sync::Arc};

use smol_str::SmolStr;

use super::{EncodedFrame, EndReason, ReceivedPayload, Ref, payload::Body};

/// Identifies a channel on its socket: one join of a topic, from `phx_join` to its end. Never
/// reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ChannelId(pub(crate) u64);

impl ChannelId {
    /// Stands for the socket itself, which subscribes to the topic that is its socket id.
    pub(crate) const SOCKET: Self = Self(0);
}

/// An instruction to the socket. Effects are carried out in order.
#[derive(Debug)]
pub(crate) enum Effect {
    /// Send this frame.
    Send(EncodedFrame),
    /// Run `join` of this route's channel, and pass the result to `Session::join_finished`.
    Join {
        id: ChannelId,
        route: usize,
        topic: Arc<str>,
        join_ref: Ref,
        payload: ReceivedPayload,
    },
    /// Subscribe the channel and send its deferred pushes, now that the join reply is queued.
    StartDelivery(ChannelId),
    /// Run the handler, and pass the result to `Session::handler_finished`.
    Handle {
        id: ChannelId,
        event: SmolStr,
        payload: ReceivedPayload,
    },
    /// Send the reply that `Outcome::reply_after` holds back, without waiting for its number.
    ReleaseReply(ChannelId),
    /// Unsubscribe the channel from broadcasts.
    Unsubscribe(ChannelId),
    /// Run `terminate`, then drop the channel.
    Terminate(ChannelId, EndReason),
    /// Drop the channel and its callback in flight, without `terminate`.
    Discard(ChannelId),
}

/// The result of a join.
#[derive(Debug)]
pub(crate) enum JoinOutcome {
    Accepted(Body),
    Refused(Body),
    Crashed,
}

/// A reply: the status, `"ok"`, `"error"` or a custom one, and the response.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: Cow<'static, str>,
    pub(crate) response: Body,
}

/// What a channel does after a callback: `{:noreply, …}` or `{:stop, …}` in Phoenix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NextStep {
    Continue,
    /// End normally, with `phx_close`.
    Stop,
    /// End with an error, with `phx_error`.
    Fail,
}

/// The session's limits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Maximum topics joined at a time.
    pub(crate) channels: usize,
    /// Maximum frames waiting for one channel.
    pub(crate) waiting: usize,
    /// Maximum bytes waiting for all channels together.
    pub(crate) waiting_bytes: usize,
}

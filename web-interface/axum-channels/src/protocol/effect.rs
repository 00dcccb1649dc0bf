//! The session's interface to its socket: effects, results of callbacks, and limits.

use std::{borrow::Cow, sync::Arc};

use smol_str::SmolStr;

use super::{EncodedFrame, EndReason, Received, Ref, payload::Body};

/// Identifies one join on one socket, from `phx_join` to its end. Never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct MemberId(pub(crate) u64);

impl MemberId {
    /// Stands for the socket itself, which subscribes to the topic named by its id.
    pub(crate) const SOCKET: Self = Self(0);
}

/// An instruction to the socket. Effects are carried out in order.
#[derive(Debug)]
pub(crate) enum Effect {
    /// Send this frame.
    Send(EncodedFrame),
    /// Run `join` of this route's channel, and pass the result to `Session::join_finished`.
    Join {
        member: MemberId,
        route: usize,
        topic: Arc<str>,
        join_ref: Ref,
        payload: Received,
    },
    /// Let broadcasts and pushes through, now that the join reply is queued.
    Open(MemberId),
    /// Run the handler, and pass the result to `Session::handled`.
    Handle {
        member: MemberId,
        event: SmolStr,
        payload: Received,
    },
    /// Stop holding back this member's reply.
    Release(MemberId),
    /// Unsubscribe this member from broadcasts.
    Silence(MemberId),
    /// Run `terminate`, then forget the member.
    Terminate(MemberId, EndReason),
    /// Forget the member without `terminate`, and drop its callback.
    Forget(MemberId),
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

/// What a channel does after a callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    Continue,
    Stop,
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

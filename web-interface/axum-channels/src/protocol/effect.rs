//! What the session asks of the socket that runs it, what it is told back, and its bounds.

use std::{borrow::Cow, sync::Arc};

use smol_str::SmolStr;

use super::{EncodedFrame, EndReason, Received, Ref, payload::Body};

/// One join on one socket, from `phx_join` until its end; never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct MemberId(pub(crate) u64);

impl MemberId {
    /// No join: the socket itself, which listens on the topic that is its id.
    pub(crate) const SOCKET: Self = Self(0);
}

/// Something to do, in the order given.
#[derive(Debug)]
pub(crate) enum Effect {
    /// Send this frame.
    Send(EncodedFrame),
    /// Run the join of the channel behind this route, and tell `Session::join_finished`.
    Join {
        member: MemberId,
        route: usize,
        topic: Arc<str>,
        join_ref: Ref,
        payload: Received,
    },
    /// The join reply is out: broadcasts and pushes may follow.
    Open(MemberId),
    /// Run the handler, and tell `Session::handled`.
    Handle {
        member: MemberId,
        event: SmolStr,
        payload: Received,
    },
    /// Hold no reply of this member back any longer.
    Release(MemberId),
    /// No broadcast reaches this member any more.
    Silence(MemberId),
    /// Run `terminate`, then forget the member.
    Terminate(MemberId, EndReason),
    /// Forget the member, whatever it is doing.
    Forget(MemberId),
}

/// How a join came out.
#[derive(Debug)]
pub(crate) enum JoinOutcome {
    Accepted(Body),
    Refused(Body),
    Crashed,
}

/// A reply: `"ok"`, `"error"` or another status, and the response that goes with it.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: Cow<'static, str>,
    pub(crate) response: Body,
}

/// How a channel goes on after a callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    Continue,
    Stop,
    Fail,
}

/// The session's bounds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Topics joined at a time.
    pub(crate) channels: usize,
    /// Frames waiting for one channel.
    pub(crate) waiting: usize,
    /// Bytes waiting for all channels together.
    pub(crate) waiting_bytes: usize,
}

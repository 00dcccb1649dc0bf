//! What a callback returns for an event, and how it refuses a join.

use std::borrow::Cow;

use bytes::Bytes;
use serde::Serialize;

use crate::protocol::{
    NextStep, Reply,
    payload::{Body, Payload, expect_encodable},
};

/// The result of handling an event: an optional reply, and whether the channel continues.
///
/// Returned by [`Channel::handle`](crate::Channel::handle).
#[derive(Debug)]
#[must_use]
pub struct Outcome {
    pub(crate) reply: Option<Reply>,
    pub(crate) reply_after: Option<u64>,
    pub(crate) next_step: NextStep,
}

impl Outcome {
    /// Sends no reply; the channel continues. [`Context::replier`](crate::Context::replier) can reply
    /// later.
    pub fn none() -> Self {
        Self {
            reply: None,
            reply_after: None,
            next_step: NextStep::Continue,
        }
    }

    /// Replies `ok`. `&()` is sent as `{}`.
    ///
    /// # Panics
    /// If `response` cannot be encoded as JSON. Like any panic in a callback, it ends the channel.
    #[track_caller]
    pub fn ok<T: Serialize + ?Sized>(response: &T) -> Self {
        Self::reply("ok", expect_encodable(Payload::new(response)).into())
    }

    /// Replies `error`; the channel continues.
    ///
    /// # Panics
    /// As [`Outcome::ok`].
    #[track_caller]
    pub fn error<T: Serialize + ?Sized>(response: &T) -> Self {
        Self::reply("error", expect_encodable(Payload::new(response)).into())
    }

    /// Replies with a custom status.
    ///
    /// # Panics
    /// As [`Outcome::ok`].
    #[track_caller]
    pub fn status<T: Serialize + ?Sized>(status: &str, response: &T) -> Self {
        Self::reply(
            status.to_owned(),
            expect_encodable(Payload::new(response)).into(),
        )
    }

    /// Replies with this status and with bytes. A client of version 1 or one that polls cannot
    /// receive bytes, and gets an error reply instead.
    ///
    /// # Panics
    /// If `status` has more than 255 bytes. Like any panic in a callback, this ends the channel.
    #[track_caller]
    pub fn binary(status: &str, response: impl Into<Bytes>) -> Self {
        assert!(
            status.len() <= 255,
            "a binary reply has room for a status of 255 bytes"
        );
        Self::reply(status.to_owned(), response.into().into())
    }

    fn reply(status: impl Into<Cow<'static, str>>, response: Body) -> Self {
        let reply = Reply {
            status: status.into(),
            response,
        };
        Self {
            reply: Some(reply),
            ..Self::none()
        }
    }

    /// The error reply to an event that the channel does not know.
    pub(crate) fn unknown_event() -> Self {
        Self::error(&serde_json::json!({ "reason": "unknown event" }))
    }

    /// Ends the channel normally (`phx_close`), without reply. The client does **not** join again.
    pub fn stop() -> Self {
        Self::none().then_stop()
    }

    /// Ends the channel with an error (`phx_error`), without reply. The client joins again.
    pub fn fail() -> Self {
        Self::none().then_fail()
    }

    /// Holds the reply back until this channel has pushed number `seq` or a higher one.
    ///
    /// See [`Context::push_numbered`](crate::Context::push_numbered). The client thus sees a change
    /// before the reply that refers to it. The channel's next event waits as well. The reply is
    /// sent at once if the channel follows no stream, or when the channel ends or the client
    /// leaves.
    pub fn reply_after(mut self, seq: u64) -> Self {
        self.reply_after = Some(seq);
        self
    }

    /// Ends the channel normally after the reply.
    pub fn then_stop(mut self) -> Self {
        self.next_step = NextStep::Stop;
        self
    }

    /// Ends the channel with an error after the reply.
    pub fn then_fail(mut self) -> Self {
        self.next_step = NextStep::Fail;
        self
    }
}

/// Refuses a join, with the payload for the client's `receive("error", …)`.
///
/// A refused client retries for ever, so refusing must stay cheap.
#[derive(Clone, Debug)]
pub struct JoinError(pub(crate) Payload);

impl JoinError {
    /// Refuses with any value that encodes as JSON.
    ///
    /// # Panics
    /// If it does not; the client then gets the error reply `join crashed`.
    #[track_caller]
    pub fn new<T: Serialize + ?Sized>(response: &T) -> Self {
        Self(expect_encodable(Payload::new(response)))
    }
}

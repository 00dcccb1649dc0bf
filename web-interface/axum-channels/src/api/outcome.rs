//! What a callback answers to one event or to one join.

use std::borrow::Cow;

use bytes::Bytes;
use serde::Serialize;

use crate::protocol::{
    Reply, Then,
    payload::{Body, Payload, or_crash},
};

/// What [`Channel::handle`](crate::Channel::handle) made of an event: perhaps a reply, and whether
/// the channel goes on.
#[derive(Debug)]
#[must_use]
pub struct Outcome {
    pub(crate) reply: Option<Reply>,
    pub(crate) after: Option<u64>,
    pub(crate) then: Then,
}

impl Outcome {
    /// No reply now; the channel goes on. One may come later:
    /// [`Context::replier`](crate::Context::replier).
    pub fn none() -> Self {
        Self {
            reply: None,
            after: None,
            then: Then::Continue,
        }
    }

    /// Replies `ok`. `&()` is sent as `{}`.
    ///
    /// # Panics
    /// If `response` has no form in JSON, which ends the channel as any panic in a callback does.
    #[track_caller]
    pub fn ok<T: Serialize + ?Sized>(response: &T) -> Self {
        Self::reply("ok", or_crash(Payload::new(response)).into())
    }

    /// Replies `error`; the channel goes on.
    ///
    /// # Panics
    /// As [`Outcome::ok`].
    #[track_caller]
    pub fn error<T: Serialize + ?Sized>(response: &T) -> Self {
        Self::reply("error", or_crash(Payload::new(response)).into())
    }

    /// Replies with a status of the application's own.
    ///
    /// # Panics
    /// As [`Outcome::ok`].
    #[track_caller]
    pub fn status<T: Serialize + ?Sized>(status: &str, response: &T) -> Self {
        Self::reply(status.to_owned(), or_crash(Payload::new(response)).into())
    }

    /// Replies with this status and with bytes. A client of version 1, or one that polls, for which
    /// they have no form, gets an error in their place.
    ///
    /// # Panics
    /// If `status` has more than 255 bytes, which ends the channel as any panic in a callback does.
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

    /// The answer to an event that the channel does not know.
    pub(crate) fn unknown_event() -> Self {
        Self::error(&serde_json::json!({ "reason": "unknown event" }))
    }

    /// No reply; the channel ends normally (`phx_close`). The client does **not** join again.
    pub fn stop() -> Self {
        Self::none().then_stop()
    }

    /// No reply; the channel ends with an error (`phx_error`). The client joins again by itself.
    pub fn fail() -> Self {
        Self::none().then_fail()
    }

    /// Holds the reply back until this channel has pushed an item numbered `seq` or higher (see
    /// [`Context::push_numbered`](crate::Context::push_numbered)), so that a client that sees the
    /// reply has seen what the reply is about.
    ///
    /// The channel's next event waits with it. The reply goes out at once if the channel follows no
    /// stream from which such an item could come, and if the channel ends or is left.
    pub fn after(mut self, seq: u64) -> Self {
        self.after = Some(seq);
        self
    }

    /// Ends the channel normally after the reply.
    pub fn then_stop(mut self) -> Self {
        self.then = Then::Stop;
        self
    }

    /// Ends the channel with an error after the reply.
    pub fn then_fail(mut self) -> Self {
        self.then = Then::Fail;
        self
    }
}

/// Why a join is refused: the object that the client's `receive("error", …)` gets.
///
/// A refused client tries again for ever, so refusing must stay cheap.
#[derive(Clone, Debug)]
pub struct JoinError(pub(crate) Payload);

impl JoinError {
    /// Refuses with any value that encodes as JSON.
    ///
    /// # Panics
    /// If it does not; the client is told `join crashed`.
    #[track_caller]
    pub fn new<T: Serialize + ?Sized>(response: &T) -> Self {
        Self(or_crash(Payload::new(response)))
    }
}

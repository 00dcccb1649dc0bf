//! Replies to an event after its handler has returned.

use std::sync::Arc;

use bytes::Bytes;
use serde::Serialize;

use super::outcome::Outcome;
use crate::{protocol::Ref, topics::sender::ChannelSender};

/// Replies to one event after its handler has returned.
///
/// See [`Context::replier`](crate::Context::replier). It can be moved to any task. If it is
/// dropped, the event stays unanswered, and stock clients give up after ten seconds.
#[derive(Debug)]
#[must_use]
pub struct Replier {
    sender: Arc<ChannelSender>,
    reference: Ref,
}

impl Replier {
    pub(crate) fn new(sender: Arc<ChannelSender>, reference: Ref) -> Self {
        Self { sender, reference }
    }

    /// Replies `ok`.
    ///
    /// # Panics
    /// If `response` cannot be encoded as JSON.
    #[track_caller]
    pub fn ok<T: Serialize + ?Sized>(self, response: &T) {
        self.send(Outcome::ok(response));
    }

    /// Replies `error`.
    ///
    /// # Panics
    /// As [`Replier::ok`].
    #[track_caller]
    pub fn error<T: Serialize + ?Sized>(self, response: &T) {
        self.send(Outcome::error(response));
    }

    /// Replies with a custom status.
    ///
    /// # Panics
    /// As [`Replier::ok`].
    #[track_caller]
    pub fn status<T: Serialize + ?Sized>(self, status: &str, response: &T) {
        self.send(Outcome::status(status, response));
    }

    /// Replies with bytes, like [`Outcome::binary`].
    ///
    /// # Panics
    /// If `status` has more than 255 bytes.
    #[track_caller]
    pub fn binary(self, status: &str, response: impl Into<Bytes>) {
        self.send(Outcome::binary(status, response));
    }

    fn send(self, outcome: Outcome) {
        if let Some(reply) = outcome.reply {
            self.sender.reply(&self.reference, &reply);
        }
    }
}

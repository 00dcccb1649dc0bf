//! The handle through which a channel's callbacks act.

use std::sync::Arc;

use bytes::Bytes;
use serde::Serialize;

use super::{endpoint::Endpoint, replier::Replier};
use crate::{
    protocol::{
        Ref,
        payload::{Payload, expect_encodable},
    },
    topics::{
        presence::{Meta, PresenceKey},
        replay_buffer::Resumed,
        sender::ChannelSender,
    },
};

/// One client's join of one topic, for the callbacks of its channel.
///
/// Clones may outlive the callback and be used in other tasks. Once the channel has ended, their
/// pushes are dropped.
#[derive(Debug)]
pub struct Context<A> {
    sender: Arc<ChannelSender>,
    assigns: Arc<A>,
    endpoint: Endpoint,
    /// The reference of the event that is being handled; null outside a handler.
    reference: Ref,
}

impl<A> Clone for Context<A> {
    fn clone(&self) -> Self {
        Self {
            sender: Arc::clone(&self.sender),
            assigns: Arc::clone(&self.assigns),
            endpoint: self.endpoint.clone(),
            reference: self.reference.clone(),
        }
    }
}

impl<A> Context<A> {
    pub(crate) fn new(sender: Arc<ChannelSender>, assigns: Arc<A>, endpoint: Endpoint) -> Self {
        Self {
            sender,
            assigns,
            endpoint,
            reference: Ref::NULL,
        }
    }

    /// Returns a context for handling the event with this reference.
    pub(crate) fn for_event(&self, reference: Ref) -> Self {
        Self {
            reference,
            ..self.clone()
        }
    }

    pub(crate) fn sender(&self) -> &Arc<ChannelSender> {
        &self.sender
    }

    /// Returns the topic, such as `game:4f2a`.
    #[must_use]
    pub fn topic(&self) -> &str {
        self.sender.topic()
    }

    /// Returns the part of the topic that the route's `*` matches: `4f2a` for the topic `game:4f2a`
    /// on the route `game:*`. Empty without a `*`.
    #[must_use]
    pub fn subtopic(&self) -> &str {
        self.sender.subtopic()
    }

    /// Returns the assigns that the connect hook gave this socket.
    #[must_use]
    pub fn assigns(&self) -> &A {
        &self.assigns
    }

    /// Returns the endpoint, for broadcasts on other topics.
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Sends an event to this client alone.
    ///
    /// # Panics
    /// If `payload` does not encode as a JSON object. Like any panic in a callback, this ends the
    /// channel.
    #[track_caller]
    pub fn push<T: Serialize + ?Sized>(&self, event: &str, payload: &T) {
        self.sender
            .push(event, &expect_encodable(Payload::object(payload)).into());
    }

    /// Sends a numbered event to this client alone.
    ///
    /// It releases a reply that waits for this number or a lower one; see
    /// [`Outcome::reply_after`](crate::Outcome::reply_after).
    ///
    /// # Panics
    /// As [`Context::push`].
    #[track_caller]
    pub fn push_numbered<T: Serialize + ?Sized>(&self, seq: u64, event: &str, payload: &T) {
        self.sender
            .push(event, &expect_encodable(Payload::object(payload)).into());
        self.sender.record_sent(seq);
    }

    /// Sends an event to all clients on this topic, including this one.
    ///
    /// This client gets it before the reply of the callback that sent it, unless the channel
    /// intercepts the event.
    ///
    /// # Panics
    /// As [`Context::push`].
    #[track_caller]
    pub fn broadcast<T: Serialize + ?Sized>(&self, event: &str, payload: &T) {
        let payload = expect_encodable(Payload::object(payload));
        self.endpoint
            .send(self.topic(), event, &payload.into(), None);
    }

    /// Sends bytes to this client alone, unless it uses version 1 or polls.
    ///
    /// # Panics
    /// If `event` has more than 255 bytes.
    #[track_caller]
    pub fn push_binary(&self, event: &str, data: impl Into<Bytes>) {
        self.sender.push(event, &data.into().into());
    }

    /// Sends bytes to all clients on this topic, including this one.
    ///
    /// Clients that use version 1 or poll do not get them.
    ///
    /// # Panics
    /// As [`Context::push_binary`].
    #[track_caller]
    pub fn broadcast_binary(&self, event: &str, data: impl Into<Bytes>) {
        self.endpoint
            .send(self.topic(), event, &data.into().into(), None);
    }

    /// Sends an event to all other clients on this topic.
    ///
    /// # Panics
    /// As [`Context::push`].
    #[track_caller]
    pub fn broadcast_from<T: Serialize + ?Sized>(&self, event: &str, payload: &T) {
        let payload = expect_encodable(Payload::object(payload));
        self.endpoint.send(
            self.topic(),
            event,
            &payload.into(),
            Some(self.sender.key()),
        );
    }

    /// Returns a handle that replies later to the event that is being handled.
    ///
    /// It works from any task, while the channel handles other events. The handler itself then
    /// returns [`Outcome::none`](crate::Outcome::none).
    ///
    /// ```
    /// # use axum_channels::{Context, Outcome};
    /// async fn handle(ctx: &Context<()>) -> Outcome {
    ///     let replier = ctx.replier();
    ///     tokio::spawn(async move { replier.ok(&long_work().await) });
    ///     Outcome::none()
    /// }
    /// # async fn long_work() {}
    /// ```
    pub fn replier(&self) -> Replier {
        Replier::new(Arc::clone(&self.sender), self.reference.clone())
    }

    /// Resumes a joining client after number `since`, up to which it has seen every broadcast.
    ///
    /// This works if the replay buffer still holds all later broadcasts and they fit in half of the
    /// client's queue. Otherwise the client starts after the last broadcast, and the join reply
    /// must bring a snapshot. Either way the client gets every broadcast after
    /// [`Resumed::seq`](crate::Resumed::seq), in order and once, right after the join reply.
    ///
    /// A snapshot is exact if the application takes it and calls `resume` under the same lock under
    /// which it changes its state and broadcasts the change.
    ///
    /// Binary broadcasts have no number and are not kept; the client may miss those sent while it
    /// joins. Events that the client itself sent with [`broadcast_from`](Context::broadcast_from)
    /// are replayed to it as well. If the channel's [`REPLAY`](crate::Channel::REPLAY) is 0, the
    /// number is 0 and nothing is resumed.
    pub fn resume(&self, since: Option<u64>) -> Resumed {
        let (topic, config) = (self.sender.shared_topic(), self.sender.config());
        // The other half of the queue is for the reply, pushes and new broadcasts.
        let max_frames = self.sender.outbox().max_frames() / 2;
        let topics = self.endpoint.topics();
        let resumed = topics.resume(topic, config, since, max_frames);
        self.sender.set_resume_after(resumed.seq);
        resumed
    }

    /// Makes this client present on the topic under `key`, until its channel ends.
    ///
    /// All clients on the topic get a `presence_diff`. A second call replaces the presence: the
    /// diff then holds the old one's leave and the new one's join. In `join` it takes effect after
    /// the reply.
    ///
    /// # Panics
    /// As [`Context::push`], for the meta.
    #[track_caller]
    pub fn track<T: Serialize + ?Sized>(&self, key: &PresenceKey, meta: &T) {
        let meta = expect_encodable(Meta::new(meta));
        self.sender.set_must_untrack();
        let later = meta.clone();
        if self
            .sender
            .defer(|deferred| deferred.track = Some((key.clone(), later)))
        {
            expect_encodable(self.endpoint.topics().track(&self.sender, key, meta));
        }
    }

    /// Ends this client's presence, if any. All clients on the topic get a `presence_diff`.
    ///
    /// # Panics
    /// Never: the tracked metas are already encoded.
    pub fn untrack(&self) {
        if self.sender.defer(|deferred| deferred.track = None) {
            expect_encodable(self.endpoint.topics().untrack(&self.sender));
        }
    }

    /// Sends this client a `presence_state` with all presences on the topic. In `join` it follows
    /// the reply, and the diff of this client's own [`track`](Self::track).
    ///
    /// # Panics
    /// Never: the tracked metas are already encoded.
    pub fn push_presence(&self) {
        if self.sender.defer(|deferred| deferred.push = true) {
            expect_encodable(self.endpoint.topics().push_presence(&self.sender));
        }
    }
}

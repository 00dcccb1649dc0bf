//! What a channel's callbacks can do and know.

use std::sync::Arc;

use bytes::Bytes;
use serde::Serialize;

use super::{endpoint::Endpoint, replier::Replier};
use crate::{
    protocol::{
        Ref,
        payload::{Payload, or_crash},
    },
    topics::{
        presence::{Meta, PresenceKey},
        replay::Resumed,
        sender::ChannelSender,
    },
};

/// One client's place in one topic. Clones may outlive the callback that got it, and work in other
/// tasks; after the channel has ended what they push is dropped.
#[derive(Debug)]
pub struct Context<A> {
    sender: Arc<ChannelSender>,
    assigns: Arc<A>,
    endpoint: Endpoint,
    /// The event that is being handled; null outside of a handler.
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

    /// The same while an event is handled.
    pub(crate) fn handling(&self, reference: Ref) -> Self {
        Self {
            reference,
            ..self.clone()
        }
    }

    pub(crate) fn sender(&self) -> &Arc<ChannelSender> {
        &self.sender
    }

    /// The topic, such as `game:4f2a`.
    #[must_use]
    pub fn topic(&self) -> &str {
        self.sender.topic()
    }

    /// What the `*` of the route stands for, such as `4f2a` under `game:*`; empty without a `*`.
    #[must_use]
    pub fn tail(&self) -> &str {
        self.sender.tail()
    }

    /// What the connect hook said about this socket.
    #[must_use]
    pub fn assigns(&self) -> &A {
        &self.assigns
    }

    /// The endpoint, for broadcasts on other topics.
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Sends an event to this client alone.
    ///
    /// # Panics
    /// If `payload` does not encode as a JSON object, which ends the channel as any panic in a
    /// callback does.
    #[track_caller]
    pub fn push<T: Serialize + ?Sized>(&self, event: &str, payload: &T) {
        self.sender
            .push(event, &or_crash(Payload::object(payload)).into());
    }

    /// Sends an event to this client alone and states its number. Replies that were to wait for
    /// this number or a lower one follow it; see [`Outcome::after`](crate::Outcome::after).
    ///
    /// # Panics
    /// As [`Context::push`].
    #[track_caller]
    pub fn push_numbered<T: Serialize + ?Sized>(&self, seq: u64, event: &str, payload: &T) {
        self.sender
            .push(event, &or_crash(Payload::object(payload)).into());
        self.sender.reach(seq);
    }

    /// Sends an event to everyone on this topic, this client too. It reaches this client before the
    /// reply of the callback that made it.
    ///
    /// # Panics
    /// As [`Context::push`].
    #[track_caller]
    pub fn broadcast<T: Serialize + ?Sized>(&self, event: &str, payload: &T) {
        let payload = or_crash(Payload::object(payload));
        self.endpoint
            .send(self.topic(), event, &payload.into(), None);
    }

    /// Sends bytes to this client alone. One of version 1, or that polls, does not get them.
    ///
    /// # Panics
    /// If `event` has more than 255 bytes.
    #[track_caller]
    pub fn push_binary(&self, event: &str, data: impl Into<Bytes>) {
        self.sender.push(event, &data.into().into());
    }

    /// Sends bytes to everyone on this topic, this client too. Clients of version 1, and those that
    /// poll, do not get them.
    ///
    /// # Panics
    /// As [`Context::push_binary`].
    #[track_caller]
    pub fn broadcast_binary(&self, event: &str, data: impl Into<Bytes>) {
        self.endpoint
            .send(self.topic(), event, &data.into().into(), None);
    }

    /// Sends an event to everyone else on this topic.
    ///
    /// # Panics
    /// As [`Context::push`].
    #[track_caller]
    pub fn broadcast_from<T: Serialize + ?Sized>(&self, event: &str, payload: &T) {
        let payload = or_crash(Payload::object(payload));
        self.endpoint.send(
            self.topic(),
            event,
            &payload.into(),
            Some(self.sender.key()),
        );
    }

    /// The right to answer the event that is being handled later, from any task, while the channel
    /// goes on with other events. The handler itself then answers
    /// [`Outcome::none`](crate::Outcome::none).
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

    /// Where this client, which is joining, goes on: after number `since`, up to which it has seen
    /// everything, if all broadcasts after that are kept and its queue has room for them; else after
    /// the last one, and the reply has to bring a snapshot. Either way it gets every broadcast after
    /// [`Resumed::seq`](crate::Resumed::seq), in order and once, right after the reply to the join.
    ///
    /// A snapshot is exact if the application takes it and asks for the number under the same lock
    /// under which it changes its state and broadcasts the change.
    ///
    /// Bytes have no number and are not kept: those that are broadcast while the client joins it may
    /// miss. To the sender of [`broadcast_from`](Context::broadcast_from) that event is sent, too, should
    /// it come back and have missed it. For a channel whose
    /// [`REPLAY`](crate::Channel::REPLAY) is 0 the number is 0, and nothing is resumed.
    pub fn resume(&self, since: Option<u64>) -> Resumed {
        let (topic, config) = (self.sender.shared_topic(), self.sender.config());
        // Half of the queue is left for what else comes with a join.
        let max_frames = self.sender.outbox().max_frames() / 2;
        let topics = self.endpoint.topics();
        let resumed = topics.resume(topic, config, since, max_frames);
        self.sender.resume_after(resumed.seq);
        resumed
    }

    /// Lets this client be present on the topic under a key, until its channel ends, whatever ends
    /// it; everyone on the topic is told with a `presence_diff`. Called again it becomes another:
    /// those who listen see the old leave and the new join in one diff. In `join` it happens after
    /// the reply.
    ///
    /// # Panics
    /// As [`Context::push`], for the meta.
    #[track_caller]
    pub fn track<T: Serialize + ?Sized>(&self, key: &PresenceKey, meta: &T) {
        let meta = or_crash(Meta::new(meta));
        self.sender.expect_leaving();
        let later = meta.clone();
        if self
            .sender
            .hold(|held| held.track = Some((key.clone(), later)))
        {
            or_crash(self.endpoint.topics().track(&self.sender, key, meta));
        }
    }

    /// Ends this client's presence; everyone on the topic is told.
    ///
    /// # Panics
    /// Never: what was tracked encodes.
    pub fn untrack(&self) {
        if self.sender.hold(|held| held.track = None) {
            or_crash(self.endpoint.topics().untrack(&self.sender));
        }
    }

    /// Tells this client who is present, in a `presence_state`. In `join` it happens after the
    /// reply, and after the diff that tells of this client.
    ///
    /// # Panics
    /// Never: what was tracked encodes.
    pub fn push_presence(&self) {
        if self.sender.hold(|held| held.push = true) {
            or_crash(self.endpoint.topics().push_presence(&self.sender));
        }
    }
}

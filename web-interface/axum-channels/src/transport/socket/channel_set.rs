//! The channels of one socket: carries out the effects that the session returns.

use std::sync::Arc;

use tracing::debug_span;

use crate::{
    api::{
        context::Context,
        erased::{AcceptedJoin, JoinResult},
        outcome::Outcome,
    },
    protocol::{
        ChannelId, Effect, EndReason, JoinOutcome, Limits, NextStep, Ref, Session,
        payload::PayloadError,
    },
    topics::{
        ChannelConfig, Subscriber, SubscriberKey,
        outbox::{Broadcast, Outbox},
        sender::ChannelSender,
    },
    transport::{mount::Mount, rate_limiter::RateLimiter},
};

use super::running_channel::{CallbackResult, RunningChannel, RunningChannels};

/// The session and the channels of one client, without its transport.
pub(crate) struct ChannelSet<A> {
    pub(crate) mount: Arc<Mount<A>>,
    assigns: Arc<A>,
    /// The socket's number, unique on its endpoint.
    socket: u64,
    /// The id that the application gave the socket: a topic on which `disconnect` closes it.
    socket_id: Option<Arc<str>>,
    pub(crate) outbox: Arc<Outbox>,
    pub(crate) session: Session,
    pub(crate) rate_limiter: RateLimiter,
    pub(crate) running: RunningChannels,
}

impl<A: Send + Sync + 'static> ChannelSet<A> {
    pub(crate) fn new(mount: Arc<Mount<A>>, assigns: A, socket: u64, outbox: Arc<Outbox>) -> Self {
        let limits = Limits {
            channels: mount.settings.max_channels,
            waiting: mount.settings.max_waiting_events,
            waiting_bytes: mount.settings.max_waiting_bytes,
        };
        let session = Session::new(outbox.serializer(), limits, Arc::clone(&mount.patterns));
        let socket_id: Option<Arc<str>> = (mount.socket_id)(&assigns).map(Arc::from);
        let channels = Self {
            mount,
            assigns: Arc::new(assigns),
            socket,
            socket_id,
            outbox,
            session,
            rate_limiter: RateLimiter::default(),
            running: RunningChannels::default(),
        };
        if let Some(socket_id) = &channels.socket_id {
            let topics = channels.mount.endpoint.topics();
            let subscriber = Subscriber {
                outbox: Arc::clone(&channels.outbox),
                config: &ChannelConfig::PLAIN,
            };
            let key = channels.key(ChannelId::SOCKET);
            let _ = topics.subscribe(socket_id, key, subscriber, None);
        }
        channels
    }

    /// Takes the result of a callback, and carries out what follows from it.
    pub(crate) fn finish_callback(&mut self, id: ChannelId, result: CallbackResult) {
        match result {
            CallbackResult::Continued => {}
            CallbackResult::Joined(result) => {
                let outcome = self.joined(id, result);
                self.session.join_finished(id, &outcome);
            }
            CallbackResult::Handled(Outcome {
                reply, next_step, ..
            }) => {
                self.session.handler_finished(id, reply.as_ref(), next_step);
            }
            CallbackResult::Ended(reason) => {
                let held = self
                    .running
                    .get(id)
                    .and_then(RunningChannel::take_held_outcome);
                if let Some(Outcome { reply, .. }) = held {
                    // The channel ended before this handler's outcome was taken, so its reason
                    // stands.
                    let next_step = if reason == EndReason::Failed {
                        NextStep::Fail
                    } else {
                        NextStep::Stop
                    };
                    self.session.handler_finished(id, reply.as_ref(), next_step);
                }
                self.session.channel_ended(id, reason);
            }
        }
        self.carry_out_effects();
    }

    /// Passes a broadcast to a channel that intercepts it.
    pub(crate) fn intercept(&mut self, id: ChannelId, broadcast: &Broadcast) {
        if let Some(channel) = self.running.get(id) {
            let result = channel.intercept(&broadcast.event, &broadcast.body);
            self.finish_callback(id, result);
        }
    }

    /// Carries out the session's effects, in order.
    pub(crate) fn carry_out_effects(&mut self) {
        while let Some(effect) = self.session.next_effect() {
            match effect {
                Effect::Send(frame) => self.outbox.send_without_wake(frame),
                Effect::Join {
                    id,
                    route,
                    topic,
                    join_ref,
                    payload,
                } => {
                    let erased = Arc::clone(&self.mount.channels[route]);
                    let sender = self.sender(id, route, topic, join_ref, erased.config());
                    let endpoint = self.mount.endpoint.clone();
                    let ctx =
                        Context::new(Arc::clone(&sender), Arc::clone(&self.assigns), endpoint);
                    let span = debug_span!("join", topic = sender.topic());
                    let join = erased.join(payload, ctx, span);
                    self.running.add(RunningChannel::joining(id, sender, join));
                }
                Effect::StartDelivery(id) => self.start_delivery(id),
                Effect::Handle { id, event, payload } => {
                    let reference = self
                        .session
                        .current_event_ref(id)
                        .unwrap_or(&Ref::NULL)
                        .clone();
                    if let Some(channel) = self.running.get(id) {
                        let span = debug_span!(
                            "event",
                            topic = channel.sender.topic(),
                            event = &*event,
                            "ref" = reference.as_str()
                        );
                        channel.handle(event, payload, reference, span);
                    }
                }
                Effect::ReleaseReply(id) => {
                    if let Some(channel) = self.running.get(id) {
                        channel.sender.set_following(false);
                    }
                }
                Effect::Unsubscribe(id) => {
                    if let Some(channel) = self.running.get(id) {
                        let key = channel.sender.key();
                        self.mount
                            .endpoint
                            .topics()
                            .unsubscribe(channel.sender.topic(), key);
                    }
                }
                Effect::Terminate(id, reason) => {
                    if let Some(channel) = self.running.remove(id) {
                        channel.terminate(reason);
                        self.untrack(&channel.sender);
                    }
                }
                Effect::Discard(id) => {
                    if let Some(channel) = self.running.remove(id) {
                        self.unsubscribe(&channel);
                        channel.sender.end();
                        self.untrack(&channel.sender);
                    }
                }
            }
        }
    }

    fn joined(&mut self, id: ChannelId, result: Option<JoinResult>) -> JoinOutcome {
        match (result, self.running.get(id)) {
            (
                Some(Ok(AcceptedJoin {
                    instance,
                    reply,
                    seq,
                })),
                Some(channel),
            ) => {
                channel.instance = Some(instance);
                channel.sender.record_sent(seq);
                self.mount.endpoint.counters().joined();
                JoinOutcome::Accepted(reply)
            }
            (Some(Err(refusal)), _) => JoinOutcome::Refused(refusal.0.into()),
            _ => JoinOutcome::Crashed,
        }
    }

    fn sender(
        &self,
        id: ChannelId,
        route: usize,
        topic: Arc<str>,
        join_ref: Ref,
        config: &'static ChannelConfig,
    ) -> Arc<ChannelSender> {
        let subtopic = self.mount.patterns[route].subtopic(&topic);
        let subtopic_length = subtopic.map_or(0, str::len);
        let (key, outbox) = (self.key(id), Arc::clone(&self.outbox));
        Arc::new(ChannelSender::new(
            topic,
            subtopic_length,
            join_ref,
            key,
            config,
            outbox,
        ))
    }

    fn start_delivery(&mut self, id: ChannelId) {
        if let Some(channel) = self.running.get(id) {
            let topics = self.mount.endpoint.topics();
            let sender = &channel.sender;
            let subscriber = Subscriber {
                outbox: Arc::clone(&self.outbox),
                config: sender.config(),
            };
            let (topic, replay_after) = (sender.shared_topic(), sender.resume_after());
            if !topics.subscribe(topic, sender.key(), subscriber, replay_after) {
                // The replay buffer no longer holds all broadcasts after the number that the join
                // got. The client joins again rather than miss some.
                return self.session.channel_ended(id, EndReason::Failed);
            }
            let presence = sender.start_delivery();
            if let Some((key, meta)) = presence.track {
                log_presence_error(topics.track(sender, &key, meta));
            }
            if presence.push {
                log_presence_error(topics.push_presence(sender));
            }
        }
    }
}

impl<A> ChannelSet<A> {
    fn key(&self, channel: ChannelId) -> SubscriberKey {
        SubscriberKey {
            socket: self.socket,
            channel,
        }
    }

    /// Ends the presence of a client whose channel has ended.
    fn untrack(&self, sender: &ChannelSender) {
        if sender.must_untrack() {
            log_presence_error(self.mount.endpoint.topics().untrack(sender));
        }
    }

    fn unsubscribe(&self, channel: &RunningChannel) {
        self.mount
            .endpoint
            .topics()
            .unsubscribe(channel.sender.topic(), channel.sender.key());
    }
}

/// Ends all channels with their socket, even if the socket's task is cancelled.
impl<A> Drop for ChannelSet<A> {
    fn drop(&mut self) {
        if let Some(socket_id) = &self.socket_id {
            let topics = self.mount.endpoint.topics();
            topics.unsubscribe(socket_id, self.key(ChannelId::SOCKET));
        }
        while let Some(channel) = self.running.pop() {
            self.unsubscribe(&channel);
            channel.terminate(EndReason::SocketClosed);
            self.untrack(&channel.sender);
        }
    }
}

/// Logs a presence change that failed to encode. Each entry was encoded before, so this is not
/// expected, and the socket continues.
fn log_presence_error(result: Result<(), PayloadError>) {
    if let Err(error) = result {
        tracing::error!(%error, "a presence change was not sent: its payload cannot be encoded");
    }
}

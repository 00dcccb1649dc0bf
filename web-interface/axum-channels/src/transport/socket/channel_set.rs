//! The channels of one socket: carries out the effects that the session returns.

use std::sync::Arc;

use tracing::debug_span;

use crate::{
    api::{
        context::Context,
        erased::{Accepted, JoinResult},
        outcome::Outcome,
    },
    protocol::{
        Effect, EndReason, JoinOutcome, Limits, MemberId, Ref, Session, Then, payload::PayloadError,
    },
    topics::{
        ChannelConfig, Subscriber, SubscriberKey,
        outbox::{Broadcast, Outbox},
        sender::ChannelSender,
    },
    transport::{mount::Mount, rate_limiter::RateLimiter},
};

use super::member::{ChannelEvent, Member, Members};

/// The session and the channels of one client, without its transport.
pub(crate) struct ChannelSet<A> {
    pub(crate) mount: Arc<Mount<A>>,
    assigns: Arc<A>,
    socket: u64,
    /// The socket's id: a topic on which `disconnect` closes the socket.
    id: Option<Arc<str>>,
    pub(crate) outbox: Arc<Outbox>,
    pub(crate) session: Session,
    pub(crate) rate_limiter: RateLimiter,
    pub(crate) members: Members,
}

impl<A: Send + Sync + 'static> ChannelSet<A> {
    pub(crate) fn new(mount: Arc<Mount<A>>, assigns: A, socket: u64, outbox: Arc<Outbox>) -> Self {
        let limits = Limits {
            channels: mount.settings.max_channels,
            waiting: mount.settings.max_waiting,
            waiting_bytes: mount.settings.max_waiting_bytes,
        };
        let session = Session::new(outbox.serializer(), limits, Arc::clone(&mount.patterns));
        let id: Option<Arc<str>> = (mount.identify)(&assigns).map(Arc::from);
        let channels = Self {
            mount,
            assigns: Arc::new(assigns),
            socket,
            id,
            outbox,
            session,
            rate_limiter: RateLimiter::default(),
            members: Members::default(),
        };
        if let Some(id) = &channels.id {
            let topics = channels.mount.endpoint.topics();
            let subscriber = Subscriber {
                outbox: Arc::clone(&channels.outbox),
                config: &ChannelConfig::PLAIN,
            };
            let key = channels.key(MemberId::SOCKET);
            let _ = topics.subscribe(id, key, subscriber, None);
        }
        channels
    }

    /// Takes the result of a callback, and carries out what follows from it.
    pub(crate) fn take(&mut self, id: MemberId, event: ChannelEvent) {
        match event {
            ChannelEvent::Informed => {}
            ChannelEvent::Joined(answer) => {
                let answer = self.joined(id, answer);
                self.session.join_finished(id, &answer);
            }
            ChannelEvent::Handled(Outcome { reply, then, .. }) => {
                self.session.handled(id, reply.as_ref(), then);
            }
            ChannelEvent::Ended(reason) => {
                let reply = self.members.get(id).and_then(Member::finish);
                if let Some(Outcome { reply, .. }) = reply {
                    // The channel ended before this handler's outcome was taken, so its reason
                    // stands.
                    let then = if reason == EndReason::Failed {
                        Then::Fail
                    } else {
                        Then::Stop
                    };
                    self.session.handled(id, reply.as_ref(), then);
                }
                self.session.ended(id, reason);
            }
        }
        self.carry_out();
    }

    /// Passes a broadcast to a channel that intercepts it.
    pub(crate) fn intercept(&mut self, id: MemberId, broadcast: &Broadcast) {
        if let Some(member) = self.members.get(id) {
            let event = member.intercept(&broadcast.event, &broadcast.body);
            self.take(id, event);
        }
    }

    /// Carries out the session's effects, in order.
    pub(crate) fn carry_out(&mut self) {
        while let Some(effect) = self.session.next_effect() {
            match effect {
                Effect::Send(frame) => self.outbox.send_without_wake(frame),
                Effect::Join {
                    member,
                    route,
                    topic,
                    join_ref,
                    payload,
                } => {
                    let channel = Arc::clone(&self.mount.channels[route]);
                    let sender = self.sender(member, route, topic, join_ref, channel.config());
                    let endpoint = self.mount.endpoint.clone();
                    let ctx =
                        Context::new(Arc::clone(&sender), Arc::clone(&self.assigns), endpoint);
                    let span = debug_span!("join", topic = sender.topic());
                    let join = channel.join(payload, ctx, span);
                    self.members.add(Member::joining(member, sender, join));
                }
                Effect::Open(id) => self.open(id),
                Effect::Handle {
                    member: id,
                    event,
                    payload,
                } => {
                    let reference = self.session.handling(id).unwrap_or(&Ref::NULL).clone();
                    if let Some(member) = self.members.get(id) {
                        let span = debug_span!(
                            "event",
                            topic = member.sender.topic(),
                            event = &*event,
                            "ref" = reference.as_str()
                        );
                        member.handle(event, payload, reference, span);
                    }
                }
                Effect::Release(id) => {
                    if let Some(member) = self.members.get(id) {
                        member.sender.follow(false);
                    }
                }
                Effect::Silence(id) => {
                    if let Some(member) = self.members.get(id) {
                        let key = member.sender.key();
                        self.mount
                            .endpoint
                            .topics()
                            .unsubscribe(member.sender.topic(), key);
                    }
                }
                Effect::Terminate(id, reason) => {
                    if let Some(member) = self.members.remove(id) {
                        member.terminate(reason);
                        self.leave(&member.sender);
                    }
                }
                Effect::Forget(id) => {
                    if let Some(member) = self.members.remove(id) {
                        self.unsubscribe(&member);
                        member.sender.end();
                        self.leave(&member.sender);
                    }
                }
            }
        }
    }

    fn joined(&mut self, id: MemberId, answer: Option<JoinResult>) -> JoinOutcome {
        match (answer, self.members.get(id)) {
            (Some(Ok(Accepted { live, reply, seq })), Some(member)) => {
                member.live = Some(live);
                member.sender.reach(seq);
                self.mount.endpoint.counters().joined();
                JoinOutcome::Accepted(reply)
            }
            (Some(Err(refusal)), _) => JoinOutcome::Refused(refusal.0.into()),
            _ => JoinOutcome::Crashed,
        }
    }

    fn sender(
        &self,
        member: MemberId,
        route: usize,
        topic: Arc<str>,
        join_ref: Ref,
        config: &'static ChannelConfig,
    ) -> Arc<ChannelSender> {
        let tail = self.mount.patterns[route].tail(&topic).map_or(0, str::len);
        let (key, outbox) = (self.key(member), Arc::clone(&self.outbox));
        Arc::new(ChannelSender::new(
            topic, tail, join_ref, key, config, outbox,
        ))
    }

    fn open(&mut self, id: MemberId) {
        if let Some(member) = self.members.get(id) {
            let topics = self.mount.endpoint.topics();
            let sender = &member.sender;
            let subscriber = Subscriber {
                outbox: Arc::clone(&self.outbox),
                config: sender.config(),
            };
            let (topic, after) = (sender.shared_topic(), sender.resumes_after());
            if !topics.subscribe(topic, sender.key(), subscriber, after) {
                // The replay buffer no longer holds all broadcasts after the number that the join
                // got. The client joins again rather than miss some.
                return self.session.ended(id, EndReason::Failed);
            }
            let presence = sender.open();
            if let Some((key, meta)) = presence.track {
                told(topics.track(sender, &key, meta));
            }
            if presence.push {
                told(topics.push_presence(sender));
            }
        }
    }
}

impl<A> ChannelSet<A> {
    fn key(&self, member: MemberId) -> SubscriberKey {
        SubscriberKey {
            socket: self.socket,
            member,
        }
    }

    /// Ends the presence of a client whose channel has ended.
    fn leave(&self, sender: &ChannelSender) {
        if sender.must_untrack() {
            told(self.mount.endpoint.topics().untrack(sender));
        }
    }

    fn unsubscribe(&self, member: &Member) {
        self.mount
            .endpoint
            .topics()
            .unsubscribe(member.sender.topic(), member.sender.key());
    }
}

/// Ends all channels with their socket, even if the socket's task is cancelled.
impl<A> Drop for ChannelSet<A> {
    fn drop(&mut self) {
        if let Some(id) = &self.id {
            let topics = self.mount.endpoint.topics();
            topics.unsubscribe(id, self.key(MemberId::SOCKET));
        }
        while let Some(member) = self.members.pop() {
            self.unsubscribe(&member);
            member.terminate(EndReason::SocketClosed);
            self.leave(&member.sender);
        }
    }
}

/// Logs a presence change that failed to encode. Each entry was encoded before, so this is not
/// expected, and the socket goes on.
fn told(telling: Result<(), PayloadError>) {
    if let Err(error) = telling {
        tracing::error!(%error, "nobody was told of a change of presence");
    }
}

//! The channels' side of a socket: carries out what the session decides.

use std::sync::Arc;

use tracing::debug_span;

use crate::{
    api::{
        context::Context,
        live::{Accepted, Answer},
        outcome::Outcome,
    },
    protocol::{
        Effect, Ending, JoinAnswer, Limits, MemberId, Ref, Session, Then, payload::PayloadError,
    },
    topics::{
        Subscriber, SubscriberKey, Traits,
        outbox::{Broadcast, Outbox},
        port::Port,
    },
    transport::{mount::Mount, pace::Pace},
};

use super::member::{Happening, Member, Members};

/// One socket without its transport.
pub(crate) struct Running<A> {
    pub(crate) mount: Arc<Mount<A>>,
    assigns: Arc<A>,
    socket: u64,
    /// The topic that is the socket's id.
    id: Option<Arc<str>>,
    pub(crate) outbox: Arc<Outbox>,
    pub(crate) session: Session,
    pub(crate) pace: Pace,
    pub(crate) members: Members,
}

impl<A: Send + Sync + 'static> Running<A> {
    pub(crate) fn new(mount: Arc<Mount<A>>, assigns: A, socket: u64, outbox: Arc<Outbox>) -> Self {
        let limits = Limits {
            channels: mount.settings.max_channels,
            waiting: mount.settings.max_waiting,
            waiting_bytes: mount.settings.max_waiting_bytes,
        };
        let session = Session::new(outbox.serializer(), limits, Arc::clone(&mount.patterns));
        let id: Option<Arc<str>> = (mount.identify)(&assigns).map(Arc::from);
        let running = Self {
            mount,
            assigns: Arc::new(assigns),
            socket,
            id,
            outbox,
            session,
            pace: Pace::default(),
            members: Members::default(),
        };
        if let Some(id) = &running.id {
            let topics = running.mount.endpoint.topics();
            let subscriber = Subscriber {
                outbox: Arc::clone(&running.outbox),
                traits: &Traits::PLAIN,
            };
            let key = running.key(MemberId::SOCKET);
            let _ = topics.subscribe(id, key, subscriber, None);
        }
        running
    }

    /// A callback has come to something.
    pub(crate) fn take(&mut self, id: MemberId, happening: Happening) {
        match happening {
            Happening::Informed => {}
            Happening::Joined(answer) => {
                let answer = self.joined(id, answer);
                self.session.join_finished(id, &answer);
            }
            Happening::Handled(Outcome { reply, then, .. }) => {
                self.session.handled(id, reply.as_ref(), then);
            }
            Happening::Ended(ending) => {
                let reply = self.members.get(id).and_then(Member::finish);
                if let Some(Outcome { reply, .. }) = reply {
                    // The last word on how the channel ends is the one that came first.
                    let then = if ending == Ending::Failed {
                        Then::Fail
                    } else {
                        Then::Stop
                    };
                    self.session.handled(id, reply.as_ref(), then);
                }
                self.session.ended(id, ending);
            }
        }
        self.carry_out();
    }

    /// A broadcast is for a channel that intercepts it.
    pub(crate) fn intercept(&mut self, id: MemberId, broadcast: &Broadcast) {
        if let Some(member) = self.members.get(id) {
            let happening = member.intercept(&broadcast.event, &broadcast.body);
            self.take(id, happening);
        }
    }

    /// Does what the session asks for.
    pub(crate) fn carry_out(&mut self) {
        while let Some(effect) = self.session.next_effect() {
            match effect {
                Effect::Send(frame) => self.outbox.send_in_turn(frame),
                Effect::Join {
                    member,
                    route,
                    topic,
                    join_ref,
                    payload,
                } => {
                    let channel = Arc::clone(&self.mount.channels[route]);
                    let port = self.port(member, route, topic, join_ref, channel.traits());
                    let endpoint = self.mount.endpoint.clone();
                    let ctx = Context::new(Arc::clone(&port), Arc::clone(&self.assigns), endpoint);
                    let span = debug_span!("join", topic = port.topic());
                    let join = channel.join(payload, ctx, span);
                    self.members.add(Member::joining(member, port, join));
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
                            topic = member.port.topic(),
                            event = &*event,
                            "ref" = reference.as_str()
                        );
                        member.handle(event, payload, reference, span);
                    }
                }
                Effect::Release(id) => {
                    if let Some(member) = self.members.get(id) {
                        member.port.follow(false);
                    }
                }
                Effect::Silence(id) => {
                    if let Some(member) = self.members.get(id) {
                        let key = member.port.key();
                        self.mount
                            .endpoint
                            .topics()
                            .unsubscribe(member.port.topic(), key);
                    }
                }
                Effect::Terminate(id, ending) => {
                    if let Some(member) = self.members.remove(id) {
                        member.terminate(ending);
                        self.leave(&member.port);
                    }
                }
                Effect::Forget(id) => {
                    if let Some(member) = self.members.remove(id) {
                        self.unsubscribe(&member);
                        member.port.end();
                        self.leave(&member.port);
                    }
                }
            }
        }
    }

    fn joined(&mut self, id: MemberId, answer: Option<Answer>) -> JoinAnswer {
        match (answer, self.members.get(id)) {
            (Some(Ok(Accepted { live, reply, seq })), Some(member)) => {
                member.live = Some(live);
                member.port.reach(seq);
                self.mount.endpoint.counters().joined();
                JoinAnswer::Accepted(reply)
            }
            (Some(Err(refusal)), _) => JoinAnswer::Refused(refusal.0.into()),
            _ => JoinAnswer::Crashed,
        }
    }

    fn port(
        &self,
        member: MemberId,
        route: usize,
        topic: Arc<str>,
        join_ref: Ref,
        traits: &'static Traits,
    ) -> Arc<Port> {
        let tail = self.mount.patterns[route].tail(&topic).map_or(0, str::len);
        let (key, outbox) = (self.key(member), Arc::clone(&self.outbox));
        Arc::new(Port::new(topic, tail, join_ref, key, traits, outbox))
    }

    fn open(&mut self, id: MemberId) {
        if let Some(member) = self.members.get(id) {
            let topics = self.mount.endpoint.topics();
            let port = &member.port;
            let subscriber = Subscriber {
                outbox: Arc::clone(&self.outbox),
                traits: port.traits(),
            };
            let (topic, after) = (port.shared_topic(), port.resumes_after());
            if !topics.subscribe(topic, port.key(), subscriber, after) {
                // So much was broadcast since the channel asked that some of it is gone. Rather than
                // miss that, its client joins again.
                return self.session.ended(id, Ending::Failed);
            }
            let presence = port.open();
            if let Some((key, meta)) = presence.track {
                told(topics.track(port, &key, meta));
            }
            if presence.push {
                told(topics.push_presence(port));
            }
        }
    }
}

impl<A> Running<A> {
    fn key(&self, member: MemberId) -> SubscriberKey {
        SubscriberKey {
            socket: self.socket,
            member,
        }
    }

    /// A channel has ended, and with it its client's presence.
    fn leave(&self, port: &Port) {
        if port.leaves() {
            told(self.mount.endpoint.topics().untrack(port));
        }
    }

    fn unsubscribe(&self, member: &Member) {
        self.mount
            .endpoint
            .topics()
            .unsubscribe(member.port.topic(), member.port.key());
    }
}

/// The socket is gone, and with it all its channels: whether it was closed, or its task was ended
/// from outside.
impl<A> Drop for Running<A> {
    fn drop(&mut self) {
        if let Some(id) = &self.id {
            let topics = self.mount.endpoint.topics();
            topics.unsubscribe(id, self.key(MemberId::SOCKET));
        }
        while let Some(member) = self.members.pop() {
            self.unsubscribe(&member);
            member.terminate(Ending::SocketClosed);
            self.leave(&member.port);
        }
    }
}

/// What is told of presence was encoded before. Should that ever not do, the socket goes on.
fn told(telling: Result<(), PayloadError>) {
    if let Err(error) = telling {
        tracing::error!(%error, "nobody was told of a change of presence");
    }
}

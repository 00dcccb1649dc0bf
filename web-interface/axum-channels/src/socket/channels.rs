//! The channels' side of a socket: carries out what the session decides.

use std::sync::Arc;

use tokio_tungstenite::tungstenite::Bytes;
use tracing::{Instrument, debug_span};

use crate::{
    acceptor::Mount,
    channel::Ending,
    context::Context,
    live::{Accepted, Answer},
    outbox::{Broadcast, Outbox},
    outcome::Then,
    payload::PayloadError,
    port::Port,
    protocol::{Effect, Frame, JoinAnswer, Limits, MemberId, Ref, Session, frame::Malformed},
    topics::SubscriberKey,
};

use super::{
    closing::Closing,
    member::{Happening, Member, Members},
};

/// One socket without its transport.
pub(super) struct Running<A> {
    mount: Arc<Mount<A>>,
    assigns: Arc<A>,
    socket: u64,
    /// The topic that is the socket's id.
    id: Option<Arc<str>>,
    outbox: Arc<Outbox>,
    session: Session,
    pub(super) members: Members,
}

impl<A: Send + Sync + 'static> Running<A> {
    pub(super) fn new(mount: Arc<Mount<A>>, assigns: A, socket: u64, outbox: Arc<Outbox>) -> Self {
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
            members: Members::default(),
        };
        if let Some(id) = &running.id {
            let topics = running.mount.endpoint.topics();
            topics.subscribe(id, running.key(MemberId::SOCKET), &running.outbox, &[]);
        }
        running
    }

    /// A text message has arrived.
    pub(super) fn receive(&mut self, text: &str) -> Result<(), Closing> {
        let max_depth = self.mount.settings.max_depth;
        self.dispatch(self.outbox.serializer().decode(text, max_depth))
    }

    /// A binary message has arrived.
    pub(super) fn receive_binary(&mut self, bytes: &Bytes) -> Result<(), Closing> {
        let max_depth = self.mount.settings.max_depth;
        self.dispatch(self.outbox.serializer().decode_binary(bytes, max_depth))
    }

    fn dispatch(&mut self, frame: Result<Frame, Malformed>) -> Result<(), Closing> {
        self.session.receive(frame.map_err(Closing::Malformed)?);
        self.carry_out();
        Ok(())
    }

    /// A callback has come to something.
    pub(super) fn take(&mut self, id: MemberId, happening: Happening) {
        match happening {
            Happening::Informed => {}
            Happening::Joined(answer) => {
                let answer = self.joined(id, answer);
                self.session.join_finished(id, &answer);
            }
            Happening::Handled(outcome) => self.session.handled(id, &outcome),
            Happening::Ended(ending) => {
                let reply = self.members.get(id).and_then(Member::finish);
                if let Some(mut outcome) = reply {
                    // The last word on how the channel ends is the one that came first.
                    outcome.then = if ending == Ending::Failed {
                        Then::Fail
                    } else {
                        Then::Stop
                    };
                    self.session.handled(id, &outcome);
                }
                self.session.ended(id, ending);
            }
        }
        self.carry_out();
    }

    /// A broadcast is for a channel that intercepts it.
    pub(super) fn intercept(&mut self, id: MemberId, broadcast: &Broadcast) {
        if let Some(member) = self.members.get(id) {
            let happening = member.intercept(&broadcast.event, &broadcast.body);
            self.take(id, happening);
        }
    }

    /// The socket is gone, and with it all its channels.
    pub(super) fn terminate(mut self) {
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

    fn carry_out(&mut self) {
        while let Some(effect) = self.session.next_effect() {
            match effect {
                Effect::Send(frame) => self.outbox.send(frame),
                Effect::Join {
                    member,
                    route,
                    topic,
                    join_ref,
                    payload,
                } => {
                    let channel = Arc::clone(&self.mount.channels[route]);
                    let port = self.port(member, route, topic, join_ref);
                    let endpoint = self.mount.endpoint.clone();
                    let ctx = Context::new(Arc::clone(&port), Arc::clone(&self.assigns), endpoint);
                    let intercepts = channel.intercepts();
                    let span = debug_span!("join", topic = port.topic());
                    let join = move || channel.join(payload, ctx).instrument(span);
                    self.members
                        .add(Member::joining(member, port, intercepts, join));
                }
                Effect::Open(id) => self.open(id),
                Effect::Handle {
                    member: id,
                    event,
                    payload,
                } => {
                    if let Some(member) = self.members.get(id) {
                        let span = debug_span!(
                            "event",
                            topic = member.port.topic(),
                            event,
                            "ref" = self.session.handling(id).map(Ref::as_str)
                        );
                        member.handle(event, payload, span);
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
                JoinAnswer::Accepted(reply)
            }
            (Some(Err(refusal)), _) => JoinAnswer::Refused(refusal.0.into()),
            _ => JoinAnswer::Crashed,
        }
    }

    fn port(&self, member: MemberId, route: usize, topic: Arc<str>, join_ref: Ref) -> Arc<Port> {
        let tail = self.mount.patterns[route].tail(&topic).map_or(0, str::len);
        let (key, outbox) = (self.key(member), Arc::clone(&self.outbox));
        Arc::new(Port::new(topic, tail, join_ref, key, outbox))
    }

    fn key(&self, member: MemberId) -> SubscriberKey {
        SubscriberKey {
            socket: self.socket,
            member,
        }
    }

    fn open(&mut self, id: MemberId) {
        if let Some(member) = self.members.get(id) {
            let topics = self.mount.endpoint.topics();
            let port = &member.port;
            topics.subscribe(
                port.shared_topic(),
                port.key(),
                &self.outbox,
                member.intercepts,
            );
            let presence = port.open();
            if let Some((key, meta)) = presence.track {
                told(topics.track(port, &key, meta));
            }
            if presence.push {
                told(topics.push_presence(port));
            }
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

/// What is told of presence was encoded before. Should that ever not do, the socket goes on.
fn told(telling: Result<(), PayloadError>) {
    if let Err(error) = telling {
        tracing::error!(%error, "nobody was told of a change of presence");
    }
}

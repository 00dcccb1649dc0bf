//! The state machine of one socket: takes frames and finished callbacks, and returns effects.
//!
//! ```text
//!            phx_join                 accepted              event
//! not joined ────────► Joining ───────────────────► Idle ◄────────► Busy
//!     ▲                   │ refused, crashed          │   handled     │
//!     └───────────────────┴───────────────────────────┴───────────────┘
//!                                       phx_leave, stopped, failed, phx_join again
//! ```
//!
//! A frame for a topic that is joining or busy waits its turn, and is then dispatched as if it had
//! just arrived. The exception is a second join while the topic is busy: it ends the first at once.

use std::{collections::VecDeque, sync::Arc};

use super::{
    Effect, EndReason, Frame, JoinOutcome, Limits, MemberId, Pattern, Ref, Reply, Serializer, Then,
    payload::Content,
    topic::{Phase, Topic},
};

/// The joined topics of one socket, and the effects that are due. A *member* is one join of a
/// topic on this socket, by its id.
///
/// Call `receive`, `join_finished`, `handled` and `ended` as these things happen. After each call,
/// carry out the effects that `next_effect` returns.
#[derive(Debug)]
pub(crate) struct Session {
    serializer: Serializer,
    limits: Limits,
    routes: Arc<[Pattern]>,
    topics: Vec<Topic>,
    waiting_bytes: usize,
    last_member: u64,
    effects: VecDeque<Effect>,
}

impl Session {
    pub(crate) fn new(serializer: Serializer, limits: Limits, routes: Arc<[Pattern]>) -> Self {
        Self {
            serializer,
            limits,
            routes,
            topics: Vec::new(),
            waiting_bytes: 0,
            last_member: 0,
            effects: VecDeque::new(),
        }
    }

    pub(crate) fn next_effect(&mut self) -> Option<Effect> {
        let next = self.effects.pop_front();
        if next.is_none() {
            // Frees the buffer: most sockets are idle, and there are many.
            self.effects = VecDeque::new();
        }
        next
    }

    /// Returns the reference of the event that this member is handling.
    pub(crate) fn handling(&self, member: MemberId) -> Option<&Ref> {
        let mut topics = self.topics.iter();
        topics.find(|topic| topic.member == member)?.handling()
    }

    /// Whether one more frame of `bytes` bytes could wait, whatever channel it is for.
    pub(crate) fn has_room_for(&self, bytes: usize) -> bool {
        let mut topics = self.topics.iter();
        let is_full = topics.any(|topic| topic.waiting.len() >= self.limits.waiting);
        let most = self.waiting_bytes + Frame::OVERHEAD + bytes;
        // With nothing waiting there will never be more room, however large the frame is.
        self.waiting_bytes == 0 || (!is_full && most <= self.limits.waiting_bytes)
    }

    /// Takes a frame from the client.
    pub(crate) fn receive(&mut self, frame: Frame) {
        if frame.topic == "phoenix" && frame.event == "heartbeat" {
            self.reply(&Ref::NULL, &frame.reference, "phoenix", "ok", "{}");
        } else if frame.topic == "phoenix" {
            self.refuse(&Ref::NULL, &frame, "unmatched topic");
        } else if let Some(at) = self.find(|topic| *topic.name == *frame.topic) {
            self.receive_joined(at, frame);
        } else if frame.is_join() {
            self.join(frame, None);
        } else if frame.is_leave() {
            self.reply(&frame.join_ref, &frame.reference, &frame.topic, "ok", "{}");
        } else {
            self.refuse(&Ref::NULL, &frame, "unmatched topic");
        }
    }

    /// Takes the result of a join that `Effect::Join` started.
    pub(crate) fn join_finished(&mut self, member: MemberId, answer: &JoinOutcome) {
        let Some(at) = self.find(|topic| topic.member == member) else {
            return;
        };
        let topic = &mut self.topics[at];
        let Phase::Joining(reference) = std::mem::replace(&mut topic.phase, Phase::Idle) else {
            return;
        };
        let (status, response) = match answer {
            JoinOutcome::Accepted(reply) => ("ok", reply.content()),
            JoinOutcome::Refused(refusal) => ("error", refusal.content()),
            JoinOutcome::Crashed => ("error", Content::Json(r#"{"reason":"join crashed"}"#)),
        };
        let (serializer, join_ref) = (self.serializer, &topic.join_ref);
        let reply = serializer.reply(join_ref, &reference, &topic.name, status, response);
        let old = topic.replaces.take();
        let closed = old.map(|old| serializer.close(&old, &topic.name));
        self.effects.push_back(Effect::Send(reply));
        self.effects.extend(closed.map(Effect::Send));
        if status == "ok" {
            self.effects.push_back(Effect::Open(member));
            self.dispatch_waiting(member);
        } else {
            self.effects.push_back(Effect::Forget(member));
            let topic = self.topics.swap_remove(at);
            self.receive_again(topic.waiting);
        }
    }

    /// Takes the result of a handler that `Effect::Handle` started.
    pub(crate) fn handled(&mut self, member: MemberId, reply: Option<&Reply>, then: Then) {
        let Some(at) = self.find(|topic| topic.member == member) else {
            return;
        };
        let topic = &mut self.topics[at];
        let Phase::Busy(reference) = std::mem::replace(&mut topic.phase, Phase::Idle) else {
            return;
        };
        if let Some(reply) = reply {
            let (status, response) = (&reply.status, reply.response.content());
            let (serializer, join_ref) = (self.serializer, &topic.join_ref);
            let reply = serializer.reply(join_ref, &reference, &topic.name, status, response);
            self.effects.push_back(Effect::Send(reply));
        }
        match then {
            Then::Continue => self.dispatch_waiting(member),
            Then::Stop => self.end(at, EndReason::Stopped, None),
            Then::Fail => self.end(at, EndReason::Failed, None),
        }
    }

    /// Ends a channel that stopped or failed: `EndReason::Stopped` or `EndReason::Failed`.
    pub(crate) fn ended(&mut self, member: MemberId, reason: EndReason) {
        if let Some(at) = self.find(|topic| topic.member == member) {
            self.end(at, reason, None);
        }
    }

    fn receive_joined(&mut self, at: usize, frame: Frame) {
        let topic = &mut self.topics[at];
        if matches!(topic.phase, Phase::Joining(_)) {
            return self.wait(at, frame);
        }
        if frame.is_join() {
            return self.join_again(at, frame);
        }
        if !topic.is_current(&frame) {
            return;
        }
        if topic.is_busy() {
            if frame.is_leave() {
                self.effects.push_back(Effect::Release(topic.member));
            }
            return self.wait(at, frame);
        }
        if frame.is_leave() {
            return self.end(at, EndReason::Left, Some(&frame.reference));
        }
        topic.phase = Phase::Busy(frame.reference);
        let (member, event, payload) = (topic.member, frame.event, frame.payload);
        self.effects.push_back(Effect::Handle {
            member,
            event,
            payload,
        });
    }

    fn join(&mut self, frame: Frame, replaces: Option<Ref>) {
        let mut routes = self.routes.iter();
        let Some(route) = routes.position(|route| route.tail(&frame.topic).is_some()) else {
            return self.refuse(&Ref::NULL, &frame, "unmatched topic");
        };
        if self.topics.len() >= self.limits.channels {
            return self.refuse(&frame.join_ref, &frame, "too many channels joined");
        }
        self.last_member += 1;
        let member = MemberId(self.last_member);
        let topic: Arc<str> = frame.topic.as_str().into();
        let join_ref = frame.join_ref;
        // Most sockets have one or two topics and stay: spare capacity would be wasted.
        self.topics.reserve_exact(1);
        self.topics.push(Topic {
            name: Arc::clone(&topic),
            member,
            join_ref: join_ref.clone(),
            phase: Phase::Joining(frame.reference),
            waiting: VecDeque::new(),
            replaces,
        });
        self.effects.push_back(Effect::Join {
            member,
            route,
            topic,
            join_ref,
            payload: frame.payload,
        });
    }

    /// Replaces the join of a client that joins again.
    ///
    /// The client has lost track of the old join, so it is forgotten together with its waiting
    /// events. If a leave of the old join is waiting, the leave is carried out first.
    fn join_again(&mut self, at: usize, frame: Frame) {
        let mut waiting = std::mem::take(&mut self.topics[at].waiting);
        let topic = &self.topics[at];
        let mut left = None;
        if topic.is_busy() {
            for frame in waiting.drain(..) {
                self.waiting_bytes -= frame.size();
                if frame.is_leave() && topic.is_current(&frame) {
                    left.get_or_insert(frame.reference);
                }
            }
        }
        let replaces = if let Some(reference) = left {
            self.end(at, EndReason::Left, Some(&reference));
            None
        } else {
            self.effects.push_back(Effect::Forget(topic.member));
            Some(self.topics.swap_remove(at).join_ref)
        };
        self.join(frame, replaces);
        // If this join had waited itself, the frames that waited behind it are for the new channel.
        self.receive_again(waiting);
    }

    /// Ends a joined channel: silences it, replies to a leave, sends the close or error frame, and
    /// has `terminate` run.
    fn end(&mut self, at: usize, reason: EndReason, leave: Option<&Ref>) {
        let topic = self.topics.swap_remove(at);
        self.effects.push_back(Effect::Silence(topic.member));
        if let Some(reference) = leave {
            self.reply(&topic.join_ref, reference, &topic.name, "ok", "{}");
        }
        let (serializer, join_ref, name) = (self.serializer, &topic.join_ref, &topic.name);
        let last = match reason {
            EndReason::Failed => serializer.error(join_ref, name),
            _ => serializer.close(join_ref, name),
        };
        let terminate = Effect::Terminate(topic.member, reason);
        self.effects.extend([Effect::Send(last), terminate]);
        self.receive_again(topic.waiting);
    }

    fn wait(&mut self, at: usize, mut frame: Frame) {
        let topic = &mut self.topics[at];
        frame.shrink();
        let bytes = self.waiting_bytes + frame.size();
        let full = topic.waiting.len() >= self.limits.waiting || bytes > self.limits.waiting_bytes;
        if full && !topic.is_first_leave(&frame) {
            return self.refuse(&frame.join_ref, &frame, "busy");
        }
        self.waiting_bytes = bytes;
        topic.waiting.push_back(frame);
    }

    /// Dispatches the waiting frames of an idle channel, until it is busy again or gone.
    fn dispatch_waiting(&mut self, member: MemberId) {
        while let Some(at) = self.find(|topic| topic.member == member)
            && matches!(self.topics[at].phase, Phase::Idle)
            && let Some(frame) = self.topics[at].waiting.pop_front()
        {
            self.waiting_bytes -= frame.size();
            self.receive_joined(at, frame);
        }
    }

    /// Dispatches again the frames that waited for a channel that has ended.
    fn receive_again(&mut self, waiting: VecDeque<Frame>) {
        for frame in waiting {
            self.waiting_bytes -= frame.size();
            self.receive(frame);
        }
    }

    fn reply(
        &mut self,
        join_ref: &Ref,
        reference: &Ref,
        topic: &str,
        status: &str,
        response: &str,
    ) {
        let (serializer, response) = (self.serializer, Content::Json(response));
        let reply = serializer.reply(join_ref, reference, topic, status, response);
        self.effects.push_back(Effect::Send(reply));
    }

    /// Answers a frame with an error reply, and otherwise ignores it.
    pub(crate) fn refuse(&mut self, join_ref: &Ref, frame: &Frame, reason: &str) {
        let response = format!(r#"{{"reason":"{reason}"}}"#);
        self.reply(join_ref, &frame.reference, &frame.topic, "error", &response);
    }

    fn find(&self, is_it: impl Fn(&Topic) -> bool) -> Option<usize> {
        self.topics.iter().position(is_it)
    }
}

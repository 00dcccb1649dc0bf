//! The state machine of one socket, without I/O (sans-I/O): takes frames and finished callbacks,
//! and returns effects.
//!
//! ```text
//!            phx_join           accepted            event
//! not joined ────────► Joining ──────────► Idle ◄────────────► Busy
//!     ▲                 │   ▲               │ │    handled      │ │
//!     │ refused, crashed│   └───────────────┼─┴─────────────────┼─┘ phx_join again
//!     └─────────────────┴───────────────────┴───────────────────┘   phx_leave, stopped, failed
//! ```
//!
//! A frame for a topic that is joining or busy waits its turn, and is then dispatched as if it had
//! just arrived. The exception is a second join while the topic is busy: it ends the first at once.

use std::{collections::VecDeque, sync::Arc};

use super::{
    ChannelId, Effect, EndReason, Frame, JoinOutcome, Limits, NextStep, Pattern, Ref, Reply,
    Serializer,
    joined_topic::{ChannelPhase, JoinedTopic},
    payload::Content,
};

/// The joined topics of one socket, and the effects to carry out. Each join of a topic starts a
/// channel with a [`ChannelId`] of its own.
///
/// Call `receive`, `join_finished`, `handler_finished` and `channel_ended` as these things happen.
/// After each call, carry out the effects that `next_effect` returns.
#[derive(Debug)]
pub(crate) struct Session {
    serializer: Serializer,
    limits: Limits,
    routes: Arc<[Pattern]>,
    topics: Vec<JoinedTopic>,
    waiting_bytes: usize,
    last_id: u64,
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
            last_id: 0,
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

    /// Returns the reference of the event that this channel is handling.
    pub(crate) fn current_event_ref(&self, id: ChannelId) -> Option<&Ref> {
        let mut topics = self.topics.iter();
        topics.find(|topic| topic.id == id)?.current_event_ref()
    }

    /// Whether one more frame of `bytes` bytes could wait, whatever channel it is for.
    pub(crate) fn has_room_for(&self, bytes: usize) -> bool {
        let mut topics = self.topics.iter();
        let is_full = topics.any(|topic| topic.waiting.len() >= self.limits.waiting);
        let most = self.waiting_bytes + Frame::OVERHEAD_BYTES + bytes;
        // When nothing waits, there will never be more room, so even an oversized frame goes on.
        self.waiting_bytes == 0 || (!is_full && most <= self.limits.waiting_bytes)
    }

    /// Takes a frame from the client. Answers a heartbeat itself.
    pub(crate) fn receive(&mut self, frame: Frame) {
        if frame.topic == "phoenix" && frame.event == "heartbeat" {
            self.reply(&Ref::NULL, &frame.reference, "phoenix", "ok", "{}");
        } else if frame.topic == "phoenix" {
            self.refuse(&Ref::NULL, &frame, "unmatched topic");
        } else if let Some(index) = self.find(|topic| *topic.name == *frame.topic) {
            self.receive_joined(index, frame);
        } else if frame.is_join() {
            self.join(frame, None);
        } else if frame.is_leave() {
            self.reply(&frame.join_ref, &frame.reference, &frame.topic, "ok", "{}");
        } else {
            self.refuse(&Ref::NULL, &frame, "unmatched topic");
        }
    }

    /// Takes the result of a join that `Effect::Join` started.
    pub(crate) fn join_finished(&mut self, id: ChannelId, outcome: &JoinOutcome) {
        let Some(index) = self.find(|topic| topic.id == id) else {
            return;
        };
        let topic = &mut self.topics[index];
        let ChannelPhase::Joining(reference) =
            std::mem::replace(&mut topic.phase, ChannelPhase::Idle)
        else {
            return;
        };
        let (status, response) = match outcome {
            JoinOutcome::Accepted(reply) => ("ok", reply.content()),
            JoinOutcome::Refused(refusal) => ("error", refusal.content()),
            JoinOutcome::Crashed => ("error", Content::Json(r#"{"reason":"join crashed"}"#)),
        };
        let (serializer, join_ref) = (self.serializer, &topic.join_ref);
        let reply = serializer.reply(join_ref, &reference, &topic.name, status, response);
        let old = topic.replaces.take();
        let closed = old.map(|old| serializer.close(&old, &topic.name));
        // In the order of Phoenix: the reply to the new join, the `phx_close` of the join that it
        // replaces, then the pushes of the new channel.
        self.effects.push_back(Effect::Send(reply));
        self.effects.extend(closed.map(Effect::Send));
        if status == "ok" {
            self.effects.push_back(Effect::StartDelivery(id));
            self.dispatch_waiting(id);
        } else {
            self.effects.push_back(Effect::Discard(id));
            let topic = self.topics.swap_remove(index);
            self.redispatch(topic.waiting);
        }
    }

    /// Takes the result of a handler that `Effect::Handle` started.
    pub(crate) fn handler_finished(
        &mut self,
        id: ChannelId,
        reply: Option<&Reply>,
        next_step: NextStep,
    ) {
        let Some(index) = self.find(|topic| topic.id == id) else {
            return;
        };
        let topic = &mut self.topics[index];
        let ChannelPhase::Busy(reference) = std::mem::replace(&mut topic.phase, ChannelPhase::Idle)
        else {
            return;
        };
        if let Some(reply) = reply {
            let (status, response) = (&reply.status, reply.response.content());
            let (serializer, join_ref) = (self.serializer, &topic.join_ref);
            let reply = serializer.reply(join_ref, &reference, &topic.name, status, response);
            self.effects.push_back(Effect::Send(reply));
        }
        match next_step {
            NextStep::Continue => self.dispatch_waiting(id),
            NextStep::Stop => self.end_channel(index, EndReason::Stopped, None),
            NextStep::Fail => self.end_channel(index, EndReason::Failed, None),
        }
    }

    /// Ends a channel that stopped or failed: `EndReason::Stopped` or `EndReason::Failed`.
    pub(crate) fn channel_ended(&mut self, id: ChannelId, reason: EndReason) {
        if let Some(index) = self.find(|topic| topic.id == id) {
            self.end_channel(index, reason, None);
        }
    }

    fn receive_joined(&mut self, index: usize, frame: Frame) {
        let topic = &mut self.topics[index];
        if matches!(topic.phase, ChannelPhase::Joining(_)) {
            return self.enqueue(index, frame);
        }
        if frame.is_join() {
            return self.duplicate_join(index, frame);
        }
        if !topic.is_current(&frame) {
            return;
        }
        if topic.is_busy() {
            if frame.is_leave() {
                self.effects.push_back(Effect::ReleaseReply(topic.id));
            }
            return self.enqueue(index, frame);
        }
        if frame.is_leave() {
            return self.end_channel(index, EndReason::Left, Some(&frame.reference));
        }
        topic.phase = ChannelPhase::Busy(frame.reference);
        let (id, event, payload) = (topic.id, frame.event, frame.payload);
        self.effects
            .push_back(Effect::Handle { id, event, payload });
    }

    fn join(&mut self, frame: Frame, replaces: Option<Ref>) {
        let mut routes = self.routes.iter();
        let Some(route) = routes.position(|route| route.subtopic(&frame.topic).is_some()) else {
            return self.refuse(&Ref::NULL, &frame, "unmatched topic");
        };
        if self.topics.len() >= self.limits.channels {
            return self.refuse(&frame.join_ref, &frame, "too many channels joined");
        }
        self.last_id += 1;
        let id = ChannelId(self.last_id);
        let topic: Arc<str> = frame.topic.as_str().into();
        let join_ref = frame.join_ref;
        // Most sockets have one or two topics and stay: spare capacity would be wasted.
        self.topics.reserve_exact(1);
        self.topics.push(JoinedTopic {
            name: Arc::clone(&topic),
            id,
            join_ref: join_ref.clone(),
            phase: ChannelPhase::Joining(frame.reference),
            waiting: VecDeque::new(),
            replaces,
        });
        self.effects.push_back(Effect::Join {
            id,
            route,
            topic,
            join_ref,
            payload: frame.payload,
        });
    }

    /// Replaces the channel of a client that joins a topic again.
    ///
    /// The client has lost track of the old join, so its channel is discarded together with its
    /// waiting events. If a leave of the old join is waiting, the leave is carried out first.
    ///
    /// The old channel ends now, whether the new join is accepted or refused. But its `phx_close`
    /// waits for the reply to the new join ([`JoinedTopic::replaces`]), because Phoenix 1.8 sends
    /// the two in this order, and clients must see the same frames from this server. The test
    /// `a_second_join_is_answered_before_the_first_is_closed` checks the order.
    fn duplicate_join(&mut self, index: usize, frame: Frame) {
        let mut waiting = std::mem::take(&mut self.topics[index].waiting);
        let topic = &self.topics[index];
        let mut leave_ref = None;
        if topic.is_busy() {
            for frame in waiting.drain(..) {
                self.waiting_bytes -= frame.size();
                if frame.is_leave() && topic.is_current(&frame) {
                    leave_ref.get_or_insert(frame.reference);
                }
            }
        }
        let replaces = if let Some(reference) = leave_ref {
            self.end_channel(index, EndReason::Left, Some(&reference));
            None
        } else {
            self.effects.push_back(Effect::Discard(topic.id));
            Some(self.topics.swap_remove(index).join_ref)
        };
        self.join(frame, replaces);
        // If this join had waited itself, the frames that waited behind it are for the new channel.
        self.redispatch(waiting);
    }

    /// Ends a joined channel: unsubscribes it, replies to a leave, sends the close or error frame,
    /// and has `terminate` run.
    fn end_channel(&mut self, index: usize, reason: EndReason, leave_ref: Option<&Ref>) {
        let topic = self.topics.swap_remove(index);
        self.effects.push_back(Effect::Unsubscribe(topic.id));
        if let Some(reference) = leave_ref {
            self.reply(&topic.join_ref, reference, &topic.name, "ok", "{}");
        }
        let (serializer, join_ref, name) = (self.serializer, &topic.join_ref, &topic.name);
        let last = match reason {
            EndReason::Failed => serializer.error(join_ref, name),
            _ => serializer.close(join_ref, name),
        };
        let terminate = Effect::Terminate(topic.id, reason);
        self.effects.extend([Effect::Send(last), terminate]);
        self.redispatch(topic.waiting);
    }

    fn enqueue(&mut self, index: usize, mut frame: Frame) {
        let topic = &mut self.topics[index];
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
    fn dispatch_waiting(&mut self, id: ChannelId) {
        while let Some(index) = self.find(|topic| topic.id == id)
            && matches!(self.topics[index].phase, ChannelPhase::Idle)
            && let Some(frame) = self.topics[index].waiting.pop_front()
        {
            self.waiting_bytes -= frame.size();
            self.receive_joined(index, frame);
        }
    }

    /// Dispatches again the frames that waited for a channel that has ended.
    fn redispatch(&mut self, waiting: VecDeque<Frame>) {
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

    fn find(&self, is_match: impl Fn(&JoinedTopic) -> bool) -> Option<usize> {
        self.topics.iter().position(is_match)
    }
}

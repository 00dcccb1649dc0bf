//! The sending side of one channel: its pushes and replies, in order.

use std::{
    future::poll_fn,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Poll, Waker},
};

use parking_lot::Mutex;

use super::{
    ChannelConfig, SubscriberKey,
    outbox::Outbox,
    presence::{Meta, PresenceKey},
};
use crate::protocol::{CloseReason, EncodedFrame, Ref, Reply, payload::Body};

/// Sends the pushes and replies of one join.
///
/// Pushes made before the join reply are deferred until it is sent. After the end, pushes and
/// replies are dropped.
#[derive(Debug)]
pub(crate) struct ChannelSender {
    topic: Arc<str>,
    subtopic_length: usize,
    join_ref: Ref,
    key: SubscriberKey,
    config: &'static ChannelConfig,
    outbox: Arc<Outbox>,
    /// Whether the join has asked to be present, so that its end must untrack it.
    must_untrack: AtomicBool,
    send_state: Mutex<SendState>,
}

#[derive(Debug)]
struct SendState {
    phase: SenderPhase,
    /// The highest number sent to the client.
    seq: u64,
    /// Whether the followed stream may still send higher numbers.
    following: bool,
    /// Wakes the handler whose reply waits for a number.
    waiting_handler: Option<Waker>,
}

#[derive(Debug)]
enum SenderPhase {
    /// The join is not answered yet. Boxed, because every join leaves this phase soon.
    Joining(Box<Deferred>),
    /// The join reply is sent: pushes and replies go to the outbox.
    Delivering,
    Ended,
}

/// Work that is deferred until the reply to a join.
#[derive(Debug, Default)]
pub(crate) struct Deferred {
    frames: Vec<EncodedFrame>,
    presence: PresenceRequest,
    resume_after: Option<u64>,
}

/// Presence operations that are deferred until the reply to a join.
#[derive(Debug, Default)]
pub(crate) struct PresenceRequest {
    pub(crate) track: Option<(PresenceKey, Meta)>,
    pub(crate) push: bool,
}

impl ChannelSender {
    pub(crate) fn new(
        topic: Arc<str>,
        subtopic_length: usize,
        join_ref: Ref,
        key: SubscriberKey,
        config: &'static ChannelConfig,
        outbox: Arc<Outbox>,
    ) -> Self {
        let phase = SenderPhase::Joining(Box::default());
        let send_state = Mutex::new(SendState {
            phase,
            seq: 0,
            following: false,
            waiting_handler: None,
        });
        Self {
            topic,
            subtopic_length,
            join_ref,
            key,
            config,
            outbox,
            must_untrack: AtomicBool::new(false),
            send_state,
        }
    }

    pub(crate) fn topic(&self) -> &str {
        &self.topic
    }

    pub(crate) fn shared_topic(&self) -> &Arc<str> {
        &self.topic
    }

    pub(crate) fn subtopic(&self) -> &str {
        &self.topic[self.topic.len() - self.subtopic_length..]
    }

    pub(crate) fn key(&self) -> SubscriberKey {
        self.key
    }

    pub(crate) fn config(&self) -> &'static ChannelConfig {
        self.config
    }

    pub(crate) fn outbox(&self) -> &Arc<Outbox> {
        &self.outbox
    }

    /// Sends an event, unless its body is bytes and the client's version cannot carry bytes.
    pub(crate) fn push(&self, event: &str, body: &Body) {
        let serializer = self.outbox.serializer();
        let frame = serializer.push(&self.join_ref, &self.topic, event, body.content());
        let Some(frame) = frame else {
            return tracing::debug!(topic = &*self.topic, event, "version 1 cannot carry bytes");
        };
        match &mut self.send_state.lock().phase {
            SenderPhase::Joining(deferred) if deferred.frames.len() < self.outbox.max_frames() => {
                deferred.frames.push(frame);
            }
            SenderPhase::Joining(_) => self.outbox.close(CloseReason::Slow),
            SenderPhase::Delivering => self.outbox.send(frame),
            SenderPhase::Ended => {}
        }
    }

    /// Replies to an event after its handler has returned, unless the channel has ended.
    pub(crate) fn reply(&self, reference: &Ref, reply: &Reply) {
        let (serializer, join_ref) = (self.outbox.serializer(), &self.join_ref);
        let (status, response) = (&reply.status, reply.response.content());
        let frame = serializer.reply(join_ref, reference, &self.topic, status, response);
        if matches!(self.send_state.lock().phase, SenderPhase::Delivering) {
            self.outbox.send(frame);
        }
    }

    /// The number after which the join gets every broadcast, if it is resuming.
    pub(crate) fn resume_after(&self) -> Option<u64> {
        match &self.send_state.lock().phase {
            SenderPhase::Joining(deferred) => deferred.resume_after,
            SenderPhase::Delivering | SenderPhase::Ended => None,
        }
    }

    /// Sets the number after which the join gets every broadcast, if it is not answered yet.
    pub(crate) fn set_resume_after(&self, seq: u64) {
        if let SenderPhase::Joining(deferred) = &mut self.send_state.lock().phase {
            deferred.resume_after = Some(seq);
        }
    }

    /// Sends the deferred pushes after the join reply, and returns the deferred presence
    /// operations.
    pub(crate) fn start_delivery(&self) -> PresenceRequest {
        let mut send_state = self.send_state.lock();
        let SenderPhase::Joining(deferred) =
            std::mem::replace(&mut send_state.phase, SenderPhase::Delivering)
        else {
            return PresenceRequest::default();
        };
        let Deferred {
            frames, presence, ..
        } = *deferred;
        frames.into_iter().for_each(|frame| self.outbox.send(frame));
        presence
    }

    /// Defers a presence operation until the join reply. Returns `true` if the join is already
    /// answered, so that the caller has to carry out the operation now.
    pub(crate) fn defer(&self, change: impl FnOnce(&mut PresenceRequest)) -> bool {
        match &mut self.send_state.lock().phase {
            SenderPhase::Joining(deferred) => {
                change(&mut deferred.presence);
                false
            }
            SenderPhase::Delivering | SenderPhase::Ended => true,
        }
    }

    /// Notes that the join has asked to be present.
    pub(crate) fn set_must_untrack(&self) {
        self.must_untrack.store(true, Ordering::Relaxed);
    }

    /// Whether the end of the join must untrack it.
    pub(crate) fn must_untrack(&self) -> bool {
        self.must_untrack.load(Ordering::Relaxed)
    }

    pub(crate) fn has_ended(&self) -> bool {
        matches!(self.send_state.lock().phase, SenderPhase::Ended)
    }

    /// Ends the sender. Later pushes and replies are dropped.
    pub(crate) fn end(&self) {
        self.send_state.lock().phase = SenderPhase::Ended;
        self.set_following(false);
    }

    /// Notes that everything up to number `seq` has been sent, and wakes the handler that waits.
    pub(crate) fn record_sent(&self, seq: u64) {
        let mut send_state = self.send_state.lock();
        send_state.seq = send_state.seq.max(seq);
        send_state.wake();
    }

    /// Sets whether higher numbers may still come. If not, no reply is held back any longer.
    pub(crate) fn set_following(&self, following: bool) {
        let mut send_state = self.send_state.lock();
        send_state.following = following;
        send_state.wake();
    }

    /// Waits until everything up to number `seq` has been sent, or no more numbers can come.
    pub(crate) async fn wait_until_sent(&self, seq: u64) {
        poll_fn(|cx| {
            let mut send_state = self.send_state.lock();
            if send_state.seq >= seq || !send_state.following {
                return Poll::Ready(());
            }
            send_state.waiting_handler = Some(cx.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

impl SendState {
    fn wake(&mut self) {
        if let Some(waker) = self.waiting_handler.take() {
            waker.wake();
        }
    }
}

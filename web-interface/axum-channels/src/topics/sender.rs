//! One channel's way out to its client.

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

/// Sends what one join pushes, in its place: after the join reply and before the end.
#[derive(Debug)]
pub(crate) struct ChannelSender {
    topic: Arc<str>,
    tail_length: usize,
    join_ref: Ref,
    key: SubscriberKey,
    config: &'static ChannelConfig,
    outbox: Arc<Outbox>,
    /// Whether the join is or was present, and others are to be told when it ends.
    leaves: AtomicBool,
    send_state: Mutex<SendState>,
}

#[derive(Debug)]
struct SendState {
    phase: Phase,
    /// The highest number that the client has been sent.
    seq: u64,
    /// Whether higher numbers may still come.
    following: bool,
    /// The handler whose reply waits for such a number.
    waiting: Option<Waker>,
}

#[derive(Debug)]
enum Phase {
    /// What a join that is not answered yet has done: in a box, which every join is rid of soon.
    Joining(Box<Held>),
    Open,
    Ended,
}

/// What comes after the reply to a join.
#[derive(Debug, Default)]
pub(crate) struct Held {
    frames: Vec<EncodedFrame>,
    presence: Presence,
    after: Option<u64>,
}

/// What a join does about presence.
#[derive(Debug, Default)]
pub(crate) struct Presence {
    pub(crate) track: Option<(PresenceKey, Meta)>,
    pub(crate) push: bool,
}

impl ChannelSender {
    pub(crate) fn new(
        topic: Arc<str>,
        tail_length: usize,
        join_ref: Ref,
        key: SubscriberKey,
        config: &'static ChannelConfig,
        outbox: Arc<Outbox>,
    ) -> Self {
        let phase = Phase::Joining(Box::default());
        let send_state = Mutex::new(SendState {
            phase,
            seq: 0,
            following: false,
            waiting: None,
        });
        Self {
            topic,
            tail_length,
            join_ref,
            key,
            config,
            outbox,
            leaves: AtomicBool::new(false),
            send_state,
        }
    }

    pub(crate) fn topic(&self) -> &str {
        &self.topic
    }

    pub(crate) fn shared_topic(&self) -> &Arc<str> {
        &self.topic
    }

    pub(crate) fn tail(&self) -> &str {
        &self.topic[self.topic.len() - self.tail_length..]
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

    /// Sends an event, unless it is bytes and the client's version has no form for them.
    pub(crate) fn push(&self, event: &str, body: &Body) {
        let serializer = self.outbox.serializer();
        let frame = serializer.push(&self.join_ref, &self.topic, event, body.content());
        let Some(frame) = frame else {
            return tracing::debug!(topic = &*self.topic, event, "bytes are not for version 1");
        };
        match &mut self.send_state.lock().phase {
            Phase::Joining(held) if held.frames.len() < self.outbox.max_frames() => {
                held.frames.push(frame);
            }
            Phase::Joining(_) => self.outbox.close(CloseReason::Slow),
            Phase::Open => self.outbox.send(frame),
            Phase::Ended => {}
        }
    }

    /// Answers an event whose handler is done, unless the channel has ended.
    pub(crate) fn reply(&self, reference: &Ref, reply: &Reply) {
        let (serializer, join_ref) = (self.outbox.serializer(), &self.join_ref);
        let (status, response) = (&reply.status, reply.response.content());
        let frame = serializer.reply(join_ref, reference, &self.topic, status, response);
        if matches!(self.send_state.lock().phase, Phase::Open) {
            self.outbox.send(frame);
        }
    }

    /// The number after which the join is to get all broadcasts.
    pub(crate) fn resumes_after(&self) -> Option<u64> {
        match &self.send_state.lock().phase {
            Phase::Joining(held) => held.after,
            Phase::Open | Phase::Ended => None,
        }
    }

    /// Sets that number, if the join is not answered yet.
    pub(crate) fn resume_after(&self, seq: u64) {
        if let Phase::Joining(held) = &mut self.send_state.lock().phase {
            held.after = Some(seq);
        }
    }

    /// The join reply is out: what waited for it follows, but for what is to be done about
    /// presence.
    pub(crate) fn open(&self) -> Presence {
        let mut send_state = self.send_state.lock();
        let Phase::Joining(held) = std::mem::replace(&mut send_state.phase, Phase::Open) else {
            return Presence::default();
        };
        let Held {
            frames, presence, ..
        } = *held;
        frames.into_iter().for_each(|frame| self.outbox.send(frame));
        presence
    }

    /// Lets something be done about presence when the join is answered, if it is not yet: says
    /// whether it is still to be done.
    pub(crate) fn hold(&self, change: impl FnOnce(&mut Presence)) -> bool {
        match &mut self.send_state.lock().phase {
            Phase::Joining(held) => {
                change(&mut held.presence);
                false
            }
            Phase::Open | Phase::Ended => true,
        }
    }

    /// The join is going to be present.
    pub(crate) fn expect_leaving(&self) {
        self.leaves.store(true, Ordering::Relaxed);
    }

    /// Whether others may have to be told that the join has ended.
    pub(crate) fn leaves(&self) -> bool {
        self.leaves.load(Ordering::Relaxed)
    }

    pub(crate) fn has_ended(&self) -> bool {
        matches!(self.send_state.lock().phase, Phase::Ended)
    }

    /// Nothing that is pushed from now on is sent.
    pub(crate) fn end(&self) {
        self.send_state.lock().phase = Phase::Ended;
        self.follow(false);
    }

    /// Everything up to this number has been sent.
    pub(crate) fn reach(&self, seq: u64) {
        let mut send_state = self.send_state.lock();
        send_state.seq = send_state.seq.max(seq);
        send_state.wake();
    }

    /// Says whether numbers are still to be expected. When they are not, no reply is held back.
    pub(crate) fn follow(&self, following: bool) {
        let mut send_state = self.send_state.lock();
        send_state.following = following;
        send_state.wake();
    }

    /// Waits until everything up to this number has been sent, or nothing more will be.
    pub(crate) async fn reached(&self, seq: u64) {
        poll_fn(|cx| {
            let mut send_state = self.send_state.lock();
            if send_state.seq >= seq || !send_state.following {
                return Poll::Ready(());
            }
            send_state.waiting = Some(cx.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

impl SendState {
    fn wake(&mut self) {
        if let Some(waker) = self.waiting.take() {
            waker.wake();
        }
    }
}

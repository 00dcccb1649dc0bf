//! One channel's way out to its client.

use std::{
    future::poll_fn,
    sync::{Arc, Mutex},
    task::{Poll, Waker},
};

use tokio_tungstenite::tungstenite::Message;

use crate::{
    lock::lock, outbox::Outbox, payload::Body, protocol::Ref, socket::closing::Closing,
    topics::SubscriberKey,
};

/// Sends what one join pushes, in its place: after the join reply and before the end.
#[derive(Debug)]
pub(crate) struct Port {
    topic: Arc<str>,
    tail_length: usize,
    join_ref: Ref,
    key: SubscriberKey,
    outbox: Arc<Outbox>,
    lane: Mutex<Lane>,
}

#[derive(Debug)]
struct Lane {
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
    /// Pushes of a join that is not answered yet.
    Joining(Vec<Message>),
    Open,
    Ended,
}

impl Port {
    pub(crate) fn new(
        topic: Arc<str>,
        tail_length: usize,
        join_ref: Ref,
        key: SubscriberKey,
        outbox: Arc<Outbox>,
    ) -> Self {
        let phase = Phase::Joining(Vec::new());
        let lane = Mutex::new(Lane {
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
            outbox,
            lane,
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

    /// Sends an event, unless it is bytes and the client's version has no form for them.
    pub(crate) fn push(&self, event: &str, body: &Body) {
        let serializer = self.outbox.serializer();
        let frame = serializer.push(&self.join_ref, &self.topic, event, body.content());
        let Some(frame) = frame else {
            return tracing::debug!(topic = &*self.topic, event, "bytes are not for version 1");
        };
        match &mut lock(&self.lane).phase {
            Phase::Joining(held) if held.len() < self.outbox.max_frames() => held.push(frame),
            Phase::Joining(_) => self.outbox.close(Closing::Slow),
            Phase::Open => self.outbox.send(frame),
            Phase::Ended => {}
        }
    }

    /// The join reply is out: what waited for it follows.
    pub(crate) fn open(&self) {
        let mut lane = lock(&self.lane);
        if let Phase::Joining(held) = std::mem::replace(&mut lane.phase, Phase::Open) {
            held.into_iter().for_each(|frame| self.outbox.send(frame));
        }
    }

    /// Nothing that is pushed from now on is sent.
    pub(crate) fn end(&self) {
        lock(&self.lane).phase = Phase::Ended;
        self.follow(false);
    }

    /// Everything up to this number has been sent.
    pub(crate) fn reach(&self, seq: u64) {
        let mut lane = lock(&self.lane);
        lane.seq = lane.seq.max(seq);
        lane.wake();
    }

    /// Says whether numbers are still to be expected. When they are not, no reply is held back.
    pub(crate) fn follow(&self, following: bool) {
        let mut lane = lock(&self.lane);
        lane.following = following;
        lane.wake();
    }

    /// Waits until everything up to this number has been sent, or nothing more will be.
    pub(crate) async fn reached(&self, seq: u64) {
        poll_fn(|cx| {
            let mut lane = lock(&self.lane);
            if lane.seq >= seq || !lane.following {
                return Poll::Ready(());
            }
            lane.waiting = Some(cx.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

impl Lane {
    fn wake(&mut self) {
        if let Some(waker) = self.waiting.take() {
            waker.wake();
        }
    }
}

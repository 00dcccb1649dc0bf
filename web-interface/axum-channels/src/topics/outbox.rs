//! The bounded queue in front of one client.
//!
//! Broadcasts from any task, pushes and replies are queued here, and the socket's writer takes them
//! out in order. A slow client exerts no backpressure on senders, and no frame is skipped silently:
//! when the queue is full the socket is closed with 1013, and the client reconnects and asks for
//! what it has missed.

use std::{
    collections::VecDeque,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use parking_lot::{Mutex, MutexGuard};

use crate::protocol::{ChannelId, CloseReason, EncodedFrame, Serializer, payload::Body};

/// Queue length at which a broadcast wakes the socket immediately, outside its
/// [batch](super::wake_batch).
const MAX_DEFERRED_FRAMES: usize = 8;

/// Largest capacity, in frames, that an empty queue keeps.
const MAX_KEPT_CAPACITY: usize = 16;

/// A queue in front of one client, bounded in frames and bytes.
#[derive(Debug)]
pub(crate) struct Outbox {
    serializer: Serializer,
    max_frames: usize,
    max_bytes: usize,
    queue: Mutex<Queue>,
}

#[derive(Debug, Default)]
struct Queue {
    frames: Frames,
    intercepted: VecDeque<(ChannelId, Arc<Broadcast>)>,
    bytes: usize,
    close_reason: Option<CloseReason>,
    /// Wakes the socket's task, if it waits for the queue.
    reader: Option<Waker>,
}

/// A broadcast for the channels that intercept it.
#[derive(Debug)]
pub(crate) struct Broadcast {
    pub(crate) event: String,
    pub(crate) body: Body,
}

impl Outbox {
    pub(crate) fn new(serializer: Serializer, max_frames: usize, max_bytes: usize) -> Self {
        Self {
            serializer,
            max_frames,
            max_bytes,
            queue: Mutex::default(),
        }
    }

    /// The serializer of the client's protocol version.
    pub(crate) fn serializer(&self) -> Serializer {
        self.serializer
    }

    pub(crate) fn max_frames(&self) -> usize {
        self.max_frames
    }

    /// Queues a frame, and wakes the socket's task.
    pub(crate) fn send(&self, frame: EncodedFrame) {
        self.queue_frame(frame).wake();
    }

    /// Queues a frame of a broadcast without waking the socket's task.
    ///
    /// Returns whether the caller has to [`wake`](Self::wake) the task, which it may do later, in
    /// batches ([`wake_batch`](super::wake_batch)). A long queue wakes the task here instead.
    #[must_use]
    pub(crate) fn send_deferred(&self, frame: EncodedFrame) -> bool {
        let queue = self.queue_frame(frame);
        let is_first = queue.frames.len() == 1;
        self.wake_if_long(queue, is_first)
    }

    /// Queues a broadcast for the channel that intercepts it. Returns whether the caller has to
    /// [`wake`](Self::wake) the socket's task.
    #[must_use]
    pub(crate) fn intercept(&self, channel: ChannelId, broadcast: &Arc<Broadcast>) -> bool {
        let bytes = broadcast.body.len();
        let push = |queue: &mut Queue| {
            queue
                .intercepted
                .push_back((channel, Arc::clone(broadcast)));
        };
        let queue = self.enqueue(bytes, push);
        let is_first = queue.intercepted.len() == 1;
        self.wake_if_long(queue, is_first)
    }

    fn wake_if_long(&self, mut queue: MutexGuard<'_, Queue>, is_first: bool) -> bool {
        let waiting = queue.frames.len() + queue.intercepted.len();
        let is_long = waiting >= MAX_DEFERRED_FRAMES.min(self.max_frames / 2)
            || queue.bytes > self.max_bytes / 2
            || queue.close_reason.is_some();
        if is_long {
            queue.wake();
        }
        // The sender of the first frame wakes the task for the frames behind it too.
        is_first && queue.reader.is_some()
    }

    /// Wakes the socket's task, if it is asleep.
    pub(crate) fn wake(&self) {
        self.queue.lock().wake();
    }

    /// Queues a frame from the socket's own task, which polls the queue again before it sleeps.
    pub(crate) fn send_without_wake(&self, frame: EncodedFrame) {
        drop(self.queue_frame(frame));
    }

    fn queue_frame(&self, frame: EncodedFrame) -> MutexGuard<'_, Queue> {
        let bytes = frame.len();
        self.enqueue(bytes, |queue| queue.frames.push_back(frame))
    }

    /// Closes the socket after the queued frames, or without them for an abrupt reason. The first
    /// reason stands, unless a later one is abrupt.
    pub(crate) fn close(&self, reason: CloseReason) {
        let mut queue = self.queue.lock();
        queue.close(reason);
        queue.wake();
    }

    /// Takes the next frame, with the number of frames behind it; `Err` once the socket is to be
    /// closed and the queue is empty.
    pub(crate) fn poll_frame(
        &self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(EncodedFrame, usize), CloseReason>> {
        let mut queue = self.queue.lock();
        if let Some(frame) = queue.take_frame() {
            return Poll::Ready(Ok((frame, queue.frames.len())));
        }
        match queue.close_reason {
            Some(reason) => Poll::Ready(Err(reason)),
            None => queue.wait(cx),
        }
    }

    /// Takes the next frame, if there is one.
    pub(crate) fn ready_frame(&self) -> Option<EncodedFrame> {
        self.queue.lock().take_frame()
    }

    /// Ready when the socket is to be closed for an abrupt reason, even in mid-frame.
    pub(crate) fn poll_abrupt_close(&self, cx: &mut Context<'_>) -> Poll<CloseReason> {
        let mut queue = self.queue.lock();
        match queue.close_reason {
            Some(reason) if reason.is_abrupt() => Poll::Ready(reason),
            _ => queue.wait(cx),
        }
    }

    /// Ready when the socket is to be closed, even if frames are left to write.
    pub(crate) fn poll_close(&self, cx: &Context<'_>) -> Poll<CloseReason> {
        let mut queue = self.queue.lock();
        match queue.close_reason {
            Some(reason) => Poll::Ready(reason),
            None => queue.wait(cx),
        }
    }

    /// Takes the next intercepted broadcast.
    pub(crate) fn poll_intercepted(
        &self,
        cx: &mut Context<'_>,
    ) -> Poll<(ChannelId, Arc<Broadcast>)> {
        let mut queue = self.queue.lock();
        match queue.intercepted.pop_front() {
            Some((channel, broadcast)) => {
                queue.bytes -= broadcast.body.len();
                Poll::Ready((channel, broadcast))
            }
            None => queue.wait(cx),
        }
    }

    fn enqueue(&self, bytes: usize, push: impl FnOnce(&mut Queue)) -> MutexGuard<'_, Queue> {
        let mut queue = self.queue.lock();
        if queue.close_reason.is_some() {
            return queue;
        }
        let full = queue.frames.len() + queue.intercepted.len() >= self.max_frames;
        if full || queue.bytes + bytes > self.max_bytes {
            queue.close(CloseReason::Slow);
        } else {
            queue.bytes += bytes;
            push(&mut queue);
        }
        queue
    }
}

impl Queue {
    fn take_frame(&mut self) -> Option<EncodedFrame> {
        let frame = self.frames.pop_front()?;
        self.bytes -= frame.len();
        Some(frame)
    }

    fn close(&mut self, reason: CloseReason) {
        self.close_reason.get_or_insert(reason);
        if reason.is_abrupt() {
            self.close_reason = Some(reason);
            self.frames = Frames::default();
            self.intercepted = VecDeque::new();
            self.bytes = 0;
        }
    }

    fn wait<T>(&mut self, cx: &Context<'_>) -> Poll<T> {
        match &mut self.reader {
            Some(reader) => reader.clone_from(cx.waker()),
            None => self.reader = Some(cx.waker().clone()),
        }
        Poll::Pending
    }

    fn wake(&mut self) {
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
    }
}

/// A queue of frames. The first is stored inline: there is seldom a second, and following a pointer
/// to the heap costs a broadcast to 10,000 clients a sixth of its time.
#[derive(Debug, Default)]
struct Frames {
    first: Option<EncodedFrame>,
    /// Empty while `first` is `None`.
    others: VecDeque<EncodedFrame>,
}

impl Frames {
    fn len(&self) -> usize {
        usize::from(self.first.is_some()) + self.others.len()
    }

    fn push_back(&mut self, frame: EncodedFrame) {
        match self.first {
            None => self.first = Some(frame),
            Some(_) => self.others.push_back(frame),
        }
    }

    fn pop_front(&mut self) -> Option<EncodedFrame> {
        let frame = self.first.take()?;
        self.first = self.others.pop_front();
        if self.first.is_none() && self.others.capacity() > MAX_KEPT_CAPACITY {
            self.others = VecDeque::new();
        }
        Some(frame)
    }
}

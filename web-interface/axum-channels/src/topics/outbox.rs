//! The bounded queue in front of one client.
//!
//! Broadcasts from any task, pushes and replies meet here, and the socket's writer takes them out
//! in order. A queue that is full is not shortened: the socket is closed with 1013, the client
//! comes back and asks for what it has missed, and no frame is ever silently skipped.

use std::{
    collections::VecDeque,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use parking_lot::{Mutex, MutexGuard};

use crate::protocol::{CloseReason, EncodedFrame, MemberId, Serializer, payload::Body};

/// What may pile up before a socket whose turn has not come is woken all the same.
const PATIENT_FRAMES: usize = 8;

/// Room for more frames than this is given back when nothing waits.
const KEPT_CAPACITY: usize = 16;

/// What waits for one client, within a number of frames and of bytes.
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
    intercepted: VecDeque<(MemberId, Arc<Broadcast>)>,
    bytes: usize,
    reason: Option<CloseReason>,
    /// The socket's task, if it waits for something to come.
    reader: Option<Waker>,
}

/// A broadcast that some subscriber's channel wants to see first.
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

    /// What the client speaks.
    pub(crate) fn serializer(&self) -> Serializer {
        self.serializer
    }

    pub(crate) fn max_frames(&self) -> usize {
        self.max_frames
    }

    /// Queues a frame.
    pub(crate) fn send(&self, frame: EncodedFrame) {
        self.queue_frame(frame).wake();
    }

    /// The same for a frame that very many get. Returns whether the caller has to
    /// [`rouse`](Self::rouse) the socket's task when its turn has come. Once much waits it is woken
    /// here, so that whoever makes so many broadcasts has its next turn behind those who write them.
    #[must_use]
    pub(crate) fn send_gently(&self, frame: EncodedFrame) -> bool {
        let queue = self.queue_frame(frame);
        let is_first = queue.frames.len() == 1;
        self.wake_gently(queue, is_first)
    }

    /// Queues a broadcast for the channel that intercepts it. Returns the same.
    #[must_use]
    pub(crate) fn intercept(&self, member: MemberId, broadcast: &Arc<Broadcast>) -> bool {
        let bytes = broadcast.body.len();
        let push = |queue: &mut Queue| {
            queue.intercepted.push_back((member, Arc::clone(broadcast)));
        };
        let queue = self.enqueue(bytes, push);
        let is_first = queue.intercepted.len() == 1;
        self.wake_gently(queue, is_first)
    }

    fn wake_gently(&self, mut queue: MutexGuard<'_, Queue>, is_first: bool) -> bool {
        let waiting = queue.frames.len() + queue.intercepted.len();
        let is_much = waiting >= PATIENT_FRAMES.min(self.max_frames / 2)
            || queue.bytes > self.max_bytes / 2
            || queue.reason.is_some();
        if is_much {
            queue.wake();
        }
        // Whoever queued the first of several has woken the task, or owes it that.
        is_first && queue.reader.is_some()
    }

    /// Wakes the socket's task, if it is asleep.
    pub(crate) fn wake(&self) {
        self.queue.lock().wake();
    }

    /// The same in the socket's own task, which looks here again before it rests.
    pub(crate) fn send_in_turn(&self, frame: EncodedFrame) {
        drop(self.queue_frame(frame));
    }

    fn queue_frame(&self, frame: EncodedFrame) -> MutexGuard<'_, Queue> {
        let bytes = frame.len();
        self.enqueue(bytes, |queue| queue.frames.push_back(frame))
    }

    /// Ends the socket after what is queued, or instead of it; the first reason stands.
    pub(crate) fn close(&self, reason: CloseReason) {
        let mut queue = self.queue.lock();
        queue.close(reason);
        queue.wake();
    }

    /// The next frame to write, and how many wait behind it; `Err` once the socket is to be closed
    /// and nothing is left to write.
    pub(crate) fn poll_frame(
        &self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(EncodedFrame, usize), CloseReason>> {
        let mut queue = self.queue.lock();
        if let Some(frame) = queue.take_frame() {
            return Poll::Ready(Ok((frame, queue.frames.len())));
        }
        match queue.reason {
            Some(reason) => Poll::Ready(Err(reason)),
            None => queue.wait(cx),
        }
    }

    /// The next frame to write, if there is one.
    pub(crate) fn ready_frame(&self) -> Option<EncodedFrame> {
        self.queue.lock().take_frame()
    }

    /// Ready when the socket is to be closed although frames may be half written.
    pub(crate) fn poll_cut(&self, cx: &mut Context<'_>) -> Poll<CloseReason> {
        let mut queue = self.queue.lock();
        match queue.reason {
            Some(reason) if reason.is_abrupt() => Poll::Ready(reason),
            _ => queue.wait(cx),
        }
    }

    /// Ready when the socket is to be closed, whatever is left to write.
    pub(crate) fn poll_close(&self, cx: &Context<'_>) -> Poll<CloseReason> {
        let mut queue = self.queue.lock();
        match queue.reason {
            Some(reason) => Poll::Ready(reason),
            None => queue.wait(cx),
        }
    }

    /// The next intercepted broadcast.
    pub(crate) fn poll_intercepted(
        &self,
        cx: &mut Context<'_>,
    ) -> Poll<(MemberId, Arc<Broadcast>)> {
        let mut queue = self.queue.lock();
        match queue.intercepted.pop_front() {
            Some((member, broadcast)) => {
                queue.bytes -= broadcast.body.len();
                Poll::Ready((member, broadcast))
            }
            None => queue.wait(cx),
        }
    }

    fn enqueue(&self, bytes: usize, push: impl FnOnce(&mut Queue)) -> MutexGuard<'_, Queue> {
        let mut queue = self.queue.lock();
        if queue.reason.is_some() {
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
        self.reason.get_or_insert(reason);
        if reason.is_abrupt() {
            self.reason = Some(reason);
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

/// Frames in order. The first has its place here, since there is seldom another, and to reach for
/// memory elsewhere costs a broadcast to ten thousand a sixth of its time.
#[derive(Debug, Default)]
struct Frames {
    first: Option<EncodedFrame>,
    /// Empty unless there is a first.
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
        if self.first.is_none() && self.others.capacity() > KEPT_CAPACITY {
            self.others = VecDeque::new();
        }
        Some(frame)
    }
}

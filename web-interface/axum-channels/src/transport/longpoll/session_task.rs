//! The task of a long-poll session: it runs the channels, and receives polls and posts as messages.

use std::{
    future::{pending, poll_fn},
    mem::take,
    pin::pin,
    sync::Arc,
    task::{self, Context},
    time::Duration,
};

use tokio::{
    select,
    sync::mpsc,
    time::{Instant, sleep_until},
};
use tokio_tungstenite::tungstenite::Message;

use super::{
    session::{LongPollSession, PendingPoll, PendingPost, PostResult},
    sessions::LongPollSessionGuard,
};
use crate::{
    protocol::{CloseReason, EncodedFrame, Serializer},
    sockets::SocketPermit,
    topics::outbox::Outbox,
    transport::{mount::Mount, socket::ChannelSet},
};

/// Opens a session, and returns its token; `None` if the system has no random numbers.
pub(super) fn spawn<A: Send + Sync + 'static>(
    mount: &Arc<Mount<A>>,
    serializer: Serializer,
    assigns: A,
    permit: SocketPermit,
) -> Option<String> {
    let (session, polls, posts) = LongPollSession::new();
    let (token, guard) = mount.long_poll_sessions.add(session)?;
    let settings = &mount.settings;
    let (frames, bytes) = (settings.outbox_frames, settings.outbox_bytes);
    let outbox = Arc::new(Outbox::new(serializer, frames, bytes));
    permit.register(&outbox);
    let mount = Arc::clone(mount);
    let channels = ChannelSet::new(mount, assigns, permit.id, Arc::clone(&outbox));
    let session = LongPollTask {
        channels,
        outbox,
        poll: None,
        polled_at: Instant::now(),
        undelivered: Vec::new(),
        post: None,
        _permit: permit,
        _guard: guard,
    };
    tokio::spawn(session.run(polls, posts));
    Some(token)
}

/// A long-poll session, owned by its task.
struct LongPollTask<A> {
    channels: ChannelSet<A>,
    outbox: Arc<Outbox>,
    /// The poll that waits for frames.
    poll: Option<PendingPoll>,
    /// When the last poll began.
    polled_at: Instant,
    /// Frames that the last poll did not take because its client had dropped it.
    undelivered: Vec<String>,
    /// The post being received, and until when its frames wait for room.
    post: Option<(PendingPost, Instant)>,
    /// Released after the channels above have ended, since fields drop in order.
    _permit: SocketPermit,
    _guard: LongPollSessionGuard,
}

impl<A: Send + Sync + 'static> LongPollTask<A> {
    /// Runs until the client has not polled for one and a half windows, or the session is closed.
    async fn run(
        mut self,
        mut polls: mpsc::Receiver<PendingPoll>,
        mut posts: mpsc::Receiver<PendingPost>,
    ) {
        let mount = Arc::clone(&self.channels.mount);
        let window = mount.settings.long_poll_window;
        let outbox = Arc::clone(&self.outbox);
        let mut timer = pin!(sleep_until(self.polled_at + window * 3 / 2));
        // Why the session is to end, once that is decided.
        let mut pending_close = None;
        let reason = loop {
            match pending_close {
                None => self.receive(),
                // Dropping a post answers it with `PostResult::Gone`.
                Some(_) => self.post = None,
            }
            select! {
                Some(poll) = polls.recv() => {
                    self.begin_poll(poll);
                    if pending_close.is_none() {
                        timer.as_mut().reset(self.polled_at + window);
                    }
                }
                Some(post) = posts.recv(), if self.post.is_none() => {
                    self.post = Some((post, Instant::now() + window));
                }
                () = post_deadline(self.post.as_ref()) => {}
                frame = poll_fn(|cx| next_frame(&outbox, cx)), if self.poll.is_some() => match frame {
                    Ok((frame, behind)) => self.answer_with_frames(frame, behind),
                    Err(reason) => break reason,
                },
                reason = poll_fn(|cx| outbox.poll_close(cx)), if pending_close.is_none() => {
                    if reason.is_abrupt() {
                        break reason;
                    }
                    pending_close = Some(reason);
                    // Until then a poll may still take the queued frames.
                    timer.as_mut().reset(Instant::now() + mount.settings.close_timeout);
                }
                (id, result) = self.channels.running.next(), if pending_close.is_none() => {
                    self.channels.finish_callback(id, result);
                }
                (id, broadcast) = poll_fn(|cx| outbox.poll_intercepted(cx)), if pending_close.is_none() => {
                    self.channels.intercept(id, &broadcast);
                }
                () = poll_dropped(&mut self.poll) => self.poll = None,
                () = timer.as_mut() => {
                    let end = self.polled_at + window * 3 / 2;
                    if pending_close.is_some() || Instant::now() >= end {
                        break pending_close.unwrap_or(CloseReason::Lost);
                    }
                    self.answer_poll();
                    timer.as_mut().reset(end);
                }
            }
        };
        mount.endpoint.counters().closed(reason);
    }

    /// Starts a poll. A poll that still waits is answered first: its client has sent a new one.
    fn begin_poll(&mut self, poll: PendingPoll) {
        self.answer_poll();
        self.poll = Some(poll);
        self.polled_at = Instant::now();
        if !self.undelivered.is_empty() {
            self.answer_poll();
        }
    }

    /// Answers the poll with all queued frames.
    fn answer_with_frames(&mut self, first: EncodedFrame, behind: usize) {
        let counters = self.channels.mount.endpoint.counters();
        counters.record_queue_length(1 + behind);
        let rest = std::iter::from_fn(|| self.outbox.ready_frame());
        let frames = std::iter::once(first).chain(rest);
        // A poll carries text only, and the client's serializer encodes nothing else.
        let texts = frames.filter_map(|frame| Some(frame.as_text()?.to_owned()));
        let before = self.undelivered.len();
        self.undelivered.extend(texts);
        let new = &self.undelivered[before..];
        counters.sent(new.len(), new.iter().map(String::len).sum());
        self.answer_poll();
    }

    /// Answers the poll with the undelivered frames, perhaps none. Keeps them if the client has
    /// dropped the poll.
    fn answer_poll(&mut self) {
        if let Some(poll) = self.poll.take()
            && let Err(unread) = poll.send(take(&mut self.undelivered))
        {
            self.undelivered = unread;
        }
    }

    /// Receives the frames of a post while there is room, and answers it after the last one.
    ///
    /// A post may have more frames than may wait for a channel. The rest waits here until the
    /// channel has handled some, as it would on a connection that is read more slowly.
    fn receive(&mut self) {
        let Some((mut post, until)) = self.post.take() else {
            return;
        };
        let in_time = Instant::now() < until;
        while let Some(frame) = post.frames.pop_front() {
            if in_time && !self.channels.session.has_room_for(frame.len()) {
                post.frames.push_front(frame);
                self.post = Some((post, until));
                return;
            }
            match self.receive_frame(frame) {
                Ok(pause) => post.pause += pause.unwrap_or_default(),
                Err(reason) => {
                    self.outbox.close(reason);
                    let result = match reason {
                        CloseReason::Flood => PostResult::Gone,
                        _ => PostResult::BadFrame,
                    };
                    // The request may have been dropped, and then needs no answer.
                    let _ = post.answer.send(result);
                    return;
                }
            }
        }
        let _ = post.answer.send(PostResult::Accepted(post.pause));
    }

    fn receive_frame(&mut self, frame: Message) -> Result<Option<Duration>, CloseReason> {
        match frame {
            _ if frame.len() > self.channels.mount.settings.max_frame_bytes => {
                Err(CloseReason::TooBig)
            }
            Message::Text(text) => self.channels.receive(&text, text.len()),
            Message::Binary(bytes) => self.channels.receive_binary(&bytes, bytes.len()),
            _ => Ok(None),
        }
    }
}

/// Waits until the deadline of a post, after which frames without room are refused as `busy`.
async fn post_deadline(post: Option<&(PendingPost, Instant)>) {
    match post {
        Some((_, until)) => sleep_until(*until).await,
        None => pending().await,
    }
}

/// Returns the next frame, or the close reason. After a bad message the reason is held back until
/// the session ends: the client would reconnect immediately, and might send the same message again.
fn next_frame(
    outbox: &Outbox,
    cx: &mut Context<'_>,
) -> task::Poll<Result<(EncodedFrame, usize), CloseReason>> {
    match outbox.poll_frame(cx) {
        task::Poll::Ready(Err(reason)) if reason.is_fault() => task::Poll::Pending,
        frame => frame,
    }
}

/// Waits until the client has dropped its poll.
async fn poll_dropped(poll: &mut Option<PendingPoll>) {
    match poll {
        Some(poll) => poll.closed().await,
        None => pending().await,
    }
}

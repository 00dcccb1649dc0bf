//! The task of a long-poll session: it runs the channels, and receives polls and posts as messages.

use std::{
    future::{pending, poll_fn},
    mem::take,
    pin::pin,
    sync::Arc,
    task::{self, Context},
};

use tokio::{
    select,
    sync::mpsc,
    time::{Instant, sleep_until},
};
use tokio_tungstenite::tungstenite::Message;

use super::{
    session::{Poll, Post, Posted, Session},
    sessions::SessionGuard,
};
use crate::{
    protocol::{CloseReason, EncodedFrame, Serializer},
    sockets::SocketPermit,
    topics::outbox::Outbox,
    transport::{
        mount::Mount,
        socket::{ChannelSet, Pause},
    },
};

/// Opens a session, and returns its token; `None` if the system has no random numbers.
pub(super) fn open<A: Send + Sync + 'static>(
    mount: &Arc<Mount<A>>,
    serializer: Serializer,
    assigns: A,
    permit: SocketPermit,
) -> Option<String> {
    let (session, session_task, posted) = Session::new();
    let (token, guard) = mount.sessions.add(session)?;
    let settings = &mount.settings;
    let (frames, bytes) = (settings.outbox_frames, settings.outbox_bytes);
    let outbox = Arc::new(Outbox::new(serializer, frames, bytes));
    permit.open(&outbox);
    let mount = Arc::clone(mount);
    let channels = ChannelSet::new(mount, assigns, permit.id, Arc::clone(&outbox));
    let session = SessionTask {
        channels,
        outbox,
        poll: None,
        began: Instant::now(),
        taken: Vec::new(),
        post: None,
        _admission: permit,
        _guard: guard,
    };
    tokio::spawn(session.run(session_task, posted));
    Some(token)
}

/// A long-poll session, owned by its task.
struct SessionTask<A> {
    channels: ChannelSet<A>,
    outbox: Arc<Outbox>,
    /// The poll that waits for frames.
    poll: Option<Poll>,
    /// When the last poll began.
    began: Instant,
    /// Frames that could not be handed out because the poll had hung up.
    taken: Vec<String>,
    /// The post being received, and until when its frames wait for room.
    post: Option<(Post, Instant)>,
    /// Released after the channels above have ended, since fields drop in order.
    _admission: SocketPermit,
    _guard: SessionGuard,
}

impl<A: Send + Sync + 'static> SessionTask<A> {
    /// Runs until the client has not polled for one and a half windows, or the session is closed.
    async fn run(mut self, mut polls: mpsc::Receiver<Poll>, mut posts: mpsc::Receiver<Post>) {
        let mount = Arc::clone(&self.channels.mount);
        let window = mount.settings.long_poll_window;
        let outbox = Arc::clone(&self.outbox);
        let mut timer = pin!(sleep_until(self.began + window * 3 / 2));
        // Why the session is to end, once that is decided.
        let mut pending_close = None;
        let reason = loop {
            match pending_close {
                None => self.receive(),
                // Dropping a post answers it with `Posted::Gone`.
                Some(_) => self.post = None,
            }
            select! {
                Some(poll) = polls.recv() => {
                    self.begin(poll);
                    if pending_close.is_none() {
                        timer.as_mut().reset(self.began + window);
                    }
                }
                Some(post) = posts.recv(), if self.post.is_none() => {
                    self.post = Some((post, Instant::now() + window));
                }
                () = patience(self.post.as_ref()) => {}
                frame = poll_fn(|cx| next_frame(&outbox, cx)), if self.poll.is_some() => match frame {
                    Ok((frame, behind)) => self.hand_out(frame, behind),
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
                (id, event) = self.channels.members.next(), if pending_close.is_none() => {
                    self.channels.take(id, event);
                }
                (id, broadcast) = poll_fn(|cx| outbox.poll_intercepted(cx)), if pending_close.is_none() => {
                    self.channels.intercept(id, &broadcast);
                }
                () = hung_up(&mut self.poll) => self.poll = None,
                () = timer.as_mut() => {
                    let end = self.began + window * 3 / 2;
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
    fn begin(&mut self, poll: Poll) {
        self.answer_poll();
        self.poll = Some(poll);
        self.began = Instant::now();
        if !self.taken.is_empty() {
            self.answer_poll();
        }
    }

    /// Answers the poll with all queued frames.
    fn hand_out(&mut self, first: EncodedFrame, behind: usize) {
        let counters = self.channels.mount.endpoint.counters();
        counters.waiting(1 + behind);
        let rest = std::iter::from_fn(|| self.outbox.ready_frame());
        let frames = std::iter::once(first).chain(rest);
        // A poll carries text only, and the client's serializer encodes nothing else.
        let texts = frames.filter_map(|frame| Some(frame.as_text()?.to_owned()));
        let before = self.taken.len();
        self.taken.extend(texts);
        let new = &self.taken[before..];
        counters.sent(new.len(), new.iter().map(String::len).sum());
        self.answer_poll();
    }

    /// Answers the poll with the frames taken, perhaps none. Keeps them if the poll has hung up.
    fn answer_poll(&mut self) {
        if let Some(poll) = self.poll.take()
            && let Err(unread) = poll.send(take(&mut self.taken))
        {
            self.taken = unread;
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
                    let posted = match reason {
                        CloseReason::Flood => Posted::Gone,
                        _ => Posted::BadFrame,
                    };
                    // The request may have been dropped, and then needs no answer.
                    let _ = post.answer.send(posted);
                    return;
                }
            }
        }
        let _ = post.answer.send(Posted::Taken(post.pause));
    }

    fn receive_frame(&mut self, frame: Message) -> Result<Pause, CloseReason> {
        match frame {
            _ if frame.len() > self.channels.mount.settings.max_frame => Err(CloseReason::TooBig),
            Message::Text(text) => self.channels.receive(&text, text.len()),
            Message::Binary(bytes) => self.channels.receive_binary(&bytes, bytes.len()),
            _ => Ok(None),
        }
    }
}

/// Waits until the deadline of a post, after which frames without room are refused as `busy`.
async fn patience(post: Option<&(Post, Instant)>) {
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
async fn hung_up(poll: &mut Option<Poll>) {
    match poll {
        Some(poll) => poll.closed().await,
        None => pending().await,
    }
}

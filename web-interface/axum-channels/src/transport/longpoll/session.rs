//! The handle of a long-poll session, by which requests reach its task (`session_task`).

use std::{collections::VecDeque, time::Duration};

use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::tungstenite::Message;

/// Maximum polls, and maximum posts, in a session's queue. A client has one of each in flight.
const MAX_REQUESTS: usize = 8;

/// A poll that waits for its frames.
pub(super) type PendingPoll = oneshot::Sender<Vec<String>>;

/// A handle to a session. Clones are handles to the same one.
#[derive(Clone, Debug)]
pub(crate) struct LongPollSession {
    polls: mpsc::Sender<PendingPoll>,
    posts: mpsc::Sender<PendingPost>,
}

/// The frames of one request that the session has not received yet.
#[derive(Debug)]
pub(super) struct PendingPost {
    pub(super) frames: VecDeque<Message>,
    /// How long the client must pause after this post.
    pub(super) pause: Duration,
    pub(super) answer: oneshot::Sender<PostResult>,
}

/// The result of a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PostResult {
    /// Received. The answer follows after this pause; until then the client sends no more.
    Accepted(Duration),
    /// A frame was invalid, which ends a session as it ends a socket.
    BadFrame,
    /// The session has ended.
    Gone,
}

impl LongPollSession {
    /// Creates a session: the handle, and the queues of polls and posts for its task.
    pub(super) fn new() -> (
        Self,
        mpsc::Receiver<PendingPoll>,
        mpsc::Receiver<PendingPost>,
    ) {
        let (polls, polled) = mpsc::channel(MAX_REQUESTS);
        let (posts, posted) = mpsc::channel(MAX_REQUESTS);
        (Self { polls, posts }, polled, posted)
    }

    /// Waits for frames for the client. Empty if none come within the window; `None` if the session
    /// has ended.
    pub(super) async fn poll(&self) -> Option<Vec<String>> {
        let (answer, answered) = oneshot::channel();
        self.polls.send(answer).await.ok()?;
        answered.await.ok()
    }

    pub(super) async fn post(&self, frames: Vec<Message>) -> PostResult {
        let (answer, answered) = oneshot::channel();
        let post = PendingPost {
            frames: frames.into(),
            pause: Duration::ZERO,
            answer,
        };
        if self.posts.send(post).await.is_err() {
            return PostResult::Gone;
        }
        answered.await.unwrap_or(PostResult::Gone)
    }
}

//! The way to a session: a handle that requests use, while its channels live in a task (`polled`).

use std::{collections::VecDeque, time::Duration};

use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::tungstenite::Message;

/// Polls, and posts, that may wait for one session. A client has one of each under way.
const MAX_REQUESTS: usize = 8;

/// A poll that waits for its frames.
pub(super) type Poll = oneshot::Sender<Vec<String>>;

/// The way to a session. Clones lead to the same one.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    polls: mpsc::Sender<Poll>,
    posts: mpsc::Sender<Post>,
}

/// What a client has sent in one request, and the session has not taken yet.
#[derive(Debug)]
pub(super) struct Post {
    pub(super) frames: VecDeque<Message>,
    /// How long the client has to pause after it.
    pub(super) pause: Duration,
    pub(super) answer: oneshot::Sender<Posted>,
}

/// What became of what a client has sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Posted {
    /// It is to be told so after this time, before which it sends no more.
    Taken(Duration),
    /// One of the frames was none, and as with a socket that was the end.
    BadFrame,
    /// The session has ended.
    Gone,
}

impl Session {
    /// A new session: the handle, and where its task hears of polls and of posts.
    pub(super) fn new() -> (Self, mpsc::Receiver<Poll>, mpsc::Receiver<Post>) {
        let (polls, polled) = mpsc::channel(MAX_REQUESTS);
        let (posts, posted) = mpsc::channel(MAX_REQUESTS);
        (Self { polls, posts }, polled, posted)
    }

    /// What comes for the client within the window, perhaps nothing; `None` if the session has
    /// ended.
    pub(super) async fn poll(&self) -> Option<Vec<String>> {
        let (answer, answered) = oneshot::channel();
        self.polls.send(answer).await.ok()?;
        answered.await.ok()
    }

    pub(super) async fn post(&self, frames: Vec<Message>) -> Posted {
        let (answer, answered) = oneshot::channel();
        let post = Post {
            frames: frames.into(),
            pause: Duration::ZERO,
            answer,
        };
        if self.posts.send(post).await.is_err() {
            return Posted::Gone;
        }
        answered.await.unwrap_or(Posted::Gone)
    }
}

//! What the writer is asked for, and how much of it it does at a time.

use islands_core::GameId;
use tokio::sync::oneshot;

use super::append::Append;
use super::forget::ForgetPass;
use super::pending_appends::PendingAppend;
use islands_engine::journal::Cutoff;
use islands_engine::journal::{AppendError, LoadError};

/// How many requests one turn takes: some milliseconds besides the disk's own.
pub(super) const MAX_GROUP: usize = 1024;

/// What the writer is asked for.
pub(super) enum Request {
    /// Append a row.
    Append { append: Append, reply: AppendReply },
    /// Forget old games, one turn of it: see [`forget::forget`].
    Forget {
        cutoff: Cutoff,
        after: Option<GameId>,
        reply: oneshot::Sender<Result<ForgetPass, LoadError>>,
    },
    /// Find out whether the database still works.
    Check,
    /// Close the file and end.
    Close,
}

/// How it is told what became of an append: first to those who wait to read the game,
/// then to who appended.
pub(super) struct AppendReply {
    pending: PendingAppend,
    sender: oneshot::Sender<Result<(), AppendError>>,
}

impl AppendReply {
    pub(super) fn new(
        pending: PendingAppend,
    ) -> (AppendReply, oneshot::Receiver<Result<(), AppendError>>) {
        let (sender, answer) = oneshot::channel();
        (AppendReply { pending, sender }, answer)
    }

    pub(super) fn send(self, answer: Result<(), AppendError>) {
        drop(self.pending);
        // Who asked may have left; the batch is there, or not, all the same.
        let _ = self.sender.send(answer);
    }
}

/// What the writer does before it looks at its queue again.
#[derive(Default)]
pub(super) struct CommitGroup {
    pub(super) appends: Vec<Append>,
    pub(super) replies: Vec<AppendReply>,
    /// What comes after the appends, and ends the turn.
    pub(super) then: Option<Request>,
}

impl CommitGroup {
    /// Takes appends, until there are enough or something else comes.
    pub(super) fn gather(requests: impl Iterator<Item = Request>) -> CommitGroup {
        let mut group = CommitGroup::default();
        for request in requests.take(MAX_GROUP) {
            match request {
                Request::Append { append, reply } => {
                    group.appends.push(append);
                    group.replies.push(reply);
                }
                other => {
                    group.then = Some(other);
                    break;
                }
            }
        }
        group
    }
}

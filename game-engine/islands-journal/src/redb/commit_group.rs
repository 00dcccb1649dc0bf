//! Group commit: the writer's requests, and the groups in which it commits them.

use islands_core::GameId;
use tokio::sync::oneshot;

use super::append::Append;
use super::forget::ForgetPass;
use super::pending_appends::PendingAppend;
use islands_engine::journal::Cutoff;
use islands_engine::journal::{AppendError, LoadError};

/// Maximum requests in a group: some milliseconds of work, without the disk's time.
pub(super) const MAX_GROUP: usize = 1024;

/// A request to the writer.
pub(super) enum Request {
    /// Append a row.
    Append { append: Append, reply: AppendReply },
    /// Run one pass of forgetting old games: see [`forget`](super::forget::forget).
    Forget {
        cutoff: Cutoff,
        after: Option<GameId>,
        reply: oneshot::Sender<Result<ForgetPass, LoadError>>,
    },
    /// Check that the database still works, and reopen it if not.
    Check,
    /// Close the file and end.
    Close,
}

/// Completes an append: first lets waiting loads of the game go on, then answers the
/// caller.
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
        // The caller may have left; that does not change the outcome.
        let _ = self.sender.send(answer);
    }
}

/// The appends of one commit, and a request that follows them.
#[derive(Default)]
pub(super) struct CommitGroup {
    pub(super) appends: Vec<Append>,
    pub(super) replies: Vec<AppendReply>,
    /// A request of another kind, which ends the group and runs after its commit.
    pub(super) last_request: Option<Request>,
}

impl CommitGroup {
    /// Collects appends, up to [`MAX_GROUP`] or until another kind of request.
    pub(super) fn gather(requests: impl Iterator<Item = Request>) -> CommitGroup {
        let mut group = CommitGroup::default();
        for request in requests.take(MAX_GROUP) {
            match request {
                Request::Append { append, reply } => {
                    group.appends.push(append);
                    group.replies.push(reply);
                }
                other => {
                    group.last_request = Some(other);
                    break;
                }
            }
        }
        group
    }
}

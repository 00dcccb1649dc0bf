//! What the writer is asked for, and how much of it it does at a time.

use islands_core::GameId;
use tokio::sync::oneshot;

use super::addition::Addition;
use super::forget::Swept;
use super::underway::Ticket;
use islands_engine::journal::Cutoff;
use islands_engine::journal::{AppendError, LoadError};

/// How many requests one turn takes: some milliseconds besides the disk's own.
pub(super) const GROUP: usize = 1024;

/// What the writer is asked for.
pub(super) enum Request {
    /// Append a row.
    Append { addition: Addition, reply: Reply },
    /// Forget old games, one turn of it: see [`forget::forget`].
    Forget {
        cutoff: Cutoff,
        after: Option<GameId>,
        reply: oneshot::Sender<Result<Swept, LoadError>>,
    },
    /// Find out whether the database still works.
    Check,
    /// Close the file and end.
    Close,
}

/// How it is told what became of an append: first to those who wait to read the game,
/// then to who appended.
pub(super) struct Reply {
    ticket: Ticket,
    sender: oneshot::Sender<Result<(), AppendError>>,
}

impl Reply {
    pub(super) fn new(ticket: Ticket) -> (Reply, oneshot::Receiver<Result<(), AppendError>>) {
        let (sender, answer) = oneshot::channel();
        (Reply { ticket, sender }, answer)
    }

    pub(super) fn send(self, answer: Result<(), AppendError>) {
        drop(self.ticket);
        // Who asked may have left; the batch is there, or not, all the same.
        let _ = self.sender.send(answer);
    }
}

/// What the writer does before it looks at its queue again.
#[derive(Default)]
pub(super) struct Turn {
    pub(super) additions: Vec<Addition>,
    pub(super) replies: Vec<Reply>,
    /// What comes after the appends, and ends the turn.
    pub(super) then: Option<Request>,
}

impl Turn {
    /// Takes appends, until there are enough or something else comes.
    pub(super) fn gather(requests: impl Iterator<Item = Request>) -> Turn {
        let mut turn = Turn::default();
        for request in requests.take(GROUP) {
            match request {
                Request::Append { addition, reply } => {
                    turn.additions.push(addition);
                    turn.replies.push(reply);
                }
                other => {
                    turn.then = Some(other);
                    break;
                }
            }
        }
        turn
    }
}

//! What the writer is asked for, and how much of it it does at a time.

use islands_core::GameId;
use tokio::sync::oneshot;

use super::forget::Swept;
use super::store::Row;
use crate::journal::{AppendError, LoadError};

/// How many requests one turn takes: some milliseconds besides the disk's own.
pub(super) const GROUP: usize = 1024;

/// What the writer is asked for.
pub(super) enum Request {
    /// Append a row.
    Append {
        row: Row,
        reply: oneshot::Sender<Result<(), AppendError>>,
    },
    /// Forget old games, one turn of it: see [`forget::forget`].
    Forget {
        before: u64,
        after: Option<GameId>,
        reply: oneshot::Sender<Result<Swept, LoadError>>,
    },
    /// Find out whether the database still works.
    Check,
    /// Close the file and end.
    Close,
}

/// What the writer does before it looks at its queue again.
#[derive(Default)]
pub(super) struct Turn {
    pub(super) rows: Vec<Row>,
    pub(super) replies: Vec<oneshot::Sender<Result<(), AppendError>>>,
    /// What comes after the appends, and ends the turn.
    pub(super) then: Option<Request>,
}

impl Turn {
    /// Takes appends, until there are enough or something else comes.
    pub(super) fn gather(requests: impl Iterator<Item = Request>) -> Turn {
        let mut turn = Turn::default();
        for request in requests.take(GROUP) {
            match request {
                Request::Append { row, reply } => {
                    turn.rows.push(row);
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

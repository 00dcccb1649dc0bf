//! The error type of the process layer.

use islands_core::Rejection;
use thiserror::Error;

/// Why a call failed. Only `Rejected` is a decision of the game.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CallError {
    /// The rules refuse the command.
    #[error("{0}")]
    Rejected(#[from] Rejection),
    /// No game has this id.
    #[error("there is no game with this id")]
    NoSuchGame,
    /// The game has too many waiting callers or too many subscribers, or its process is not
    /// available: try again.
    #[error("this game is busy; try again in a moment")]
    Busy,
    /// Memory holds the maximum number of games.
    #[error("this server already holds {limit} games, its maximum; try again later")]
    TooManyGames {
        /// The maximum.
        limit: usize,
    },
    /// The outcome is unknown: no answer came in time, or a crash lost it. The command may
    /// have been carried out, or may still be: a repeat under the same id gets the outcome.
    #[error(
        "the game did not answer in time; the command may still take effect, and can safely be repeated with the same id"
    )]
    Timeout,
    /// The journal cannot be written or read, so nothing has changed.
    #[error(
        "the server cannot store moves at the moment; nothing was changed; try again in a moment"
    )]
    JournalUnavailable,
    /// The game has crashed too often, or its log is damaged. It does not restart
    /// until an operator ends the quarantine.
    #[error("this game has a fault and is in quarantine until an operator has looked at it")]
    Quarantined {
        /// The cause, for the operator.
        error: String,
    },
}

impl CallError {
    /// Returns the stable name of the reason, as sent on the wire.
    pub fn reason(&self) -> &'static str {
        match self {
            CallError::Rejected(rejection) => rejection.reason(),
            CallError::NoSuchGame => "no_such_game",
            CallError::Busy | CallError::TooManyGames { .. } => "busy",
            CallError::Timeout => "timeout",
            CallError::JournalUnavailable => "journal_unavailable",
            CallError::Quarantined { .. } => "quarantined",
        }
    }
}

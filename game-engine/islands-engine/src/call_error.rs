//! Why the process layer did not do what it was asked.

use islands_core::Rejection;
use thiserror::Error;

/// Why a call brought nothing. Only the first is the game's own decision.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CallError {
    /// The rules refuse it.
    #[error("{0}")]
    Rejected(#[from] Rejection),
    /// There is no game of this id.
    #[error("there is no game of this name")]
    NoSuchGame,
    /// Too many calls of this game wait already.
    #[error("this game has too much to do; try again in a moment")]
    Busy,
    /// As many games are in memory as may be.
    #[error("as many games are being played as this server holds ({limit}); try again later")]
    TooManyGames {
        /// So many.
        limit: usize,
    },
    /// No answer came in time. The command may still be carried out, or have
    /// been: a repeat under the same id is answered with what is true.
    #[error(
        "the game did not answer in time; what was asked may still happen, and may be asked again under the same id"
    )]
    Timeout,
    /// The journal takes or gives nothing, so nothing was done.
    #[error(
        "the server cannot store anything at the moment, so nothing was changed; try again in a moment"
    )]
    JournalUnavailable,
    /// The game has crashed too often, or its log is damaged. It is left alone
    /// until a person has looked at it.
    #[error(
        "something is wrong with this game; it has been set aside until someone has looked at it"
    )]
    Quarantined {
        /// What was wrong with it, for that person.
        error: String,
    },
}

impl CallError {
    /// The stable name of the reason, as it stands on the wire.
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

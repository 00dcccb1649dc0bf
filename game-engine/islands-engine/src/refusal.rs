//! Why the process layer did not do what it was asked.

use std::fmt;

use islands_core::Rejection;

/// Why a call brought nothing. Only the first is the game's own decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The rules refuse it.
    Rejected(Rejection),
    /// There is no game of this id.
    NoSuchGame,
    /// Too many calls of this game wait already.
    Busy,
    /// As many games are in memory as may be.
    TooManyGames {
        /// So many.
        limit: usize,
    },
    /// No answer came in time. The command may still be carried out, or have
    /// been: a repeat under the same id is answered with what is true.
    Timeout,
    /// The journal takes or gives nothing, so nothing was done.
    JournalUnavailable,
    /// The game has crashed too often, or its log is damaged. It is left alone
    /// until a person has looked at it.
    Quarantined {
        /// What was wrong with it, for that person.
        error: String,
    },
}

impl Refusal {
    /// The stable name of the reason, as it stands on the wire.
    pub fn reason(&self) -> &'static str {
        match self {
            Refusal::Rejected(rejection) => rejection.reason(),
            Refusal::NoSuchGame => "no_such_game",
            Refusal::Busy | Refusal::TooManyGames { .. } => "busy",
            Refusal::Timeout => "timeout",
            Refusal::JournalUnavailable => "journal_unavailable",
            Refusal::Quarantined { .. } => "quarantined",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Rejected(rejection) => fmt::Display::fmt(rejection, f),
            Refusal::NoSuchGame => f.write_str("there is no game of this name"),
            Refusal::Busy => f.write_str("this game has too much to do; try again in a moment"),
            Refusal::TooManyGames { limit } => write!(
                f,
                "as many games are being played as this server holds ({limit}); try again later"
            ),
            Refusal::Timeout => f.write_str(
                "the game did not answer in time; what was asked may still happen, and may be asked again under the same id",
            ),
            Refusal::JournalUnavailable => f.write_str(
                "the server cannot store anything at the moment, so nothing was changed; try again in a moment",
            ),
            Refusal::Quarantined { .. } => f.write_str(
                "something is wrong with this game; it has been set aside until someone has looked at it",
            ),
        }
    }
}

impl std::error::Error for Refusal {}

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Refusal {
        Refusal::Rejected(rejection)
    }
}

//! Replay: a game from an untrusted log.

use std::fmt;

use crate::command::{Command, Placement};
use crate::event::Event;
use crate::facts::Facts;
use crate::game::{Game, apply, decide};
use crate::island::Island;
use crate::player::Player;
use crate::rejection::Rejection;

/// Rebuilds a game from its whole log, and verifies each event against today's rules.
///
/// The log may be damaged, or older than the rules. So that old logs stay valid, a change of the
/// rules may accept more commands, and every command that was accepted must go on to cause the
/// same events. A log of another legal game passes, and so does one whose end is missing.
///
/// For each command, `replay` infers the command from its first event and runs [`decide`]
/// again, which must return exactly the next events of the log. Two facts cannot be verified
/// and are trusted: that the opponent had been away for long enough when a win was claimed,
/// and the id of a rematch.
///
/// # Errors
/// [`ReplayError`] for the first event that the rules do not explain.
pub fn replay(log: &[Event]) -> Result<Game, ReplayError> {
    your_code!(log)
}

/// Returns the command that causes this event. `None` for the event that opens a
/// game, and for an event that only ever follows another event.
fn cause(event: &Event) -> Option<(Player, Command)> {
    Some(match event {
        Event::GameCreated(_) | Event::GameWon { .. } | Event::RematchStarted { .. } => {
            return None;
        }
        Event::PlayerAdded { name } => {
            let name = name.to_string();
            (Player::Two, Command::AddPlayer { name })
        }
        Event::IslandPositioned { by, island } => {
            (*by, Command::PositionIsland(Placement::from(*island)))
        }
        Event::IslandsPositioned { by, board } => {
            let islands = board.islands().map(Placement::from).collect();
            (*by, Command::PositionAll { islands })
        }
        Event::IslandsSet { by } => (*by, Command::SetIslands),
        Event::CoordinateGuessed(guess) => {
            let (row, col) = (guess.at.row().into(), guess.at.col().into());
            (guess.by, Command::GuessCoordinate { row, col })
        }
        Event::PlayerResigned { by } => (*by, Command::Resign),
        Event::WinClaimed { by } => (*by, Command::ClaimWin),
        Event::RematchRequested { by } => (*by, Command::RequestRematch),
    })
}

impl From<Island> for Placement {
    fn from(island: Island) -> Placement {
        Placement {
            island: island.kind().to_string(),
            row: island.corner().row().into(),
            col: island.corner().col().into(),
        }
    }
}

/// The error when a log is not that of a possible game.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplayError {
    /// The sequence number of the event; for a command with two events, of the first.
    pub seq: u64,
    /// The reason.
    pub kind: ReplayErrorKind,
}

/// The reason why an event could not have happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplayErrorKind {
    /// The event cannot stand at this place in a log.
    OutOfPlace,
    /// The rules refuse the command behind the event.
    Refused(Rejection),
    /// The rules decide other events than the log has.
    Mismatch,
}

impl fmt::Display for ReplayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "event {} could not have happened: ", self.seq)?;
        match &self.kind {
            ReplayErrorKind::OutOfPlace => f.write_str("it is out of place"),
            ReplayErrorKind::Refused(rejection) => write!(f, "{rejection}"),
            ReplayErrorKind::Mismatch => f.write_str("the rules produce a different event"),
        }
    }
}

impl std::error::Error for ReplayError {}

//! Shorthand for commands.

use islands_core::{Command, Coordinate, Facts, GameId, Placement};

use crate::drawing;

/// The id of the rematch.
pub(crate) const NEXT: GameId = GameId::from_bytes(*b"next game!");

/// A command, and the facts for its decision.
#[derive(Clone, Debug)]
pub(crate) struct CommandWithFacts {
    pub(crate) command: Command,
    pub(crate) facts: Facts,
}

/// Assumes that the opponent is present and that a rematch is [`NEXT`].
impl From<Command> for CommandWithFacts {
    fn from(command: Command) -> CommandWithFacts {
        let facts = Facts {
            rematch: NEXT,
            ..Facts::default()
        };
        CommandWithFacts { command, facts }
    }
}

pub(crate) fn add_player(name: &str) -> Command {
    Command::AddPlayer { name: name.into() }
}

pub(crate) fn position(island: &str, row: i64, col: i64) -> Command {
    let island = island.into();
    Command::PositionIsland(Placement { island, row, col })
}

pub(crate) fn position_all(drawing: &str) -> Command {
    Command::PositionAll {
        islands: drawing::placements(drawing),
    }
}

/// A guess at a cell, written like `B7`.
pub(crate) fn guess(cell: &str) -> Command {
    guess_at(cell.parse().expect("a cell such as B7"))
}

pub(crate) fn guess_at(cell: Coordinate) -> Command {
    Command::GuessCoordinate {
        row: cell.row().into(),
        col: cell.col().into(),
    }
}

pub(crate) fn claim_win(opponent_away_ms: u64) -> CommandWithFacts {
    let command = Command::ClaimWin;
    let facts = Facts {
        opponent_away_ms,
        ..Facts::default()
    };
    CommandWithFacts { command, facts }
}

/// A request for a rematch with this id.
pub(crate) fn rematch_in(rematch: GameId) -> CommandWithFacts {
    let command = Command::RequestRematch;
    let facts = Facts {
        rematch,
        ..Facts::default()
    };
    CommandWithFacts { command, facts }
}

//! Commands, written short.

use islands_core::{Command, Coordinate, Facts, GameId, Placement};

use crate::drawing;

/// The game that a rematch is played in.
pub(crate) const NEXT: GameId = GameId::from_bytes(*b"next game!");

/// A command, and the facts under which it is decided.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) command: Command,
    pub(crate) facts: Facts,
}

/// The opponent is present, and a rematch would be [`NEXT`].
impl From<Command> for Asked {
    fn from(command: Command) -> Asked {
        let facts = Facts {
            rematch: NEXT,
            ..Facts::default()
        };
        Asked { command, facts }
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

/// A guess at a cell as people write it.
pub(crate) fn guess(cell: &str) -> Command {
    guess_at(cell.parse().expect("a cell such as B7"))
}

pub(crate) fn guess_at(cell: Coordinate) -> Command {
    Command::GuessCoordinate {
        row: cell.row().into(),
        col: cell.col().into(),
    }
}

pub(crate) fn claim_win(opponent_away_ms: u64) -> Asked {
    let command = Command::ClaimWin;
    let facts = Facts {
        opponent_away_ms,
        ..Facts::default()
    };
    Asked { command, facts }
}

/// A request for a rematch, which would be this game.
pub(crate) fn rematch_in(rematch: GameId) -> Asked {
    let command = Command::RequestRematch;
    let facts = Facts {
        rematch,
        ..Facts::default()
    };
    Asked { command, facts }
}

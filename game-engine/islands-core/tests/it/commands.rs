//! Commands, written short.

use islands_core::{Command, Coordinate, GameId, Placement};

use crate::drawing;

/// The game that a rematch is played in.
pub(crate) const NEXT: GameId = GameId::from_bytes(*b"next game!");

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

pub(crate) fn claim_win(away_ms: u64) -> Command {
    Command::ClaimWin { away_ms }
}

pub(crate) fn request_rematch() -> Command {
    Command::RequestRematch { next: NEXT }
}

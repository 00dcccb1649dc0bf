//! Why a command was refused.

use std::fmt;

use crate::board::{Missing, Overlap};
use crate::coordinate::{Coordinate, InvalidCoordinate};
use crate::island::IslandType;
use crate::limits::{AWAY_MS, MAX_POSITIONINGS};
use crate::player_name::InvalidName;
use crate::state_name::StateName;

/// Why a command was refused. A refusal is data, and changes nothing.
///
/// `Display` says it to a person; [`reason`](Rejection::reason) is the name that
/// programs rely on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(tag = "reason", rename_all = "snake_case"))]
pub enum Rejection {
    /// The other player is to guess.
    NotYourTurn,
    /// The game is not at the point where this can be done.
    WrongState {
        /// The states in which it can.
        expected: &'static [StateName],
        /// The state the game is in.
        actual: StateName,
    },
    /// Not a cell of the board.
    InvalidCoordinate {
        /// The row that was asked for.
        row: i64,
        /// The column that was asked for.
        col: i64,
    },
    /// Not the name of an island.
    InvalidIslandType,
    /// Part of the island would lie outside the board.
    OffBoard {
        /// The island.
        island: IslandType,
    },
    /// The island would lie over another one.
    OverlappingIsland {
        /// The one that is there.
        with: IslandType,
    },
    /// Not all five islands have a place.
    NotAllIslandsPositioned {
        /// Those without.
        missing: Vec<IslandType>,
    },
    /// The player's islands are set and stay where they are.
    IslandsAlreadySet,
    /// The player has guessed this cell before, and still has the turn.
    AlreadyGuessed {
        /// The cell.
        at: Coordinate,
    },
    /// Player 1 has this name.
    NameTaken,
    /// Not a [`PlayerName`](crate::PlayerName).
    InvalidName,
    /// Both seats are taken.
    GameFull,
    /// The game is over.
    GameOver,
    /// The opponent is there, or has not been away for long enough.
    OpponentPresent {
        /// How much longer the opponent would have to be away, in milliseconds.
        wait_ms: u64,
    },
    /// The player has asked for a rematch before.
    AlreadyRequested,
    /// The player has moved islands as often as one may in one game.
    TooManyMoves,
}

impl Rejection {
    /// The stable name of the reason, as it stands on the wire.
    pub fn reason(&self) -> &'static str {
        match self {
            Rejection::NotYourTurn => "not_your_turn",
            Rejection::WrongState { .. } => "wrong_state",
            Rejection::InvalidCoordinate { .. } => "invalid_coordinate",
            Rejection::InvalidIslandType => "invalid_island_type",
            Rejection::OffBoard { .. } => "off_board",
            Rejection::OverlappingIsland { .. } => "overlapping_island",
            Rejection::NotAllIslandsPositioned { .. } => "not_all_islands_positioned",
            Rejection::IslandsAlreadySet => "islands_already_set",
            Rejection::AlreadyGuessed { .. } => "already_guessed",
            Rejection::NameTaken => "name_taken",
            Rejection::InvalidName => "invalid_name",
            Rejection::GameFull => "game_full",
            Rejection::GameOver => "game_over",
            Rejection::OpponentPresent { .. } => "opponent_present",
            Rejection::AlreadyRequested => "already_requested",
            Rejection::TooManyMoves => "too_many_moves",
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rejection::NotYourTurn => f.write_str("it is the other player's turn"),
            Rejection::WrongState { expected, actual } => {
                write!(f, "this can be done in {}", list(expected, " or "))?;
                write!(f, "; the game is in {actual}")
            }
            Rejection::InvalidCoordinate { row, col } => {
                let (row, col) = (*row, *col);
                fmt::Display::fmt(&InvalidCoordinate { row, col }, f)
            }
            Rejection::InvalidIslandType => {
                let names = list(&IslandType::ALL, ", ");
                write!(f, "there is no such island; there are {names}")
            }
            Rejection::OffBoard { island } => {
                write!(f, "part of the {island} would lie outside the board")
            }
            Rejection::OverlappingIsland { with } => {
                write!(f, "the {with} is in the way")
            }
            Rejection::NotAllIslandsPositioned { missing } => {
                write!(f, "not on the board yet: {}", list(missing, ", "))
            }
            Rejection::IslandsAlreadySet => {
                f.write_str("your islands are set and can no longer be moved")
            }
            Rejection::AlreadyGuessed { at } => {
                write!(f, "you have guessed {at} before; it is still your turn")
            }
            Rejection::NameTaken => {
                f.write_str("the other player has this name; choose another one")
            }
            Rejection::InvalidName => fmt::Display::fmt(&InvalidName, f),
            Rejection::GameFull => f.write_str("both seats of this game are taken"),
            Rejection::GameOver => f.write_str("the game is over"),
            Rejection::OpponentPresent { wait_ms } => {
                let (limit, wait) = (AWAY_MS / 1_000, wait_ms.div_ceil(1_000));
                write!(
                    f,
                    "a win can be claimed when the other player has been away for {limit} seconds; {wait} more to go"
                )
            }
            Rejection::AlreadyRequested => f.write_str("you have asked for a rematch already"),
            Rejection::TooManyMoves => write!(
                f,
                "islands can be moved {MAX_POSITIONINGS} times in a game; set them where they are"
            ),
        }
    }
}

impl std::error::Error for Rejection {}

impl From<InvalidCoordinate> for Rejection {
    fn from(InvalidCoordinate { row, col }: InvalidCoordinate) -> Rejection {
        Rejection::InvalidCoordinate { row, col }
    }
}

impl From<InvalidName> for Rejection {
    fn from(_: InvalidName) -> Rejection {
        Rejection::InvalidName
    }
}

impl From<Overlap> for Rejection {
    fn from(overlap: Overlap) -> Rejection {
        Rejection::OverlappingIsland { with: overlap.with }
    }
}

impl From<Missing> for Rejection {
    fn from(missing: Missing) -> Rejection {
        Rejection::NotAllIslandsPositioned {
            missing: missing.islands,
        }
    }
}

fn list<T: fmt::Display>(items: &[T], separator: &str) -> String {
    let names: Vec<String> = items.iter().map(T::to_string).collect();
    names.join(separator)
}

//! Written by `cargo x generate`; changes here are lost.
//!
//! Rejections: the reasons to refuse a command.

use std::fmt;

use crate::board::{Missing, Overlap};
use crate::coordinate::{Coordinate, InvalidCoordinate};
use crate::island::IslandType;
use crate::limits::{MAX_POSITIONINGS, MIN_AWAY_MS};
use crate::player_name::InvalidName;
use crate::state_name::StateName;

/// The reason why a command was refused. A refused command changes nothing.
///
/// `Display` writes a message for people; [`reason`](Rejection::reason) returns a
/// stable name for programs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(tag = "reason", rename_all = "snake_case"))]
pub enum Rejection {
    /// It is the other player's turn to guess.
    NotYourTurn,
    /// The command is not allowed in this state of the game.
    WrongState {
        /// The states in which the command is allowed.
        expected: &'static [StateName],
        /// The current state.
        actual: StateName,
    },
    /// The board has no such cell.
    InvalidCoordinate {
        /// The requested row.
        row: i64,
        /// The requested column.
        col: i64,
    },
    /// No kind of island has this name.
    InvalidIslandType,
    /// Part of the island would be outside the board.
    OffBoard {
        /// The kind of island.
        island: IslandType,
    },
    /// The island would overlap another one.
    OverlappingIsland {
        /// The kind of the other island.
        with: IslandType,
    },
    /// Not all five islands are placed.
    NotAllIslandsPositioned {
        /// The kinds not placed yet.
        missing: Vec<IslandType>,
    },
    /// The player's islands are set and can no longer be moved.
    IslandsAlreadySet,
    /// The player guessed this cell before, and keeps the turn.
    AlreadyGuessed {
        /// The cell.
        at: Coordinate,
    },
    /// Player 1 has this name.
    NameTaken,
    /// The name is not a valid [`PlayerName`](crate::PlayerName).
    InvalidName,
    /// Both seats are taken.
    GameFull,
    /// The game is over.
    GameOver,
    /// The opponent is present, or has not been away for long enough.
    OpponentPresent {
        /// How much longer the opponent must be away, in milliseconds.
        wait_ms: u64,
    },
    /// The player has already asked for a rematch.
    AlreadyRequested,
    /// The player has used all [`MAX_POSITIONINGS`] of this game.
    TooManyMoves,
    /// The player's offer of a draw still stands.
    AlreadyOffered,
}

impl Rejection {
    /// Returns the stable wire name of the reason.
    pub fn reason(&self) -> &'static str {
        match self {
            Rejection::AlreadyOffered => "already_offered",
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
            Rejection::AlreadyOffered => f.write_str("your offer of a draw stands"),
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
                write!(f, "part of the {island} would be outside the board")
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
                let (limit, wait) = (MIN_AWAY_MS / 1_000, wait_ms.div_ceil(1_000));
                write!(
                    f,
                    "you can claim the win once the other player has been away for {limit} seconds; {wait} seconds left"
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

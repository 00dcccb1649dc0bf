//! The guesses of a player, and their outcomes.

use crate::board::Board;
use crate::coordinate::Coordinate;
use crate::coordinate_set::CoordinateSet;
use crate::island::IslandType;
use crate::player::Player;

/// All guesses of one player, divided into hits and misses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Guesses {
    hits: CoordinateSet,
    misses: CoordinateSet,
}

impl Guesses {
    /// Returns the guessed cells that are land.
    pub fn hits(self) -> CoordinateSet {
        self.hits
    }

    /// Returns the guessed cells that are water.
    pub fn misses(self) -> CoordinateSet {
        self.misses
    }

    /// Returns whether this cell was guessed before.
    pub fn contains(self, at: Coordinate) -> bool {
        (self.hits | self.misses).contains(at)
    }

    /// Returns these guesses with one more added.
    #[must_use]
    pub fn with(self, at: Coordinate, outcome: Outcome) -> Guesses {
        match outcome {
            Outcome::Hit => Guesses {
                hits: self.hits.with(at),
                ..self
            },
            Outcome::Miss => Guesses {
                misses: self.misses.with(at),
                ..self
            },
        }
    }

    /// Returns the outcome of one more guess, and the island that it forests.
    ///
    /// A guess forests an island when it hits the last of the island's cells.
    pub fn try_at(self, board: Board, at: Coordinate) -> (Outcome, Option<IslandType>) {
        your_code!(self, board, at)
    }
}

/// The outcome of a guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Outcome {
    /// The cell is land.
    Hit,
    /// The cell is water.
    Miss,
}

/// A guess and its outcome, known to both players and every spectator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Move {
    /// The player that guessed.
    #[cfg_attr(feature = "serde", serde(rename = "player"))]
    pub by: Player,
    /// The guessed cell.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub at: Coordinate,
    /// Hit or miss.
    pub outcome: Outcome,
    /// The island that the guess forested, if any.
    pub forested: Option<IslandType>,
}

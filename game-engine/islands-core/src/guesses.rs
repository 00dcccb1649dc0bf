//! What a player has found out about the other's board.

use crate::board::Board;
use crate::coordinate::Coordinate;
use crate::coordinate_set::CoordinateSet;
use crate::island::IslandType;
use crate::player::Player;

/// All guesses of one player, and what was there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Guesses {
    hits: CoordinateSet,
    misses: CoordinateSet,
}

impl Guesses {
    /// Where land was found.
    pub fn hits(self) -> CoordinateSet {
        self.hits
    }

    /// Where there was only water.
    pub fn misses(self) -> CoordinateSet {
        self.misses
    }

    /// Whether this cell was guessed before.
    pub fn contains(self, at: Coordinate) -> bool {
        (self.hits | self.misses).contains(at)
    }

    /// These guesses and one more.
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

    /// What a guess here finds on this board after all guesses before it, and
    /// which island is forested by it: one all of whose cells are now hit.
    pub fn try_at(self, board: Board, at: Coordinate) -> (Outcome, Option<IslandType>) {
        match board.island_at(at) {
            None => (Outcome::Miss, None),
            Some(island) => {
                let forested = island.cells().is_subset(self.hits.with(at));
                (Outcome::Hit, forested.then_some(island.kind()))
            }
        }
    }
}

/// What a guess finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Outcome {
    /// A cell of an island.
    Hit,
    /// Water.
    Miss,
}

/// One guess and its answer, as both players and every spectator know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Move {
    /// Who guessed.
    #[cfg_attr(feature = "serde", serde(rename = "player"))]
    pub by: Player,
    /// Where.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub at: Coordinate,
    /// What was there.
    pub outcome: Outcome,
    /// The island whose last cell this was.
    pub forested: Option<IslandType>,
}

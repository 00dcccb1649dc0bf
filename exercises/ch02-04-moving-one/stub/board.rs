//! A player's islands: a draft while they are arranged, then a board.

use crate::coordinate::Coordinate;
use crate::coordinate_set::CoordinateSet;
use crate::island::{Island, IslandType};

/// The islands that a player has placed so far.
///
/// Holds none to all five, at most one of each kind, and no two overlap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    islands: [Option<Island>; IslandType::ALL.len()],
}

impl Draft {
    /// Returns this draft with `island` placed or moved.
    ///
    /// An island of a kind that is already placed moves, so only the other kinds
    /// can be in the way.
    ///
    /// # Errors
    /// [`Overlap`] when `island` would cover a cell of another island.
    pub fn position(self, island: Island) -> Result<Draft, Overlap> {
        let in_the_way = self
            .islands()
            .find(|other| other.cells().overlaps(island.cells()));
        match in_the_way {
            Some(other) => Err(Overlap { with: other.kind() }),
            None => Ok(self.put(island)),
        }
    }

    /// Puts `island` in its place without checking for overlaps. Use it only for an island from an
    /// event: [`position`](Self::position) checked that one when the event was decided.
    pub(crate) fn put(mut self, island: Island) -> Draft {
        self.islands[island.kind() as usize] = Some(island);
        self
    }

    /// Returns the complete board.
    ///
    /// # Errors
    /// [`Missing`] when not all five islands are placed.
    pub fn finish(self) -> Result<Board, Missing> {
        match self.islands {
            [Some(a), Some(b), Some(c), Some(d), Some(e)] => Ok(Board {
                islands: [a, b, c, d, e],
            }),
            _ => Err(Missing {
                islands: IslandType::ALL
                    .into_iter()
                    .filter(|kind| self.island(*kind).is_none())
                    .collect(),
            }),
        }
    }

    /// Returns the island of this kind, if it is placed.
    pub fn island(self, kind: IslandType) -> Option<Island> {
        self.islands[kind as usize]
    }

    /// Iterates over the placed islands, in the order of [`IslandType::ALL`].
    pub fn islands(self) -> impl Iterator<Item = Island> {
        self.islands.into_iter().flatten()
    }
}

/// A complete board: all five islands are placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Board {
    islands: [Island; IslandType::ALL.len()],
}

impl Board {
    /// Iterates over the islands, in the order of [`IslandType::ALL`].
    pub fn islands(self) -> impl Iterator<Item = Island> {
        self.islands.into_iter()
    }

    /// Returns the island that covers this cell, if any.
    pub fn island_at(self, cell: Coordinate) -> Option<Island> {
        self.islands().find(|island| island.cells().contains(cell))
    }

    /// Returns all 18 cells of land.
    pub fn land(self) -> CoordinateSet {
        self.islands()
            .fold(CoordinateSet::EMPTY, |land, island| land | island.cells())
    }
}

impl From<Board> for Draft {
    fn from(board: Board) -> Draft {
        Draft {
            islands: board.islands.map(Some),
        }
    }
}

/// The error when an island would cover a cell of another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overlap {
    /// The kind of the other island.
    pub with: IslandType,
}

/// The error when a draft is not a complete board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The kinds not placed yet, one to five.
    pub islands: Vec<IslandType>,
}

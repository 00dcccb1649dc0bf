//! A player's islands: while they are being arranged, and when all are in place.

use crate::coordinate::Coordinate;
use crate::coordinate_set::CoordinateSet;
use crate::island::{Island, IslandType};

/// The islands that someone has put somewhere so far: none to all five, at most
/// one of a kind, none over another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    places: [Option<Island>; IslandType::ALL.len()],
}

impl Draft {
    /// This draft with one more island. An island of a kind that is there
    /// already is moved, so only the other kinds can be in its way.
    ///
    /// # Errors
    /// [`Overlap`] when it would cover a cell of another island.
    pub fn position(self, island: Island) -> Result<Draft, Overlap> {
        let in_the_way = self
            .islands()
            .find(|other| other.kind() != island.kind() && other.cells().overlaps(island.cells()));
        match in_the_way {
            Some(other) => Err(Overlap { with: other.kind() }),
            None => Ok(self.place(island)),
        }
    }

    /// The same, on the word of an event that the place was free.
    pub(crate) fn place(mut self, island: Island) -> Draft {
        self.places[island.kind() as usize] = Some(island);
        self
    }

    /// The board that this draft has become.
    ///
    /// # Errors
    /// [`Missing`] when not all five islands are in place.
    pub fn finish(self) -> Result<Board, Missing> {
        match self.places {
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

    /// The island of this kind, if it has a place.
    pub fn island(self, kind: IslandType) -> Option<Island> {
        self.places[kind as usize]
    }

    /// The islands in place, in the order of [`IslandType::ALL`].
    pub fn islands(self) -> impl Iterator<Item = Island> {
        self.places.into_iter().flatten()
    }
}

/// A board with all five islands in place, which can be played on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Board {
    islands: [Island; IslandType::ALL.len()],
}

impl Board {
    /// The islands, in the order of [`IslandType::ALL`].
    pub fn islands(self) -> impl Iterator<Item = Island> {
        self.islands.into_iter()
    }

    /// The island that covers this cell.
    pub fn island_at(self, cell: Coordinate) -> Option<Island> {
        self.islands().find(|island| island.cells().contains(cell))
    }

    /// All 18 cells of land.
    pub fn land(self) -> CoordinateSet {
        self.islands()
            .fold(CoordinateSet::EMPTY, |land, island| land | island.cells())
    }
}

impl From<Board> for Draft {
    fn from(board: Board) -> Draft {
        Draft {
            places: board.islands.map(Some),
        }
    }
}

/// The place is taken by another island.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overlap {
    /// The one that is there.
    pub with: IslandType,
}

/// Some islands have no place yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Those, one to five.
    pub islands: Vec<IslandType>,
}

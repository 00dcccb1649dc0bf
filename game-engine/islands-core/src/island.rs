//! The five islands: shapes, and a shape put somewhere.

use std::fmt;
use std::str::FromStr;

use crate::coordinate::{Coordinate, SIZE};
use crate::coordinate_set::CoordinateSet;

/// The five kinds of island. A player has one of each; there is no rotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum IslandType {
    /// Five cells around a lagoon.
    Atoll,
    /// One cell.
    Dot,
    /// Four cells: three down, one to the right at the foot.
    LShape,
    /// Four cells: two above, shifted one to the right of two below.
    SShape,
    /// Four cells, two by two.
    Square,
}

impl IslandType {
    /// All five, in the order of their wire names.
    pub const ALL: [IslandType; 5] = [
        IslandType::Atoll,
        IslandType::Dot,
        IslandType::LShape,
        IslandType::SShape,
        IslandType::Square,
    ];

    /// The name on the wire: `atoll`, `dot`, `l_shape`, `s_shape`, `square`.
    pub fn name(self) -> &'static str {
        match self {
            IslandType::Atoll => "atoll",
            IslandType::Dot => "dot",
            IslandType::LShape => "l_shape",
            IslandType::SShape => "s_shape",
            IslandType::Square => "square",
        }
    }

    /// The cells as (rows down, columns right) from the upper-left corner of the
    /// bounding box. The S does not cover its own corner.
    pub const fn offsets(self) -> &'static [(u8, u8)] {
        match self {
            IslandType::Atoll => &[(0, 0), (0, 1), (1, 1), (2, 0), (2, 1)],
            IslandType::Dot => &[(0, 0)],
            IslandType::LShape => &[(0, 0), (1, 0), (2, 0), (2, 1)],
            IslandType::SShape => &[(0, 1), (0, 2), (1, 0), (1, 1)],
            IslandType::Square => &[(0, 0), (0, 1), (1, 0), (1, 1)],
        }
    }

    /// Rows and columns of the bounding box.
    pub const fn extent(self) -> (u8, u8) {
        match self {
            IslandType::Atoll | IslandType::LShape => (3, 2),
            IslandType::Dot => (1, 1),
            IslandType::SShape => (2, 3),
            IslandType::Square => (2, 2),
        }
    }

    /// The shape with its corner at A1.
    const fn shape(self) -> u128 {
        let offsets = self.offsets();
        let mut bits = 0;
        let mut i = 0;
        while i < offsets.len() {
            bits |= 1 << (offsets[i].0 * SIZE + offsets[i].1);
            i += 1;
        }
        bits
    }
}

/// Each kind's shape with its corner at A1, one shift away from every other
/// place, in the order of [`IslandType::ALL`].
const SHAPES: [u128; IslandType::ALL.len()] = {
    let mut shapes = [0; IslandType::ALL.len()];
    let mut i = 0;
    while i < shapes.len() {
        shapes[i] = IslandType::ALL[i].shape();
        i += 1;
    }
    shapes
};

impl fmt::Display for IslandType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for IslandType {
    type Err = UnknownIslandType;

    fn from_str(name: &str) -> Result<IslandType, UnknownIslandType> {
        IslandType::ALL
            .into_iter()
            .find(|kind| kind.name() == name)
            .ok_or(UnknownIslandType)
    }
}

/// A name that is none of the five wire names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownIslandType;

/// An island in a place where all of it lies on the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Island {
    kind: IslandType,
    corner: Coordinate,
}

impl Island {
    /// Puts an island with the upper-left corner of its bounding box here.
    ///
    /// # Errors
    /// [`OffBoard`] when a cell of it would not lie on the board.
    pub fn new(kind: IslandType, corner: Coordinate) -> Result<Island, OffBoard> {
        let (rows, cols) = kind.extent();
        if corner.row() + rows - 1 <= SIZE && corner.col() + cols - 1 <= SIZE {
            Ok(Island { kind, corner })
        } else {
            Err(OffBoard { kind, corner })
        }
    }

    /// Which of the five it is.
    pub fn kind(self) -> IslandType {
        self.kind
    }

    /// The upper-left corner of its bounding box.
    pub fn corner(self) -> Coordinate {
        self.corner
    }

    /// The cells it covers. Moving a shape right or down is a shift of its bits,
    /// which is only true since no cell leaves its row: `new` has seen to that.
    pub fn cells(self) -> CoordinateSet {
        CoordinateSet::from_bits(SHAPES[self.kind as usize] << self.corner.index())
    }
}

/// An island does not fit on the board where it was asked to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OffBoard {
    /// The island.
    pub kind: IslandType,
    /// The corner that leaves too little room.
    pub corner: Coordinate,
}

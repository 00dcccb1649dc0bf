//! The five island shapes, and an island placed on the board.

use std::fmt;
use std::str::FromStr;

use crate::coordinate::{Coordinate, SIZE};
use crate::coordinate_set::CoordinateSet;

/// The five kinds of island. A player has one of each, never rotated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum IslandType {
    /// Five cells around a lagoon.
    Atoll,
    /// One cell.
    Dot,
    /// Four cells: three in a column, one to the right of the lowest.
    LShape,
    /// Four cells: two above two, the upper pair shifted one to the right.
    SShape,
    /// Four cells, two by two.
    Square,
}

impl IslandType {
    /// All five kinds in declaration order, so that `kind as usize` is an index into it.
    /// The order is alphabetical by wire name.
    pub const ALL: [IslandType; 5] = [
        IslandType::Atoll,
        IslandType::Dot,
        IslandType::LShape,
        IslandType::SShape,
        IslandType::Square,
    ];

    /// Returns the wire name: `atoll`, `dot`, `l_shape`, `s_shape`, `square`.
    pub fn name(self) -> &'static str {
        match self {
            IslandType::Atoll => "atoll",
            IslandType::Dot => "dot",
            IslandType::LShape => "l_shape",
            IslandType::SShape => "s_shape",
            IslandType::Square => "square",
        }
    }

    /// Returns the covered cells as (rows down, columns right) from the corner.
    ///
    /// The corner is the upper-left one of the bounding box. The S does not
    /// cover its own corner.
    pub const fn offsets(self) -> &'static [(u8, u8)] {
        match self {
            IslandType::Atoll => &[(0, 0), (0, 1), (1, 1), (2, 0), (2, 1)],
            IslandType::Dot => &[(0, 0)],
            IslandType::LShape => &[(0, 0), (1, 0), (2, 0), (2, 1)],
            IslandType::SShape => &[(0, 1), (0, 2), (1, 0), (1, 1)],
            IslandType::Square => &[(0, 0), (0, 1), (1, 0), (1, 1)],
        }
    }

    /// Returns the number of rows and columns of the bounding box.
    pub const fn extent(self) -> (u8, u8) {
        match self {
            IslandType::Atoll | IslandType::LShape => (3, 2),
            IslandType::Dot => (1, 1),
            IslandType::SShape => (2, 3),
            IslandType::Square => (2, 2),
        }
    }

    /// Returns the bits of the shape with its corner at A1.
    const fn shape(self) -> u128 {
        let offsets = self.offsets();
        let mut bits = 0;
        let mut i = 0;
        // A `const fn` cannot use `for`.
        while i < offsets.len() {
            bits |= 1 << (offsets[i].0 * SIZE + offsets[i].1);
            i += 1;
        }
        bits
    }
}

/// The bits of each shape with its corner at A1, in the order of
/// [`IslandType::ALL`]. One shift moves a shape to any other corner.
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

/// The error when a name is none of the five wire names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownIslandType;

/// An island at a place where all its cells lie on the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Island {
    kind: IslandType,
    corner: Coordinate,
}

impl Island {
    /// Places an island with the upper-left corner of its bounding box at `corner`.
    ///
    /// # Errors
    /// [`OffBoard`] when a cell of the island would be outside the board.
    pub fn new(kind: IslandType, corner: Coordinate) -> Result<Island, OffBoard> {
        your_code!(kind, corner)
    }

    /// Returns the kind of island.
    pub fn kind(self) -> IslandType {
        self.kind
    }

    /// Returns the upper-left corner of the bounding box.
    pub fn corner(self) -> Coordinate {
        self.corner
    }

    /// Returns the cells that the island covers.
    ///
    /// Shifting the bits of a shape to the left moves it right and down. This is correct
    /// because `new` has checked both edges: a cell past the right edge would wrap into the
    /// next row, and a cell past the lower edge would get a bit that stands for no cell.
    pub fn cells(self) -> CoordinateSet {
        your_code!(self)
    }
}

/// The error when an island does not fit on the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OffBoard {
    /// The kind of island.
    pub kind: IslandType,
    /// The requested corner, which leaves too little room.
    pub corner: Coordinate,
}

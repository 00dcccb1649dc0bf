//! A set of cells as a bitboard: the lowest hundred bits of a `u128`.

use std::fmt;
use std::ops::{BitAnd, BitOr, Sub};

use crate::coordinate::{Coordinate, SIZE};

/// A set of cells, stored as a bitboard.
///
/// A board has a hundred cells, which fit in a `u128`. So union, intersection
/// and the test for overlap take a few machine instructions, and a set is `Copy`.
///
/// ```
/// use islands_core::{Coordinate, CoordinateSet};
///
/// let a1 = Coordinate::new(1, 1)?;
/// let b2 = Coordinate::new(2, 2)?;
/// let set: CoordinateSet = [a1, b2].into_iter().collect();
/// assert_eq!(set.len(), 2);
/// assert!(set.contains(b2));
/// assert!(!set.overlaps(CoordinateSet::EMPTY));
/// # Ok::<(), islands_core::InvalidCoordinate>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct CoordinateSet {
    bits: u128,
}

impl CoordinateSet {
    /// The empty set.
    pub const EMPTY: CoordinateSet = CoordinateSet { bits: 0 };

    /// The set of all cells of the board.
    pub const ALL: CoordinateSet = CoordinateSet {
        bits: (1 << (SIZE * SIZE)) - 1,
    };

    pub(crate) const fn from_bits(bits: u128) -> CoordinateSet {
        CoordinateSet { bits }
    }

    /// Returns the number of cells in the set, 0 to 100.
    pub fn len(self) -> usize {
        self.bits.count_ones() as usize
    }

    /// Returns whether the set is empty.
    pub fn is_empty(self) -> bool {
        self.bits == 0
    }

    /// Returns whether `cell` is in the set.
    pub fn contains(self, cell: Coordinate) -> bool {
        self.bits >> cell.index() & 1 == 1
    }

    /// Returns this set with `cell` added.
    #[must_use]
    pub fn with(self, cell: Coordinate) -> CoordinateSet {
        your_code!(self, cell)
    }

    /// Returns whether the two sets have a cell in common.
    pub fn overlaps(self, other: CoordinateSet) -> bool {
        your_code!(self, other)
    }

    /// Returns whether every cell of this set is in `other`.
    pub fn is_subset(self, other: CoordinateSet) -> bool {
        your_code!(self, other)
    }

    /// Iterates over the cells, row by row.
    pub fn iter(self) -> impl Iterator<Item = Coordinate> {
        let mut bits = self.bits;
        std::iter::from_fn(move || {
            // With no bit left this is 128, which is no cell's index: the iterator ends.
            let lowest = bits.trailing_zeros();
            // Clears the lowest bit.
            bits &= bits.wrapping_sub(1);
            u8::try_from(lowest).ok().and_then(Coordinate::from_index)
        })
    }
}

impl BitOr for CoordinateSet {
    type Output = CoordinateSet;

    fn bitor(self, other: CoordinateSet) -> CoordinateSet {
        CoordinateSet::from_bits(self.bits | other.bits)
    }
}

impl BitAnd for CoordinateSet {
    type Output = CoordinateSet;

    fn bitand(self, other: CoordinateSet) -> CoordinateSet {
        CoordinateSet::from_bits(self.bits & other.bits)
    }
}

impl Sub for CoordinateSet {
    type Output = CoordinateSet;

    fn sub(self, other: CoordinateSet) -> CoordinateSet {
        CoordinateSet::from_bits(self.bits & !other.bits)
    }
}

impl FromIterator<Coordinate> for CoordinateSet {
    fn from_iter<I: IntoIterator<Item = Coordinate>>(cells: I) -> CoordinateSet {
        cells
            .into_iter()
            .fold(CoordinateSet::EMPTY, CoordinateSet::with)
    }
}

impl fmt::Debug for CoordinateSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for CoordinateSet {
    /// Serializes the set as a list of cells, row by row.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

//! A board as most of us would write it first: a hash set of (row, column) pairs per island.
//!
//! It answers as [`islands_core::Draft`] does, which `tests/lesson.rs` checks, and takes more
//! memory and time. Walk step 12 measures the time.

use std::collections::{HashMap, HashSet};

use islands_core::IslandType;

/// The cells of one island, as (row, column), both from 1.
pub type Cells = HashSet<(u8, u8)>;

/// The islands placed so far, by kind.
#[derive(Clone, Debug, Default)]
pub struct HashBoard {
    islands: HashMap<IslandType, Cells>,
}

/// Why an island cannot be placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// A cell would be outside the board.
    OffBoard,
    /// A cell belongs to an island of this kind.
    Overlap(IslandType),
}

impl HashBoard {
    /// Places or moves an island.
    ///
    /// # Errors
    /// If the island does not fit on the board or covers a cell of another one. Then the board
    /// stays as it is.
    pub fn position(&mut self, kind: IslandType, corner: (u8, u8)) -> Result<(), Refused> {
        let cells = cells(kind, corner).ok_or(Refused::OffBoard)?;
        for other in IslandType::ALL {
            let in_the_way = self.islands.get(&other);
            if other != kind && in_the_way.is_some_and(|other| overlap(other, &cells)) {
                return Err(Refused::Overlap(other));
            }
        }
        self.islands.insert(kind, cells);
        Ok(())
    }
}

/// Returns the cells of an island at this corner, or `None` if one is outside the board.
pub fn cells(kind: IslandType, (row, col): (u8, u8)) -> Option<Cells> {
    let cells = kind
        .offsets()
        .iter()
        .map(|(down, right)| (row + down, col + right));
    let cells: Cells = cells.collect();
    let on_board = |(row, col): &(u8, u8)| *row <= 10 && *col <= 10;
    cells.iter().all(on_board).then_some(cells)
}

/// Returns whether the two sets have a cell in common.
pub fn overlap(one: &Cells, other: &Cells) -> bool {
    !one.is_disjoint(other)
}

//! Times overlap checks.

use std::fmt::Display;
use std::hint::black_box;
use std::time::Instant;

use ch02::hash_board;
use islands_core::{CoordinateSet, Island, IslandType, legal_places};

/// Returns the cells of each place of this kind.
pub(crate) fn bit_sets(kind: IslandType) -> Vec<CoordinateSet> {
    legal_places(kind).map(Island::cells).collect()
}

/// Returns the same as hash sets.
pub(crate) fn hash_sets(kind: IslandType) -> Vec<hash_board::Cells> {
    let corners = legal_places(kind).map(Island::corner);
    let cells = corners.filter_map(|at| hash_board::cells(kind, (at.row(), at.col())));
    cells.collect()
}

/// How long an overlap check takes, and how many pairs overlap.
pub(crate) struct Timed {
    /// Nanoseconds per check.
    pub(crate) ns: f64,
    /// Pairs that overlap.
    pub(crate) found: usize,
}

/// Checks each set of the first list against each of the second.
pub(crate) fn timed<T>([one, other]: &[Vec<T>; 2], overlap: fn(&T, &T) -> bool) -> Timed {
    let began = Instant::now();
    let mut found = 0;
    for one in one {
        let overlaps = |other: &&T| overlap(black_box(one), black_box(*other));
        found += other.iter().filter(overlaps).count();
    }
    let checks = one.len() * other.len();
    Timed {
        ns: began.elapsed().as_nanos() as f64 / checks as f64,
        found,
    }
}

/// Returns how this program was compiled.
pub(crate) fn profile() -> impl Display {
    match cfg!(debug_assertions) {
        true => "debug build",
        false => "release build",
    }
}

/// Returns a figure with one decimal if it is below 10.
pub(crate) fn rounded(figure: f64) -> String {
    match figure < 10.0 {
        true => format!("{figure:.1}"),
        false => format!("{figure:.0}"),
    }
}

//! Commands about sets of cells.

use crate::coordinate::Coordinate;
use crate::coordinate_set::CoordinateSet;
use crate::grid::grid;

/// Returns a function that answers commands. It keeps nothing between them.
pub fn start() -> impl FnMut(&str) -> String {
    answer
}

/// Answers `with CELL…`, `overlap CELL… / CELL…` or `subset CELL… / CELL…`. No cells are
/// the empty set.
fn answer(command: &str) -> String {
    let (verb, cells) = command.split_once(' ').unwrap_or((command, ""));
    let (one, other) = cells.split_once('/').unwrap_or((cells, ""));
    match verb {
        "with" => drawn(set(one)),
        "overlap" => yes_or_no(set(one).overlaps(set(other))),
        "subset" => yes_or_no(set(one).is_subset(set(other))),
        _ => "! unknown command".to_owned(),
    }
}

/// Adds the cells one after the other, with `with`.
fn set(cells: &str) -> CoordinateSet {
    let cells = cells
        .split_whitespace()
        .map(|cell| cell.parse::<Coordinate>());
    cells.fold(CoordinateSet::EMPTY, |set, cell| {
        set.with(cell.expect("a cell"))
    })
}

fn drawn(set: CoordinateSet) -> String {
    grid(|row, col| match Coordinate::new(row.into(), col.into()) {
        Ok(cell) if set.contains(cell) => '#',
        _ => '·',
    })
}

fn yes_or_no(answer: bool) -> String {
    (if answer { "yes" } else { "no" }).to_owned()
}

//! Commands about islands.

use crate::coordinate::Coordinate;
use crate::grid::grid;
use crate::island::{Island, IslandType, OffBoard};

/// Returns a function that answers commands. It keeps nothing between them.
pub fn start() -> impl FnMut(&str) -> String {
    answer
}

/// Answers `island KIND CORNER` or `places KIND`.
fn answer(command: &str) -> String {
    let words: Vec<&str> = command.split(' ').collect();
    match words[..] {
        ["island", name, corner] => island(kind(name), corner.parse().expect("a cell")),
        ["places", name] => places(kind(name)),
        _ => "! unknown command".to_owned(),
    }
}

fn kind(name: &str) -> IslandType {
    name.parse().expect("a kind of island")
}

/// Draws the cells of an island, or says that it does not fit.
fn island(kind: IslandType, corner: Coordinate) -> String {
    match Island::new(kind, corner) {
        Ok(island) => {
            let cells = island.cells();
            let drawn = grid(|row, col| match Coordinate::new(row.into(), col.into()) {
                Ok(cell) if cells.contains(cell) => '#',
                _ => '·',
            });
            format!("{} at {}\n{drawn}", island.kind(), island.corner())
        }
        Err(OffBoard { kind, corner }) => format!("no room for {kind} at {corner}"),
    }
}

/// Draws the corners at which an island of this kind fits.
fn places(kind: IslandType) -> String {
    grid(|row, col| match Coordinate::new(row.into(), col.into()) {
        Ok(corner) if Island::new(kind, corner).is_ok() => '+',
        _ => '·',
    })
}

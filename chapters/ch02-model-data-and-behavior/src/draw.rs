//! Draws the walk's boards and shapes.

use islands_core::{Board, Coordinate, CoordinateSet, Island, IslandType};
use walk::grid;

/// Draws a set of cells on a board.
pub(crate) fn cells(set: CoordinateSet) -> String {
    grid(|row, col| match Coordinate::new(row.into(), col.into()) {
        Ok(cell) if set.contains(cell) => '#',
        _ => '·',
    })
}

/// Draws a board, with a letter for each kind of island.
pub(crate) fn land(board: Board) -> String {
    grid(|row, col| {
        let cell = Coordinate::new(row.into(), col.into()).ok();
        let island = cell.and_then(|cell| board.island_at(cell));
        match island.map(Island::kind) {
            Some(IslandType::Atoll) => 'A',
            Some(IslandType::Dot) => 'D',
            Some(IslandType::LShape) => 'L',
            Some(IslandType::SShape) => 'S',
            Some(IslandType::Square) => 'Q',
            None => '·',
        }
    })
}

/// Draws the bits of a set, ten to a line.
pub(crate) fn bits(set: CoordinateSet) -> String {
    let bits: Vec<_> = Coordinate::all()
        .map(|cell| if set.contains(cell) { '1' } else { '0' })
        .collect();
    let lines: Vec<String> = bits.chunks(10).map(|line| line.iter().collect()).collect();
    format!("\n{}", lines.join("\n"))
}

/// Draws a shape in the box around it.
pub(crate) fn shape(kind: IslandType) -> String {
    let (rows, cols) = kind.extent();
    let row = |row| {
        let cells = (0..cols).map(|col| match kind.offsets().contains(&(row, col)) {
            true => "# ",
            false => "· ",
        });
        cells.collect::<String>().trim_end().to_owned()
    };
    let rows: Vec<String> = (0..rows).map(row).collect();
    format!("{kind}\n{}", rows.join("\n"))
}

/// Puts shapes side by side.
pub(crate) fn in_a_row(drawings: &[String]) -> String {
    let drawings = drawings.iter().filter(|drawing| !drawing.is_empty());
    drawings.fold(String::new(), |row, drawing| match row.is_empty() {
        true => drawing.clone(),
        false => walk::beside(&row, drawing),
    })
}

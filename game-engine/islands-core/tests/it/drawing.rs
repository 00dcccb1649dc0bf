//! Boards as drawings: `a` atoll, `d` dot, `l` L, `s` S, `q` square, `.` water.

use islands_core::{Board, Coordinate, CoordinateSet, Draft, Island, IslandType, Placement};

/// Ada's islands, unless a test needs other ones. None of their cells is land on
/// Bob's board.
pub(crate) const ADA: &str = "
    a a . . d . . . . .
    . a . . . . . . . .
    a a . . . . . . . .
    . . . . . . . . . .
    l . . . . . . . . .
    l . . . . . . . . .
    l l . . . . . . . .
    . . . . . . . . . .
    . s s . . . . . q q
    s s . . . . . . q q
";

/// Bob's islands, unless a test needs other ones.
pub(crate) const BOB: &str = "
    . . . . . . . . q q
    . . . . . . . . q q
    . . . . a a . . . .
    . . . . . a . . . .
    . . . . a a . . . .
    . . . . . . . . . .
    . . . l . . s s . .
    . . . l . s s . . .
    . . . l l . . . . .
    . . . . . . . d . .
";

/// Reads the board from a drawing.
pub(crate) fn board(drawing: &str) -> Board {
    let islands = IslandType::ALL.into_iter().map(|kind| {
        let cells = cells(drawing, letter(kind));
        let corner = corner(&cells).expect("all five are drawn");
        let island = Island::new(kind, corner).expect("a drawing is a board");
        assert_eq!(island.cells(), cells, "the {kind} has its shape");
        island
    });
    islands
        .into_iter()
        .try_fold(Draft::default(), Draft::position)
        .expect("no cell has two letters")
        .finish()
        .expect("all five are drawn")
}

/// The placements that lead to this board.
pub(crate) fn placements(drawing: &str) -> Vec<Placement> {
    board(drawing).islands().map(Placement::from).collect()
}

/// Draws islands.
pub(crate) fn draw(islands: impl IntoIterator<Item = Island>) -> String {
    let islands: Vec<Island> = islands.into_iter().collect();
    let mut drawing = String::new();
    for cell in Coordinate::all() {
        let there = islands.iter().find(|island| island.cells().contains(cell));
        drawing.push_str(if cell.col() == 1 { "\n    " } else { " " });
        drawing.push(there.map_or('.', |island| letter(island.kind())));
    }
    drawing + "\n"
}

/// The cells with this letter.
pub(crate) fn cells(drawing: &str, letter: char) -> CoordinateSet {
    let letters = drawing.chars().filter(|c| !c.is_whitespace());
    Coordinate::all()
        .zip(letters)
        .filter(|(_, there)| *there == letter)
        .map(|(cell, _)| cell)
        .collect()
}

fn letter(kind: IslandType) -> char {
    match kind {
        IslandType::Atoll => 'a',
        IslandType::Dot => 'd',
        IslandType::LShape => 'l',
        IslandType::SShape => 's',
        IslandType::Square => 'q',
    }
}

/// The upper-left corner of the bounding box, which may not be in the set.
fn corner(cells: &CoordinateSet) -> Option<Coordinate> {
    let row = cells.iter().map(Coordinate::row).min()?;
    let col = cells.iter().map(Coordinate::col).min()?;
    Coordinate::new(row.into(), col.into()).ok()
}

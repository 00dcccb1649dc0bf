//! The five shapes, and where they fit.

use islands_core::{Coordinate, Island, IslandType, UnknownIslandType, legal_places};

use crate::drawing::draw;

#[track_caller]
fn check(kind: IslandType, corner: &str, drawing: &str) {
    let corner: Coordinate = corner.parse().expect("a cell");
    let island = Island::new(kind, corner).expect("it fits");
    assert_eq!((island.kind(), island.corner()), (kind, corner));
    let rows = draw([island]);
    let rows = rows
        .lines()
        .map(str::trim)
        .filter(|row| row.contains(|c| c != '.' && c != ' '));
    let drawing = drawing.lines().map(str::trim).filter(|row| !row.is_empty());
    assert!(rows.eq(drawing), "{}", draw([island]));
}

#[test]
fn the_shapes_are_these() {
    check(
        IslandType::Atoll,
        "A1",
        "a a . . . . . . . .
         . a . . . . . . . .
         a a . . . . . . . .",
    );
    check(IslandType::Dot, "J10", ". . . . . . . . . d");
    check(
        IslandType::LShape,
        "H9",
        ". . . . . . . . l .
         . . . . . . . . l .
         . . . . . . . . l l",
    );
    check(
        IslandType::SShape,
        "C4",
        ". . . . s s . . . .
         . . . s s . . . . .",
    );
    check(
        IslandType::Square,
        "A9",
        ". . . . . . . . q q
         . . . . . . . . q q",
    );
}

#[test]
fn legal_corners_are_72_100_72_72_and_81() {
    let counts = IslandType::ALL.map(|kind| legal_places(kind).count());
    assert_eq!(counts, [72, 100, 72, 72, 81]);
}

#[test]
fn an_island_fits_exactly_where_all_its_cells_are_on_the_board() {
    for kind in IslandType::ALL {
        for corner in Coordinate::all() {
            let cells: Option<Vec<Coordinate>> = kind
                .offsets()
                .iter()
                .map(|(down, right)| {
                    let (row, col) = (corner.row() + down, corner.col() + right);
                    Coordinate::new(row.into(), col.into()).ok()
                })
                .collect();
            let island = Island::new(kind, corner);
            assert_eq!(
                island.ok().map(Island::cells),
                cells.map(|cells| cells.into_iter().collect()),
                "the {kind} at {corner}"
            );
        }
    }
}

#[test]
fn names_are_those_on_the_wire() {
    let names = IslandType::ALL.map(IslandType::name);
    assert_eq!(names, ["atoll", "dot", "l_shape", "s_shape", "square"]);
    for kind in IslandType::ALL {
        assert_eq!(kind.to_string().parse(), Ok(kind));
    }
    for name in ["", "Dot", "dot ", "lshape", "L"] {
        assert_eq!(name.parse::<IslandType>(), Err(UnknownIslandType));
    }
}

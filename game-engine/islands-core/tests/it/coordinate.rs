//! Cells: their bounds, and how people write them.

use islands_core::{Coordinate, InvalidCoordinate};

#[test]
fn a_board_has_a_hundred_cells_row_by_row() {
    let cells: Vec<String> = Coordinate::all().map(|cell| cell.to_string()).collect();
    assert_eq!(cells.len(), 100);
    assert_eq!(cells[..2], ["A1", "A2"]);
    assert_eq!(cells[9..11], ["A10", "B1"]);
    assert_eq!(cells[98..], ["J9", "J10"]);
}

#[test]
fn rows_and_columns_go_from_1_to_10() {
    for row in -1..=12 {
        for col in -1..=12 {
            let on_board = (1..=10).contains(&row) && (1..=10).contains(&col);
            match Coordinate::new(row, col) {
                Ok(cell) => {
                    assert!(on_board);
                    assert_eq!((i64::from(cell.row()), i64::from(cell.col())), (row, col));
                }
                Err(error) => {
                    assert!(!on_board);
                    assert_eq!(error, InvalidCoordinate { row, col });
                }
            }
        }
    }
    for far in [i64::MIN, 257, 1 + (1 << 32), i64::MAX] {
        assert!(Coordinate::new(far, 1).is_err(), "{far} is no row");
        assert!(Coordinate::new(1, far).is_err(), "{far} is no column");
    }
}

#[test]
fn display_and_parse_round_trip() {
    for cell in Coordinate::all() {
        assert_eq!(cell.to_string().parse(), Ok(cell));
        assert_eq!(cell.to_string().to_lowercase().parse(), Ok(cell));
    }
}

#[test]
fn an_invalid_cell_is_not_parsed() {
    for text in [
        "",
        "B",
        "7",
        "B0",
        "B11",
        "K1",
        "B-7",
        "B+7",
        " B7",
        "B7 ",
        "BB7",
        "@1",
        "É1",
        "B٧",
        "B99999999999999999999",
    ] {
        assert!(text.parse::<Coordinate>().is_err(), "{text:?} is no cell");
    }
}

#[test]
fn neighbours_share_an_edge_and_lie_on_the_board() {
    #[track_caller]
    fn check(cell: &str, neighbours: &[&str]) {
        let cell: Coordinate = cell.parse().expect("a cell");
        let found: Vec<String> = cell.neighbours().map(|cell| cell.to_string()).collect();
        assert_eq!(found, neighbours);
    }
    check("B7", &["A7", "C7", "B6", "B8"]);
    check("A1", &["B1", "A2"]);
    check("J10", &["I10", "J9"]);
    check("E10", &["D10", "F10", "E9"]);
}

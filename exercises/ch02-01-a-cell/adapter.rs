//! Commands about cells.

use crate::coordinate::{Coordinate, InvalidCoordinate, SIZE};

/// Returns a function that answers commands. It keeps nothing between them.
pub fn start() -> impl FnMut(&str) -> String {
    answer
}

/// Answers `cell ROW COL`, `number ROW COL` or `all`.
fn answer(command: &str) -> String {
    let words: Vec<&str> = command.split(' ').collect();
    match words[..] {
        ["cell", row, col] => shown(cell(row, col), |cell| {
            format!("row {}, column {}", cell.row(), cell.col())
        }),
        ["number", row, col] => shown(cell(row, col), |cell| cell.index().to_string()),
        ["all"] => {
            let cells: Vec<_> = Coordinate::all()
                .map(|cell| format!("{}/{}", cell.row(), cell.col()))
                .collect();
            let rows: Vec<_> = cells.chunks(SIZE.into()).map(|row| row.join(" ")).collect();
            rows.join("\n")
        }
        _ => "! unknown command".to_owned(),
    }
}

fn cell(row: &str, col: &str) -> Result<Coordinate, InvalidCoordinate> {
    let number = |text: &str| text.parse().expect("a number");
    Coordinate::new(number(row), number(col))
}

fn shown(
    cell: Result<Coordinate, InvalidCoordinate>,
    show: impl Fn(Coordinate) -> String,
) -> String {
    match cell {
        Ok(cell) => show(cell),
        Err(InvalidCoordinate { row, col }) => format!("refused: row {row}, column {col}"),
    }
}

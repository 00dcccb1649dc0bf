//! Draws boards with characters.

/// The number of rows and columns of a board.
const SIZE: u8 = 10;

/// Draws a board, with letters for its rows and numbers for its columns, both from 1.
///
/// ```
/// let board = walk::grid(|row, col| if (row, col) == (2, 7) { '#' } else { '·' });
/// assert!(board.contains("B · · · · · · # · · ·"));
/// ```
pub fn grid(cell: impl Fn(u8, u8) -> char) -> String {
    let mut drawing = " ".to_owned();
    for col in 1..=SIZE {
        drawing.push_str(&format!(" {col}"));
    }
    for row in 1..=SIZE {
        drawing.push('\n');
        drawing.push(char::from(b'A' + row - 1));
        for col in 1..=SIZE {
            drawing.push(' ');
            drawing.push(cell(row, col));
        }
    }
    drawing
}

/// Puts two drawings side by side, with four spaces between them.
///
/// ```
/// assert_eq!(walk::beside("ab\nc", "1\n2\n3"), "ab    1\nc     2\n      3");
/// ```
pub fn beside(left: &str, right: &str) -> String {
    let width = left.lines().map(|line| line.chars().count()).max();
    let width = width.unwrap_or(0);
    let height = left.lines().count().max(right.lines().count());
    let rows = (0..height).map(|row| {
        let left = left.lines().nth(row).unwrap_or("");
        let right = right.lines().nth(row).unwrap_or("");
        format!("{left:<width$}    {right}").trim_end().to_owned()
    });
    rows.collect::<Vec<_>>().join("\n")
}

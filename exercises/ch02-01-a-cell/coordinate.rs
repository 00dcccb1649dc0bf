//! Coordinates: the cells of a board.

use std::fmt;
use std::str::FromStr;

/// The number of rows and of columns; both are counted from 1.
pub const SIZE: u8 = 10;

/// One of the hundred cells of a board.
///
/// People write a letter for the row and a number for the column, `A1` to
/// `J10`. On the wire, `B7` is `{"row": 2, "col": 7}`.
///
/// ```
/// use islands_core::Coordinate;
///
/// let cell: Coordinate = "B7".parse()?;
/// assert_eq!((cell.row(), cell.col()), (2, 7));
/// assert_eq!(cell.to_string(), "B7");
/// assert!(Coordinate::new(11, 1).is_err());
/// # Ok::<(), islands_core::ParseCoordinateError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Coordinate {
    /// Counts the cells row by row, 0 to 99; also the cell's bit in a
    /// [`CoordinateSet`](crate::CoordinateSet).
    index: u8,
}

impl Coordinate {
    /// Returns the cell in this row and column, both counted from 1.
    ///
    /// # Errors
    /// [`InvalidCoordinate`] when the row or the column is not between 1 and 10.
    pub fn new(row: i64, col: i64) -> Result<Coordinate, InvalidCoordinate> {
        your_code!(row, col)
    }

    /// Iterates over every cell, row by row.
    pub fn all() -> impl Iterator<Item = Coordinate> {
        (0..SIZE * SIZE).map(|index| Coordinate { index })
    }

    /// Returns the row, 1 to 10 from the top.
    pub fn row(self) -> u8 {
        your_code!(self)
    }

    /// Returns the column, 1 to 10 from the left.
    pub fn col(self) -> u8 {
        your_code!(self)
    }

    /// Iterates over the cells above, below, left and right, within the board.
    pub fn neighbours(self) -> impl Iterator<Item = Coordinate> {
        let (row, col) = (i64::from(self.row()), i64::from(self.col()));
        [
            (row - 1, col),
            (row + 1, col),
            (row, col - 1),
            (row, col + 1),
        ]
        .into_iter()
        .filter_map(|(row, col)| Coordinate::new(row, col).ok())
    }

    pub(crate) fn index(self) -> u8 {
        self.index
    }

    pub(crate) fn from_index(index: u8) -> Option<Coordinate> {
        (index < SIZE * SIZE).then_some(Coordinate { index })
    }
}

/// Checks the number of a line, a row or a column, which must be 1 to [`SIZE`].
fn checked_line(number: i64) -> Option<u8> {
    u8::try_from(number).ok().filter(|n| (1..=SIZE).contains(n))
}

impl fmt::Display for Coordinate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", char::from(b'A' + self.row() - 1), self.col())
    }
}

impl fmt::Debug for Coordinate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Coordinate {
    type Err = ParseCoordinateError;

    /// Parses `B7` or `b7`.
    fn from_str(text: &str) -> Result<Coordinate, ParseCoordinateError> {
        let mut rest = text.chars();
        let letter = rest
            .next()
            .ok_or(ParseCoordinateError)?
            .to_ascii_uppercase();
        let number = rest.as_str();
        // `parse` alone would also accept a sign, as in `B+7`.
        if !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(ParseCoordinateError);
        }
        let row = i64::from(u32::from(letter)) - i64::from(b'A') + 1;
        let col = number.parse().map_err(|_| ParseCoordinateError)?;
        Coordinate::new(row, col).map_err(|_| ParseCoordinateError)
    }
}

/// The error when a row or a column is not on the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidCoordinate {
    /// The requested row.
    pub row: i64,
    /// The requested column.
    pub col: i64,
}

impl fmt::Display for InvalidCoordinate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let InvalidCoordinate { row, col } = self;
        write!(
            f,
            "there is no cell in row {row}, column {col}: both go from 1 to {SIZE}"
        )
    }
}

impl std::error::Error for InvalidCoordinate {}

/// The error when a text is not a cell from `A1` to `J10`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseCoordinateError;

impl fmt::Display for ParseCoordinateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("write a row from A to J and a column from 1 to 10, such as B7")
    }
}

impl std::error::Error for ParseCoordinateError {}

#[cfg(feature = "serde")]
impl serde::Serialize for Coordinate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut cell = serializer.serialize_struct("Coordinate", 2)?;
        cell.serialize_field("row", &self.row())?;
        cell.serialize_field("col", &self.col())?;
        cell.end()
    }
}

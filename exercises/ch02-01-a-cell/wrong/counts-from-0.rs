//! Counts rows and columns from 0, as arrays do. The board counts them from 1.

impl Coordinate {
    pub fn new(row: i64, col: i64) -> Result<Coordinate, InvalidCoordinate> {
        match (u8::try_from(row), u8::try_from(col)) {
            (Ok(r), Ok(c)) if r < SIZE && c < SIZE => Ok(Coordinate {
                index: r * SIZE + c,
            }),
            _ => Err(InvalidCoordinate { row, col }),
        }
    }

    pub fn row(self) -> u8 {
        self.index / SIZE
    }

    pub fn col(self) -> u8 {
        self.index % SIZE
    }
}

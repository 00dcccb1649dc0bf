//! Cuts the numbers to eight bits before it checks them: row 257 passes for row 1.

impl Coordinate {
    pub fn new(row: i64, col: i64) -> Result<Coordinate, InvalidCoordinate> {
        let (small_row, small_col) = (row as u8, col as u8);
        if (1..=SIZE).contains(&small_row) && (1..=SIZE).contains(&small_col) {
            Ok(Coordinate {
                index: (small_row - 1) * SIZE + (small_col - 1),
            })
        } else {
            Err(InvalidCoordinate { row, col })
        }
    }
}

//! Turns the shape around its corner instead of inside its box, so the cells land to the left
//! of the corner or above it.

impl Island {
    pub fn cells(self) -> CoordinateSet {
        let cells = self.kind.offsets().iter().filter_map(|(down, right)| {
            let (mut down, mut right) = (i64::from(*down), i64::from(*right));
            for _ in 0..self.turns {
                (down, right) = (right, -down);
            }
            let row = i64::from(self.corner.row()) + down;
            let col = i64::from(self.corner.col()) + right;
            Coordinate::new(row, col).ok()
        });
        cells.collect()
    }
}

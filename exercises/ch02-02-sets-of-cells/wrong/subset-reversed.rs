//! Asks whether the other set is a subset of this one. It is the other way round.

impl CoordinateSet {
    pub fn is_subset(self, other: CoordinateSet) -> bool {
        other.bits & !self.bits == 0
    }
}

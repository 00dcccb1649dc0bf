//! Tests the island against its own old place as well, so a move by one cell is refused.

impl Draft {
    pub fn position(self, island: Island) -> Result<Draft, Overlap> {
        let in_the_way = self
            .islands()
            .find(|other| other.cells().overlaps(island.cells()));
        match in_the_way {
            Some(other) => Err(Overlap { with: other.kind() }),
            None => Ok(self.put(island)),
        }
    }
}

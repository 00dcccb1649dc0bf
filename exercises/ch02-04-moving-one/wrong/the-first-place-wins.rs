//! Keeps an island where it was placed first. It accepts a move and ignores it.

impl Draft {
    pub fn position(self, island: Island) -> Result<Draft, Overlap> {
        let in_the_way = self
            .islands()
            .find(|other| other.kind() != island.kind() && other.cells().overlaps(island.cells()));
        match in_the_way {
            Some(other) => Err(Overlap { with: other.kind() }),
            None if self.island(island.kind()).is_some() => Ok(self),
            None => Ok(self.put(island)),
        }
    }
}

//! Takes an island to be forested at its first hit. All its cells have to be hit.

impl Guesses {
    pub fn try_at(self, board: Board, at: Coordinate) -> (Outcome, Option<IslandType>) {
        match board.island_at(at) {
            None => (Outcome::Miss, None),
            Some(island) => {
                let forested = island.cells().overlaps(self.hits.with(at));
                (Outcome::Hit, forested.then_some(island.kind()))
            }
        }
    }
}

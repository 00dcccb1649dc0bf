//! Counts the hits on all islands. Only those on the guessed island matter.

impl Guesses {
    pub fn try_at(self, board: Board, at: Coordinate) -> (Outcome, Option<IslandType>) {
        match board.island_at(at) {
            None => (Outcome::Miss, None),
            Some(island) => {
                let forested = self.hits.with(at).len() >= island.cells().len();
                (Outcome::Hit, forested.then_some(island.kind()))
            }
        }
    }
}

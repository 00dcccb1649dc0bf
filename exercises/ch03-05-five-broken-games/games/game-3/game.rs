//! The cell is checked first. The state and the turn come before it.

impl Game {
    fn guess_coordinate(&self, by: Player, row: i64, col: i64) -> Result<Vec<Event>, Rejection> {
        let at = Coordinate::new(row, col)?;
        let board = self.state.require_turn(by)?;
        let guesses = self.guesses[by];
        if guesses.contains(at) {
            return Err(Rejection::AlreadyGuessed { at });
        }
        let (outcome, forested) = guesses.try_at(board, at);
        let guessed = Event::CoordinateGuessed(Move {
            by,
            at,
            outcome,
            forested,
        });
        let won = forested.is_some() && board.land().is_subset(guesses.hits().with(at));
        Ok(if won {
            vec![guessed, Event::GameWon { by }]
        } else {
            vec![guessed]
        })
    }
}

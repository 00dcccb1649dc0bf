//! Takes a repeated guess for a miss, which passes the turn. It is refused, and the player
//! keeps the turn.

impl Game {
    fn guess_coordinate(&self, by: Player, row: i64, col: i64) -> Result<Vec<Event>, Rejection> {
        let board = self.state.require_turn(by)?;
        let at = Coordinate::new(row, col)?;
        let guesses = self.guesses[by];
        let (outcome, forested) = match guesses.contains(at) {
            true => (crate::guesses::Outcome::Miss, None),
            false => guesses.try_at(board, at),
        };
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

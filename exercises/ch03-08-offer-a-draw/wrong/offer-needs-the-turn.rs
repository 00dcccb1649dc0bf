//! Refuses an offer of the player whose turn it is not. Both players can offer, in either player's turn.

impl State {
    fn require_draw_possible(&self, by: Player) -> Result<(), Rejection> {
        match self {
            State::Initialized | State::PlayersSet(_) => Err(self.wrong_state(TURNS)),
            State::Turn(_, _, offers) if offers[by] => Err(Rejection::AlreadyOffered),
            State::Turn(player, ..) if *player != by => Err(Rejection::NotYourTurn),
            State::Turn(..) => Ok(()),
            State::GameOver { .. } => Err(Rejection::GameOver),
        }
    }
}

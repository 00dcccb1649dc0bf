//! Accepts a second offer of the same player while the first one stands.

impl State {
    fn require_draw_possible(&self, by: Player) -> Result<(), Rejection> {
        match self {
            State::Initialized | State::PlayersSet(_) => Err(self.wrong_state(TURNS)),
            State::Turn(..) => Ok(()),
            State::GameOver { .. } => Err(Rejection::GameOver),
        }
    }
}

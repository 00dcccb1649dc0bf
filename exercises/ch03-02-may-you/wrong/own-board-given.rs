//! Returns the player's own board to guess on. It has to be the opponent's.

impl State {
    pub(crate) fn require_turn(&self, by: Player) -> Result<Board, Rejection> {
        match self {
            State::Initialized | State::PlayersSet(_) => Err(self.wrong_state(TURNS)),
            State::Turn(player, boards) if *player == by => Ok(boards[by]),
            State::Turn(..) => Err(Rejection::NotYourTurn),
            State::GameOver { .. } => Err(Rejection::GameOver),
        }
    }
}

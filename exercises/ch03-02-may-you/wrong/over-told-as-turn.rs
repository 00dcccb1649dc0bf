//! Says `not_your_turn` after the end of the game. There are no turns any more.

impl State {
    pub(crate) fn require_turn(&self, by: Player) -> Result<Board, Rejection> {
        match self {
            State::Initialized | State::PlayersSet(_) => Err(self.wrong_state(TURNS)),
            State::Turn(player, boards) if *player == by => Ok(boards[by.opponent()]),
            State::Turn(..) | State::GameOver { .. } => Err(Rejection::NotYourTurn),
        }
    }
}

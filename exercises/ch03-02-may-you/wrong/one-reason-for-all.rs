//! Refuses everything with `WrongState`. A player whose turn it is not, whose islands are set, or
//! whose game is over gets a reason of its own.

impl State {
    pub(crate) fn require_arranging(&self, by: Player) -> Result<Draft, Rejection> {
        match self {
            State::PlayersSet(fleets) => match fleets[by] {
                Fleet::Arranging(draft) => Ok(draft),
                Fleet::Set(_) => Err(self.wrong_state(ARRANGING)),
            },
            _ => Err(self.wrong_state(ARRANGING)),
        }
    }

    pub(crate) fn require_turn(&self, by: Player) -> Result<Board, Rejection> {
        match self {
            State::Turn(player, boards) if *player == by => Ok(boards[by.opponent()]),
            _ => Err(self.wrong_state(TURNS)),
        }
    }
}

//! Has a wildcard where the states have different reasons: a game that is over is refused with
//! `WrongState` too.

impl State {
    pub(crate) fn require_arranging(&self, by: Player) -> Result<Draft, Rejection> {
        match self {
            State::PlayersSet(fleets) => match fleets[by] {
                Fleet::Arranging(draft) => Ok(draft),
                Fleet::Set(_) => Err(Rejection::IslandsAlreadySet),
            },
            State::Turn(..) => Err(Rejection::IslandsAlreadySet),
            _ => Err(self.wrong_state(ARRANGING)),
        }
    }

    pub(crate) fn require_turn(&self, by: Player) -> Result<Board, Rejection> {
        match self {
            State::Turn(player, boards) if *player == by => Ok(boards[by.opponent()]),
            State::Turn(..) => Err(Rejection::NotYourTurn),
            _ => Err(self.wrong_state(TURNS)),
        }
    }
}

//! Returns a draft of islands that are set. They can no longer be moved.

impl State {
    pub(crate) fn require_arranging(&self, by: Player) -> Result<Draft, Rejection> {
        match self {
            State::Initialized => Err(self.wrong_state(ARRANGING)),
            State::PlayersSet(fleets) => Ok(fleets[by].islands()),
            State::Turn(..) => Err(Rejection::IslandsAlreadySet),
            State::GameOver { .. } => Err(Rejection::GameOver),
        }
    }
}

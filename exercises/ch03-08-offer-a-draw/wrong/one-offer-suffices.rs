//! Ends the game at the first offer. It takes one of each player.

impl State {
    fn after_turn(
        player: Player,
        boards: Pair<Board>,
        offers: Pair<bool>,
        event: &Event,
    ) -> State {
        let state = State::Turn(player, boards, offers);
        match event {
            Event::CoordinateGuessed(_) => {
                State::Turn(player.opponent(), boards, Pair::default())
            }
            Event::DrawOffered { .. } => state.end(None, Reason::Drawn),
            Event::GameWon { by } => state.end(Some(*by), Reason::Forested),
            Event::WinClaimed { by } => state.end(Some(*by), Reason::Abandoned),
            Event::PlayerResigned { by } => state.end(Some(by.opponent()), Reason::Resigned),
            _ => state,
        }
    }
}

//! Keeps the offers when a guess passes the turn. A guess ends them.

impl State {
    fn after_turn(
        player: Player,
        boards: Pair<Board>,
        mut offers: Pair<bool>,
        event: &Event,
    ) -> State {
        let state = State::Turn(player, boards, offers);
        match event {
            Event::CoordinateGuessed(_) => State::Turn(player.opponent(), boards, offers),
            Event::DrawOffered { by } if offers[by.opponent()] => state.end(None, Reason::Drawn),
            Event::DrawOffered { by } => {
                offers[*by] = true;
                State::Turn(player, boards, offers)
            }
            Event::GameWon { by } => state.end(Some(*by), Reason::Forested),
            Event::WinClaimed { by } => state.end(Some(*by), Reason::Abandoned),
            Event::PlayerResigned { by } => state.end(Some(by.opponent()), Reason::Resigned),
            _ => state,
        }
    }
}

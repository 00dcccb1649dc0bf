//! Forgets `GameWon`: no game is won by guesses any more. The arms for the other ends stay as they are
//! in the product.

impl State {
    fn after_turn(
        player: Player,
        boards: Pair<Board>,
        mut offers: Pair<bool>,
        event: &Event,
    ) -> State {
        let state = State::Turn(player, boards, offers);
        match event {
            Event::CoordinateGuessed(_) => {
                State::Turn(player.opponent(), boards, Pair::default())
            }
            Event::DrawOffered { by } if offers[by.opponent()] => state.end(None, Reason::Drawn),
            Event::DrawOffered { by } => {
                offers[*by] = true;
                State::Turn(player, boards, offers)
            }
            Event::WinClaimed { by } => state.end(Some(*by), Reason::Abandoned),
            Event::PlayerResigned { by } => state.end(Some(by.opponent()), Reason::Resigned),
            _ => state,
        }
    }
}

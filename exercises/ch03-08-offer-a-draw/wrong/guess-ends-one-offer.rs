//! Ends only the offer of the player that guesses. A guess of either player ends both offers.

impl State {
    fn after_turn(
        player: Player,
        boards: Pair<Board>,
        mut offers: Pair<bool>,
        event: &Event,
    ) -> State {
        let state = State::Turn(player, boards, offers);
        match event {
            Event::CoordinateGuessed(guess) => {
                offers[guess.by] = false;
                State::Turn(player.opponent(), boards, offers)
            }
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

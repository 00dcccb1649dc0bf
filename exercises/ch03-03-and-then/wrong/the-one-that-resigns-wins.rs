//! Gives the win to the player that resigns. It is the other player's.

impl State {
    fn after_turn(player: Player, boards: Pair<Board>, event: &Event) -> State {
        let state = State::Turn(player, boards);
        match event {
            Event::CoordinateGuessed(_) => State::Turn(player.opponent(), boards),
            Event::GameWon { by } => state.end(*by, Reason::Forested),
            Event::WinClaimed { by } => state.end(*by, Reason::Abandoned),
            Event::PlayerResigned { by } => state.end(*by, Reason::Resigned),
            _ => state,
        }
    }
}

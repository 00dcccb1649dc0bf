//! A player that resigns loses to the opponent of the player whose turn it is. The winner is the
//! opponent of the player that resigns.

impl State {
    fn after_turn(player: Player, boards: Pair<Board>, event: &Event) -> State {
        let state = State::Turn(player, boards);
        match event {
            Event::CoordinateGuessed(_) => State::Turn(player.opponent(), boards),
            Event::GameWon { by } => state.end(*by, Reason::Forested),
            Event::WinClaimed { by } => state.end(*by, Reason::Abandoned),
            Event::PlayerResigned { .. } => state.end(player.opponent(), Reason::Resigned),
            _ => state,
        }
    }
}

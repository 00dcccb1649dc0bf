//! Gives a win to the player whose turn it is. The winning guess has passed the turn already: the
//! event names the winner.

impl State {
    fn after_turn(player: Player, boards: Pair<Board>, event: &Event) -> State {
        let state = State::Turn(player, boards);
        match event {
            Event::CoordinateGuessed(_) => State::Turn(player.opponent(), boards),
            Event::GameWon { .. } => state.end(player, Reason::Forested),
            Event::WinClaimed { by } => state.end(*by, Reason::Abandoned),
            Event::PlayerResigned { by } => state.end(by.opponent(), Reason::Resigned),
            _ => state,
        }
    }
}

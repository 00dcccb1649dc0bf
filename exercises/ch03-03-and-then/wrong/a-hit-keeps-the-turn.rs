//! Lets a player guess again after a hit. Every guess passes the turn.

impl State {
    fn after_turn(player: Player, boards: Pair<Board>, event: &Event) -> State {
        let state = State::Turn(player, boards);
        match event {
            Event::CoordinateGuessed(guess) if guess.outcome == crate::guesses::Outcome::Hit => state,
            Event::CoordinateGuessed(_) => State::Turn(player.opponent(), boards),
            Event::GameWon { by } => state.end(*by, Reason::Forested),
            Event::WinClaimed { by } => state.end(*by, Reason::Abandoned),
            Event::PlayerResigned { by } => state.end(by.opponent(), Reason::Resigned),
            _ => state,
        }
    }
}

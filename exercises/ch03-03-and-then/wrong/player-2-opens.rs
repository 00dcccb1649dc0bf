//! Lets player 2 guess first. Player 1 opens the game.

impl State {
    fn after_players_set(mut fleets: Pair<Fleet>, event: &Event) -> State {
        match event {
            Event::IslandPositioned { by, island } => fleets[*by] = fleets[*by].with(*island),
            Event::IslandsPositioned { by, board } => fleets[*by] = fleets[*by].with_all(*board),
            Event::IslandsSet { by } => fleets[*by] = fleets[*by].set(),
            Event::PlayerResigned { by } => {
                return State::PlayersSet(fleets).end(by.opponent(), Reason::Resigned);
            }
            _ => {}
        }
        match (fleets.one, fleets.two) {
            (Fleet::Set(one), Fleet::Set(two)) => State::Turn(Player::Two, Pair { one, two }),
            _ => State::PlayersSet(fleets),
        }
    }
}

//! The player that sets first has the first turn. It is player 1's.

impl State {
    fn after_players_set(mut fleets: Pair<Fleet>, event: &Event) -> State {
        let mut first = Player::One;
        match event {
            Event::IslandPositioned { by, island } => fleets[*by] = fleets[*by].with(*island),
            Event::IslandsPositioned { by, board } => fleets[*by] = fleets[*by].with_all(*board),
            Event::IslandsSet { by } => {
                fleets[*by] = fleets[*by].set();
                first = by.opponent();
            }
            Event::PlayerResigned { by } => {
                return State::PlayersSet(fleets).end(by.opponent(), Reason::Resigned);
            }
            _ => {}
        }
        match (fleets.one, fleets.two) {
            (Fleet::Set(one), Fleet::Set(two)) => State::Turn(first, Pair { one, two }),
            _ => State::PlayersSet(fleets),
        }
    }
}

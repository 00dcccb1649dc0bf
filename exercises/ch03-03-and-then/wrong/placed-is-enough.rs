//! Begins the guessing when both players have placed all islands. They have to be set as well.

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
        let boards = Pair::from_fn(|player| fleets[player].islands().finish().ok());
        match (boards.one, boards.two) {
            (Some(one), Some(two)) => State::Turn(Player::One, Pair { one, two }),
            _ => State::PlayersSet(fleets),
        }
    }
}

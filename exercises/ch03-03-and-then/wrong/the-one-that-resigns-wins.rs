//! Gives the win to the player that resigns. It is the other player's.

impl State {
    fn after_players_set(mut fleets: Pair<Fleet>, event: &Event) -> State {
        match event {
            Event::IslandPositioned { by, island } => fleets[*by] = fleets[*by].with(*island),
            Event::IslandsPositioned { by, board } => fleets[*by] = fleets[*by].with_all(*board),
            Event::IslandsSet { by } => fleets[*by] = fleets[*by].set(),
            Event::PlayerResigned { by } => {
                return State::PlayersSet(fleets).end(*by, Reason::Resigned);
            }
            _ => {}
        }
        match (fleets.one, fleets.two) {
            (Fleet::Set(one), Fleet::Set(two)) => State::Turn(Player::One, Pair { one, two }),
            _ => State::PlayersSet(fleets),
        }
    }

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

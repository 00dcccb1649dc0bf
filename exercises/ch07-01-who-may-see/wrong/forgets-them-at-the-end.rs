//! Shows no found islands when the game is over. A page that is loaded again lacks them.

impl PublicView {
    pub fn of(game: &Game) -> PublicView {
        let (winner, boards, rematch) = match &game.state {
            State::GameOver {
                ending,
                fleets,
                rematch,
            } => {
                let boards = Pair::from_fn(|player| Islands::from(fleets[player].islands()));
                (Some(*ending), Some(boards), *rematch)
            }
            _ => (None, None, Rematch::default()),
        };
        PublicView {
            seq: game.seq,
            state: game.state.name(),
            players: Pair::from_fn(|player| PlayerInfo::of(game, player)),
            moves: game.moves.clone(),
            forested: Pair::from_fn(|player| Islands::forested(game, player)),
            winner,
            rematch: Player::BOTH
                .into_iter()
                .filter(|player| rematch.asked[*player])
                .collect(),
            boards,
            next: rematch.game,
        }
    }
}

impl Islands {
    pub(crate) fn forested(game: &Game, owner: Player) -> Islands {
        if matches!(game.state, State::GameOver { .. }) {
            return Islands::default();
        }
        let hits = game.guesses[owner.opponent()].hits();
        let mut islands = Islands::from(game.state.fleet(owner).islands());
        for cells in &mut islands.cells {
            if !cells.is_subset(hits) {
                *cells = CoordinateSet::EMPTY;
            }
        }
        islands
    }
}

//! Begins with the same seed in each attempt. If the first attempt fails, so do all others.

pub fn random_board(seed: u64) -> Board {
    let places = IslandType::ALL.map(|kind| legal_places(kind).collect::<Vec<_>>());
    loop {
        let mut rng = Rng::new(seed);
        let drawn = places.iter().filter_map(|places| rng.pick(places));
        let draft = drawn
            .collect::<Vec<_>>()
            .into_iter()
            .try_fold(Draft::default(), Draft::position);
        if let Some(board) = draft.ok().and_then(|draft| draft.finish().ok()) {
            return board;
        }
    }
}

//! Draws the islands in another order, and still draws again only the one that overlaps. Now
//! the square, which comes first, does not make room for the others.

pub fn random_board(seed: u64) -> Board {
    let places = IslandType::ALL.map(|kind| legal_places(kind).collect::<Vec<_>>());
    let mut rng = Rng::new(seed);
    let mut draft = Draft::default();
    for places in places.iter().rev() {
        while let Some(island) = rng.pick(places) {
            if let Ok(placed) = draft.position(island) {
                draft = placed;
                break;
            }
        }
    }
    draft.finish().expect("each kind is placed")
}

//! Draws a place again only for the island that overlaps. Then the islands that are placed
//! first do not make room for the later ones, and some boards are more likely than others.

pub fn random_board(seed: u64) -> Board {
    let places = IslandType::ALL.map(|kind| legal_places(kind).collect::<Vec<_>>());
    let mut rng = Rng::new(seed);
    let mut draft = Draft::default();
    for places in &places {
        while let Some(island) = rng.pick(places) {
            if let Ok(placed) = draft.position(island) {
                draft = placed;
                break;
            }
        }
    }
    draft.finish().expect("each kind is placed")
}

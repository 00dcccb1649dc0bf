//! Goes on guessing round islands that are forested. They have no more cells to find.

pub fn guess(view: &PlayerView, strength: Strength, seed: u64) -> Option<Coordinate> {
    let mine = || {
        view.public
            .moves
            .iter()
            .filter(|guess| guess.by == view.viewer)
    };
    let guessed: CoordinateSet = mine().map(|guess| guess.at).collect();
    let open = CoordinateSet::ALL - guessed;
    let targets = match strength {
        Strength::Random => open,
        Strength::Hunt => {
            let hits: CoordinateSet = mine()
                .filter(|guess| guess.outcome == Outcome::Hit)
                .map(|guess| guess.at)
                .collect();
            let around: CoordinateSet = hits.iter().flat_map(Coordinate::neighbours).collect();
            let near = around & open;
            if near.is_empty() { open } else { near }
        }
    };
    let mut rng = Rng::new(seed.wrapping_add(1 + guessed.len() as u64));
    rng.pick(&targets.iter().collect::<Vec<_>>())
}

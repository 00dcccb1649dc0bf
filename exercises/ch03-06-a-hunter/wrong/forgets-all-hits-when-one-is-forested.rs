//! Begins anew when an island is forested, and forgets the hits on other islands.

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
            let around: CoordinateSet = mine()
                .rev()
                .take_while(|guess| guess.forested.is_none())
                .filter(|guess| guess.outcome == Outcome::Hit)
                .flat_map(|guess| guess.at.neighbours())
                .collect();
            let near = around & open;
            if near.is_empty() { open } else { near }
        }
    };
    let mut rng = Rng::new(seed.wrapping_add(1 + guessed.len() as u64));
    rng.pick(&targets.iter().collect::<Vec<_>>())
}

//! Looks on one side of a hit. The rest of the island may lie on any of the four.

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
            let forested = view.public.forested[view.viewer.opponent()].land();
            let around: CoordinateSet = (hits - forested)
                .iter()
                .flat_map(|hit| hit.neighbours().take(1))
                .collect();
            let near = around & open;
            if near.is_empty() { open } else { near }
        }
    };
    let mut rng = Rng::new(seed.wrapping_add(1 + guessed.len() as u64));
    rng.pick(&targets.iter().collect::<Vec<_>>())
}

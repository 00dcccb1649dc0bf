//! Hunts with `Strength::Random` too.

pub fn guess(view: &PlayerView, strength: Strength, seed: u64) -> Option<Coordinate> {
    let mine = || {
        view.public
            .moves
            .iter()
            .filter(|guess| guess.by == view.viewer)
    };
    let guessed: CoordinateSet = mine().map(|guess| guess.at).collect();
    let open = CoordinateSet::ALL - guessed;
    let hits: CoordinateSet = mine()
        .filter(|guess| guess.outcome == Outcome::Hit)
        .map(|guess| guess.at)
        .collect();
    let forested = view.public.forested[view.viewer.opponent()].land();
    let around: CoordinateSet = (hits - forested)
        .iter()
        .flat_map(Coordinate::neighbours)
        .collect();
    let near = around & open;
    let targets = if near.is_empty() { open } else { near };
    let mut rng = Rng::new(seed.wrapping_add(1 + guessed.len() as u64));
    rng.pick(&targets.iter().collect::<Vec<_>>())
}

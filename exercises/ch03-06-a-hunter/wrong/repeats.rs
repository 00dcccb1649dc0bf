//! Guesses beside a hit without removing the cells that are guessed already. The game refuses
//! such a guess, and the bot makes it again.

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
                .flat_map(Coordinate::neighbours)
                .collect();
            if around.is_empty() { open } else { around }
        }
    };
    let mut rng = Rng::new(seed.wrapping_add(1 + guessed.len() as u64));
    rng.pick(&targets.iter().collect::<Vec<_>>())
}

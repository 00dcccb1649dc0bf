//! Begins with the same numbers as `random_board`. The first guess then lies where the bot's
//! own atoll lies, and the other player can tell one from the other.

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
            let near = around & open;
            if near.is_empty() { open } else { near }
        }
    };
    let mut rng = Rng::new(seed);
    rng.pick(&targets.iter().collect::<Vec<_>>())
}

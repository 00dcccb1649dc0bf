//! Takes the remainder of the seed, so that a few guesses tell the seed, and with it where the bot's
//! own islands are.

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
    let targets: Vec<_> = targets.iter().collect();
    targets.get(seed as usize % targets.len().max(1)).copied()
}

//! Looks only at its last guess. A miss beside a hit ends the hunt, although the rest of the
//! island is still there.

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
            let forested = view.public.forested[view.viewer.opponent()].land();
            let last = mine().next_back();
            let around: CoordinateSet = last
                .filter(|guess| guess.outcome == Outcome::Hit && !forested.contains(guess.at))
                .into_iter()
                .flat_map(|guess| guess.at.neighbours())
                .collect();
            let near = around & open;
            if near.is_empty() { open } else { near }
        }
    };
    let mut rng = Rng::new(seed.wrapping_add(1 + guessed.len() as u64));
    rng.pick(&targets.iter().collect::<Vec<_>>())
}

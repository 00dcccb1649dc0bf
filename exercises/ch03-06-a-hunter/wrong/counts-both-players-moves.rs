//! Takes the moves of both players for its own. `moves` has all guesses of the game, in order.

pub fn guess(view: &PlayerView, strength: Strength, seed: u64) -> Option<Coordinate> {
    let moves = &view.public.moves;
    let guessed: CoordinateSet = moves.iter().map(|guess| guess.at).collect();
    let open = CoordinateSet::ALL - guessed;
    let targets = match strength {
        Strength::Random => open,
        Strength::Hunt => {
            let hits: CoordinateSet = moves
                .iter()
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
    let mut rng = Rng::new(seed.wrapping_add(1 + guessed.len() as u64));
    rng.pick(&targets.iter().collect::<Vec<_>>())
}

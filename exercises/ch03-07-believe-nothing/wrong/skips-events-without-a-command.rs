//! Applies events that no command causes without looking at them. A forged win anywhere in the
//! log then ends the game.

pub fn replay(log: &[Event]) -> Result<Game, ReplayError> {
    let Some((Event::GameCreated(created), mut rest)) = log.split_first() else {
        return Err(ReplayError {
            seq: 1,
            kind: ReplayErrorKind::OutOfPlace,
        });
    };
    let mut game = Game::new(created);
    while let Some(event) = rest.first() {
        let seq = game.seq() + 1;
        let error = |kind| ReplayError { seq, kind };
        let Some((by, command)) = cause(event) else {
            game = apply(game, event);
            rest = &rest[1..];
            continue;
        };
        let decided = decide(&game, by, command, &Facts::inferred_from(rest))
            .map_err(|rejection| error(ReplayErrorKind::Refused(rejection)))?;
        if decided.first() != Some(event) {
            return Err(error(ReplayErrorKind::Mismatch));
        }
        game = apply(game, event);
        rest = &rest[1..];
    }
    Ok(game)
}

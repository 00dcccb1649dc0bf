//! Gives the number of the last event that was applied. The one that fails is the next.

pub fn replay(log: &[Event]) -> Result<Game, ReplayError> {
    let Some((Event::GameCreated(created), mut rest)) = log.split_first() else {
        return Err(ReplayError {
            seq: 1,
            kind: ReplayErrorKind::OutOfPlace,
        });
    };
    let mut game = Game::new(created);
    while let Some(event) = rest.first() {
        let seq = game.seq();
        let error = |kind| ReplayError { seq, kind };
        let (by, command) = cause(event).ok_or(error(ReplayErrorKind::OutOfPlace))?;
        let decided = decide(&game, by, command, &Facts::inferred_from(rest))
            .map_err(|rejection| error(ReplayErrorKind::Refused(rejection)))?;
        rest = rest
            .strip_prefix(decided.as_slice())
            .ok_or(error(ReplayErrorKind::Mismatch))?;
        game = decided.iter().fold(game, apply);
    }
    Ok(game)
}

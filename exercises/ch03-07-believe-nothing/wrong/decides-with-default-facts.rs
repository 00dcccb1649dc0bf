//! Decides with default facts: the opponent is present, and the rematch has another id. So an
//! honest log is refused, although the facts were right when the game was played.

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
        let (by, command) = cause(event).ok_or(error(ReplayErrorKind::OutOfPlace))?;
        let decided = decide(&game, by, command, &Facts::default())
            .map_err(|rejection| error(ReplayErrorKind::Refused(rejection)))?;
        rest = rest
            .strip_prefix(decided.as_slice())
            .ok_or(error(ReplayErrorKind::Mismatch))?;
        game = decided.iter().fold(game, apply);
    }
    Ok(game)
}

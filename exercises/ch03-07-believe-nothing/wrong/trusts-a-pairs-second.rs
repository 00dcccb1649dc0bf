//! Compares the first event of a command with the log, and believes the second: a win by the
//! wrong player passes, and so does a log that lacks the win.

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
        let decided = decide(&game, by, command, &Facts::inferred_from(rest))
            .map_err(|rejection| error(ReplayErrorKind::Refused(rejection)))?;
        if decided.first() != Some(event) {
            return Err(error(ReplayErrorKind::Mismatch));
        }
        let (taken, left) = rest.split_at(decided.len().min(rest.len()));
        game = taken.iter().fold(game, apply);
        rest = left;
    }
    Ok(game)
}

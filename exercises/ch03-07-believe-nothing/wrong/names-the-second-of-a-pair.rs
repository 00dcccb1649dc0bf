//! Gives the number of the event that differs. For a command with two events it should be that
//! of the first: the two are stored together or not at all.

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
        for (seq, expected) in (seq..).zip(&decided) {
            let kind = ReplayErrorKind::Mismatch;
            let Some((_, left)) = rest.split_first().filter(|(next, _)| *next == expected) else {
                return Err(ReplayError { seq, kind });
            };
            rest = left;
        }
        game = decided.iter().fold(game, apply);
    }
    Ok(game)
}

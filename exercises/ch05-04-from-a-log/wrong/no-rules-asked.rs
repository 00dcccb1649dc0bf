//! Applies the events without asking the rules. A damaged log becomes a game that cannot be.

pub(crate) fn fold(log: Vec<Batch>) -> Result<Recovered, RecoveryError> {
    let first = log.first().ok_or(RecoveryError::NoSuchGame)?;
    let config = first
        .config
        .ok_or_else(|| RecoveryError::Damaged("the first record has no opening".into()))?;
    let receipts = Receipts::of(&log);
    let events = events(log);
    let Some((Event::GameCreated(created), rest)) = events.split_first() else {
        return Err(RecoveryError::Damaged("it has no beginning".into()));
    };
    let game = rest.iter().fold(Game::new(created), islands_core::apply);
    Ok(Recovered {
        game,
        config,
        receipts,
    })
}

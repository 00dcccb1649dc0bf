//! Takes a log without batches for a damaged one. A game that never was is no reason for a quarantine.

pub(crate) fn fold(log: Vec<Batch>) -> Result<Recovered, RecoveryError> {
    let config = log
        .first()
        .and_then(|first| first.config)
        .ok_or_else(|| RecoveryError::Damaged("the first record has no opening".into()))?;
    let receipts = Receipts::of(&log);
    let game = replay(&events(log)).map_err(|e| RecoveryError::Damaged(e.to_string()))?;
    Ok(Recovered {
        game,
        config,
        receipts,
    })
}

//! Begins without receipts. A command that was accepted right before a crash is refused when it is
//! sent again.

pub(crate) fn fold(log: Vec<Batch>) -> Result<Recovered, RecoveryError> {
    let first = log.first().ok_or(RecoveryError::NoSuchGame)?;
    let config = first
        .config
        .ok_or_else(|| RecoveryError::Damaged("the first record has no opening".into()))?;
    let game = replay(&events(log)).map_err(|e| RecoveryError::Damaged(e.to_string()))?;
    Ok(Recovered {
        game,
        config,
        receipts: Receipts::default(),
    })
}

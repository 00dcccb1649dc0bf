//! Answers 409 to every refusal of the rules. A client that waits for another state waits for ever: no state has a row 11.

pub fn status(error: &CallError) -> StatusCode {
    match error {
        CallError::Rejected(_) => StatusCode::CONFLICT,
        CallError::NoSuchGame => StatusCode::NOT_FOUND,
        CallError::Busy
        | CallError::TooManyGames { .. }
        | CallError::Timeout
        | CallError::JournalUnavailable
        | CallError::Quarantined { .. } => StatusCode::SERVICE_UNAVAILABLE,
    }
}

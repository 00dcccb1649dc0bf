//! Answers 422 to every refusal of the rules. A client that believes it never sends the guess again, although it will be its turn in a moment.

pub fn status(error: &CallError) -> StatusCode {
    match error {
        CallError::Rejected(_) => StatusCode::UNPROCESSABLE_ENTITY,
        CallError::NoSuchGame => StatusCode::NOT_FOUND,
        CallError::Busy
        | CallError::TooManyGames { .. }
        | CallError::Timeout
        | CallError::JournalUnavailable
        | CallError::Quarantined { .. } => StatusCode::SERVICE_UNAVAILABLE,
    }
}

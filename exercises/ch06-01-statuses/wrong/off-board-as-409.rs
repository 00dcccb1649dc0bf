//! Answers 409 to an island that would lie off the board. No state of the game makes the board larger.

pub fn status(error: &CallError) -> StatusCode {
    match error {
        CallError::Rejected(
            Rejection::InvalidName
            | Rejection::InvalidCoordinate { .. }
            | Rejection::InvalidIslandType,
        ) => StatusCode::UNPROCESSABLE_ENTITY,
        CallError::Rejected(_) => StatusCode::CONFLICT,
        CallError::NoSuchGame => StatusCode::NOT_FOUND,
        CallError::Busy
        | CallError::TooManyGames { .. }
        | CallError::Timeout
        | CallError::JournalUnavailable
        | CallError::Quarantined { .. } => StatusCode::SERVICE_UNAVAILABLE,
    }
}

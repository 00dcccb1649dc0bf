//! Answers 400 where there is no such game. That says that the request cannot be read; it can, and what it asks for is not there.

pub fn status(error: &CallError) -> StatusCode {
    match error {
        CallError::Rejected(
            Rejection::InvalidName
            | Rejection::InvalidCoordinate { .. }
            | Rejection::InvalidIslandType
            | Rejection::OffBoard { .. },
        ) => StatusCode::UNPROCESSABLE_ENTITY,
        CallError::Rejected(_) => StatusCode::CONFLICT,
        CallError::NoSuchGame => StatusCode::BAD_REQUEST,
        CallError::Busy
        | CallError::TooManyGames { .. }
        | CallError::Timeout
        | CallError::JournalUnavailable
        | CallError::Quarantined { .. } => StatusCode::SERVICE_UNAVAILABLE,
    }
}

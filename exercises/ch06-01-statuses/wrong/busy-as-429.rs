//! Answers 429 where the server is busy. That says that this client has sent too many requests, and it may have sent one.

pub fn status(error: &CallError) -> StatusCode {
    match error {
        CallError::Rejected(
            Rejection::InvalidName
            | Rejection::InvalidCoordinate { .. }
            | Rejection::InvalidIslandType
            | Rejection::OffBoard { .. },
        ) => StatusCode::UNPROCESSABLE_ENTITY,
        CallError::Rejected(_) => StatusCode::CONFLICT,
        CallError::NoSuchGame => StatusCode::NOT_FOUND,
        CallError::Busy | CallError::TooManyGames { .. } => StatusCode::TOO_MANY_REQUESTS,
        CallError::Timeout
        | CallError::JournalUnavailable
        | CallError::Quarantined { .. } => StatusCode::SERVICE_UNAVAILABLE,
    }
}

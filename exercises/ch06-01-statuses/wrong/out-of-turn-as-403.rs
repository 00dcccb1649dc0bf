//! Answers 403 to a guess out of turn. That says that this client may not guess, and in a moment it may.

pub fn status(error: &CallError) -> StatusCode {
    match error {
        CallError::Rejected(
            Rejection::InvalidName
            | Rejection::InvalidCoordinate { .. }
            | Rejection::InvalidIslandType
            | Rejection::OffBoard { .. },
        ) => StatusCode::UNPROCESSABLE_ENTITY,
        CallError::Rejected(Rejection::NotYourTurn) => StatusCode::FORBIDDEN,
        CallError::Rejected(_) => StatusCode::CONFLICT,
        CallError::NoSuchGame => StatusCode::NOT_FOUND,
        CallError::Busy
        | CallError::TooManyGames { .. }
        | CallError::Timeout
        | CallError::JournalUnavailable
        | CallError::Quarantined { .. } => StatusCode::SERVICE_UNAVAILABLE,
    }
}

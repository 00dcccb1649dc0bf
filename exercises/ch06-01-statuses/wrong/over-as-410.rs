//! Answers 410 where the game is over. That says that there is nothing at this address any more, and the game can still be looked at.

pub fn status(error: &CallError) -> StatusCode {
    match error {
        CallError::Rejected(
            Rejection::InvalidName
            | Rejection::InvalidCoordinate { .. }
            | Rejection::InvalidIslandType
            | Rejection::OffBoard { .. },
        ) => StatusCode::UNPROCESSABLE_ENTITY,
        CallError::Rejected(Rejection::GameOver) => StatusCode::GONE,
        CallError::Rejected(_) => StatusCode::CONFLICT,
        CallError::NoSuchGame => StatusCode::NOT_FOUND,
        CallError::Busy
        | CallError::TooManyGames { .. }
        | CallError::Timeout
        | CallError::JournalUnavailable
        | CallError::Quarantined { .. } => StatusCode::SERVICE_UNAVAILABLE,
    }
}

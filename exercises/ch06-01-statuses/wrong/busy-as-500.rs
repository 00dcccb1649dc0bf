//! Answers 500 where the server cannot carry out a request. That says that the program has a bug, and a client will not send the request again.

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
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

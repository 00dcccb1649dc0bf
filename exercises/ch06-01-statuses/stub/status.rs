//! The status of each refusal.

use axum::http::StatusCode;
use islands_core::Rejection;
use islands_engine::CallError;

/// Returns the HTTP status of a call that failed.
///
/// The class says who can do something about it. 4xx: the client. 422, this request can never
/// succeed; 409, it could in another state of the game. 5xx: the server, and the client may
/// repeat the request.
pub fn status(error: &CallError) -> StatusCode {
    your_code!(error)
}

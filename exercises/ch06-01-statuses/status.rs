//! The status of each refusal.

use axum::http::StatusCode;
use islands_core::Rejection;
use islands_engine::CallError;

/// Returns the HTTP status of a call that failed.
///
/// The class says who can do something about it. 4xx: the client. 422, this request can never
/// succeed; 409, the present state of the game forbids it. 5xx: the server, and the client may
/// send the request again, since its id makes it idempotent.
pub fn status(error: &CallError) -> StatusCode {
    your_code!(error)
}

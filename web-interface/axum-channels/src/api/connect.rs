//! The connect hook: the request that it sees before a socket opens, and how it refuses one.

use std::{future::Future, pin::Pin, sync::Arc};

use axum::{
    http::{Extensions, HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};

/// A client's request to connect, with origin, subprotocol and version already checked.
#[derive(Debug)]
pub struct Connect {
    /// The decoded query parameters, in the order of the URL, `vsn` included. Nested parameters
    /// keep their written names, such as `user[name]`.
    pub params: Vec<(String, String)>,
    /// The auth token, from the client's `authToken` option.
    pub token: Option<String>,
    /// The headers of the request.
    pub headers: HeaderMap,
    /// The extensions that outer layers attached to the request, such as the peer's address
    /// (`axum::extract::ConnectInfo`).
    pub extensions: Extensions,
}

impl Connect {
    /// Returns the value of a parameter, the last one if the name occurs several times.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params
            .iter()
            .rev()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Refuses a socket with an HTTP status and a line of text.
///
/// Stock clients keep retrying. A long-polling client gets the status 403 in any case.
#[derive(Clone, Debug)]
pub struct ConnectError {
    status: StatusCode,
    reason: String,
}

impl ConnectError {
    /// Refuses with this status, such as 429 for a client that connects too often.
    pub fn new(status: StatusCode, reason: impl Into<String>) -> Self {
        Self {
            status,
            reason: reason.into(),
        }
    }

    /// Refuses with 403.
    pub fn forbidden(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, reason)
    }
}

impl IntoResponse for ConnectError {
    fn into_response(self) -> Response {
        (self.status, self.reason + "\n").into_response()
    }
}

/// The application's connect hook, type-erased.
pub(crate) type ConnectHook<A> = Arc<
    dyn Fn(Connect) -> Pin<Box<dyn Future<Output = Result<A, ConnectError>> + Send>> + Send + Sync,
>;

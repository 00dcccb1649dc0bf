//! The door: what the application learns about a socket before it opens, and how it refuses one.

use std::{future::Future, pin::Pin, sync::Arc};

use axum::{
    http::{Extensions, HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};

/// A client that asks for a socket, after the origin, the subprotocol and the version were found
/// to be in order.
#[derive(Debug)]
pub struct Connect {
    /// The query's parameters, decoded, in the order given, `vsn` included. Nested ones keep their
    /// written names, such as `user[name]`.
    pub params: Vec<(String, String)>,
    /// The auth token of the client's `authToken` option.
    pub token: Option<String>,
    /// The headers of the request.
    pub headers: HeaderMap,
    /// What layers in front have attached to the request, such as the peer's address
    /// (`axum::extract::ConnectInfo`).
    pub extensions: Extensions,
}

impl Connect {
    /// The value of a parameter; of several with this name, the last.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params
            .iter()
            .rev()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// The refusal of a socket: an HTTP status and a line of text. Stock clients keep trying.
#[derive(Clone, Debug)]
pub struct ConnectError {
    status: StatusCode,
    reason: String,
}

impl ConnectError {
    /// Refuses with this status, such as 429 for a client that asks too often.
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

/// The application's hook, whatever its type, behind one pointer.
pub(crate) type ConnectHook<A> = Arc<
    dyn Fn(Connect) -> Pin<Box<dyn Future<Output = Result<A, ConnectError>> + Send>> + Send + Sync,
>;

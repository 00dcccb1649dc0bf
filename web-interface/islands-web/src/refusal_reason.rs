//! The reasons for which clients are refused, recorded on the response for the metrics.

use axum::http::StatusCode;
use axum::response::Response;

/// The reason for which a client was refused before its request was handled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RefusalReason {
    /// The address has reached its limit of connections.
    AddressConnections,
    /// The address has reached its limit of concurrent requests through a proxy.
    AddressRequests,
    /// The address has reached its limit of sockets.
    AddressSockets,
    /// The address has reached its limit of joined games.
    AddressGames,
    /// The address has opened its limit of games for this minute.
    GamesPerMinute,
    /// Memory holds its maximum of games.
    MaxGames,
    /// The server has its maximum of sockets, or is shutting down.
    MaxConnections,
    /// The page's origin may not connect.
    Origin,
    /// The request for a socket is malformed.
    Handshake,
}

impl RefusalReason {
    /// Every reason.
    pub(crate) const ALL: [RefusalReason; 9] = [
        RefusalReason::AddressConnections,
        RefusalReason::AddressRequests,
        RefusalReason::AddressSockets,
        RefusalReason::AddressGames,
        RefusalReason::GamesPerMinute,
        RefusalReason::MaxGames,
        RefusalReason::MaxConnections,
        RefusalReason::Origin,
        RefusalReason::Handshake,
    ];

    /// The value of its label in the metrics.
    pub(crate) fn label(self) -> &'static str {
        match self {
            RefusalReason::AddressConnections => "address_connections",
            RefusalReason::AddressRequests => "address_requests",
            RefusalReason::AddressSockets => "address_sockets",
            RefusalReason::AddressGames => "address_games",
            RefusalReason::GamesPerMinute => "games_per_minute",
            RefusalReason::MaxGames => "max_games",
            RefusalReason::MaxConnections => "max_connections",
            RefusalReason::Origin => "origin",
            RefusalReason::Handshake => "handshake",
        }
    }

    /// Returns the reason for a socket's refusal, by the response's status.
    fn from_socket_status(status: StatusCode) -> Option<RefusalReason> {
        match status {
            StatusCode::BAD_REQUEST => Some(RefusalReason::Handshake),
            StatusCode::FORBIDDEN => Some(RefusalReason::Origin),
            StatusCode::TOO_MANY_REQUESTS => Some(RefusalReason::AddressSockets),
            StatusCode::SERVICE_UNAVAILABLE => Some(RefusalReason::MaxConnections),
            _ => None,
        }
    }
}

/// Middleware: records on a response why a socket was refused.
pub(crate) async fn record_socket_refusal(mut response: Response) -> Response {
    if let Some(reason) = RefusalReason::from_socket_status(response.status()) {
        response.extensions_mut().insert(reason);
    }
    response
}

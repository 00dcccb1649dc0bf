//! The reasons for turning a client away, recorded on the response for the metrics.

use axum::http::StatusCode;
use axum::response::Response;

/// Why a client was turned away before its request was handled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TurnedAway {
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

impl TurnedAway {
    /// Every reason.
    pub(crate) const ALL: [TurnedAway; 9] = [
        TurnedAway::AddressConnections,
        TurnedAway::AddressRequests,
        TurnedAway::AddressSockets,
        TurnedAway::AddressGames,
        TurnedAway::GamesPerMinute,
        TurnedAway::MaxGames,
        TurnedAway::MaxConnections,
        TurnedAway::Origin,
        TurnedAway::Handshake,
    ];

    /// The value of its label in the metrics.
    pub(crate) fn name(self) -> &'static str {
        match self {
            TurnedAway::AddressConnections => "address_connections",
            TurnedAway::AddressRequests => "address_requests",
            TurnedAway::AddressSockets => "address_sockets",
            TurnedAway::AddressGames => "address_games",
            TurnedAway::GamesPerMinute => "games_per_minute",
            TurnedAway::MaxGames => "max_games",
            TurnedAway::MaxConnections => "max_connections",
            TurnedAway::Origin => "origin",
            TurnedAway::Handshake => "handshake",
        }
    }

    /// Returns the reason for a socket's refusal, by the response's status.
    fn from_a_socket(status: StatusCode) -> Option<TurnedAway> {
        match status {
            StatusCode::BAD_REQUEST => Some(TurnedAway::Handshake),
            StatusCode::FORBIDDEN => Some(TurnedAway::Origin),
            StatusCode::TOO_MANY_REQUESTS => Some(TurnedAway::AddressSockets),
            StatusCode::SERVICE_UNAVAILABLE => Some(TurnedAway::MaxConnections),
            _ => None,
        }
    }
}

/// Middleware: records on a response why a socket was refused.
pub(crate) async fn note_refusal(mut response: Response) -> Response {
    if let Some(reason) = TurnedAway::from_a_socket(response.status()) {
        response.extensions_mut().insert(reason);
    }
    response
}

//! Why someone was turned away at the door, noted on the answer for the metrics.

use axum::http::StatusCode;
use axum::response::Response;

/// Why someone was turned away before anything was done for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TurnedAway {
    /// The address has its share of connections.
    AddressConnections,
    /// The address has its share of requests by way of a proxy.
    AddressRequests,
    /// The address has its share of sockets.
    AddressSockets,
    /// The address has its share of games.
    AddressGames,
    /// The address has opened its share of games for now.
    GamesPerMinute,
    /// As many games are in memory as may be.
    MaxGames,
    /// As many sockets are open as may be, or the server is going down.
    MaxConnections,
    /// The page is none that may connect.
    Origin,
    /// What asked for a socket is no client of ours.
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

    /// Its name in the metrics.
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

    /// What the answer to a request for a socket says of this.
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

/// Notes on the answer to a request for a socket why there is none.
pub(crate) async fn note_refusal(mut response: Response) -> Response {
    if let Some(reason) = TurnedAway::from_a_socket(response.status()) {
        response.extensions_mut().insert(reason);
    }
    response
}

//! State that the routes and the channels share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::FromRef;
use islands_engine::Games;

use crate::address_limit::GamesPerAddress;
use crate::game_rate_limiter::GameRateLimiter;
use crate::lobby::Lobby;
use crate::metrics::Metrics;
use islands_seats::SeatKey;

/// The application's state. Clones share it.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) games: Games,
    pub(crate) seat_key: SeatKey,
    pub(crate) game_rate_limiter: Arc<GameRateLimiter>,
    pub(crate) games_per_address: GamesPerAddress,
    pub(crate) lobby: Lobby,
    pub(crate) metrics: Metrics,
    /// Whether the server is shutting down.
    pub(crate) draining: Arc<AtomicBool>,
}

impl App {
    pub(crate) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }
}

/// Lets the metrics route extract the metrics alone.
impl FromRef<App> for Metrics {
    fn from_ref(app: &App) -> Metrics {
        app.metrics.clone()
    }
}

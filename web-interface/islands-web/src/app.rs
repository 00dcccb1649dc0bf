//! What the routes and the channels of the application share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::FromRef;
use islands_engine::Games;

use crate::address_limit::GamesPerAddress;
use crate::limit::GamesPerMinute;
use crate::lobby::Lobby;
use crate::metrics::Metrics;
use crate::seat::Seats;

/// The application. Clones are the same one.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) games: Games,
    pub(crate) seats: Seats,
    pub(crate) games_per_minute: Arc<GamesPerMinute>,
    pub(crate) games_per_address: GamesPerAddress,
    pub(crate) lobby: Lobby,
    pub(crate) metrics: Metrics,
    /// Whether the server is going down.
    pub(crate) draining: Arc<AtomicBool>,
}

impl App {
    pub(crate) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }
}

/// So that a route for the metrics needs no more than them.
impl FromRef<App> for Metrics {
    fn from_ref(app: &App) -> Metrics {
        app.metrics.clone()
    }
}

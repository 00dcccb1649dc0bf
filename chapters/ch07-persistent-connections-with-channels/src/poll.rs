//! What a client without a connection has to do: ask again and again.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use islands_core::Viewer;
use islands_engine::{CatchUp, Games};
use serde::Deserialize;
use serde_json::Value;

use crate::room::missed;

/// The number of the last event that the client has.
#[derive(Deserialize)]
struct Since {
    since: u64,
}

/// Returns the route `GET /games/ID/events?since=N`, which answers with the events after `N` and
/// nothing else.
pub fn router(games: Games) -> Router {
    Router::new()
        .route("/games/{game}/events", get(events))
        .with_state(games)
}

async fn events(
    State(games): State<Games>,
    Path(game): Path<String>,
    Query(Since { since }): Query<Since>,
) -> Result<Json<Vec<Value>>, StatusCode> {
    let game = game.parse().map_err(|_| StatusCode::NOT_FOUND)?;
    let viewer = Viewer::Spectator;
    let start = games.subscribe(game, viewer, Some(since)).await;
    match start.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?.catch_up {
        CatchUp::Missed(events) => Ok(Json(
            events.iter().map(|event| missed(event, viewer)).collect(),
        )),
        CatchUp::View(_) => Err(StatusCode::GONE),
    }
}

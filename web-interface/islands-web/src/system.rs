//! HTTP for operators: the supervision tree, and the end of a quarantine.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use islands_engine::{Inspection, System};

use crate::api::GameAt;
use crate::api_error::ApiError;
use crate::app::App;

/// `GET /api/system`: the supervision tree. Sends no message to a game.
pub(crate) async fn read_tree(State(app): State<App>) -> Json<System> {
    Json(app.games.system())
}

/// `GET /api/system/games/ID`: one game's process and log, for an operator.
pub(crate) async fn inspect(
    State(app): State<App>,
    GameAt(game): GameAt,
) -> Result<Json<Inspection>, ApiError> {
    Ok(Json(app.games.inspect(game).await?))
}

/// `DELETE /api/system/games/ID/quarantine`: ends a game's quarantine.
pub(crate) async fn clear(
    State(app): State<App>,
    GameAt(game): GameAt,
) -> Result<StatusCode, ApiError> {
    if app.games.clear_quarantine(game).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    app.games.inspect(game).await?;
    Err(ApiError::NotQuarantined)
}

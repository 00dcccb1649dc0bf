//! HTTP: opening games, taking seats, viewing games, and the server's health.

use std::net::IpAddr;
use std::ops::RangeInclusive;

use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, Path, Query, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use axum_channels::BadPayload;
use islands_core::bot::Strength;
use islands_core::{Command, GameId, Player, Viewer};
use islands_engine::{COMPUTER_NAME, CallError, CommandId, NewGame};
use serde::Deserialize;

use crate::api_error::ApiError;
use crate::app::App;
use crate::json_body::JsonBody;
use crate::name::NormalizedName;
use crate::payload::{ListedEventPayload, SeatPayload, ViewPayload};
use crate::proxy::ClientAddress;

/// The body of `POST /api/games`.
#[derive(Deserialize)]
pub(crate) struct Open {
    name: String,
    opponent: Option<String>,
    #[serde(default)]
    listed: bool,
}

/// `POST /api/games`: opens a game and takes its first seat.
pub(crate) async fn open_game(
    State(app): State<App>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    JsonBody(open): JsonBody<Open>,
) -> Result<Response, ApiError> {
    Ok(created(&self::open(&app, address, open).await?))
}

/// Opens a game for a client at `address`, and returns its first seat.
pub(crate) async fn open(app: &App, address: IpAddr, open: Open) -> Result<SeatPayload, ApiError> {
    let opponent = open.opponent.as_deref().map(strength).transpose()?;
    // Check the name first, so that an invalid one does not count against the limit.
    let name = NormalizedName::new(&open.name)?;
    if opponent.is_some() {
        name.check_differs(COMPUTER_NAME)?;
    }
    if !app.game_rate_limiter.admit(address) {
        let limit = app.game_rate_limiter.limit();
        return Err(ApiError::TooManyRequests { limit });
    }
    let new = NewGame {
        opponent,
        listed: open.listed,
    };
    let game = app.games.create(name.as_str(), new).await?;
    if open.listed && opponent.is_none() {
        app.lobby.open(game, name.as_str());
    }
    Ok(SeatPayload::new(game, Player::One, &app.seat_key))
}

/// The body of `POST /api/games/ID/players`.
#[derive(Deserialize)]
pub(crate) struct TakeSeat {
    name: String,
    id: Option<String>,
}

/// `POST /api/games/ID/players`: takes the second seat. With an id the request is
/// idempotent: a client that has lost the answer, for instance because the server was
/// killed, repeats it and gets the same seat.
pub(crate) async fn take_seat(
    State(app): State<App>,
    GameAt(game): GameAt,
    JsonBody(TakeSeat { name, id }): JsonBody<TakeSeat>,
) -> Result<Response, ApiError> {
    let id = id.map(|id| taking(&app, game, &id)).transpose()?;
    let name = guest_name(&app, game, name).await?;
    let join = Command::AddPlayer { name };
    app.games.command(game, Player::Two, join, id).await?;
    app.lobby.close(game);
    Ok(created(&SeatPayload::new(game, Player::Two, &app.seat_key)))
}

/// Returns the name under which a visitor can take the second seat. The host's name
/// never changes, so comparing with it before the command is safe. If the seat is
/// taken, the name is not checked: the rules refuse the command, unless it is a repeat
/// of the one that took the seat.
async fn guest_name(app: &App, game: GameId, typed: String) -> Result<String, ApiError> {
    let view = app.games.view(game, Viewer::Spectator).await?;
    let players = &view.public().players;
    let (Some(host), None) = (&players[Player::One], &players[Player::Two]) else {
        return Ok(typed);
    };
    let name = NormalizedName::new(&typed)?;
    name.check_differs(host.name.as_str())?;
    Ok(name.as_str().into())
}

/// Returns the id of the command that takes a seat under the visitor's `id`.
fn taking(app: &App, game: GameId, id: &str) -> Result<CommandId, BadPayload> {
    let bad = |right: String| BadPayload::new("id".into(), right);
    if !TAKING_CHARS.contains(&id.chars().count()) {
        let (least, most) = (TAKING_CHARS.start(), TAKING_CHARS.end());
        let right = format!("the id of taking a seat has {least} to {most} characters");
        return Err(bad(format!("{right}, and nobody else can guess it")));
    }
    let name = app.seat_key.join_command_id(game, id);
    CommandId::new(&name).map_err(|error| bad(error.to_string()))
}

/// Length of such an id, in characters: a client that guesses it gets the seat.
const TAKING_CHARS: RangeInclusive<usize> = 20..=CommandId::MAX_CHARS;

/// `GET /api/games/ID`: the spectator's view.
pub(crate) async fn read_view(
    State(app): State<App>,
    GameAt(game): GameAt,
) -> Result<Response, ApiError> {
    let view = app.games.view(game, Viewer::Spectator).await?;
    Ok(Json(ViewPayload::new(game, &view, &app.seat_key)).into_response())
}

/// The query of `GET /api/games/ID/events`.
#[derive(Deserialize)]
pub(crate) struct Since {
    #[serde(default)]
    since: u64,
}

/// `GET /api/games/ID/events?since=N`: the events after number N, for a game that is
/// over.
pub(crate) async fn read_events(
    State(app): State<App>,
    GameAt(game): GameAt,
    query: Result<Query<Since>, QueryRejection>,
) -> Result<Response, ApiError> {
    let Query(Since { since }) = query.map_err(|_| {
        let right = "`since` is the number of an event: a whole number from 0 up";
        BadPayload::new("since".into(), right.into())
    })?;
    let events = app.games.events(game, since).await?;
    let listed: Vec<_> = events
        .iter()
        .map(|published| ListedEventPayload::new(published, Viewer::Spectator, &app.seat_key))
        .collect();
    Ok(Json(listed).into_response())
}

/// `GET /healthz`: the program runs.
pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the server can do its work. It is not shutting down, and the journal
/// can be written.
pub(crate) async fn readyz(State(app): State<App>) -> Response {
    if app.is_draining() {
        (StatusCode::SERVICE_UNAVAILABLE, "draining\n").into_response()
    } else if !app.games.is_writable() {
        let problem =
            "the journal cannot be written: the disk is full, fails, or does not answer\n";
        (StatusCode::SERVICE_UNAVAILABLE, problem).into_response()
    } else {
        "ready\n".into_response()
    }
}

/// The answer if a path does not have the method.
pub(crate) async fn method_not_allowed() -> ApiError {
    ApiError::WrongMethod
}

/// The answer to every other path.
pub(crate) async fn not_found() -> ApiError {
    ApiError::NoSuchPath
}

/// The game in a request's path. An invalid id is reported as an unknown game.
pub(crate) struct GameAt(pub(crate) GameId);

impl<S: Send + Sync> FromRequestParts<S> for GameAt {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<GameAt, ApiError> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        let id = path.ok().and_then(|Path(game)| game.parse().ok());
        id.map(GameAt).ok_or(CallError::NoSuchGame.into())
    }
}

fn strength(name: &str) -> Result<Strength, ApiError> {
    name.parse::<Strength>()
        .map_err(|unknown| BadPayload::new("opponent".into(), unknown.to_string()).into())
}

fn created(seat: &SeatPayload) -> Response {
    (StatusCode::CREATED, Json(seat)).into_response()
}

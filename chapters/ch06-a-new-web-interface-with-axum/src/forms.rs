//! The routes: each makes a command of a form, and lets the engine decide.

use axum::extract::{FromRequest, FromRequestParts, Path, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, SET_COOKIE,
};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect};
use axum::routing::{get, post};
use axum::{Form, Router};
use islands_core::bot::Strength;
use islands_core::{Command, Coordinate, GameId, IslandType, Placement, Player, Viewer};
use islands_engine::{CallError, CommandId, Games, NewGame};
use islands_seats::SeatKey;
use maud::Markup;
use serde::Deserialize;

use crate::form::command_id;
use crate::html;
use crate::refusal::Refusal;

/// What the routes share.
#[derive(Clone)]
struct Forms {
    games: Games,
    seat_key: SeatKey,
}

/// Returns the routes.
pub fn router(games: Games, seat_key: SeatKey) -> Router {
    Router::new()
        .route("/", get(home))
        .route("/style.css", get(style))
        .route("/games", post(open))
        .route("/games/{game}", get(add_slash))
        .route("/games/{game}/", get(show))
        .route("/games/{game}/players", post(take_seat))
        .route("/games/{game}/islands", post(position))
        .route("/games/{game}/ready", post(set_islands))
        .route("/games/{game}/guesses", post(guess))
        .route("/games/{game}/resign", post(resign))
        .fallback(async || Refusal::no_such_page())
        .method_not_allowed_fallback(async || Refusal::wrong_method())
        .with_state(Forms { games, seat_key })
}

async fn home() -> impl IntoResponse {
    page(html::home())
}

async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css")], include_str!("style.css"))
}

#[derive(Deserialize)]
struct Open {
    name: String,
    opponent: String,
}

/// Opens a game, and gives the browser its first seat.
async fn open(
    State(forms): State<Forms>,
    Fields(Open { name, opponent }): Fields<Open>,
) -> Result<impl IntoResponse, Refusal> {
    let opponent = match opponent.as_str() {
        "friend" => None,
        strength => Some(strength.parse::<Strength>()?),
    };
    let new = NewGame {
        opponent,
        listed: false,
    };
    let game = forms.games.create(&name, new).await?;
    let cookie = seat_cookie(&forms.seat_key, game, Player::One);
    Ok((cookie, Redirect::to(&format!("/games/{game}/"))))
}

/// The links and forms of a game's page are relative, so its address ends with a slash.
async fn add_slash(Client { game, .. }: Client) -> Redirect {
    Redirect::permanent(&format!("/games/{game}/"))
}

/// Shows a game as this client may see it.
async fn show(State(forms): State<Forms>, client: Client) -> Result<impl IntoResponse, Refusal> {
    let view = forms.games.view(client.game, client.viewer).await?;
    let mut random = [0; 16];
    getrandom::fill(&mut random)?;
    Ok(page(html::game(&view, u128::from_be_bytes(random))))
}

#[derive(Deserialize)]
struct TakeSeat {
    name: String,
    id: String,
}

/// Takes the second seat. The answer to a repeat holds the seat as well, so the id is secret: it was
/// drawn at random for this page.
async fn take_seat(
    State(forms): State<Forms>,
    Client { game, viewer }: Client,
    Fields(TakeSeat { name, id }): Fields<TakeSeat>,
) -> Result<impl IntoResponse, Refusal> {
    if viewer == Viewer::Player(Player::One) {
        // The cookie of the second seat would take the place of the first.
        return Err(Refusal::has_a_seat());
    }
    if id.len() != html::JOIN_ID_LENGTH {
        return Err(Refusal::bad_join_id());
    }
    let id = CommandId::new(&forms.seat_key.join_command_id(game, &id))?;
    let command = Command::AddPlayer { name };
    forms
        .games
        .command(game, Player::Two, command, Some(id))
        .await?;
    let cookie = seat_cookie(&forms.seat_key, game, Player::Two);
    Ok((cookie, Redirect::to(".")))
}

/// The upper left corners of the islands, as cells.
#[derive(Deserialize)]
struct Corners {
    seen: u64,
    atoll: String,
    dot: String,
    l_shape: String,
    s_shape: String,
    square: String,
}

async fn position(
    State(forms): State<Forms>,
    client: Client,
    Fields(corners): Fields<Corners>,
) -> Result<Redirect, Refusal> {
    let cells = [
        (IslandType::Atoll, corners.atoll),
        (IslandType::Dot, corners.dot),
        (IslandType::LShape, corners.l_shape),
        (IslandType::SShape, corners.s_shape),
        (IslandType::Square, corners.square),
    ];
    let mut asks = String::new();
    let mut islands = Vec::new();
    for (kind, cell) in cells {
        let corner: Coordinate = cell.parse()?;
        asks += &corner.to_string();
        islands.push(Placement {
            island: kind.name().into(),
            row: corner.row().into(),
            col: corner.col().into(),
        });
    }
    let id = command_id(corners.seen, &asks)?;
    carry_out(&forms, &client, Command::PositionAll { islands }, id).await
}

/// A form without fields of its own.
#[derive(Deserialize)]
struct Seen {
    seen: u64,
}

async fn set_islands(
    State(forms): State<Forms>,
    client: Client,
    Fields(Seen { seen }): Fields<Seen>,
) -> Result<Redirect, Refusal> {
    carry_out(
        &forms,
        &client,
        Command::SetIslands,
        command_id(seen, "ready")?,
    )
    .await
}

#[derive(Deserialize)]
struct Guess {
    seen: u64,
    at: String,
}

async fn guess(
    State(forms): State<Forms>,
    client: Client,
    Fields(Guess { seen, at }): Fields<Guess>,
) -> Result<Redirect, Refusal> {
    let at: Coordinate = at.parse()?;
    let (row, col) = (at.row().into(), at.col().into());
    let id = command_id(seen, &at.to_string())?;
    carry_out(&forms, &client, Command::GuessCoordinate { row, col }, id).await
}

async fn resign(
    State(forms): State<Forms>,
    client: Client,
    Fields(Seen { seen }): Fields<Seen>,
) -> Result<Redirect, Refusal> {
    carry_out(
        &forms,
        &client,
        Command::Resign,
        command_id(seen, "resign")?,
    )
    .await
}

/// Sends a command to the client's game, and the client back to the game's page.
async fn carry_out(
    forms: &Forms,
    client: &Client,
    command: Command,
    id: CommandId,
) -> Result<Redirect, Refusal> {
    let Viewer::Player(player) = client.viewer else {
        return Err(Refusal::not_a_player());
    };
    forms
        .games
        .command(client.game, player, command, Some(id))
        .await?;
    // 303 See Other: the browser gets the page, and to reload it sends no form.
    Ok(Redirect::to("."))
}

/// The game in a request's path, and the seat in its cookie.
struct Client {
    game: GameId,
    viewer: Viewer,
}

impl FromRequestParts<Forms> for Client {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, forms: &Forms) -> Result<Client, Refusal> {
        let path = Path::<String>::from_request_parts(parts, forms).await;
        let game = path.ok().and_then(|Path(game)| game.parse().ok());
        let game = game.ok_or(CallError::NoSuchGame)?;
        let viewer = match cookie(parts) {
            None => Viewer::Spectator,
            Some(token) => match forms.seat_key.verify(token) {
                Some((of_game, player)) if of_game == game => Viewer::Player(player),
                // A token that proves nothing counts as none.
                _ => Viewer::Spectator,
            },
        };
        Ok(Client { game, viewer })
    }
}

/// Returns the token in the cookie `seat`. There may be other cookies, of any bytes.
fn cookie(parts: &Parts) -> Option<&str> {
    let lines = parts.headers.get_all(COOKIE).iter();
    let mut cookies = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
    let token = cookies.find_map(|cookie| cookie.trim_ascii().strip_prefix(b"seat="))?;
    std::str::from_utf8(token).ok()
}

/// Returns the header that gives a browser a seat, for as long as the games are kept. The browser
/// sends the cookie to this game alone (`Path`), not with a form on another site (`SameSite`), and
/// shows it to no script (`HttpOnly`). Over HTTPS, it should also be `Secure`.
fn seat_cookie(
    seat_key: &SeatKey,
    game: GameId,
    player: Player,
) -> [(axum::http::HeaderName, String); 1] {
    let token = seat_key.token(game, player);
    let cookie =
        format!("seat={token}; Path=/games/{game}/; Max-Age=2592000; HttpOnly; SameSite=Lax");
    [(SET_COOKIE, cookie)]
}

/// Returns a page. The browser keeps no copy of it, since the next one may differ, and runs no
/// script on it, should one ever get there.
pub(crate) fn page(html: Markup) -> impl IntoResponse {
    let policy = "default-src 'none'; style-src 'self'; form-action 'self'; \
                  base-uri 'none'; frame-ancestors 'none'";
    let headers = [
        (CACHE_CONTROL, "no-store"),
        (CONTENT_SECURITY_POLICY, policy),
    ];
    (headers, html)
}

/// The fields of a form.
struct Fields<T>(T);

impl<T, S> FromRequest<S> for Fields<T>
where
    Form<T>: FromRequest<S, Rejection = axum::extract::rejection::FormRejection>,
    S: Send + Sync,
{
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Fields<T>, Refusal> {
        let Form(fields) = Form::from_request(request, state).await?;
        Ok(Fields(fields))
    }
}

//! A table opens and plays one game after another.

use std::net::SocketAddr;
use std::time::Duration;

use fastrand::Rng;
use futures_util::future::join_all;
use islands_core::{Command, GameId, Player, Viewer};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::game_model::{GameModel, NextGame};
use crate::participant::{FinishedPlayers, Participant, Role};
use crate::shared_state::SharedState;
use crate::wire::PATIENCE;

/// One game in this many is against the computer.
const ONE_IN_AGAINST_COMPUTER: u32 = 8;

/// One game in this many has a spectator.
const ONE_IN_WITH_SPECTATOR: u32 = 4;

/// One game in this many is followed by a rematch.
const ONE_IN_WITH_REMATCH: u32 = 4;

/// The computer's name on the server.
const COMPUTER_NAME: &str = "Computer";

/// Pause after a game could not be opened.
const RETRY_PAUSE: Duration = Duration::from_millis(50);

/// A game that can be played.
struct Game {
    id: GameId,
    /// The names of player 1 and player 2.
    names: [String; 2],
    /// The tokens of their seats; the computer has none.
    seats: [Option<String>; 2],
}

/// Plays games until the run ends. Every choice is drawn from the seed.
pub(crate) async fn play_games(shared: SharedState, seed: u64) {
    let mut rng = Rng::with_seed(seed);
    let mut rematch = None;
    while !shared.is_ending() {
        let game = match rematch.take() {
            Some(game) => Some(game),
            None => tokio::select! {
                game = open(&shared, &mut rng) => game,
                () = shared.ending() => None,
            },
        };
        match game {
            Some(game) => rematch = play(&shared, &game, &mut rng).await,
            None => sleep(RETRY_PAUSE).await,
        }
    }
}

/// Opens a game and takes both seats; `None` if a request fails.
async fn open(shared: &SharedState, rng: &mut Rng) -> Option<Game> {
    let address = shared.address().await;
    let name = |rng: &mut Rng, who: &str| format!("{who} {}", rng.u32(..1_000_000));
    let host = name(rng, "Ada");
    let mut body = json!({ "name": host });
    let is_computer = rng.u32(..ONE_IN_AGAINST_COMPUTER) == 0;
    if is_computer {
        body["opponent"] = "hunt".into();
    }
    let opened = created(shared, post(address, "/api/games", &body).await)?.ok()?;
    let id: GameId = opened["game"].as_str()?.parse().ok()?;
    let seat = |seat_payload: &Value| seat_payload["seat"].as_str().map(str::to_owned);
    let history = shared.history();
    if is_computer {
        history.opened(id, &host, Some(COMPUTER_NAME));
        history.computer(id, Player::Two);
        return Some(Game {
            id,
            names: [host, COMPUTER_NAME.into()],
            seats: [seat(&opened), None],
        });
    }
    history.opened(id, &host, None);
    let guest = name(rng, "Bob");
    let join = Command::AddPlayer {
        name: guest.clone(),
    };
    let recorder = history.client(id, Viewer::Player(Player::Two));
    let sent = recorder.send(None, &join);
    let path = format!("/api/games/{id}/players");
    let answer = post(address, &path, &json!({ "name": guest })).await;
    match created(shared, answer)? {
        Ok(joined) => {
            // The answer has no number, but this is always event 2.
            sent.accepted(2, &json!({}));
            Some(Game {
                id,
                names: [host, guest],
                seats: [seat(&opened), seat(&joined)],
            })
        }
        Err(reason) => {
            sent.refused(&reason);
            None
        }
    }
}

/// Returns the body of a `201`, or the reason of a refusal; `None` without an answer.
fn created(shared: &SharedState, answer: Option<(u16, Value)>) -> Option<Result<Value, String>> {
    const CREATED: u16 = 201;
    const UNAVAILABLE: u16 = 503;
    let (status, body) = answer?;
    if status == CREATED {
        return Some(Ok(body));
    }
    if status != UNAVAILABLE {
        shared.report_failure(format!("a game was not opened or joined: {status} {body}"));
    }
    Some(Err(body["reason"].as_str().unwrap_or("timeout").into()))
}

/// Runs all clients of a game to their end, and returns the rematch.
async fn play(shared: &SharedState, game: &Game, rng: &mut Rng) -> Option<Game> {
    let wants_rematch = rng.u32(..ONE_IN_WITH_REMATCH) == 0;
    let is_watched = rng.u32(..ONE_IN_WITH_SPECTATOR) == 0;
    let seats = &game.seats;
    let computer = Player::BOTH
        .into_iter()
        .find(|player| seats[*player as usize].is_none());
    let finished = FinishedPlayers::new(seats.iter().flatten().count());
    let mut participant = |viewer, seat: Option<String>| {
        let me = match viewer {
            Viewer::Player(player) => Some(player),
            Viewer::Spectator => None,
        };
        let role = Role {
            game: game.id,
            viewer,
            seat,
            computer,
        };
        let game_model = GameModel::new(me, wants_rematch);
        Participant::new(shared, role, game_model, rng.fork(), finished.clone())
    };
    let mut all = Vec::new();
    for player in Player::BOTH {
        if let Some(seat) = &seats[player as usize] {
            all.push(participant(Viewer::Player(player), Some(seat.clone())));
        }
    }
    if is_watched {
        all.push(participant(Viewer::Spectator, None));
    }
    let nexts = join_all(all.into_iter().map(Participant::play_game)).await;
    rematch(shared, game, nexts, computer)
}

/// Records the rematch, and returns it with the seats swapped.
fn rematch(
    shared: &SharedState,
    game: &Game,
    nexts: Vec<Option<NextGame>>,
    computer: Option<Player>,
) -> Option<Game> {
    let mut nexts: Vec<NextGame> = nexts.into_iter().flatten().collect();
    let id = nexts.first()?.game;
    let [host, guest] = game.names.clone();
    shared.history().opened(id, &guest, Some(&host));
    if let Some(computer) = computer {
        shared.history().computer(id, computer.opponent());
    }
    // `nexts` lists player 1, player 2, then the spectator.
    let mut seats = [None, None];
    for player in Player::BOTH {
        if game.seats[player as usize].is_some() && !nexts.is_empty() {
            seats[player.opponent() as usize] = nexts.remove(0).seat;
        }
    }
    Some(Game {
        id,
        names: [guest, host],
        seats,
    })
}

/// Posts JSON, and returns the answer's status and JSON; `None` without a complete
/// answer.
async fn post(address: SocketAddr, path: &str, body: &Value) -> Option<(u16, Value)> {
    let answer = timeout(PATIENCE, harness::post(address, path, &body.to_string())).await;
    let answer = answer.ok()?.ok()?;
    Some((answer.status, answer.json().ok()?))
}

//! What to avoid: a handler that knows the rules.
//!
//! It works, almost. It refuses a guess out of turn and a repeated guess, as the game does. But it
//! changes the turn before it looks whether the cell was guessed before, and a refusal does not
//! change it back. In the core such a bug cannot be written: `decide` cannot change the game.

use std::collections::HashSet;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Form, Router};
use islands_core::{Coordinate, Player};
use parking_lot::Mutex;
use serde::Deserialize;

/// Whose turn it is, and what was guessed.
struct Game {
    turn: Player,
    guessed: HashSet<(Player, Coordinate)>,
}

/// A guess says by itself who guesses: `by=1&at=B7`.
#[derive(Deserialize)]
struct Guess {
    by: u8,
    at: String,
}

/// Returns the routes: `POST /guesses`, in a game in which player 1 begins.
pub fn router() -> Router {
    let game = Game {
        turn: Player::One,
        guessed: HashSet::new(),
    };
    Router::new()
        .route("/guesses", post(guess))
        .with_state(Arc::new(Mutex::new(game)))
}

async fn guess(State(game): State<Arc<Mutex<Game>>>, Form(guess): Form<Guess>) -> StatusCode {
    let Ok(at) = guess.at.parse() else {
        return StatusCode::UNPROCESSABLE_ENTITY;
    };
    let by = match guess.by {
        1 => Player::One,
        _ => Player::Two,
    };
    let mut game = game.lock();
    if game.turn != by {
        return StatusCode::CONFLICT;
    }
    game.turn = by.opponent();
    if !game.guessed.insert((by, at)) {
        return StatusCode::CONFLICT;
    }
    StatusCode::SEE_OTHER
}

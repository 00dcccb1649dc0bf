//! Opens games, and shuts all of them down.

use islands_core::bot::Strength;
use islands_core::{Rejection, Viewer};
use islands_engine::{CallError, NewGame};

use crate::play::Arena;

#[tokio::test(start_paused = true)]
async fn a_game_is_in_the_journal_before_it_is_in_memory() {
    let arena = Arena::new().await;
    let game = arena.games.create("Ada", NewGame::default()).await.unwrap();
    assert_eq!(arena.log(game).await.len(), 1);
    assert_eq!(arena.games.running(), 0);
    arena.games.view(game, Viewer::Spectator).await.unwrap();
    assert_eq!(arena.games.running(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_no_name_opens_no_game() {
    let arena = Arena::new().await;
    let refused = arena.games.create("\n", NewGame::default()).await;
    assert_eq!(refused, Err(CallError::Rejected(Rejection::InvalidName)));
}

#[tokio::test(start_paused = true)]
async fn a_player_cannot_take_the_computers_name() {
    let arena = Arena::new().await;
    let new = NewGame {
        opponent: Some(Strength::Hunt),
        listed: false,
    };
    let refused = arena.games.create("Computer", new).await;
    assert_eq!(refused, Err(CallError::Rejected(Rejection::NameTaken)));
}

#[tokio::test(start_paused = true)]
async fn after_going_down_nothing_is_left_and_nothing_starts() {
    let arena = Arena::new().await;
    let game = arena.battle().await;
    arena.games.shut_down().await;
    assert_eq!(arena.games.running(), 0);
    let refused = arena.games.view(game, Viewer::Spectator).await;
    assert_eq!(refused, Err(CallError::Busy));
    assert_eq!(arena.log(game).await.len(), 6);
}

//! Creates games, and shuts all of them down.

use islands_core::bot::Strength;
use islands_core::{Rejection, Viewer};
use islands_engine::{CallError, NewGame};

use crate::fixture::Fixture;

#[tokio::test(start_paused = true)]
async fn a_game_is_in_the_journal_before_it_is_in_memory() {
    let fixture = Fixture::new().await;
    let game = fixture
        .games
        .create("Ada", NewGame::default())
        .await
        .unwrap();
    assert_eq!(fixture.log(game).await.len(), 1);
    assert_eq!(fixture.games.running(), 0);
    fixture.games.view(game, Viewer::Spectator).await.unwrap();
    assert_eq!(fixture.games.running(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_game_with_an_invalid_player_name_is_not_created() {
    let fixture = Fixture::new().await;
    let refused = fixture.games.create("\n", NewGame::default()).await;
    assert_eq!(refused, Err(CallError::Rejected(Rejection::InvalidName)));
}

#[tokio::test(start_paused = true)]
async fn a_player_cannot_take_the_computers_name() {
    let fixture = Fixture::new().await;
    let new = NewGame {
        opponent: Some(Strength::Hunt),
        listed: false,
    };
    let refused = fixture.games.create("Computer", new).await;
    assert_eq!(refused, Err(CallError::Rejected(Rejection::NameTaken)));
}

#[tokio::test(start_paused = true)]
async fn shutdown_stops_all_games_and_later_calls_are_busy() {
    let fixture = Fixture::new().await;
    let game = fixture.battle().await;
    fixture.games.shut_down().await;
    assert_eq!(fixture.games.running(), 0);
    let refused = fixture.games.view(game, Viewer::Spectator).await;
    assert_eq!(refused, Err(CallError::Busy));
    assert_eq!(fixture.log(game).await.len(), 6);
}

//! Processes that are killed, or stopped without their supervisor. Only tests inside
//! the crate can reach them.

mod leaks;

use std::sync::Arc;
use std::time::Duration;

use islands_core::{Command, GameId, Player, View, Viewer};

use crate::game_actor::GameMessage;
use crate::journal::MemoryJournal;
use crate::{CallError, Games, NewGame, Settings};

async fn games() -> Games {
    let journal = Arc::new(MemoryJournal::new());
    Games::start(Settings::default(), journal).await.unwrap()
}

/// Creates a game and starts its process.
async fn running(games: &Games) -> GameId {
    let game = games.create("Ada", NewGame::default()).await.unwrap();
    games.view(game, Viewer::Spectator).await.unwrap();
    game
}

async fn seq(games: &Games, game: GameId) -> Result<u64, CallError> {
    let view = games.view(game, Viewer::Spectator).await;
    view.as_ref().map(View::seq).map_err(Clone::clone)
}

fn actor(games: &Games, game: GameId) -> ractor::ActorRef<GameMessage> {
    games.registry.running(game).unwrap().actor
}

#[tokio::test(start_paused = true)]
async fn a_killed_game_restarts() {
    let games = games().await;
    let game = running(&games).await;
    actor(&games, game).kill();
    assert_eq!(seq(&games, game).await, Ok(1));
}

#[tokio::test(start_paused = true)]
async fn kills_use_up_the_budget() {
    let games = games().await;
    let [game, neighbour] = [running(&games).await, running(&games).await];
    for _ in 0..3 {
        actor(&games, game).kill();
        assert_eq!(seq(&games, game).await, Ok(1));
    }
    actor(&games, game).kill();
    let quarantined = seq(&games, game).await.unwrap_err();
    assert_eq!(quarantined.reason(), "quarantined");
    assert_eq!(seq(&games, neighbour).await, Ok(1));
}

#[tokio::test(start_paused = true)]
async fn an_unplanned_stop_is_a_crash() {
    let games = games().await;
    let game = running(&games).await;
    for _ in 0..4 {
        actor(&games, game).stop(None);
        let _ = seq(&games, game).await;
    }
    let quarantined = seq(&games, game).await.unwrap_err();
    assert_eq!(quarantined.reason(), "quarantined");
}

#[tokio::test(start_paused = true)]
async fn a_thousand_kills_beside_a_hundred_games_that_play() {
    let games = games().await;
    let mut playing = Vec::new();
    for _ in 0..100 {
        playing.push(running(&games).await);
    }
    for n in 0..1_000 {
        let killed = running(&games).await;
        actor(&games, killed).kill();
        let name = "Bob".into();
        let join = Command::AddPlayer { name };
        let joined = games
            .command(playing[n % 100], Player::Two, join, None)
            .await;
        match n {
            0..100 => assert_eq!(joined.unwrap().seq, 2),
            _ => assert_eq!(joined.unwrap_err().reason(), "game_full"),
        }
        assert_eq!(seq(&games, killed).await, Ok(1));
    }
    assert_eq!(games.running(), 1_100);
}

#[tokio::test(start_paused = true)]
async fn calls_in_the_mailbox_of_a_killed_game_are_retried() {
    let games = games().await;
    let game = running(&games).await;
    let join = Command::AddPlayer { name: "Bob".into() };
    let joining = tokio::spawn({
        let games = games.clone();
        async move { games.command(game, Player::Two, join, None).await }
    });
    tokio::task::yield_now().await;
    actor(&games, game).kill();
    assert_eq!(joining.await.unwrap().unwrap().seq, 2);
}

#[tokio::test(start_paused = true)]
async fn a_game_with_a_waiting_caller_stays_in_memory() {
    let games = games().await;
    let game = running(&games).await;
    let before = actor(&games, game);
    // Both messages are in the mailbox before the game handles the first.
    before
        .cast(GameMessage::StopIfIdle(Duration::ZERO))
        .unwrap();
    assert_eq!(seq(&games, game).await, Ok(1));
    assert_eq!(actor(&games, game).get_id(), before.get_id());
}

//! Crashes of a supervisor, which end all of its games.

use std::sync::Arc;

use islands_core::{Command, GameId, Player, Viewer};

use crate::journal::MemoryJournal;
use crate::{Games, NewGame, Settings};

/// Games under a single supervisor.
async fn games() -> Games {
    let settings = Settings {
        supervisors: 1,
        ..Settings::default()
    };
    let journal = Arc::new(MemoryJournal::new());
    Games::start(settings, journal).await.unwrap()
}

async fn seq(games: &Games, game: GameId) -> u64 {
    games.view(game, Viewer::Spectator).await.unwrap().seq()
}

fn kill_the_supervisor(games: &Games) {
    let supervisor = games.registry.shards()[0].supervisor().unwrap();
    supervisor.kill();
}

#[tokio::test(start_paused = true)]
async fn games_recover_after_their_supervisor_crashes() {
    let games = games().await;
    let mut all = Vec::new();
    for _ in 0..20 {
        let game = games.create("Ada", NewGame::default()).await.unwrap();
        let join = Command::AddPlayer { name: "Bob".into() };
        games.command(game, Player::Two, join, None).await.unwrap();
        all.push(game);
    }
    kill_the_supervisor(&games);
    for game in all {
        assert_eq!(seq(&games, game).await, 2);
    }
    assert_eq!(games.running(), 20);
    assert_eq!(games.system().supervisors[0].restarts, 1);
}

#[tokio::test(start_paused = true)]
async fn a_supervisor_that_crashes_again_and_again_is_never_given_up() {
    let games = games().await;
    let game = games.create("Ada", NewGame::default()).await.unwrap();
    for crashes in 1..=10 {
        kill_the_supervisor(&games);
        // A call may fail until the root has handled the crash.
        while games.view(game, Viewer::Spectator).await.is_err() {}
        assert_eq!(seq(&games, game).await, 1);
        assert_eq!(games.system().supervisors[0].restarts, crashes);
    }
}

#[tokio::test(start_paused = true)]
async fn subscriptions_end_when_the_supervisor_crashes() {
    let games = games().await;
    let game = games.create("Ada", NewGame::default()).await.unwrap();
    let mut listening = games
        .subscribe(game, Viewer::Spectator, None)
        .await
        .unwrap();
    kill_the_supervisor(&games);
    assert!(listening.events.next().await.is_none());
    let join = Command::AddPlayer { name: "Bob".into() };
    games.command(game, Player::Two, join, None).await.unwrap();
    let again = games.subscribe(game, Viewer::Spectator, Some(1)).await;
    assert_eq!(again.unwrap().seq, 2);
}

#[tokio::test(start_paused = true)]
async fn shutdown_stops_everything_even_after_a_crash() {
    let games = games().await;
    let game = games.create("Ada", NewGame::default()).await.unwrap();
    kill_the_supervisor(&games);
    seq(&games, game).await;
    games.shut_down().await;
    assert_eq!(games.running(), 0);
    let refused = games.view(game, Viewer::Spectator).await.unwrap_err();
    assert_eq!(refused.reason(), "busy");
}

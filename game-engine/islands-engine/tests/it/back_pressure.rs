//! Backpressure: an overloaded game refuses calls, and delays no other game.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use islands_core::{Player, Viewer};
use islands_engine::{CallError, NewGame, Settings};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::fixture::{Fixture, guess, join, next};

#[tokio::test(start_paused = true)]
async fn a_stalled_game_admits_max_waiting_calls_and_refuses_the_rest_as_busy() {
    let settings = Settings {
        max_waiting: 10,
        ..Settings::default()
    };
    let fixture = Fixture::with(settings).await;
    let game = fixture.battle().await;
    fixture.journal.hold(game);
    let mut calls = JoinSet::new();
    for n in 0..100 {
        let games = fixture.games.clone();
        calls.spawn(async move { games.command(game, Player::One, guess(n), None).await });
    }
    let (mut busy, mut timeout) = (0, 0);
    while let Some(answer) = calls.join_next().await {
        match answer.unwrap() {
            Err(CallError::Busy) => busy += 1,
            Err(CallError::Timeout) => timeout += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((busy, timeout), (90, 10));
}

#[tokio::test(start_paused = true)]
async fn a_call_waits_no_longer_than_its_deadline() {
    let fixture = Fixture::new().await;
    let game = fixture.battle().await;
    fixture.journal.hold(game);
    let start = Instant::now();
    let answer = fixture.play(game, Player::One, guess(0)).await;
    assert_eq!(answer, Err(CallError::Timeout));
    assert_eq!(start.elapsed().as_secs(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_stalled_game_delays_no_other_game() {
    let fixture = Fixture::new().await;
    let [stalled, other] = [fixture.battle().await, fixture.battle().await];
    let gate = fixture.journal.hold(stalled);
    let waiting = tokio::spawn({
        let games = fixture.games.clone();
        async move { games.command(stalled, Player::One, guess(0), None).await }
    });
    let start = Instant::now();
    for n in 0..50 {
        for player in Player::BOTH {
            fixture.play(other, player, guess(n)).await.unwrap();
        }
    }
    assert_eq!(start.elapsed(), Duration::ZERO, "nobody has waited");
    gate.open();
    assert_eq!(waiting.await.unwrap().unwrap().seq, 7);
}

#[tokio::test]
async fn a_move_in_another_game_overtakes_most_of_a_burst() {
    let fixture = Fixture::new().await;
    let [crowded, other] = [fixture.battle().await, fixture.battle().await];
    let answered = Arc::new(AtomicUsize::new(0));
    let mut crowd = JoinSet::new();
    for n in 0..100 {
        let (games, answered) = (fixture.games.clone(), Arc::clone(&answered));
        crowd.spawn(async move {
            let _ = games.command(crowded, Player::Two, guess(n), None).await;
            answered.fetch_add(1, Ordering::Relaxed);
        });
    }
    let last = {
        let (games, answered) = (fixture.games.clone(), Arc::clone(&answered));
        tokio::spawn(async move {
            games
                .command(other, Player::One, guess(0), None)
                .await
                .unwrap();
            answered.load(Ordering::Relaxed)
        })
    };
    let before = last.await.unwrap();
    assert!(before < 30, "{before} of 100 were answered before");
    crowd.join_all().await;
    assert_eq!(answered.load(Ordering::Relaxed), 100);
}

#[tokio::test(start_paused = true)]
async fn games_continue_when_the_journal_answers_again() {
    let fixture = Fixture::new().await;
    let game = fixture.battle().await;
    let gate = fixture.journal.hold(game);
    assert!(fixture.play(game, Player::One, guess(0)).await.is_err());
    gate.open();
    // The command that timed out was carried out all the same.
    fixture.play(game, Player::Two, guess(0)).await.unwrap();
    assert_eq!(fixture.log(game).await.len(), 8);
}

#[tokio::test(start_paused = true)]
async fn memory_holds_at_most_max_games() {
    let settings = Settings {
        max_games: 2,
        ..Settings::default()
    };
    let fixture = Fixture::with(settings).await;
    let mut games = Vec::new();
    for _ in 0..3 {
        games.push(
            fixture
                .games
                .create("Ada", NewGame::default())
                .await
                .unwrap(),
        );
    }
    let full = Err(CallError::TooManyGames { limit: 2 });
    for game in &games[..2] {
        assert!(fixture.games.view(*game, Viewer::Spectator).await.is_ok());
    }
    let third = fixture.games.view(games[2], Viewer::Spectator).await;
    assert_eq!(third.map(|_| ()), full);
    let new = fixture.games.create("Bob", NewGame::default()).await;
    assert_eq!(new.map(|_| ()), full);
}

#[tokio::test(start_paused = true)]
async fn when_memory_is_full_idle_games_are_evicted_early() {
    let settings = Settings {
        max_games: 2,
        ..Settings::default()
    };
    let fixture = Fixture::with(settings).await;
    let mut games = Vec::new();
    for _ in 0..3 {
        games.push(
            fixture
                .games
                .create("Ada", NewGame::default())
                .await
                .unwrap(),
        );
    }
    let _listening = fixture.watch(games[0], None).await;
    fixture
        .games
        .view(games[1], Viewer::Spectator)
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_secs(11)).await;
    let third = fixture.games.view(games[2], Viewer::Spectator).await;
    assert_eq!(third.unwrap_err(), CallError::TooManyGames { limit: 2 });
    // The refusal made its supervisor ask the game without a listener to leave.
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert!(
        fixture
            .games
            .view(games[2], Viewer::Spectator)
            .await
            .is_ok()
    );
    assert_eq!(fixture.games.running(), 2);
    let full = fixture.games.view(games[1], Viewer::Spectator).await;
    assert_eq!(full.unwrap_err(), CallError::TooManyGames { limit: 2 });
}

#[tokio::test(start_paused = true)]
async fn commands_fail_at_once_while_the_journal_is_not_writable() {
    let fixture = Fixture::new().await;
    let game = fixture.battle().await;
    fixture.journal.set_unavailable(true);
    let start = Instant::now();
    let refused = fixture.play(game, Player::One, guess(0)).await;
    assert_eq!(refused, Err(CallError::JournalUnavailable));
    let new = fixture.games.create("Ada", NewGame::default()).await;
    assert_eq!(new.unwrap_err(), CallError::JournalUnavailable);
    assert_eq!(start.elapsed(), Duration::ZERO);
    fixture.journal.set_unavailable(false);
    assert!(fixture.play(game, Player::One, guess(0)).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_game_admits_at_most_max_subscribers() {
    let settings = Settings {
        max_subscribers: 3,
        ..Settings::default()
    };
    let fixture = Fixture::with(settings).await;
    let game = fixture.battle().await;
    let mut listening = Vec::new();
    for _ in 0..3 {
        listening.push(fixture.watch(game, None).await);
    }
    let refused = fixture.games.subscribe(game, Viewer::Spectator, None).await;
    assert_eq!(refused.err(), Some(CallError::Busy));
    listening.pop();
    tokio::task::yield_now().await;
    assert!(
        fixture
            .games
            .subscribe(game, Viewer::Spectator, None)
            .await
            .is_ok()
    );
}

#[tokio::test(start_paused = true)]
async fn when_memory_is_full_games_take_turns_and_no_subscriber_is_dropped() {
    let settings = Settings {
        max_games: 50,
        ..Settings::default()
    };
    let fixture = Fixture::with(settings).await;
    let (mut played, mut looked_at) = (Vec::new(), Vec::new());
    for n in 0..330 {
        // The first call of a game brings it into memory; `watch` is one.
        let game = fixture
            .games
            .create("Ada", NewGame::default())
            .await
            .unwrap();
        match n {
            0..30 => played.push((game, fixture.watch(game, None).await)),
            _ => looked_at.push(game),
        }
    }
    let mut calls = JoinSet::new();
    for game in looked_at {
        let games = fixture.games.clone();
        calls.spawn(async move {
            while let Err(error) = games.view(game, Viewer::Spectator).await {
                assert_eq!(error, CallError::TooManyGames { limit: 50 });
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        });
    }
    let start = Instant::now();
    while let Some(served) = calls.join_next().await {
        served.unwrap();
        assert!(fixture.games.running() <= 50);
    }
    // 300 games take turns in 20 places, each for the ten seconds or so after which
    // a game may be evicted.
    let turns = start.elapsed().as_secs() / 10;
    assert!((14..=16).contains(&turns), "{turns} turns");
    for (game, mut watching) in played {
        fixture.play(game, Player::Two, join("Bob")).await.unwrap();
        assert_eq!(next(&mut watching).await.unwrap().seq(), 2);
    }
}

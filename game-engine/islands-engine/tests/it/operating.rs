//! What operators can see and do.

use std::time::Duration;

use islands_core::{GameId, Player, Viewer};
use islands_engine::testing::{AppendFault, LoadFault};
use islands_engine::{CallError, CatchUp, CommandId, NewGame, RestartBudget, Settings, System};
use prometheus_client::encoding::text::encode;
use prometheus_client::registry::Registry;

use crate::fixture::{Fixture, guess, join};

/// Crashes a game until it is quarantined.
async fn quarantine(fixture: &Fixture, game: GameId) {
    for _ in 0..=RestartBudget::default().restarts {
        fixture.journal.next_append(game, AppendFault::PanicBefore);
    }
    while !fixture.journal.all_append_faults_injected() {
        let crashed = fixture.play(game, Player::One, guess(0)).await;
        assert!(crashed.is_err());
    }
    let refused = fixture.play(game, Player::One, guess(0)).await.unwrap_err();
    assert_eq!(refused.reason(), "quarantined");
}

fn metrics(fixture: &Fixture) -> String {
    let mut registry = Registry::default();
    fixture.games.register(&mut registry);
    let mut text = String::new();
    encode(&mut text, &registry).unwrap();
    text
}

#[track_caller]
fn counts(fixture: &Fixture, line: &str) {
    let text = metrics(fixture);
    assert!(text.lines().any(|it| it == line), "no {line} in\n{text}");
}

#[tokio::test(start_paused = true)]
async fn an_operator_clears_a_quarantine_and_the_game_continues() {
    let fixture = Fixture::new().await;
    let game = fixture.battle().await;
    quarantine(&fixture, game).await;
    assert_eq!(fixture.games.clear_quarantine(game).await, Ok(true));
    assert_eq!(
        fixture.play(game, Player::One, guess(0)).await.unwrap().seq,
        7
    );
    assert_eq!(fixture.log(game).await.len(), 7);
}

#[tokio::test(start_paused = true)]
async fn subscribers_see_a_quarantine_and_continue_from_the_log_after_it() {
    let fixture = Fixture::new().await;
    let game = fixture.battle().await;
    // The append succeeds, then the game panics and cannot start again.
    fixture.journal.next_append(game, AppendFault::PanicAfter);
    for _ in 0..RestartBudget::default().restarts {
        fixture.journal.next_load(LoadFault::Panic);
    }
    let id = || CommandId::new("stored").ok();
    let moved = fixture
        .games
        .command(game, Player::One, guess(0), id())
        .await;
    assert_eq!(moved, Err(CallError::Timeout), "nobody knows");
    let mut refusals = Vec::new();
    for player in Player::BOTH {
        let viewer = Viewer::Player(player);
        let played = fixture.games.command(game, player, guess(0), id()).await;
        let looked = fixture.games.view(game, viewer).await;
        let listened = fixture.games.subscribe(game, viewer, Some(6)).await;
        refusals.extend([played.err(), looked.err(), listened.err()]);
    }
    for refusal in refusals {
        let Some(CallError::Quarantined { error }) = refusal else {
            panic!("{refusal:?}");
        };
        assert!(error.contains("injected into a load"), "{error}");
    }
    let seen = fixture.games.inspect(game).await.unwrap();
    assert_eq!(
        (seen.events, seen.state.as_deref()),
        (7, Some("player2_turn"))
    );
    assert_eq!(seen.process.unwrap().phase, "quarantined");

    assert_eq!(fixture.games.clear_quarantine(game).await, Ok(true));
    let missed = fixture.watch(game, Some(6)).await.catch_up;
    assert!(matches!(missed, CatchUp::Missed(missed) if missed.len() == 1));
    let repeated = fixture
        .games
        .command(game, Player::One, guess(0), id())
        .await;
    assert_eq!(repeated.unwrap().seq, 7);
    assert_eq!(
        fixture.play(game, Player::Two, guess(0)).await.unwrap().seq,
        8
    );
    assert_eq!(fixture.log(game).await.len(), 8);
}

#[tokio::test(start_paused = true)]
async fn clearing_a_running_game_changes_nothing() {
    let fixture = Fixture::new().await;
    let game = fixture.battle().await;
    assert_eq!(fixture.games.clear_quarantine(game).await, Ok(false));
    let nobody = GameId::from_bytes([7; 10]);
    assert_eq!(fixture.games.clear_quarantine(nobody).await, Ok(false));
    assert!(fixture.play(game, Player::One, guess(0)).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_cleared_game_that_crashes_on_is_quarantined_again() {
    let fixture = Fixture::new().await;
    let game = fixture.battle().await;
    quarantine(&fixture, game).await;
    fixture.games.clear_quarantine(game).await.unwrap();
    quarantine(&fixture, game).await;
}

#[tokio::test(start_paused = true)]
async fn an_inspection_returns_the_error_and_the_logs_state() {
    let fixture = Fixture::new().await;
    let game = fixture.battle().await;
    quarantine(&fixture, game).await;
    let seen = fixture.games.inspect(game).await.unwrap();
    let process = seen.process.unwrap();
    assert_eq!((process.phase, process.crashes), ("quarantined", 4));
    assert!(process.error.unwrap().contains("injected"));
    assert_eq!((seen.batches, seen.events), (6, 6));
    assert_eq!(seen.state.as_deref(), Some("player1_turn"));
    assert_eq!(seen.damage, None);
}

#[tokio::test(start_paused = true)]
async fn a_missing_game_cannot_be_inspected() {
    let fixture = Fixture::new().await;
    let nobody = GameId::from_bytes([7; 10]);
    let refused = fixture.games.inspect(nobody).await.unwrap_err();
    assert_eq!(refused, CallError::NoSuchGame);
}

#[tokio::test(start_paused = true)]
async fn the_system_shows_the_phase_of_every_game() {
    let fixture = Fixture::new().await;
    let games = [fixture.battle().await, fixture.battle().await];
    quarantine(&fixture, games[0]).await;
    let system = fixture.games.system();
    assert_eq!((system.games, system.supervisors.len()), (2, 8));
    assert!(system.journal_writable);
    let phase = |game| {
        let mut seen = system.supervisors.iter().flat_map(|it| &it.games);
        seen.find(|seen| seen.game == game).unwrap().phase
    };
    assert_eq!(games.map(phase), ["quarantined", "running"]);
}

#[tokio::test(start_paused = true)]
async fn a_system_snapshot_waits_for_no_hanging_game() {
    let fixture = Fixture::new().await;
    let game = fixture.battle().await;
    let gate = fixture.journal.hold(game);
    let waiting = tokio::spawn({
        let games = fixture.games.clone();
        async move { games.command(game, Player::One, guess(0), None).await }
    });
    tokio::time::sleep(Duration::from_secs(1)).await;
    let system: System = fixture.games.system();
    let listed = system.supervisors.iter().flat_map(|it| &it.games);
    assert_eq!(listed.map(|seen| seen.waiting).sum::<usize>(), 1);
    gate.open();
    assert!(waiting.await.unwrap().is_ok());
}

#[tokio::test(start_paused = true)]
async fn games_that_are_not_running_come_first_in_a_system_snapshot() {
    let settings = Settings {
        supervisors: 1,
        ..Settings::default()
    };
    let fixture = Fixture::with(settings).await;
    let game = fixture.battle().await;
    quarantine(&fixture, game).await;
    for _ in 0..150 {
        let game = fixture
            .games
            .create("Ada", NewGame::default())
            .await
            .unwrap();
        fixture.games.view(game, Viewer::Spectator).await.unwrap();
    }
    let seen = &fixture.games.system().supervisors[0];
    assert_eq!((seen.games.len(), seen.not_listed), (100, 51));
    assert_eq!(seen.games[0].phase, "quarantined");
    assert_eq!((seen.phases.running, seen.phases.quarantined), (150, 1));
}

#[tokio::test(start_paused = true)]
async fn metrics_count_commands_crashes_and_games() {
    let settings = Settings {
        max_waiting: 1,
        ..Settings::default()
    };
    let fixture = Fixture::with(settings).await;
    let [game, other] = [fixture.battle().await, fixture.battle().await];
    counts(&fixture, r#"islands_games{state="player1_turn"} 2"#);
    counts(&fixture, r#"islands_commands_total{outcome="accepted"} 10"#);
    counts(&fixture, "islands_append_seconds_count 10");
    counts(&fixture, "islands_recovery_seconds_count 2");

    fixture.play(game, Player::One, guess(0)).await.unwrap();
    counts(&fixture, r#"islands_games{state="player1_turn"} 1"#);
    counts(&fixture, r#"islands_games{state="player2_turn"} 1"#);
    fixture.play(game, Player::One, guess(1)).await.unwrap_err();
    fixture
        .play(game, Player::Two, join("Cy"))
        .await
        .unwrap_err();
    counts(
        &fixture,
        r#"islands_commands_total{outcome="not_your_turn"} 1"#,
    );
    counts(&fixture, r#"islands_commands_total{outcome="game_full"} 1"#);
    counts(&fixture, "islands_mailbox_high_water 1");

    quarantine(&fixture, other).await;
    counts(&fixture, "islands_restarts_total 3");
    counts(&fixture, r#"islands_processes{phase="quarantined"} 1"#);
    counts(&fixture, r#"islands_games{state="player1_turn"} 0"#);

    fixture.journal.hold(game);
    let calls = [0, 1].map(|n| fixture.play(game, Player::Two, guess(n)));
    let [first, second] = calls;
    let (first, second) = tokio::join!(first, second);
    assert_eq!(first, Err(CallError::Timeout));
    assert_eq!(second, Err(CallError::Busy));
    counts(&fixture, "islands_busy_total 1");
    counts(&fixture, r#"islands_commands_total{outcome="busy"} 1"#);
    counts(&fixture, r#"islands_commands_total{outcome="timeout"} 3"#);
}

//! What operators can see and do.

use std::time::Duration;

use islands_core::{GameId, Player, Viewer};
use islands_engine::testing::{AppendFault, LoadFault};
use islands_engine::{CallError, CommandId, NewGame, RestartBudget, Settings, Start, System};
use prometheus_client::encoding::text::encode;
use prometheus_client::registry::Registry;

use crate::play::{Arena, guess, join};

/// Crashes a game until it is quarantined.
async fn quarantine(arena: &Arena, game: GameId) {
    for _ in 0..=RestartBudget::default().restarts {
        arena.journal.next_append(game, AppendFault::PanicBefore);
    }
    while !arena.journal.all_happened() {
        let crashed = arena.play(game, Player::One, guess(0)).await;
        assert!(crashed.is_err());
    }
    let refused = arena.play(game, Player::One, guess(0)).await.unwrap_err();
    assert_eq!(refused.reason(), "quarantined");
}

fn metrics(arena: &Arena) -> String {
    let mut registry = Registry::default();
    arena.games.register(&mut registry);
    let mut text = String::new();
    encode(&mut text, &registry).unwrap();
    text
}

#[track_caller]
fn counts(arena: &Arena, line: &str) {
    let text = metrics(arena);
    assert!(text.lines().any(|it| it == line), "no {line} in\n{text}");
}

#[tokio::test(start_paused = true)]
async fn a_person_ends_a_quarantine_and_the_game_plays_on() {
    let arena = Arena::new().await;
    let game = arena.battle().await;
    quarantine(&arena, game).await;
    assert_eq!(arena.games.clear_quarantine(game).await, Ok(true));
    assert_eq!(
        arena.play(game, Player::One, guess(0)).await.unwrap().seq,
        7
    );
    assert_eq!(arena.log(game).await.len(), 7);
}

#[tokio::test(start_paused = true)]
async fn subscribers_see_a_quarantine_and_continue_from_the_log_after_it() {
    let arena = Arena::new().await;
    let game = arena.battle().await;
    // The append succeeds, then the game panics and cannot start again.
    arena.journal.next_append(game, AppendFault::PanicAfter);
    for _ in 0..RestartBudget::default().restarts {
        arena.journal.next_load(LoadFault::Panic);
    }
    let id = || CommandId::new("stored").ok();
    let moved = arena.games.command(game, Player::One, guess(0), id()).await;
    assert_eq!(moved, Err(CallError::Timeout), "nobody knows");
    let mut refusals = Vec::new();
    for player in Player::BOTH {
        let viewer = Viewer::Player(player);
        let played = arena.games.command(game, player, guess(0), id()).await;
        let looked = arena.games.view(game, viewer).await;
        let listened = arena.games.subscribe(game, viewer, Some(6)).await;
        refusals.extend([played.err(), looked.err(), listened.err()]);
    }
    for refusal in refusals {
        let Some(CallError::Quarantined { error }) = refusal else {
            panic!("{refusal:?}");
        };
        assert!(error.contains("injected into a load"), "{error}");
    }
    let seen = arena.games.inspect(game).await.unwrap();
    assert_eq!(
        (seen.events, seen.state.as_deref()),
        (7, Some("player2_turn"))
    );
    assert_eq!(seen.process.unwrap().phase, "quarantined");

    assert_eq!(arena.games.clear_quarantine(game).await, Ok(true));
    let missed = arena.watch(game, Some(6)).await.start;
    assert!(matches!(missed, Start::Missed(missed) if missed.len() == 1));
    let repeated = arena.games.command(game, Player::One, guess(0), id()).await;
    assert_eq!(repeated.unwrap().seq, 7);
    assert_eq!(
        arena.play(game, Player::Two, guess(0)).await.unwrap().seq,
        8
    );
    assert_eq!(arena.log(game).await.len(), 8);
}

#[tokio::test(start_paused = true)]
async fn a_game_that_is_not_in_quarantine_is_left_alone() {
    let arena = Arena::new().await;
    let game = arena.battle().await;
    assert_eq!(arena.games.clear_quarantine(game).await, Ok(false));
    let nobody = GameId::from_bytes([7; 10]);
    assert_eq!(arena.games.clear_quarantine(nobody).await, Ok(false));
    assert!(arena.play(game, Player::One, guess(0)).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_cleared_game_that_crashes_on_is_quarantined_again() {
    let arena = Arena::new().await;
    let game = arena.battle().await;
    quarantine(&arena, game).await;
    arena.games.clear_quarantine(game).await.unwrap();
    quarantine(&arena, game).await;
}

#[tokio::test(start_paused = true)]
async fn an_inspection_tells_what_is_wrong_and_what_the_journal_has() {
    let arena = Arena::new().await;
    let game = arena.battle().await;
    quarantine(&arena, game).await;
    let seen = arena.games.inspect(game).await.unwrap();
    let process = seen.process.unwrap();
    assert_eq!((process.phase, process.crashes), ("quarantined", 4));
    assert!(process.error.unwrap().contains("injected"));
    assert_eq!((seen.batches, seen.events), (6, 6));
    assert_eq!(seen.state.as_deref(), Some("player1_turn"));
    assert_eq!(seen.damage, None);
}

#[tokio::test(start_paused = true)]
async fn a_game_that_is_not_there_cannot_be_inspected() {
    let arena = Arena::new().await;
    let nobody = GameId::from_bytes([7; 10]);
    let refused = arena.games.inspect(nobody).await.unwrap_err();
    assert_eq!(refused, CallError::NoSuchGame);
}

#[tokio::test(start_paused = true)]
async fn the_tree_shows_every_game_and_in_which_phase_it_is() {
    let arena = Arena::new().await;
    let games = [arena.battle().await, arena.battle().await];
    quarantine(&arena, games[0]).await;
    let system = arena.games.system();
    assert_eq!((system.games, system.supervisors.len()), (2, 8));
    assert!(system.journal_writable);
    let phase = |game| {
        let mut seen = system.supervisors.iter().flat_map(|it| &it.games);
        seen.find(|seen| seen.game == game).unwrap().phase
    };
    assert_eq!(games.map(phase), ["quarantined", "running"]);
}

#[tokio::test(start_paused = true)]
async fn looking_at_the_tree_waits_for_no_game_that_hangs() {
    let arena = Arena::new().await;
    let game = arena.battle().await;
    let gate = arena.journal.hold(game);
    let waiting = tokio::spawn({
        let games = arena.games.clone();
        async move { games.command(game, Player::One, guess(0), None).await }
    });
    tokio::time::sleep(Duration::from_secs(1)).await;
    let system: System = arena.games.system();
    let listed = system.supervisors.iter().flat_map(|it| &it.games);
    assert_eq!(listed.map(|seen| seen.waiting).sum::<usize>(), 1);
    gate.open();
    assert!(waiting.await.unwrap().is_ok());
}

#[tokio::test(start_paused = true)]
async fn of_a_great_many_games_the_tree_lists_those_that_need_someone() {
    let settings = Settings {
        supervisors: 1,
        ..Settings::default()
    };
    let arena = Arena::with(settings).await;
    let game = arena.battle().await;
    quarantine(&arena, game).await;
    for _ in 0..150 {
        let game = arena.games.create("Ada", NewGame::default()).await.unwrap();
        arena.games.view(game, Viewer::Spectator).await.unwrap();
    }
    let seen = &arena.games.system().supervisors[0];
    assert_eq!((seen.games.len(), seen.not_listed), (100, 51));
    assert_eq!(seen.games[0].phase, "quarantined");
    assert_eq!((seen.phases.running, seen.phases.quarantined), (150, 1));
}

#[tokio::test(start_paused = true)]
async fn the_metrics_count_what_happens() {
    let settings = Settings {
        max_waiting: 1,
        ..Settings::default()
    };
    let arena = Arena::with(settings).await;
    let [game, other] = [arena.battle().await, arena.battle().await];
    counts(&arena, r#"islands_games{state="player1_turn"} 2"#);
    counts(&arena, r#"islands_commands_total{outcome="accepted"} 10"#);
    counts(&arena, "islands_append_seconds_count 10");
    counts(&arena, "islands_recovery_seconds_count 2");

    arena.play(game, Player::One, guess(0)).await.unwrap();
    counts(&arena, r#"islands_games{state="player1_turn"} 1"#);
    counts(&arena, r#"islands_games{state="player2_turn"} 1"#);
    arena.play(game, Player::One, guess(1)).await.unwrap_err();
    arena.play(game, Player::Two, join("Cy")).await.unwrap_err();
    counts(
        &arena,
        r#"islands_commands_total{outcome="not_your_turn"} 1"#,
    );
    counts(&arena, r#"islands_commands_total{outcome="game_full"} 1"#);
    counts(&arena, "islands_mailbox_high_water 1");

    quarantine(&arena, other).await;
    counts(&arena, "islands_restarts_total 3");
    counts(&arena, r#"islands_processes{phase="quarantined"} 1"#);
    counts(&arena, r#"islands_games{state="player1_turn"} 0"#);

    arena.journal.hold(game);
    let calls = [0, 1].map(|n| arena.play(game, Player::Two, guess(n)));
    let [first, second] = calls;
    let (first, second) = tokio::join!(first, second);
    assert_eq!(first, Err(CallError::Timeout));
    assert_eq!(second, Err(CallError::Busy));
    counts(&arena, "islands_busy_total 1");
    counts(&arena, r#"islands_commands_total{outcome="busy"} 1"#);
    counts(&arena, r#"islands_commands_total{outcome="timeout"} 3"#);
}

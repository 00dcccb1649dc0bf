//! Idle games leave memory, and start again at the next call.

use std::time::{Duration, SystemTime};

use islands_core::bot::Strength;
use islands_core::{Command, GameId, Player, StateName, Viewer};
use islands_engine::journal::{Journal, Retention};
use islands_engine::testing::AppendFault;
use islands_engine::{CallError, Settings};

use crate::fixture::{Fixture, arrange, guess, join, next};

const MINUTE: Duration = Duration::from_secs(60);

/// Opens a battle in a fixture whose games are idle after 15 minutes.
async fn battle() -> (Fixture, GameId) {
    let settings = Settings {
        idle_after: 15 * MINUTE,
        ..Settings::default()
    };
    let fixture = Fixture::with(settings).await;
    let game = fixture.battle().await;
    (fixture, game)
}

/// Maximum time that a game stays in memory after it has become idle.
const LOOK: Duration = MINUTE;

/// Lets time pass, and every timer that is due by then fire.
async fn pass(time: Duration) {
    tokio::time::sleep(time + Duration::from_millis(1)).await;
}

#[tokio::test(start_paused = true)]
async fn an_idle_game_leaves_memory() {
    let (fixture, _) = battle().await;
    pass(14 * MINUTE).await;
    assert_eq!(fixture.games.running(), 1);
    pass(MINUTE + LOOK).await;
    assert_eq!(fixture.games.running(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_evicted_game_restarts_from_its_log() {
    let (fixture, game) = battle().await;
    fixture.play(game, Player::One, guess(0)).await.unwrap();
    let before = fixture.games.view(game, Viewer::Spectator).await;
    pass(20 * MINUTE).await;
    assert_eq!(fixture.games.running(), 0);
    assert_eq!(fixture.games.view(game, Viewer::Spectator).await, before);
    assert_eq!(
        fixture.play(game, Player::Two, guess(0)).await.unwrap().seq,
        8
    );
}

#[tokio::test(start_paused = true)]
async fn an_accepted_command_restarts_the_idle_clock() {
    let (fixture, game) = battle().await;
    pass(10 * MINUTE).await;
    fixture.play(game, Player::One, guess(0)).await.unwrap();
    pass(10 * MINUTE).await;
    assert_eq!(fixture.games.running(), 1);
    pass(5 * MINUTE + LOOK).await;
    assert_eq!(fixture.games.running(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_refused_command_leaves_the_idle_clock_running() {
    let (fixture, game) = battle().await;
    pass(14 * MINUTE).await;
    assert!(fixture.play(game, Player::Two, guess(0)).await.is_err());
    pass(MINUTE + LOOK).await;
    assert_eq!(fixture.games.running(), 0);
}

#[tokio::test(start_paused = true)]
async fn the_end_of_the_last_subscription_restarts_the_idle_clock() {
    let (fixture, game) = battle().await;
    let watching = fixture.watch(game, None).await;
    pass(60 * MINUTE).await;
    assert_eq!(fixture.games.running(), 1);
    drop(watching);
    pass(14 * MINUTE).await;
    assert_eq!(fixture.games.running(), 1);
    pass(MINUTE + LOOK).await;
    assert_eq!(fixture.games.running(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_restart_restarts_the_idle_clock() {
    let (fixture, game) = battle().await;
    pass(10 * MINUTE).await;
    fixture.journal.next_append(game, AppendFault::PanicBefore);
    fixture.play(game, Player::One, guess(0)).await.unwrap();
    pass(10 * MINUTE).await;
    assert_eq!(fixture.games.running(), 1);
    pass(5 * MINUTE + LOOK).await;
    assert_eq!(fixture.games.running(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_finished_game_leaves_memory_and_can_be_read_as_before() {
    let (fixture, game) = battle().await;
    let watching = fixture.watch(game, None).await;
    let resigned = fixture.play(game, Player::One, Command::Resign).await;
    assert_eq!(resigned.unwrap().seq, 7);
    drop(watching);
    for _ in 0..2 {
        pass(15 * MINUTE + LOOK).await;
        assert_eq!(fixture.games.running(), 0);
        let view = fixture.games.view(game, Viewer::Spectator).await.unwrap();
        assert_eq!((view.seq(), view.public().state), (7, StateName::GameOver));
        let events = fixture.games.events(game, 0).await.unwrap();
        assert_eq!(events.len(), 7);
    }
}

#[tokio::test(start_paused = true)]
async fn a_game_against_the_computer_leaves_memory_and_goes_on() {
    let fixture = Fixture::new().await;
    let game = fixture.against(Strength::Random).await;
    for command in [arrange(1), Command::SetIslands] {
        fixture.play(game, Player::One, command).await.unwrap();
    }
    pass(15 * MINUTE + LOOK).await;
    assert_eq!(fixture.games.running(), 0);
    assert_eq!(fixture.log(game).await.len(), 6);
    fixture.play(game, Player::One, guess(0)).await.unwrap();
    pass(15 * MINUTE + LOOK).await;
    assert_eq!(fixture.games.running(), 0);
    assert_eq!(
        fixture.log(game).await.len(),
        8,
        "the computer has answered"
    );
}

#[tokio::test(start_paused = true)]
async fn a_game_that_crashes_without_calls_is_quarantined() {
    let fixture = Fixture::new().await;
    let game = fixture.against(Strength::Random).await;
    for _ in 0..100 {
        let computer = Player::Two;
        fixture
            .journal
            .next_append_of(game, computer, AppendFault::PanicBefore);
    }
    fixture.games.view(game, Viewer::Spectator).await.unwrap();
    pass(MINUTE).await;
    for _ in 0..2 {
        let seen = fixture.games.inspect(game).await.unwrap().process.unwrap();
        assert_eq!((seen.phase, seen.crashes), ("quarantined", 4));
        pass(60 * MINUTE).await;
    }
}

#[tokio::test(start_paused = true)]
async fn old_games_leave_the_journal_and_active_games_stay() {
    let fixture = Fixture::new().await;
    let month = 30 * 24 * 60 * MINUTE;
    let retention = Retention {
        period: month,
        now: SystemTime::now() + month,
        steady: month,
    };
    let forsaken = fixture.battle_of_age([1; 10], 2 * month).await;
    let in_play = fixture.battle_of_age([2; 10], 2 * month).await;
    let recent = fixture.battle().await;
    fixture.play(in_play, Player::One, guess(0)).await.unwrap();
    assert_eq!(fixture.journal.forget(retention).await.unwrap().games, 1);
    let gone = fixture.games.view(forsaken, Viewer::Spectator).await;
    assert_eq!(gone.unwrap_err(), CallError::NoSuchGame);
    for (game, seq) in [(in_play, 8), (recent, 7)] {
        let player = Player::BOTH[usize::from(game == in_play)];
        let played = fixture.play(game, player, guess(0)).await;
        assert_eq!(played.unwrap().seq, seq);
    }
}

#[tokio::test(start_paused = true)]
async fn a_game_forgotten_while_in_memory_ends_and_is_not_recreated() {
    for command in [guess(0), Command::Resign, arrange(1), join("Eve")] {
        let fixture = Fixture::new().await;
        let game = fixture.battle().await;
        let mut watching = fixture.watch(game, None).await;
        let all = Retention {
            period: Duration::ZERO,
            now: SystemTime::now() + MINUTE,
            steady: Duration::ZERO,
        };
        assert_eq!(fixture.journal.forget(all).await.unwrap().games, 1);
        for command in [command, guess(1)] {
            match fixture.play(game, Player::One, command).await.unwrap_err() {
                // A command that the rules refuse needs no journal; one that they
                // allow fails to append, which is how the game finds out.
                CallError::Rejected(_) | CallError::NoSuchGame => {}
                error => panic!("{error:?}"),
            }
        }
        let refused = fixture.play(game, Player::One, guess(1)).await;
        assert_eq!(refused, Err(CallError::NoSuchGame));
        assert!(next(&mut watching).await.is_none());
        for since in [None, Some(6)] {
            let again = fixture
                .games
                .subscribe(game, Viewer::Spectator, since)
                .await;
            assert_eq!(again.err(), Some(CallError::NoSuchGame));
        }
        assert_eq!(fixture.batches(game).await, []);
        assert_eq!(fixture.games.running(), 0);
    }
}

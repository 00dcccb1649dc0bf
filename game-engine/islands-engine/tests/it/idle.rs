//! Idle games leave memory, and start again at the next call.

use std::time::{Duration, SystemTime};

use islands_core::bot::Strength;
use islands_core::{Command, GameId, Player, StateName, Viewer};
use islands_engine::journal::{Journal, Retention};
use islands_engine::testing::AppendFault;
use islands_engine::{CallError, Settings};

use crate::play::{Arena, arrange, guess, join, next};

const MINUTE: Duration = Duration::from_secs(60);

/// Opens a battle in an arena whose games are idle after 15 minutes.
async fn battle() -> (Arena, GameId) {
    let settings = Settings {
        idle_after: 15 * MINUTE,
        ..Settings::default()
    };
    let arena = Arena::with(settings).await;
    let game = arena.battle().await;
    (arena, game)
}

/// Maximum time that a game stays in memory after it has become idle.
const LOOK: Duration = MINUTE;

/// Lets time pass, and every timer that is due by then fire.
async fn pass(time: Duration) {
    tokio::time::sleep(time + Duration::from_millis(1)).await;
}

#[tokio::test(start_paused = true)]
async fn a_game_without_a_listener_and_a_command_leaves_memory() {
    let (arena, _) = battle().await;
    pass(14 * MINUTE).await;
    assert_eq!(arena.games.running(), 1);
    pass(MINUTE + LOOK).await;
    assert_eq!(arena.games.running(), 0);
}

#[tokio::test(start_paused = true)]
async fn it_starts_again_where_it_was() {
    let (arena, game) = battle().await;
    arena.play(game, Player::One, guess(0)).await.unwrap();
    let before = arena.games.view(game, Viewer::Spectator).await;
    pass(20 * MINUTE).await;
    assert_eq!(arena.games.running(), 0);
    assert_eq!(arena.games.view(game, Viewer::Spectator).await, before);
    assert_eq!(
        arena.play(game, Player::Two, guess(0)).await.unwrap().seq,
        8
    );
}

#[tokio::test(start_paused = true)]
async fn an_accepted_command_begins_the_time_anew() {
    let (arena, game) = battle().await;
    pass(10 * MINUTE).await;
    arena.play(game, Player::One, guess(0)).await.unwrap();
    pass(10 * MINUTE).await;
    assert_eq!(arena.games.running(), 1);
    pass(5 * MINUTE + LOOK).await;
    assert_eq!(arena.games.running(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_refused_command_neither_lengthens_the_time_nor_loses_it() {
    let (arena, game) = battle().await;
    pass(14 * MINUTE).await;
    assert!(arena.play(game, Player::Two, guess(0)).await.is_err());
    pass(MINUTE + LOOK).await;
    assert_eq!(arena.games.running(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_game_with_a_listener_stays_and_its_last_leaving_begins_the_time() {
    let (arena, game) = battle().await;
    let watching = arena.watch(game, None).await;
    pass(60 * MINUTE).await;
    assert_eq!(arena.games.running(), 1);
    drop(watching);
    pass(14 * MINUTE).await;
    assert_eq!(arena.games.running(), 1);
    pass(MINUTE + LOOK).await;
    assert_eq!(arena.games.running(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_restart_begins_the_time_anew() {
    let (arena, game) = battle().await;
    pass(10 * MINUTE).await;
    arena.journal.next_append(game, AppendFault::PanicBefore);
    arena.play(game, Player::One, guess(0)).await.unwrap();
    pass(10 * MINUTE).await;
    assert_eq!(arena.games.running(), 1);
    pass(5 * MINUTE + LOOK).await;
    assert_eq!(arena.games.running(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_finished_game_leaves_memory_and_can_be_read_as_before() {
    let (arena, game) = battle().await;
    let watching = arena.watch(game, None).await;
    let resigned = arena.play(game, Player::One, Command::Resign).await;
    assert_eq!(resigned.unwrap().seq, 7);
    drop(watching);
    for _ in 0..2 {
        pass(15 * MINUTE + LOOK).await;
        assert_eq!(arena.games.running(), 0);
        let view = arena.games.view(game, Viewer::Spectator).await.unwrap();
        assert_eq!((view.seq(), view.public().state), (7, StateName::GameOver));
        let events = arena.games.events(game, 0).await.unwrap();
        assert_eq!(events.len(), 7);
    }
}

#[tokio::test(start_paused = true)]
async fn a_game_against_the_computer_leaves_memory_and_goes_on() {
    let arena = Arena::new().await;
    let game = arena.against(Strength::Random).await;
    for command in [arrange(1), Command::SetIslands] {
        arena.play(game, Player::One, command).await.unwrap();
    }
    pass(15 * MINUTE + LOOK).await;
    assert_eq!(arena.games.running(), 0);
    assert_eq!(arena.log(game).await.len(), 6);
    arena.play(game, Player::One, guess(0)).await.unwrap();
    pass(15 * MINUTE + LOOK).await;
    assert_eq!(arena.games.running(), 0);
    assert_eq!(arena.log(game).await.len(), 8, "the computer has answered");
}

#[tokio::test(start_paused = true)]
async fn a_game_that_crashes_all_by_itself_is_not_started_for_ever() {
    let arena = Arena::new().await;
    let game = arena.against(Strength::Random).await;
    for _ in 0..100 {
        let computer = Player::Two;
        arena
            .journal
            .next_append_of(game, computer, AppendFault::PanicBefore);
    }
    arena.games.view(game, Viewer::Spectator).await.unwrap();
    pass(MINUTE).await;
    for _ in 0..2 {
        let seen = arena.games.inspect(game).await.unwrap().process.unwrap();
        assert_eq!((seen.phase, seen.crashes), ("quarantined", 4));
        pass(60 * MINUTE).await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_old_leaves_the_journal_and_what_is_in_play_does_not() {
    let arena = Arena::new().await;
    let month = 30 * 24 * 60 * MINUTE;
    let retention = Retention {
        period: month,
        now: SystemTime::now() + month,
        steady: month,
    };
    let forsaken = arena.old([1; 10], 2 * month).await;
    let in_play = arena.old([2; 10], 2 * month).await;
    let recent = arena.battle().await;
    arena.play(in_play, Player::One, guess(0)).await.unwrap();
    assert_eq!(arena.journal.forget(retention).await.unwrap().games, 1);
    let gone = arena.games.view(forsaken, Viewer::Spectator).await;
    assert_eq!(gone.unwrap_err(), CallError::NoSuchGame);
    for (game, seq) in [(in_play, 8), (recent, 7)] {
        let player = Player::BOTH[usize::from(game == in_play)];
        let played = arena.play(game, player, guess(0)).await;
        assert_eq!(played.unwrap().seq, seq);
    }
}

#[tokio::test(start_paused = true)]
async fn a_game_that_is_forgotten_while_it_is_in_memory_ends_and_is_not_made_up() {
    for command in [guess(0), Command::Resign, arrange(1), join("Eve")] {
        let arena = Arena::new().await;
        let game = arena.battle().await;
        let mut watching = arena.watch(game, None).await;
        let all = Retention {
            period: Duration::ZERO,
            now: SystemTime::now() + MINUTE,
            steady: Duration::ZERO,
        };
        assert_eq!(arena.journal.forget(all).await.unwrap().games, 1);
        for command in [command, guess(1)] {
            match arena.play(game, Player::One, command).await.unwrap_err() {
                // A command that the rules refuse needs no journal; one that they
                // allow fails to append, which is how the game finds out.
                CallError::Rejected(_) | CallError::NoSuchGame => {}
                refusal => panic!("{refusal:?}"),
            }
        }
        let refused = arena.play(game, Player::One, guess(1)).await;
        assert_eq!(refused, Err(CallError::NoSuchGame));
        assert!(next(&mut watching).await.is_none());
        for since in [None, Some(6)] {
            let again = arena.games.subscribe(game, Viewer::Spectator, since).await;
            assert_eq!(again.err(), Some(CallError::NoSuchGame));
        }
        assert_eq!(arena.batches(game).await, []);
        assert_eq!(arena.games.running(), 0);
    }
}

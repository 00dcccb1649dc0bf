//! Games that nobody needs leave memory, and are there again when someone does.

use std::time::Duration;

use islands_core::{GameId, Player, Viewer};
use islands_engine::Settings;

use crate::faults::Fault;
use crate::play::{Arena, guess};

const MINUTE: Duration = Duration::from_secs(60);

/// A battle in an arena where games are idle after 15 minutes.
async fn battle() -> (Arena, GameId) {
    let settings = Settings {
        idle_after: 15 * MINUTE,
        ..Settings::default()
    };
    let arena = Arena::with(settings).await;
    let game = arena.battle().await;
    (arena, game)
}

/// The longest that a game stays in memory after it has become idle.
const LOOK: Duration = MINUTE;

/// Lets time pass, and whatever is due happen.
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
    arena.journal.next_append(game, Fault::PanicBefore);
    arena.play(game, Player::One, guess(0)).await.unwrap();
    pass(10 * MINUTE).await;
    assert_eq!(arena.games.running(), 1);
    pass(5 * MINUTE + LOOK).await;
    assert_eq!(arena.games.running(), 0);
}

//! A rematch is one game, even if it is requested again or a game crashes.

use islands_core::{Command, Event, GameId, Player, Viewer};
use islands_engine::testing::AppendFault;

use crate::play::{Arena, guess};

fn again() -> Command {
    Command::RequestRematch
}

/// Requests a rematch by both players, with a fault at the second request.
async fn rematch(arena: &Arena, game: GameId, fault: Option<AppendFault>) -> GameId {
    arena
        .play(game, Player::One, Command::Resign)
        .await
        .unwrap();
    arena.play(game, Player::One, again()).await.unwrap();
    if let Some(fault) = fault {
        arena.journal.next_append(game, fault);
    }
    arena.play(game, Player::Two, again()).await.unwrap();
    match arena.log(game).await.last() {
        Some(Event::RematchStarted { game }) => *game,
        other => panic!("no rematch but {other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn both_ask_and_there_is_a_game_with_seats_swapped() {
    let arena = Arena::new().await;
    let game = arena.battle().await;
    let next = rematch(&arena, game, None).await;
    let log = arena.log(next).await;
    let [Event::GameCreated(created), Event::PlayerAdded { name }] = &log[..] else {
        panic!("{log:?}");
    };
    assert_eq!((created.name.as_str(), name.as_str()), ("Bob", "Ada"));
    assert!(arena.games.view(next, Viewer::Spectator).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_crash_between_the_new_game_and_the_news_of_it_makes_no_second_game() {
    for fault in [
        AppendFault::PanicBefore,
        AppendFault::PanicAfter,
        AppendFault::UnknownLost,
    ] {
        let arena = Arena::new().await;
        let game = arena.battle().await;
        let next = rematch(&arena, game, Some(fault.clone())).await;
        assert_eq!(arena.log(next).await.len(), 2, "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_finished_game_stays_as_it_was() {
    let arena = Arena::new().await;
    let game = arena.battle().await;
    rematch(&arena, game, None).await;
    let refused = arena.play(game, Player::One, guess(0)).await.unwrap_err();
    assert_eq!(refused.reason(), "game_over");
    let refused = arena.play(game, Player::One, again()).await.unwrap_err();
    assert_eq!(refused.reason(), "already_requested");
}

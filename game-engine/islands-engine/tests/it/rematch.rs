//! A rematch is one game, even if it is requested again or a game crashes.

use islands_core::{Command, Event, GameId, Player, Viewer};
use islands_engine::testing::AppendFault;

use crate::fixture::{Fixture, guess};

fn again() -> Command {
    Command::RequestRematch
}

/// Requests a rematch by both players, with a fault at the second request.
async fn rematch(fixture: &Fixture, game: GameId, fault: Option<AppendFault>) -> GameId {
    fixture
        .play(game, Player::One, Command::Resign)
        .await
        .unwrap();
    fixture.play(game, Player::One, again()).await.unwrap();
    if let Some(fault) = fault {
        fixture.journal.next_append(game, fault);
    }
    fixture.play(game, Player::Two, again()).await.unwrap();
    match fixture.log(game).await.last() {
        Some(Event::RematchStarted { game }) => *game,
        other => panic!("no rematch but {other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn two_requests_start_a_rematch_with_seats_swapped() {
    let fixture = Fixture::new().await;
    let game = fixture.battle().await;
    let next = rematch(&fixture, game, None).await;
    let log = fixture.log(next).await;
    let [Event::GameCreated(created), Event::PlayerAdded { name }] = &log[..] else {
        panic!("{log:?}");
    };
    assert_eq!((created.name.as_str(), name.as_str()), ("Bob", "Ada"));
    assert!(fixture.games.view(next, Viewer::Spectator).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_crash_between_the_two_appends_of_a_rematch_creates_no_second_game() {
    for fault in [
        AppendFault::PanicBefore,
        AppendFault::PanicAfter,
        AppendFault::UnknownLost,
    ] {
        let fixture = Fixture::new().await;
        let game = fixture.battle().await;
        let next = rematch(&fixture, game, Some(fault.clone())).await;
        assert_eq!(fixture.log(next).await.len(), 2, "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_rematch_leaves_the_finished_game_unchanged() {
    let fixture = Fixture::new().await;
    let game = fixture.battle().await;
    rematch(&fixture, game, None).await;
    let refused = fixture.play(game, Player::One, guess(0)).await.unwrap_err();
    assert_eq!(refused.reason(), "game_over");
    let refused = fixture.play(game, Player::One, again()).await.unwrap_err();
    assert_eq!(refused.reason(), "already_requested");
}

//! A computer player plays by the rules, and survives crashes of its game.

use std::time::Duration;

use islands_core::bot::Strength;
use islands_core::{Command, Event, GameId, Player, StateName, View, Viewer};
use islands_engine::testing::AppendFault;

use crate::fixture::{Fixture, arrange, guess, next};

/// Plays player 1 until the game is over, cell after cell. Injects these faults into
/// the appends of the computer's first guesses.
async fn play_to_the_end(fixture: &Fixture, game: GameId, faults: &[AppendFault]) {
    let mut watching = fixture.watch(game, None).await;
    fixture.play(game, Player::One, arrange(3)).await.unwrap();
    fixture
        .play(game, Player::One, Command::SetIslands)
        .await
        .unwrap();
    let mut n = 0;
    loop {
        let view = fixture.games.view(game, Viewer::Player(Player::One)).await;
        let View::Player(view) = view.unwrap() else {
            panic!("no player's view");
        };
        match view.public.state {
            StateName::GameOver => return,
            StateName::Player1Turn => {
                if let Some(fault) = faults.get(n) {
                    let computer = Player::Two;
                    fixture
                        .journal
                        .next_append_of(game, computer, fault.clone());
                }
                fixture.play(game, Player::One, guess(n)).await.unwrap();
                // Longer than the budget's window, so that crashes do not add up.
                tokio::time::sleep(Duration::from_secs(6)).await;
                n += 1;
            }
            // The computer is thinking.
            _ if next(&mut watching).await.is_none() => {
                watching = fixture.watch(game, None).await;
            }
            _ => {}
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_computer_plays_to_the_end() {
    for strength in [Strength::Random, Strength::Hunt] {
        let fixture = Fixture::new().await;
        let game = fixture.against(strength).await;
        play_to_the_end(&fixture, game, &[]).await;
        let log = fixture.log(game).await;
        assert!(matches!(log.last(), Some(Event::GameWon { .. })));
    }
}

#[tokio::test(start_paused = true)]
async fn the_computer_goes_on_after_a_crash_or_a_refusal() {
    let fixture = Fixture::new().await;
    let game = fixture.against(Strength::Hunt).await;
    let faults = [
        AppendFault::PanicBefore,
        AppendFault::PanicAfter,
        AppendFault::UnknownStored,
        AppendFault::UnknownLost,
        AppendFault::Unavailable,
    ];
    play_to_the_end(&fixture, game, &faults).await;
    assert!(fixture.journal.all_append_faults_injected());
    let log = fixture.log(game).await;
    assert!(matches!(log.last(), Some(Event::GameWon { .. })));
}

#[tokio::test(start_paused = true)]
async fn a_win_over_the_computer_cannot_be_claimed() {
    let fixture = Fixture::new().await;
    let game = fixture.against(Strength::Random).await;
    let mut watching = fixture.watch(game, None).await;
    fixture.play(game, Player::One, arrange(3)).await.unwrap();
    fixture
        .play(game, Player::One, Command::SetIslands)
        .await
        .unwrap();
    while fixture.log(game).await.len() < 6 {
        next(&mut watching).await;
    }
    tokio::time::sleep(Duration::from_secs(600)).await;
    let claim = Command::ClaimWin;
    let refused = fixture.play(game, Player::One, claim).await.unwrap_err();
    assert_eq!(refused.reason(), "opponent_present");
}

#[tokio::test(start_paused = true)]
async fn the_computer_plays_again_from_the_other_seat() {
    let fixture = Fixture::new().await;
    let game = fixture.against(Strength::Random).await;
    let mut watching = fixture.watch(game, None).await;
    fixture
        .play(game, Player::One, Command::Resign)
        .await
        .unwrap();
    let again = Command::RequestRematch;
    fixture.play(game, Player::One, again).await.unwrap();
    let rematch = loop {
        next(&mut watching).await.expect("the computer's answer");
        if let Some(Event::RematchStarted { game }) = fixture.log(game).await.last() {
            break *game;
        }
    };
    let mut watching = fixture.watch(rematch, None).await;
    fixture
        .play(rematch, Player::Two, arrange(4))
        .await
        .unwrap();
    fixture
        .play(rematch, Player::Two, Command::SetIslands)
        .await
        .unwrap();
    while !matches!(fixture.log(rematch).await.last(), Some(Event::CoordinateGuessed(m)) if m.by == Player::One)
    {
        next(&mut watching)
            .await
            .expect("the computer's first guess");
    }
}

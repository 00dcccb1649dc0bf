//! The lesson's versions against the product: the same moves, the same answers.

// In a test, `unwrap` is an assertion.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::time::Duration;

use ch04::by_hand::{self, Played, Stopped};
use ch04::disk::Disk;
use ch04::on_ractor::{GameActor, Message};
use ch04::{locks, mutex};
use islands_core::{
    Command, Coordinate, GameId, Placement, Player, Rejection, Reply, StateName, Viewer,
    random_board,
};
use islands_engine::journal::MemoryJournal;
use islands_engine::{CallError, Games, NewGame, Settings};
use ractor::Actor;
use tokio::time::timeout;

/// Moves of a whole game: both guess all cells in order, and each guess is sent twice, so that
/// half of the moves are refused.
fn moves() -> impl Iterator<Item = (Player, Command)> {
    Coordinate::all().flat_map(|cell| {
        let (row, col) = (cell.row().into(), cell.col().into());
        let moves = Player::BOTH.map(|by| (by, Command::GuessCoordinate { row, col }));
        [moves.clone(), moves].concat()
    })
}

/// What a move says: hit, miss or the reason of a refusal.
fn said(played: &Played) -> String {
    match played {
        Ok(events) => format!("{:?}", events[0]).contains("Hit").to_string(),
        Err(rejection) => rejection.reason().to_owned(),
    }
}

/// Opens a game of the product with the boards of the lesson's.
async fn battle(games: &Games) -> GameId {
    let game = games.create("Ada", NewGame::default()).await.unwrap();
    let name = "Bob".into();
    let mut commands = vec![(Player::Two, Command::AddPlayer { name })];
    for (by, seed) in [(Player::One, 1), (Player::Two, 2)] {
        let islands = random_board(seed).islands().map(Placement::from).collect();
        commands.push((by, Command::PositionAll { islands }));
        commands.push((by, Command::SetIslands));
    }
    for (by, command) in commands {
        games.command(game, by, command, None).await.unwrap();
    }
    game
}

#[tokio::test]
async fn every_version_gives_the_answers_of_the_product() {
    let games = Games::start(Settings::default(), Arc::new(MemoryJournal::new()));
    let games = games.await.unwrap();
    let game = battle(&games).await;
    let one_lock = mutex::Games::new(Disk::default());
    let lock_each = locks::Games::new(Disk::default());
    let by_hand = by_hand::start("one", Disk::default());
    let arguments = ("one".to_owned(), Disk::default());
    let (on_ractor, ended) = Actor::spawn(None, GameActor, arguments).await.unwrap();
    for (by, command) in moves() {
        let product = match games.command(game, by, command.clone(), None).await {
            Ok(accepted) => match accepted.reply {
                Reply::Guessed { outcome, .. } => {
                    format!("{outcome:?}").contains("Hit").to_string()
                }
                other => panic!("{other:?}"),
            },
            Err(CallError::Rejected(rejection)) => rejection.reason().to_owned(),
            Err(error) => panic!("{error}"),
        };
        let answer = one_lock.play("one", by, command.clone()).await;
        assert_eq!(said(&answer), product, "one lock");
        let answer = lock_each.play("one", by, command.clone()).await;
        assert_eq!(said(&answer), product, "a lock each");
        let answer = by_hand.play(by, command.clone()).await.unwrap();
        assert_eq!(said(&answer), product, "by hand");
        let play = |reply| Message::Play(by, command, reply);
        let answer = on_ractor.call(play, None).await.unwrap().unwrap();
        assert_eq!(said(&answer), product, "on ractor");
    }
    assert_eq!(by_hand.state().await, Ok(StateName::GameOver));
    let view = games.view(game, Viewer::Spectator).await.unwrap();
    assert_eq!(view.public().state, StateName::GameOver);
    on_ractor.stop(None);
    ended.await.unwrap();
    games.shut_down().await;
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_hangs_up_does_not_end_the_game() {
    let game = by_hand::start("one", Disk::slow_for("one", Duration::from_secs(1)));
    let a1 = Command::GuessCoordinate { row: 1, col: 1 };
    let hung_up = timeout(Duration::from_millis(1), game.play(Player::One, a1.clone())).await;
    assert!(hung_up.is_err());
    // The move was made all the same.
    let again = game.play(Player::One, a1).await.unwrap();
    assert_eq!(again, Err(Rejection::NotYourTurn));
}

#[tokio::test]
async fn a_handle_says_when_the_task_has_ended() {
    let game = std::thread::spawn(|| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        // The tasks of a runtime end with it.
        runtime.block_on(async { by_hand::start("one", Disk::default()) })
    });
    let game = game.join().unwrap();
    assert_eq!(game.state().await, Err(Stopped));
}

//! A command is carried out once, even if its sender repeats it or hangs up.

use islands_core::{Command, Player, Rejection};
use islands_engine::{CallError, CommandId};

use crate::play::{Arena, arrange, guess};

fn id(text: &str) -> Option<CommandId> {
    Some(CommandId::new(text).unwrap())
}

#[tokio::test(start_paused = true)]
async fn an_accepted_command_is_in_the_journal() {
    let arena = Arena::new().await;
    let game = arena.battle().await;
    let accepted = arena.play(game, Player::One, guess(0)).await.unwrap();
    assert_eq!(arena.log(game).await.len() as u64, accepted.seq);
}

#[tokio::test(start_paused = true)]
async fn a_refused_command_changes_nothing() {
    let arena = Arena::new().await;
    let game = arena.battle().await;
    let before = arena.log(game).await;
    let refused = arena.play(game, Player::Two, guess(0)).await;
    assert_eq!(refused, Err(CallError::Rejected(Rejection::NotYourTurn)));
    assert_eq!(arena.log(game).await, before);
}

#[tokio::test(start_paused = true)]
async fn a_repeat_is_answered_again_and_not_carried_out_again() {
    let arena = Arena::new().await;
    let game = arena.battle().await;
    let send = || arena.games.command(game, Player::One, guess(0), id("one"));
    let first = send().await.unwrap();
    arena.play(game, Player::Two, guess(0)).await.unwrap();
    let log = arena.log(game).await;
    assert_eq!(send().await, Ok(first));
    assert_eq!(arena.log(game).await, log);
}

#[tokio::test(start_paused = true)]
async fn the_reply_of_a_repeat_is_the_whole_reply() {
    let arena = Arena::new().await;
    let game = arena.games.create("Ada", Default::default()).await.unwrap();
    arena
        .play(game, Player::Two, crate::play::join("Bob"))
        .await
        .unwrap();
    arena.play(game, Player::One, arrange(1)).await.unwrap();
    let send = || {
        arena
            .games
            .command(game, Player::One, Command::SetIslands, id("set"))
    };
    let first = send().await.unwrap();
    assert_eq!(send().await, Ok(first));
}

#[tokio::test(start_paused = true)]
async fn ids_of_the_two_players_are_not_mixed_up() {
    let arena = Arena::new().await;
    let game = arena.battle().await;
    for player in Player::BOTH {
        let sent = arena.games.command(game, player, guess(0), id("same"));
        sent.await.unwrap();
    }
    assert_eq!(arena.log(game).await.len(), 8);
}

#[tokio::test(start_paused = true)]
async fn a_refused_command_is_decided_again_when_it_is_repeated() {
    let arena = Arena::new().await;
    let game = arena.battle().await;
    let send = || {
        arena
            .games
            .command(game, Player::Two, guess(0), id("early"))
    };
    assert_eq!(
        send().await,
        Err(CallError::Rejected(Rejection::NotYourTurn))
    );
    arena.play(game, Player::One, guess(0)).await.unwrap();
    assert!(send().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn the_last_32_ids_of_a_player_are_remembered() {
    let arena = Arena::new().await;
    let game = arena.battle().await;
    let send = |n: usize| {
        let name = format!("guess {n}");
        arena.games.command(game, Player::One, guess(n), id(&name))
    };
    for n in 0..33 {
        send(n).await.unwrap();
        arena.play(game, Player::Two, guess(n)).await.unwrap();
    }
    assert!(send(1).await.is_ok(), "the oldest that is remembered");
    let forgotten = send(0).await.unwrap_err();
    assert_eq!(forgotten.reason(), "already_guessed");
}

#[tokio::test(start_paused = true)]
async fn a_hung_up_call_is_still_carried_out() {
    let arena = Arena::new().await;
    let game = arena.battle().await;
    let gate = arena.journal.hold(game);
    let call = tokio::spawn({
        let games = arena.games.clone();
        async move { games.command(game, Player::One, guess(0), id("left")).await }
    });
    tokio::task::yield_now().await;
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    gate.open();
    let again = arena.games.command(game, Player::One, guess(0), id("left"));
    again.await.unwrap();
    assert_eq!(arena.log(game).await.len(), 7);
}

#[tokio::test(start_paused = true)]
async fn there_is_no_game_without_a_log() {
    let arena = Arena::new().await;
    let game = "aaaaaaaaaaaaaaaa".parse().unwrap();
    let refused = arena.play(game, Player::One, Command::Resign).await;
    assert_eq!(refused, Err(CallError::NoSuchGame));
    assert_eq!(arena.games.running(), 0);
}

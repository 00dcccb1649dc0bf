//! A command is carried out once, even if its sender repeats it or hangs up.

use islands_core::{Command, Player, Rejection};
use islands_engine::{CallError, CommandId};

use crate::fixture::{Fixture, arrange, guess};

fn id(text: &str) -> Option<CommandId> {
    Some(CommandId::new(text).unwrap())
}

#[tokio::test(start_paused = true)]
async fn an_accepted_command_is_in_the_journal() {
    let fixture = Fixture::new().await;
    let game = fixture.battle().await;
    let accepted = fixture.play(game, Player::One, guess(0)).await.unwrap();
    assert_eq!(fixture.log(game).await.len() as u64, accepted.seq);
}

#[tokio::test(start_paused = true)]
async fn a_refused_command_changes_nothing() {
    let fixture = Fixture::new().await;
    let game = fixture.battle().await;
    let before = fixture.log(game).await;
    let refused = fixture.play(game, Player::Two, guess(0)).await;
    assert_eq!(refused, Err(CallError::Rejected(Rejection::NotYourTurn)));
    assert_eq!(fixture.log(game).await, before);
}

#[tokio::test(start_paused = true)]
async fn a_repeated_command_is_answered_and_not_carried_out_again() {
    let fixture = Fixture::new().await;
    let game = fixture.battle().await;
    let send = || {
        fixture
            .games
            .command(game, Player::One, guess(0), id("one"))
    };
    let first = send().await.unwrap();
    fixture.play(game, Player::Two, guess(0)).await.unwrap();
    let log = fixture.log(game).await;
    assert_eq!(send().await, Ok(first));
    assert_eq!(fixture.log(game).await, log);
}

#[tokio::test(start_paused = true)]
async fn the_reply_of_a_repeat_is_the_whole_reply() {
    let fixture = Fixture::new().await;
    let game = fixture
        .games
        .create("Ada", Default::default())
        .await
        .unwrap();
    fixture
        .play(game, Player::Two, crate::fixture::join("Bob"))
        .await
        .unwrap();
    fixture.play(game, Player::One, arrange(1)).await.unwrap();
    let send = || {
        fixture
            .games
            .command(game, Player::One, Command::SetIslands, id("set"))
    };
    let first = send().await.unwrap();
    assert_eq!(send().await, Ok(first));
}

#[tokio::test(start_paused = true)]
async fn each_player_has_its_own_command_ids() {
    let fixture = Fixture::new().await;
    let game = fixture.battle().await;
    for player in Player::BOTH {
        let sent = fixture.games.command(game, player, guess(0), id("same"));
        sent.await.unwrap();
    }
    assert_eq!(fixture.log(game).await.len(), 8);
}

#[tokio::test(start_paused = true)]
async fn a_refused_command_is_decided_again_when_it_is_repeated() {
    let fixture = Fixture::new().await;
    let game = fixture.battle().await;
    let send = || {
        fixture
            .games
            .command(game, Player::Two, guess(0), id("early"))
    };
    assert_eq!(
        send().await,
        Err(CallError::Rejected(Rejection::NotYourTurn))
    );
    fixture.play(game, Player::One, guess(0)).await.unwrap();
    assert!(send().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn the_last_32_ids_of_a_player_are_remembered() {
    let fixture = Fixture::new().await;
    let game = fixture.battle().await;
    let send = |n: usize| {
        let name = format!("guess {n}");
        fixture
            .games
            .command(game, Player::One, guess(n), id(&name))
    };
    for n in 0..33 {
        send(n).await.unwrap();
        fixture.play(game, Player::Two, guess(n)).await.unwrap();
    }
    assert!(send(1).await.is_ok(), "the oldest that is remembered");
    let forgotten = send(0).await.unwrap_err();
    assert_eq!(forgotten.reason(), "already_guessed");
}

#[tokio::test(start_paused = true)]
async fn a_hung_up_call_is_still_carried_out() {
    let fixture = Fixture::new().await;
    let game = fixture.battle().await;
    let gate = fixture.journal.hold(game);
    let call = tokio::spawn({
        let games = fixture.games.clone();
        async move { games.command(game, Player::One, guess(0), id("left")).await }
    });
    tokio::task::yield_now().await;
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    gate.open();
    let again = fixture
        .games
        .command(game, Player::One, guess(0), id("left"));
    again.await.unwrap();
    assert_eq!(fixture.log(game).await.len(), 7);
}

#[tokio::test(start_paused = true)]
async fn a_game_without_a_log_does_not_exist() {
    let fixture = Fixture::new().await;
    let game = "aaaaaaaaaaaaaaaa".parse().unwrap();
    let refused = fixture.play(game, Player::One, Command::Resign).await;
    assert_eq!(refused, Err(CallError::NoSuchGame));
    assert_eq!(fixture.games.running(), 0);
}

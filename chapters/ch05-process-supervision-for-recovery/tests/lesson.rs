//! What the lesson's versions lose, and what the product does not.

// In a test, `unwrap` is an assertion.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use ch05::own_budget::OwnBudget;
use ch05::score::{self, Message, Score, ask};
use ch05::shared_budget::SharedBudget;
use ch05::supervisor::{Budget, Handle, WITHIN};
use ch05::table::{self, MAX_CRASHES, Table};
use ch05::{restart_loop, supervisor};
use islands_core::{Command, Player};
use islands_engine::testing::{AppendFault, FaultyJournal};
use islands_engine::{Games, NewGame, Settings, install_panic_hook};

const HIT: Message = Message::Guessed { hit: true };

async fn crash(supervisor: &Handle, name: &str) {
    let score = supervisor.find(name).await.unwrap();
    score.send(Message::Crash).await.unwrap();
    // The process panics, and its supervisor handles it.
    score.closed().await;
    tokio::task::yield_now().await;
}

#[tokio::test(start_paused = true)]
async fn after_a_crash_a_process_is_gone_empty_or_as_it_was_saved() {
    install_panic_hook();
    let alone = score::start();
    let looped = restart_loop::start();
    let table = Table::default();
    let saved = table::start("one", &table);
    for mailbox in [&alone, &looped, &saved.mailbox] {
        mailbox.send(HIT).await.unwrap();
        mailbox.send(Message::Crash).await.unwrap();
    }
    assert_eq!(ask(&alone).await, None);
    assert_eq!(ask(&looped).await, Some(Score::default()));
    let score = Score {
        guesses: 1,
        hits: 1,
    };
    assert_eq!(ask(&saved.mailbox).await, Some(score));
}

#[tokio::test(start_paused = true)]
async fn a_saved_state_that_cannot_be_crashes_every_start() {
    install_panic_hook();
    let table = Table::default();
    let process = table::start("one", &table);
    process.mailbox.send(HIT).await.unwrap();
    process.mailbox.send(Message::NewRound).await.unwrap();
    assert_eq!(process.crashes.await.unwrap(), MAX_CRASHES);
}

async fn crash_six_of_twenty<B: Budget>() -> usize {
    install_panic_hook();
    let names: Vec<String> = (0..20).map(|number| number.to_string()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let supervisor = supervisor::start::<B>(&names);
    for name in &names[..6] {
        match supervisor.find(name).await {
            Some(score) => score.send(Message::Crash).await.unwrap(),
            None => break,
        }
        tokio::task::yield_now().await;
    }
    supervisor.running().await.len()
}

#[tokio::test(start_paused = true)]
async fn a_shared_budget_ends_all_and_a_budget_for_each_ends_none() {
    assert_eq!(crash_six_of_twenty::<SharedBudget>().await, 0);
    assert_eq!(crash_six_of_twenty::<OwnBudget>().await, 20);
}

#[tokio::test(start_paused = true)]
async fn crashes_long_ago_are_forgiven() {
    install_panic_hook();
    let supervisor = supervisor::start::<OwnBudget>(&["one"]);
    for _ in 0..3 {
        for _ in 0..3 {
            crash(&supervisor, "one").await;
        }
        tokio::time::sleep(WITHIN * 2).await;
    }
    assert_eq!(supervisor.running().await, ["one"]);
}

#[tokio::test(start_paused = true)]
async fn the_product_loses_no_acknowledged_command() {
    install_panic_hook();
    let journal = FaultyJournal::default();
    let games = Games::start(Settings::default(), Arc::new(journal.clone()));
    let games = games.await.unwrap();
    for fault in [AppendFault::PanicBefore, AppendFault::PanicAfter] {
        let game = games.create("Ada", NewGame::default()).await.unwrap();
        journal.next_append(game, fault);
        let name = "Bob".into();
        let join = Command::AddPlayer { name };
        let accepted = games.command(game, Player::Two, join, None).await.unwrap();
        assert_eq!(accepted.seq, 2);
    }
    games.shut_down().await;
}

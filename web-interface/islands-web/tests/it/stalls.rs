//! A stalled game delays only the callers of that game.

use std::time::Duration;

use islands_core::Player;
use islands_engine::testing::{AppendFault, FaultyJournal, Gate};
use serde_json::json;

use crate::client::{Client, within_patience};
use crate::running::Running;
use crate::table::{Table, cell_json, land, water};

/// Two games on one journal that has stopped answering for the first, and a socket on
/// which Ada plays both.
async fn stalled(journal: &FaultyJournal, server: &Running) -> (Table, Table, Client, Gate) {
    let slow = Table::open(server.address).await;
    let quick = Table::open(server.address).await;
    slow.begin().await;
    quick.begin().await;
    let mut ada = Client::connect(server.address).await;
    for table in [&slow, &quick] {
        let seat = json!({"seat": table.seat(Player::One)});
        ada.join(&table.topic(), seat).await.unwrap();
    }
    let gate = journal.hold(slow.game.parse().unwrap());
    (slow, quick, ada, gate)
}

fn guess() -> serde_json::Value {
    let mut guess = cell_json(land(Player::Two)[0]);
    guess["id"] = "1".into();
    guess
}

#[tokio::test]
async fn a_stalled_game_delays_no_other_channel_of_its_socket() {
    let journal = FaultyJournal::default();
    let server = Running::with_journal(&journal).await;
    let (slow, quick, mut ada, gate) = stalled(&journal, &server).await;
    let waiting = ada.send(&slow.topic(), "guess_coordinate", guess()).await;
    within_patience(gate.arrival()).await;

    ada.heartbeat().await;
    let (quick, slow) = (quick.topic(), slow.topic());
    let reply = ada.call(&quick, "guess_coordinate", guess()).await.unwrap();
    assert_eq!(reply["outcome"], "hit");
    assert_eq!(ada.next_push().await.topic, quick);
    let beats = ada.pushes_by_now().await;
    assert!(beats.is_empty(), "nothing of the stalled game");

    gate.open();
    let reply = ada.reply(&waiting).await.unwrap();
    assert_eq!(reply["seq"], 7, "the journal is back");
    assert_eq!(ada.next_push().await.topic, slow);
}

#[tokio::test]
async fn a_command_that_times_out_can_be_repeated() {
    let journal = FaultyJournal::default();
    let server = Running::with_journal(&journal).await;
    let (slow, _quick, mut ada, gate) = stalled(&journal, &server).await;
    let slow = slow.topic();
    let waiting = ada.send(&slow, "guess_coordinate", guess()).await;
    within_patience(gate.arrival()).await;
    skip(Duration::from_secs(5)).await;
    let refusal = ada.reply(&waiting).await.unwrap_err();
    assert_eq!(refusal["reason"], "timeout");

    // The command is carried out after all. Its event is published, and a repeat under
    // its id gets the reply.
    gate.open();
    assert_eq!(ada.next_push().await.payload["seq"], 7);
    let reply = ada.call(&slow, "guess_coordinate", guess()).await.unwrap();
    assert_eq!(
        (&reply["seq"], &reply["outcome"]),
        (&json!(7), &json!("hit"))
    );
}

#[tokio::test]
async fn a_game_that_is_not_opened_in_time_does_not_exist() {
    let journal = FaultyJournal::default();
    let server = Running::with_journal(&journal).await;
    let gate = Gate::new();
    let held = gate.clone();
    journal.on_append(move |_| Some(AppendFault::Hold(held.clone())));
    let address = server.address;
    let opening = tokio::spawn(crate::http::post(
        address,
        "/api/games",
        r#"{"name": "Ada"}"#,
    ));
    within_patience(gate.arrival()).await;
    assert_eq!(server.get("/healthz").await.status, 200);
    skip(Duration::from_secs(5)).await;
    let answer = opening.await.unwrap();
    assert_eq!((answer.status, answer.reason()), (503, "timeout".into()));
}

#[tokio::test]
async fn an_unavailable_journal_refuses_moves_and_recovers() {
    let journal = FaultyJournal::default();
    let server = Running::with_journal(&journal).await;
    let table = Table::open(server.address).await;
    let (mut ada, mut bob) = table.begin().await;

    journal.set_unavailable(true);
    for _ in 0..2 {
        let refusal = ada.call_refused("guess_coordinate", guess()).await;
        assert_eq!(refusal["reason"], "journal_unavailable");
    }
    let open = async || server.post("/api/games", &json!({"name": "Ada"})).await;
    let refused = open().await;
    assert_eq!(
        (refused.status, refused.reason()),
        (503, "journal_unavailable".into())
    );
    assert_eq!(server.get("/readyz").await.status, 503);
    assert_eq!(server.get("/healthz").await.status, 200);
    assert_eq!(ada.view().await["seq"], 6, "looking goes on");

    journal.set_unavailable(false);
    assert_eq!(ada.call_ok("guess_coordinate", guess()).await["seq"], 7);
    assert_eq!(bob.next_event("player_guessed_coordinate").await["seq"], 7);
    bob.call_ok("guess_coordinate", cell_json(water(Player::One)[0]))
        .await;
    assert_eq!(open().await.status, 201);
    assert_eq!(server.get("/readyz").await.status, 200);
}

#[tokio::test]
async fn a_journal_that_does_not_answer_makes_the_server_unready_until_it_does() {
    let journal = FaultyJournal::default();
    let server = Running::with_journal(&journal).await;
    let (slow, quick, mut ada, gate) = stalled(&journal, &server).await;
    let (slow, quick) = (slow.topic(), quick.topic());
    assert_eq!(server.get("/readyz").await.status, 200);
    let waiting = ada.send(&slow, "guess_coordinate", guess()).await;
    within_patience(gate.arrival()).await;
    journal.set_unavailable(true);

    let unready = server.get("/readyz").await;
    assert_eq!(unready.status, 503);
    assert!(
        unready.body.contains("the journal cannot be written"),
        "{}",
        unready.body
    );
    let refusal = ada.call(&quick, "guess_coordinate", guess()).await;
    let refusal = refusal.unwrap_err();
    assert_eq!(refusal["reason"], "journal_unavailable");
    let message = crate::table::text(&refusal["message"]);
    assert!(message.contains("nothing was changed"), "{message}");
    assert_eq!(server.get("/healthz").await.status, 200);
    let view = ada.call(&quick, "view", json!({})).await.unwrap();
    assert_eq!(view["seq"], 6, "looking goes on");

    journal.set_unavailable(false);
    gate.open();
    assert_eq!(ada.reply(&waiting).await.unwrap()["seq"], 7);
    assert_eq!(server.get("/readyz").await.status, 200);
    let reply = ada.call(&quick, "guess_coordinate", guess()).await.unwrap();
    assert_eq!(reply["seq"], 7);
}

/// Advances the time at once, for server and clients alike.
pub(crate) async fn skip(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

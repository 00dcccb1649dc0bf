//! A command that is repeated under its id is carried out once.

use islands_core::Player;
use serde_json::{Value, json};

use crate::http::post;
use crate::program::Program;
use crate::running::Running;
use crate::table::{Table, cell_json, land, water};

fn guess(id: &str) -> Value {
    let mut guess = cell_json(land(Player::Two)[0]);
    guess["id"] = id.into();
    guess
}

#[tokio::test]
async fn a_guess_sent_twice_is_one_event_with_the_same_reply() {
    let server = Running::start().await;
    let table = Table::open(server.address).await;
    let (mut ada, mut bob) = table.begin().await;
    let first = ada.call_ok("guess_coordinate", guess("a")).await;
    assert_eq!(
        first,
        json!({"seq": 7, "outcome": "hit", "forested": null, "win": false})
    );
    assert_eq!(ada.call_ok("guess_coordinate", guess("a")).await, first);

    // The repeat is answered even when it would be refused as a new command, and is not
    // published again: here from another socket, after the game has gone on.
    bob.call_ok("guess_coordinate", cell_json(water(Player::One)[0]))
        .await;
    let mut second = table.join_as(Player::One).await;
    assert_eq!(second.call_ok("guess_coordinate", guess("a")).await, first);
    assert!(second.client.pushes_by_now().await.is_empty());
    let frames = bob.client.pushes_by_now().await;
    let seqs: Vec<_> = frames.iter().map(|frame| &frame.payload["seq"]).collect();
    assert_eq!(seqs, [7, 8]);
}

#[tokio::test]
async fn every_kind_of_command_can_be_sent_twice() {
    let server = Running::start().await;
    let table = Table::open(server.address).await;
    let mut ada = table.join_as(Player::One).await;
    let islands = crate::table::islands_json(crate::table::board(Player::One));
    for (event, payload) in [
        (
            "position_island",
            json!({"island": "dot", "row": 1, "col": 1, "id": "1"}),
        ),
        ("position_all", json!({"islands": islands, "id": "2"})),
        ("set_islands", json!({"id": "3"})),
        ("resign", json!({"id": "4"})),
        ("request_rematch", json!({"id": "5"})),
    ] {
        let reply = ada.call_ok(event, payload.clone()).await;
        assert_eq!(ada.call_ok(event, payload).await, reply, "{event}");
        assert_eq!(ada.client.pushes_by_now().await.len(), 1, "{event}");
    }
}

#[tokio::test]
async fn an_id_is_its_players_own() {
    let server = Running::start().await;
    let table = Table::open(server.address).await;
    let (mut ada, mut bob) = table.begin().await;
    ada.call_ok("guess_coordinate", guess("same")).await;
    let mut answer = cell_json(water(Player::One)[0]);
    answer["id"] = "same".into();
    let reply = bob.call_ok("guess_coordinate", answer).await;
    assert_eq!(
        (&reply["seq"], &reply["outcome"]),
        (&json!(8), &json!("miss"))
    );
}

#[tokio::test]
async fn a_refused_command_is_decided_anew() {
    let server = Running::start().await;
    let table = Table::open(server.address).await;
    let (mut ada, mut bob) = table.begin().await;
    let mut early = cell_json(land(Player::One)[0]);
    early["id"] = "early".into();
    let refusal = bob.call_refused("guess_coordinate", early.clone()).await;
    assert_eq!(refusal["reason"], "not_your_turn");
    ada.call_ok("guess_coordinate", guess("a")).await;
    assert_eq!(
        bob.call_ok("guess_coordinate", early).await["outcome"],
        "hit"
    );
}

#[tokio::test]
async fn a_seat_taken_under_an_id_is_given_again_also_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path(), &[]);
    let opened = post(program.address, "/api/games", r#"{"name":"Ada"}"#).await;
    let game = opened.json()["game"].as_str().unwrap().to_owned();
    let path = format!("/api/games/{game}/players");
    let bob = r#"{"name":"Bob","id":"0123456789abcdefghij"}"#;
    let seat = post(program.address, &path, bob).await;
    assert_eq!(seat.status, 201);
    let address = program.kill();

    let program = Program::start_at(address, folder.path(), &[]);
    let repeated = post(program.address, &path, bob).await;
    assert_eq!((repeated.status, repeated.json()), (201, seat.json()));
    for other in [
        r#"{"name":"Bob"}"#,
        r#"{"name":"Bob","id":"0123456789abcdefghiJ"}"#,
    ] {
        let full = post(program.address, &path, other).await;
        assert_eq!((full.status, full.reason()), (409, "game_full".into()));
    }
}

#[tokio::test]
async fn a_guessable_id_takes_no_seat() {
    let server = Running::start().await;
    let opened = server.post("/api/games", &json!({"name": "Ada"})).await;
    let game = opened.json()["game"].as_str().unwrap().to_owned();
    let path = format!("/api/games/{game}/players");
    for id in ["", "1", "0123456789abcdefghi", &"x".repeat(37)] {
        let refused = server.post(&path, &json!({"name": "Bob", "id": id})).await;
        let reason = (refused.status, refused.reason());
        assert_eq!(reason, (422, "bad_payload".into()), "{id}");
        assert_eq!(refused.json()["field"], "id");
    }
    let table = Table::open(server.address).await;
    let (mut ada, mut bob) = table.begin().await;
    ada.call_ok("guess_coordinate", guess("a")).await;
    let mut answer = cell_json(water(Player::One)[0]);
    answer["id"] = "a guess of the second player".into();
    bob.call_ok("guess_coordinate", answer.clone()).await;
    let path = format!("/api/games/{}/players", table.game);
    let thief = json!({"name": "Eve", "id": answer["id"]});
    let refused = server.post(&path, &thief).await;
    assert_eq!(refused.reason(), "game_full");
}

#[tokio::test]
async fn an_id_is_known_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path(), &[]);
    let table = Table::open(program.address).await;
    let (mut ada, _bob) = table.begin().await;
    let first = ada.call_ok("guess_coordinate", guess("a")).await;
    let address = program.kill();

    let _program = Program::start_at(address, folder.path(), &[]);
    let mut ada = table.join_as(Player::One).await;
    assert_eq!(ada.joined["seq"], 7);
    assert_eq!(ada.call_ok("guess_coordinate", guess("a")).await, first);
    assert!(ada.client.pushes_by_now().await.is_empty());
    assert_eq!(ada.view().await["moves"].as_array().unwrap().len(), 1);
}

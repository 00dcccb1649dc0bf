//! Seat tokens: only a token lets a client play.

use islands_core::Player;
use serde_json::{Value, json};

use crate::client::Client;
use crate::running::Running;
use crate::table::{Guest, Table, cell_json, land};

/// Joins with these parameters, which must be refused, and returns the refusal.
async fn refused(server: &Running, topic: &str, params: Value) -> Value {
    let mut client = Client::connect(server.address).await;
    client.join(topic, params).await.unwrap_err()
}

#[tokio::test]
async fn a_token_is_a_seat_and_without_one_people_watch() {
    let server = Running::start().await;
    let table = Table::open(server.address).await;
    for (player, name) in [(Player::One, "player1"), (Player::Two, "player2")] {
        let guest = table.join_as(player).await;
        assert_eq!(guest.joined["seq"], 2);
        assert_eq!(guest.joined["view"]["viewer"], name);
        assert_eq!(guest.joined["view"]["board"], json!({}));
    }
    let watcher = table.join_as_spectator().await;
    assert_eq!(watcher.joined["view"]["viewer"], Value::Null);
    assert_eq!(watcher.joined["view"].get("board"), None);
}

#[tokio::test]
async fn a_token_that_is_not_of_this_game_is_unauthorized() {
    let server = Running::start().await;
    let table = Table::open(server.address).await;
    let other = Table::open(server.address).await;
    let right = table.seat(Player::One).to_owned();
    let forged = right.replace(
        &right[20..21],
        if &right[20..21] == "A" { "B" } else { "A" },
    );
    let another_key = Table::open(Running::start().await.address).await;
    for seat in [
        other.seat(Player::One),
        another_key.seat(Player::One),
        &forged,
        &right[..right.len() - 1],
        &format!("{right}A"),
        "",
        "player1",
    ] {
        let refusal = refused(&server, &table.topic(), json!({"seat": seat})).await;
        assert_eq!(refusal["reason"], "unauthorized", "{seat}");
        assert_ne!(refusal["message"], "");
    }
}

#[tokio::test]
async fn a_token_that_is_no_text_is_a_bad_payload() {
    let server = Running::start().await;
    let table = Table::open(server.address).await;
    for seat in [json!(1), json!({}), json!(["a"]), json!(true)] {
        let refusal = refused(&server, &table.topic(), json!({"seat": seat})).await;
        assert_eq!(refusal["reason"], "bad_payload", "{seat}");
        assert_eq!(refusal["field"], "seat");
    }
}

#[tokio::test]
async fn a_game_that_is_not_there_cannot_be_joined() {
    let server = Running::start().await;
    let table = Table::open(server.address).await;
    let seat = json!({"seat": table.seat(Player::One)});
    for topic in [
        "game:aaaaaaaaaaaaaaaa",
        "game:AAAAAAAAAAAAAAAA",
        "game:short",
        "game:",
        "game:ünïcödé",
        &format!("{}x", table.topic()),
    ] {
        let refusal = refused(&server, topic, json!({})).await;
        assert_eq!(refusal["reason"], "no_such_game", "{topic}");
        let refusal = refused(&server, topic, seat.clone()).await;
        assert_ne!(refusal["reason"], Value::Null, "{topic}");
    }
}

#[tokio::test]
async fn a_topic_that_is_no_game_is_unmatched() {
    let server = Running::start().await;
    for topic in ["gam:x", "games", "room:1", ""] {
        let refusal = refused(&server, topic, json!({})).await;
        assert_eq!(refusal, json!({"reason": "unmatched topic"}), "{topic}");
    }
    let mut client = Client::connect(server.address).await;
    let unjoined = client
        .call("game:aaaaaaaaaaaaaaaa", "view", json!({}))
        .await;
    assert_eq!(unjoined, Err(json!({"reason": "unmatched topic"})));
}

#[tokio::test]
async fn a_spectator_cannot_play() {
    let server = Running::start().await;
    let table = Table::open(server.address).await;
    table.begin().await;
    let mut watcher = table.join_as_spectator().await;
    let before = watcher.view().await;
    for (event, payload) in [
        ("guess_coordinate", cell_json(land(Player::Two)[0])),
        (
            "position_island",
            json!({"island": "dot", "row": 1, "col": 1}),
        ),
        ("position_all", json!({"islands": {}})),
        ("set_islands", json!({})),
        ("resign", json!({})),
        ("claim_win", json!({})),
        ("request_rematch", json!({})),
        (
            "resign",
            json!({"player": "player1", "seat": table.seat(Player::One)}),
        ),
    ] {
        let refusal = watcher.call_refused(event, payload).await;
        assert_eq!(refusal["reason"], "not_a_player", "{event}");
    }
    assert_eq!(watcher.view().await, before);
}

#[tokio::test]
async fn what_a_payload_claims_about_its_sender_changes_nothing() {
    let server = Running::start().await;
    let table = Table::open(server.address).await;
    let (mut ada, mut bob) = table.begin().await;
    let claims = |mut guess: Value| {
        guess["player"] = "player1".into();
        guess["by"] = "player1".into();
        guess["seat"] = table.seat(Player::One).into();
        guess
    };
    let guess = claims(cell_json(land(Player::Two)[0]));
    let refusal = bob.call_refused("guess_coordinate", guess.clone()).await;
    assert_eq!(refusal["reason"], "not_your_turn");
    ada.call_ok("guess_coordinate", guess).await;
    let guess = claims(cell_json(land(Player::One)[0]));
    assert_eq!(
        bob.call_ok("guess_coordinate", guess).await["outcome"],
        "hit"
    );
    assert_eq!(bob.view().await["moves"][1]["player"], "player2");
}

#[tokio::test]
async fn one_socket_can_be_both_players_of_two_games() {
    let server = Running::start().await;
    let [one, two] = [
        Table::open(server.address).await,
        Table::open(server.address).await,
    ];
    let mut client = Client::connect(server.address).await;
    for (table, player) in [(&one, Player::One), (&two, Player::Two)] {
        let seat = json!({"seat": table.seat(player)});
        client.join(&table.topic(), seat).await.unwrap();
    }
    let corner = json!({"island": "dot", "row": 1, "col": 1});
    for (table, name) in [(&one, "player1"), (&two, "player2")] {
        let topic = table.topic();
        let asked = client.call(&topic, "position_island", corner.clone());
        asked.await.unwrap();
        let frame = client.next_push().await;
        assert_eq!(
            (frame.topic, &frame.payload["player"]),
            (topic, &json!(name))
        );
    }
}

#[tokio::test]
async fn joining_again_replaces_the_seat() {
    let server = Running::start().await;
    let table = Table::open(server.address).await;
    let mut guest: Guest = table.join_as_spectator().await;
    let seat = json!({"seat": table.seat(Player::One)});
    let joined = guest.client.join(&table.topic(), seat).await.unwrap();
    assert_eq!(joined["view"]["viewer"], "player1");
    guest.next_event("phx_close").await;
    guest.call_ok("resign", json!({})).await;
}

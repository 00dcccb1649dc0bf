//! Rematches, and games against the computer.

use std::net::SocketAddr;

use islands_core::{Coordinate, Player, random_board};
use serde_json::{Value, json};

use crate::running::Running;
use crate::table::{Guest, Table, cell_json, land, text};

/// Takes the seat that `rematch_started` brings.
async fn join_rematch(address: SocketAddr, guest: &mut Guest) -> Guest {
    let started = guest.next_event("rematch_started").await;
    let game = text(&started["game"]);
    let seat = json!({"seat": text(&started["seat"])});
    Guest::join(address, &game, seat).await
}

#[tokio::test]
async fn when_both_ask_they_play_again_with_seats_swapped() {
    let server = Running::start().await;
    let table = Table::open(server.address).await;
    let (mut ada, mut bob) = table.begin().await;
    let mut watcher = table.join_as_spectator().await;
    ada.call_ok("resign", json!({})).await;
    bob.call_ok("request_rematch", json!({})).await;
    let twice = bob.call_refused("request_rematch", json!({})).await;
    assert_eq!(twice["reason"], "already_requested");
    assert_eq!(ada.view().await["rematch"], json!(["player2"]));
    ada.call_ok("request_rematch", json!({})).await;
    for guest in [&mut ada, &mut bob, &mut watcher] {
        guest.next_event("game_over").await;
        assert_eq!(
            guest.next_event("rematch_requested").await["player"],
            "player2"
        );
        assert_eq!(
            guest.next_event("rematch_requested").await["player"],
            "player1"
        );
    }
    let event = watcher.next_event("rematch_started").await;
    assert_eq!(event["seq"], 10);
    assert_eq!(event.get("seat"), None, "a spectator gets no seat");

    let mut new_ada = join_rematch(server.address, &mut ada).await;
    let mut new_bob = join_rematch(server.address, &mut bob).await;
    let view = &new_ada.joined["view"];
    assert_eq!(
        (&view["viewer"], &view["state"]),
        (&json!("player2"), &json!("players_set"))
    );
    assert_eq!(new_bob.joined["view"]["viewer"], "player1");
    assert_eq!(view["players"]["player1"]["name"], "Bob");
    assert_eq!(view["players"]["player2"]["name"], "Ada");
    assert_eq!(view["board"], json!({}), "new islands");
    assert_ne!(view["game"], table.game);

    new_ada.set_islands(random_board(3)).await;
    new_bob.set_islands(random_board(4)).await;
    let early = new_ada
        .call_refused("guess_coordinate", json!({"row": 1, "col": 1}))
        .await;
    assert_eq!(early["reason"], "not_your_turn", "Bob opens this time");
    let hit = random_board(3).land().iter().next().unwrap();
    assert_eq!(
        new_bob.call_ok("guess_coordinate", cell_json(hit)).await["outcome"],
        "hit"
    );
}

#[tokio::test]
async fn a_returning_player_finds_the_rematch() {
    let server = Running::start().await;
    let table = Table::open(server.address).await;
    let (mut ada, mut bob) = table.begin().await;
    bob.call_ok("resign", json!({})).await;
    ada.call_ok("request_rematch", json!({})).await;
    ada.client.disconnect().await;
    bob.call_ok("request_rematch", json!({})).await;
    let ada = table.join_as(Player::One).await;
    let next = &ada.joined["view"]["next"];
    let seat = json!({"seat": next["seat"]});
    let ada = Guest::join(server.address, &text(&next["game"]), seat).await;
    assert_eq!(ada.joined["view"]["viewer"], "player2");
    let view = server
        .get(&format!("/api/games/{}", table.game))
        .await
        .json();
    let game = &ada.joined["view"]["game"];
    assert_eq!(view["next"], json!({"game": game}), "and no seat");
}

#[tokio::test]
async fn a_seat_of_the_first_game_is_none_of_the_second() {
    let server = Running::start().await;
    let table = Table::open(server.address).await;
    let (mut ada, mut bob) = table.begin().await;
    ada.call_ok("resign", json!({})).await;
    ada.call_ok("request_rematch", json!({})).await;
    bob.call_ok("request_rematch", json!({})).await;
    let frames = ada.client.pushes_by_now().await;
    let game = &frames.last().unwrap().payload["game"];
    let seat = json!({"seat": table.seat(Player::One)});
    let refused = ada.client.join(&format!("game:{}", text(game)), seat).await;
    assert_eq!(refused.unwrap_err()["reason"], "unauthorized");
}

/// A guest in a new game against a computer of this strength.
async fn join_against_computer(server: &Running, strength: &str) -> Guest {
    let body = json!({"name": "Ada", "opponent": strength});
    let opened = server.post("/api/games", &body).await.json();
    let seat = json!({"seat": opened["seat"]});
    Guest::join(server.address, &text(&opened["game"]), seat).await
}

/// Waits until it is this player's turn, or until the game is over.
async fn wait_for_turn(guest: &mut Guest, player: &str) -> Value {
    loop {
        let view = guest.view().await;
        if view["state"] == format!("{player}_turn") || view["state"] == "game_over" {
            return view;
        }
        guest.client.next_push().await;
    }
}

/// Plays to the end by guessing one cell after the other.
async fn play_out(guest: &mut Guest, player: &str) -> Value {
    for cell in Coordinate::all() {
        let view = wait_for_turn(guest, player).await;
        if view["state"] == "game_over" {
            return view;
        }
        guest.call_ok("guess_coordinate", cell_json(cell)).await;
    }
    wait_for_turn(guest, player).await
}

#[tokio::test]
async fn the_computer_plays_to_the_end_and_then_again() {
    let server = Running::start().await;
    for strength in ["random", "hunt"] {
        let mut ada = join_against_computer(&server, strength).await;
        assert_eq!(ada.joined["view"]["players"]["player2"]["name"], "Computer");
        ada.set_islands(crate::table::board(Player::One)).await;
        let over = play_out(&mut ada, "player1").await;
        assert_eq!(over["winner"]["reason"], "forested", "{strength}");
        assert_eq!(over["boards"]["player2"].as_object().unwrap().len(), 5);

        ada.call_ok("request_rematch", json!({})).await;
        while ada.client.next_push().await.event != "rematch_requested" {}
        // The computer requests a rematch too, as within_patience as it has seen the player's
        // request.
        let mut frame = ada.client.next_push().await;
        while frame.event != "rematch_started" {
            frame = ada.client.next_push().await;
        }
        let seat = json!({"seat": frame.payload["seat"]});
        let game = text(&frame.payload["game"]);
        let mut ada = Guest::join(server.address, &game, seat).await;
        assert_eq!(ada.joined["view"]["players"]["player1"]["name"], "Computer");
        ada.set_islands(crate::table::board(Player::Two)).await;
        let opened = wait_for_turn(&mut ada, "player2").await;
        assert_eq!(
            opened["moves"].as_array().unwrap().len(),
            1,
            "the computer opens"
        );
        ada.call_ok("guess_coordinate", cell_json(land(Player::One)[0]))
            .await;
    }
}

#[tokio::test]
async fn the_computers_seat_cannot_be_taken() {
    let server = Running::start().await;
    let body = json!({"name": "Ada", "opponent": "hunt"});
    let opened = server.post("/api/games", &body).await.json();
    let path = format!("/api/games/{}/players", text(&opened["game"]));
    let full = server.post(&path, &json!({"name": "Eve"})).await;
    assert_eq!((full.status, full.reason()), (409, "game_full".into()));
}

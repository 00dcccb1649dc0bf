//! A whole game over two players' sockets and a spectator's.

use islands_core::{Player, random_board};
use serde_json::{Value, json};

use crate::fold::fold;
use crate::http::post;
use crate::running::Running;
use crate::table::{Guest, Table, cell_json, islands_json, land, text, water};

/// A client that keeps a view and compares it with the server's.
struct Follower {
    guest: Guest,
    view: Value,
}

impl Follower {
    fn new(guest: Guest) -> Follower {
        let view = guest.joined["view"].clone();
        Follower { guest, view }
    }

    /// Sends a command. Its events must arrive before its reply.
    async fn act(&mut self, event: &str, payload: Value) -> Value {
        let reply = self.guest.call_ok(event, payload).await;
        for frame in self.guest.client.drained_pushes() {
            self.view = fold(self.view.take(), &frame);
        }
        assert_eq!(self.view["seq"], reply["seq"]);
        reply
    }

    /// Checks that all events up to `seq` have arrived, and no more.
    async fn receive_until(&mut self, seq: &Value) {
        for frame in self.guest.client.pushes_by_now().await {
            self.view = fold(self.view.take(), &frame);
        }
        assert_eq!(self.view["seq"], *seq);
        assert_eq!(self.guest.view().await, self.view);
    }
}

/// One client sends a command, and all clients at the table receive its events.
async fn play(all: &mut [Follower; 3], by: usize, event: &str, payload: Value) -> Value {
    let reply = all[by].act(event, payload).await;
    for follower in all {
        follower.receive_until(&reply["seq"]).await;
    }
    reply
}

async fn all_viewers(table: &Table) -> [Follower; 3] {
    [
        Follower::new(table.join_as(Player::One).await),
        Follower::new(table.join_as(Player::Two).await),
        Follower::new(table.join_as_spectator().await),
    ]
}

#[tokio::test]
async fn every_viewer_sees_the_shortest_game_alike() {
    let server = Running::start().await;
    let table = Table::open(server.address).await;
    let mut all = all_viewers(&table).await;
    for (by, player) in [Player::One, Player::Two].into_iter().enumerate() {
        let board = crate::table::board(player);
        let islands = json!({"islands": islands_json(board)});
        play(&mut all, by, "position_all", islands).await;
        let set = play(&mut all, by, "set_islands", json!({})).await;
        assert_eq!(set["board"], all[by].view["board"]);
        assert_eq!(set["board"].as_object().unwrap().len(), 5);
    }
    let (hits, misses) = (land(Player::Two), water(Player::One));
    for (shot, hit) in hits.iter().enumerate() {
        let reply = play(&mut all, 0, "guess_coordinate", cell_json(*hit)).await;
        assert_eq!(reply["outcome"], "hit");
        assert_eq!(reply["win"], shot == 17);
        if shot < 17 {
            let reply = play(&mut all, 1, "guess_coordinate", cell_json(misses[shot])).await;
            assert_eq!(reply["outcome"], "miss");
        }
    }
    for Follower { view, .. } in &all {
        assert_eq!(
            view["winner"],
            json!({"player": "player1", "reason": "forested"})
        );
        assert_eq!(view["seq"], 2 + 4 + 18 + 17 + 1);
        assert_eq!(view["forested"]["player2"], view["boards"]["player2"]);
    }
    let over = all[1]
        .guest
        .call_refused("guess_coordinate", cell_json(misses[17]))
        .await;
    assert_eq!(over["reason"], "game_over");
}

#[tokio::test]
async fn islands_placed_one_by_one_are_shown_to_their_owner_alone() {
    let server = Running::start().await;
    let table = Table::open(server.address).await;
    let mut all = all_viewers(&table).await;
    for (by, player) in [(0, Player::One), (1, Player::Two)] {
        for (island, corner) in islands_json(random_board(9)).as_object().unwrap() {
            let mut place = corner.clone();
            place["island"] = island.clone().into();
            play(&mut all, by, "position_island", place).await;
        }
        assert_eq!(all[by].view["board"].as_object().unwrap().len(), 5);
        play(&mut all, by, "set_islands", json!({})).await;
        assert_eq!(all[2].view.get("board"), None, "{player}");
    }
    assert_eq!(all[2].view["state"], "player1_turn");
}

#[tokio::test]
async fn the_host_sees_the_guest_join() {
    let server = Running::start().await;
    let opened = server
        .post("/api/games", &json!({"name": "Ada"}))
        .await
        .json();
    let game = text(&opened["game"]);
    let seat = json!({"seat": opened["seat"]});
    let mut ada = Follower::new(Guest::join(server.address, &game, seat).await);
    assert_eq!(ada.view["players"]["player2"], Value::Null);
    let path = format!("/api/games/{game}/players");
    post(server.address, &path, r#"{"name": "Bob"}"#).await;
    // The event of that request may arrive at any time, so wait for it.
    let frame = ada.guest.client.next_push().await;
    ada.view = fold(ada.view.take(), &frame);
    ada.receive_until(&json!(2)).await;
    assert_eq!(ada.view["players"]["player2"]["name"], "Bob");
}

#[tokio::test]
async fn a_push_carries_the_reference_of_the_join() {
    let server = Running::start().await;
    let table = Table::open(server.address).await;
    let mut ada = table.join_as(Player::One).await;
    let mut bob = table.join_as(Player::Two).await;
    ada.call_ok("view", json!({})).await;
    bob.client.heartbeat().await;
    let seat = json!({"seat": table.seat(Player::Two)});
    bob.client.join(&table.topic(), seat).await.unwrap();
    bob.next_event("phx_close").await;
    ada.set_islands(crate::table::board(Player::One)).await;
    assert_eq!(ada.client.next_push().await.join_ref, "1");
    // Bob's second join was the third message that he sent.
    assert_eq!(bob.client.next_push().await.join_ref, "3");
}

#[tokio::test]
async fn every_socket_of_a_player_receives_events() {
    let server = Running::start().await;
    let table = Table::open(server.address).await;
    let (mut ada, mut bob) = table.begin().await;
    let mut second = table.join_as(Player::One).await;
    second
        .call_ok("guess_coordinate", cell_json(land(Player::Two)[0]))
        .await;
    let event = bob.next_event("player_guessed_coordinate").await;
    assert_eq!(ada.next_event("player_guessed_coordinate").await, event);
    assert_eq!(second.next_event("player_guessed_coordinate").await, event);
}

#[tokio::test]
async fn resigning_ends_the_game_and_shows_both_boards() {
    let server = Running::start().await;
    let table = Table::open(server.address).await;
    table.begin().await;
    let mut all = all_viewers(&table).await;
    play(&mut all, 0, "resign", json!({})).await;
    for Follower { view, .. } in &all {
        assert_eq!(
            view["winner"],
            json!({"player": "player2", "reason": "resigned"})
        );
        assert_eq!(view["boards"]["player1"].as_object().unwrap().len(), 5);
    }
}

#[tokio::test]
async fn a_rematch_is_public_and_its_seats_are_private() {
    let server = Running::start().await;
    let table = Table::open(server.address).await;
    table.begin().await;
    let mut all = all_viewers(&table).await;
    play(&mut all, 1, "resign", json!({})).await;
    play(&mut all, 0, "request_rematch", json!({})).await;
    play(&mut all, 1, "request_rematch", json!({})).await;
    let [ada, bob, watcher] = all.map(|follower| follower.view["next"].clone());
    assert_eq!(ada["game"], bob["game"]);
    assert_ne!(ada["seat"], bob["seat"]);
    assert_eq!(watcher, json!({"game": ada["game"]}));
}

//! Players that rejoin with the number of the last event they have seen.

use islands_core::Player;
use serde_json::{Value, json};

use crate::fold::fold_event;
use crate::running::Running;
use crate::table::{Guest, Table, cell_json, land, water};

/// Parameters of a join: a player's seat, and the last number seen.
fn since(table: &Table, player: Player, seq: u64) -> Value {
    json!({ "seat": table.seat(player), "since": seq })
}

#[tokio::test]
async fn a_rejoin_replays_exactly_the_missed_events() {
    let server = Running::start().await;
    let table = Table::open(server.address).await;
    let (mut ada, bob) = table.begin().await;
    bob.client.disconnect().await;
    let (hit, miss) = (land(Player::Two)[0], water(Player::Two)[0]);
    ada.call_ok("guess_coordinate", cell_json(hit)).await;
    let seat = since(&table, Player::Two, 6);
    let mut bob = Guest::join(server.address, &table.game, seat).await;
    let missed = &bob.joined;
    assert_eq!(
        (&missed["seq"], &missed["resumed"]),
        (&json!(7), &json!(true))
    );
    assert_eq!(missed.get("view"), None);
    let [event] = &missed["events"].as_array().unwrap()[..] else {
        panic!("one event was missed: {missed}");
    };
    assert_eq!(event["event"], "player_guessed_coordinate");
    assert_eq!(
        (&event["seq"], &event["row"]),
        (&json!(7), &cell_json(hit)["row"])
    );

    bob.call_ok("guess_coordinate", cell_json(land(Player::One)[0]))
        .await;
    ada.call_ok("guess_coordinate", cell_json(miss)).await;
    assert_eq!(bob.next_event("player_guessed_coordinate").await["seq"], 8);
    assert_eq!(bob.next_event("player_guessed_coordinate").await["seq"], 9);
}

#[tokio::test]
async fn a_resume_without_missed_events_says_so() {
    let server = Running::start().await;
    let table = Table::open(server.address).await;
    table.begin().await;
    let seat = since(&table, Player::One, 6);
    let ada = Guest::join(server.address, &table.game, seat).await;
    assert_eq!(
        ada.joined,
        json!({ "seq": 6, "resumed": true, "events": [] })
    );
}

#[tokio::test]
async fn a_resume_beyond_the_log_gets_a_fresh_view() {
    let server = Running::start().await;
    let table = Table::open(server.address).await;
    let seat = since(&table, Player::One, 1_000);
    let ada = Guest::join(server.address, &table.game, seat).await;
    assert_eq!(ada.joined["resumed"], false);
    assert_eq!(ada.joined["view"]["seq"], ada.joined["seq"]);
}

#[tokio::test]
async fn missed_events_are_those_the_viewer_may_see() {
    let server = Running::start().await;
    let table = Table::open(server.address).await;
    table.begin().await;
    let place = |viewer: Value| Guest::join(server.address, &table.game, viewer);
    let names = |guest: &Guest| -> Vec<(String, bool)> {
        let events = guest.joined["events"].as_array().unwrap().iter();
        let shown = events.map(|event| {
            let name = event["event"].as_str().unwrap().to_owned();
            (name, event.get("islands").is_some())
        });
        shown.collect()
    };
    let bob = place(since(&table, Player::Two, 2)).await;
    let watcher = place(json!({ "since": 2 })).await;
    let positioned = |own| ("islands_positioned".to_owned(), own);
    let set = ("player_set_islands".to_owned(), false);
    assert_eq!(
        names(&bob),
        [
            positioned(false),
            set.clone(),
            positioned(true),
            set.clone()
        ]
    );
    assert_eq!(
        names(&watcher),
        [positioned(false), set.clone(), positioned(false), set]
    );
}

#[tokio::test]
async fn a_view_and_the_missed_events_fold_into_the_current_view() {
    let server = Running::start().await;
    let table = Table::open(server.address).await;
    let (mut ada, mut bob) = table.begin().await;
    let mut old = table.join_as_spectator().await;
    let view = old.view().await;
    ada.call_ok("guess_coordinate", cell_json(land(Player::Two)[0]))
        .await;
    bob.call_ok("guess_coordinate", cell_json(water(Player::One)[0]))
        .await;
    let params = json!({ "since": view["seq"] });
    let mut new = Guest::join(server.address, &table.game, params).await;
    let mut folded = view;
    for event in new.joined["events"].as_array().unwrap() {
        folded = fold_event(folded, event["event"].as_str().unwrap(), event);
    }
    assert_eq!(folded, new.view().await);
}

#[tokio::test]
async fn since_that_is_no_number_is_refused_and_says_so() {
    let server = Running::start().await;
    let table = Table::open(server.address).await;
    let mut ada = table.join_as(Player::One).await;
    let params = json!({ "since": "yesterday" });
    let refused = ada.client.join(&table.topic(), params).await.unwrap_err();
    assert_eq!(refused["reason"], "bad_payload");
    assert_eq!(refused["field"], "since");
}

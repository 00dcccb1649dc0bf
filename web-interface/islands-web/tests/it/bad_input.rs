//! Invalid input: the sender gets a refusal, and no other client notices.

use islands_core::Player;
use serde_json::{Value, json};

use crate::running::Running;
use crate::table::{Guest, Table, cell_json, land};

/// Ada sends an event that must be refused with `reason`. The game stays as it was, and
/// Bob receives nothing. Returns the refusal.
#[track_caller]
fn check(
    (ada, bob): &mut (Guest, Guest),
    event: &str,
    payload: Value,
    reason: &str,
) -> impl Future<Output = Value> {
    let caller = std::panic::Location::caller();
    async move {
        let before = ada.view().await;
        let refusal = ada.call(event, payload).await.unwrap_err();
        assert_eq!(refusal["reason"], reason, "{refusal} at {caller}");
        assert_eq!(ada.view().await, before, "at {caller}");
        for guest in [ada, bob] {
            assert!(guest.client.pushes_by_now().await.is_empty(), "at {caller}");
        }
        refusal
    }
}

async fn begun() -> (Running, Table, (Guest, Guest)) {
    let server = Running::start().await;
    let table = Table::open(server.address).await;
    let guests = table.begin().await;
    (server, table, guests)
}

/// Two players at a table, before they set their islands.
async fn seated() -> (Running, Table, (Guest, Guest)) {
    let server = Running::start().await;
    let table = Table::open(server.address).await;
    let guests = (
        table.join_as(Player::One).await,
        table.join_as(Player::Two).await,
    );
    (server, table, guests)
}

#[tokio::test]
async fn an_unknown_event_is_refused_and_keeps_the_channel() {
    let (_server, _table, mut guests) = begun().await;
    for event in ["sink", "", "View", "add_player", "phx_reply", "game_over"] {
        check(&mut guests, event, json!({}), "unknown event").await;
    }
}

#[tokio::test]
async fn a_missing_field_is_named() {
    let (_server, _table, mut guests) = begun().await;
    let mut check = async |event, payload, field| {
        let refusal = check(&mut guests, event, payload, "bad_payload").await;
        assert_eq!(refusal["field"], field);
    };
    check("guess_coordinate", json!({}), "row").await;
    check("guess_coordinate", json!({"row": 1}), "col").await;
    check("position_island", json!({"row": 1, "col": 1}), "island").await;
    check("position_all", json!({}), "islands").await;
    let cornerless = json!({"islands": {"dot": {"row": 1}}});
    check("position_all", cornerless, "islands.dot.col").await;
}

#[tokio::test]
async fn a_field_of_the_wrong_type_is_named() {
    let (_server, _table, mut guests) = begun().await;
    let mut check = async |event, payload, field| {
        let refusal = check(&mut guests, event, payload, "bad_payload").await;
        assert_eq!(refusal["field"], field);
    };
    for row in [
        json!("1"),
        json!(1.5),
        json!(null),
        json!([1]),
        json!(1e300),
    ] {
        check("guess_coordinate", json!({"row": row, "col": 1}), "row").await;
    }
    check("position_all", json!({"islands": []}), "islands").await;
    check(
        "position_island",
        json!({"island": 7, "row": 1, "col": 1}),
        "island",
    )
    .await;
    check("resign", json!({"id": 7}), "id").await;
    for payload in [json!([]), json!("x"), json!(7), json!(null)] {
        check("resign", payload.clone(), "payload").await;
        check("guess_coordinate", payload, "payload").await;
    }
}

#[tokio::test]
async fn a_cell_off_the_board_is_refused() {
    let (_server, _table, mut guests) = begun().await;
    for (row, col) in [
        (0, 1),
        (1, 0),
        (11, 1),
        (1, 11),
        (-1, 5),
        (i64::MAX, i64::MIN),
    ] {
        let cell = json!({"row": row, "col": col});
        let refusal = check(&mut guests, "guess_coordinate", cell, "invalid_coordinate").await;
        assert_eq!(
            (&refusal["row"], &refusal["col"]),
            (&json!(row), &json!(col))
        );
    }
}

#[tokio::test]
async fn invalid_placements_are_refused() {
    let (_server, _table, mut guests) = seated().await;
    let place = |island, row, col| json!({"island": island, "row": row, "col": col});
    guests
        .0
        .call_ok("position_island", place("square", 1, 1))
        .await;
    guests.0.next_event("island_positioned").await;
    guests.1.next_event("island_positioned").await;
    let mut check =
        async |placement, reason| check(&mut guests, "position_island", placement, reason).await;
    check(place("boat", 1, 1), "invalid_island_type").await;
    check(place("Dot", 1, 1), "invalid_island_type").await;
    check(place("dot", 0, 1), "invalid_coordinate").await;
    let off = check(place("atoll", 9, 1), "off_board").await;
    assert_eq!(off["island"], "atoll");
    let overlap = check(place("dot", 2, 2), "overlapping_island").await;
    assert_eq!(overlap["with"], "square");
}

#[tokio::test]
async fn position_all_places_all_islands_or_none() {
    let (_server, _table, mut guests) = seated().await;
    let corner = |row, col| json!({"row": row, "col": col});
    let mut islands = json!({
        "atoll": corner(1, 1), "dot": corner(1, 1), "l_shape": corner(4, 1),
        "s_shape": corner(4, 5), "square": corner(8, 8),
    });
    let all = |islands: &Value| json!({ "islands": islands });
    check(
        &mut guests,
        "position_all",
        all(&islands),
        "overlapping_island",
    )
    .await;
    islands["dot"] = corner(10, 11);
    check(
        &mut guests,
        "position_all",
        all(&islands),
        "invalid_coordinate",
    )
    .await;
    islands.as_object_mut().unwrap().remove("dot");
    let missing = "not_all_islands_positioned";
    let refusal = check(&mut guests, "position_all", all(&islands), missing).await;
    assert_eq!(refusal["missing"], json!(["dot"]));
    let refusal = check(&mut guests, "set_islands", json!({}), missing).await;
    assert_eq!(refusal["missing"].as_array().unwrap().len(), 5);
}

#[tokio::test]
async fn a_command_in_the_wrong_state_is_refused_with_the_expected_states() {
    let (_server, _table, mut guests) = begun().await;
    let over = check(&mut guests, "request_rematch", json!({}), "wrong_state").await;
    assert_eq!(over["expected"], json!(["game_over"]));
    assert_eq!(over["actual"], "player1_turn");
    let dot = json!({"island": "dot", "row": 1, "col": 1});
    check(&mut guests, "position_island", dot, "islands_already_set").await;
    check(&mut guests, "set_islands", json!({}), "islands_already_set").await;
    let present = check(&mut guests, "claim_win", json!({}), "opponent_present").await;
    assert_eq!(present["wait_ms"], 120_000);

    let (ada, bob) = &mut guests;
    let cell = cell_json(land(Player::Two)[0]);
    ada.call_ok("guess_coordinate", cell.clone()).await;
    bob.call_ok("guess_coordinate", cell_json(land(Player::One)[0]))
        .await;
    for guest in [ada, bob] {
        assert_eq!(guest.client.pushes_by_now().await.len(), 2);
    }
    let refusal = check(
        &mut guests,
        "guess_coordinate",
        cell.clone(),
        "already_guessed",
    )
    .await;
    assert_eq!(refusal["at"], cell);
}

#[tokio::test]
async fn the_id_of_a_command_has_1_to_36_characters() {
    let (_server, _table, mut guests) = begun().await;
    for id in [
        String::new(),
        "x".repeat(37),
        "ü".repeat(37),
        "x".repeat(10_000),
    ] {
        let payload = json!({"id": id});
        let refusal = check(&mut guests, "resign", payload, "bad_payload").await;
        assert_eq!(refusal["field"], "id");
    }
    guests
        .0
        .call_ok("resign", json!({"id": "ü".repeat(36)}))
        .await;
}

/// Sends `text` on one of Ada's sockets, which must be closed with `code`; all other
/// sockets stay open.
#[track_caller]
fn check_closed(text: &str, code: u16) -> impl Future<Output = ()> {
    let caller = std::panic::Location::caller();
    async move {
        let (_server, table, (mut ada, mut bob)) = begun().await;
        let mut second = table.join_as(Player::One).await;
        second.client.send_text(text).await;
        assert_eq!(second.client.closed().await, code, "at {caller}");
        assert!(ada.client.pushes_by_now().await.is_empty(), "at {caller}");
        ada.call_ok("guess_coordinate", cell_json(land(Player::Two)[0]))
            .await;
        bob.next_event("player_guessed_coordinate").await;
    }
}

#[tokio::test]
async fn a_frame_longer_than_64_kib_closes_its_socket_alone() {
    let empty = r#"["1","2","game:a","view",""]"#.len();
    let long = "x".repeat(64 * 1024 + 1 - empty);
    let frame = format!(r#"["1","2","game:a","view","{long}"]"#);
    check_closed(&frame, 1009).await;
}

#[tokio::test]
async fn what_is_no_frame_closes_its_socket_alone() {
    for text in [
        "",
        "{",
        "nonsense",
        "{}",
        "[]",
        r#"["1","2","game:a","view"]"#,
        "[[[[",
    ] {
        check_closed(text, 1011).await;
    }
}

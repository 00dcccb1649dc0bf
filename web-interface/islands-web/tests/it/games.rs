//! `POST /api/games`, and the requests about the game that it opens.

use serde_json::{Value, json};

use crate::client::within_patience;
use crate::http::request;
use crate::running::Running;
use crate::table::{Table, text};

#[tokio::test]
async fn opening_a_game_takes_its_first_seat() {
    let server = Running::start().await;
    let opened = server.post("/api/games", &json!({"name": "Ada"})).await;
    assert_eq!(opened.status, 201);
    let body = opened.json();
    assert_eq!(body["player"], "player1");
    assert_eq!(body["url"], format!("/g/{}", text(&body["game"])));
    assert_ne!(body["seat"], "");
    assert_eq!(body.as_object().unwrap().len(), 4, "and nothing else");
}

#[tokio::test]
async fn the_second_seat_is_taken_once() {
    let server = Running::start().await;
    let opened = server
        .post("/api/games", &json!({"name": "Ada"}))
        .await
        .json();
    let game = text(&opened["game"]);
    let path = format!("/api/games/{game}/players");

    let taken = server.post(&path, &json!({"name": " Ada "})).await;
    assert_eq!((taken.status, taken.reason()), (409, "name_taken".into()));

    let joined = server.post(&path, &json!({"name": "Bob"})).await;
    assert_eq!(joined.status, 201);
    let body = joined.json();
    assert_eq!(body["player"], "player2");
    assert_eq!(body["game"], opened["game"]);
    assert_eq!(body["url"], opened["url"]);
    assert_ne!(body["seat"], opened["seat"]);

    let full = server.post(&path, &json!({"name": "Eve"})).await;
    assert_eq!((full.status, full.reason()), (409, "game_full".into()));
}

#[tokio::test]
async fn a_game_that_is_not_there_has_no_view_no_seat_and_no_events() {
    let server = Running::start().await;
    for game in ["aaaaaaaaaaaaaaaa", "nonsense", "%C3%BC", "%FF", "a%2Fb"] {
        let path = format!("/api/games/{game}");
        let events = format!("{path}/events");
        let seat = format!("{path}/players");
        for answer in [
            server.get(&path).await,
            server.get(&events).await,
            server.post(&seat, &json!({"name": "Bob"})).await,
        ] {
            assert_eq!(answer.status, 404, "{game}");
            assert_eq!(answer.reason(), "no_such_game", "{game}");
        }
    }
}

#[tokio::test]
async fn anyone_may_view_a_game_as_a_spectator() {
    let server = Running::start().await;
    let table = Table::open(server.address).await;
    let view = server.get(&format!("/api/games/{}", table.game)).await;
    assert_eq!(view.status, 200);
    let no_islands = json!({"player1": {}, "player2": {}});
    let unset = |name| json!({"name": name, "islands_set": false});
    assert_eq!(
        view.json(),
        json!({
            "game": table.game, "seq": 2, "viewer": null, "state": "players_set",
            "players": {"player1": unset("Ada"), "player2": unset("Bob")},
            "moves": [], "forested": no_islands, "winner": null, "rematch": [], "boards": null,
        })
    );
}

#[tokio::test]
async fn opening_an_invitation_takes_no_seat() {
    let server = Running::start().await;
    let opened = server
        .post("/api/games", &json!({"name": "Ada"}))
        .await
        .json();
    for _ in 0..3 {
        assert_eq!(server.get(&text(&opened["url"])).await.status, 200);
    }
    let path = format!("/api/games/{}", text(&opened["game"]));
    assert_eq!(
        server.get(&path).await.json()["players"]["player2"],
        Value::Null
    );
}

#[tokio::test]
async fn a_finished_game_leaves_memory_and_can_still_be_read() {
    let server = Running::with_flags(&["--idle-after", "1ms"]).await;
    let table = Table::open(server.address).await;
    let path = format!("/api/games/{}", table.game);
    let read = async || {
        let view = server.get(&path).await.json();
        (view, server.get(&format!("{path}/events")).await.json())
    };
    let (mut ada, _bob) = table.begin().await;
    ada.call_ok("resign", json!({})).await;
    let before = read().await;
    assert_eq!(before.0["state"], "game_over");

    let in_memory = async || server.get("/api/system").await.json()["games"].take();
    assert_eq!(in_memory().await, 1, "as long as someone listens");
    drop((ada, _bob));
    within_patience(async { while in_memory().await != 0 {} }).await;
    assert_eq!(read().await, before);
}

#[tokio::test]
async fn events_are_public_when_the_game_is_over() {
    let server = Running::start().await;
    let table = Table::open(server.address).await;
    let events = format!("/api/games/{}/events", table.game);

    let early = server.get(&events).await;
    assert_eq!((early.status, early.reason()), (409, "wrong_state".into()));
    assert_eq!(early.json()["expected"], json!(["game_over"]));
    assert_eq!(early.json()["actual"], "players_set");

    let mut bob = table.join_as(islands_core::Player::Two).await;
    bob.call_ok("resign", json!({})).await;
    let all = server.get(&events).await.json();
    let none = json!({"player1": {}, "player2": {}});
    assert_eq!(
        all,
        json!([
            {"event": "game_created", "seq": 1, "player": "player1", "name": "Ada"},
            {"event": "player_added", "seq": 2, "player": "player2", "name": "Bob"},
            {"event": "game_over", "seq": 3, "winner": "player1", "reason": "resigned", "boards": none},
        ])
    );

    let check = async |since: &str, seqs: &[u64]| {
        let body = server.get(&format!("{events}?since={since}")).await.json();
        let body = body.as_array().unwrap().iter();
        let body: Vec<_> = body.map(|event| event["seq"].as_u64().unwrap()).collect();
        assert_eq!(body, seqs, "since {since}");
    };
    check("0", &[1, 2, 3]).await;
    check("2", &[3]).await;
    check("3", &[]).await;
    check("18446744073709551615", &[]).await;
}

#[tokio::test]
async fn since_is_a_number() {
    let server = Running::start().await;
    let table = Table::open(server.address).await;
    for query in [
        "since=-1",
        "since=x",
        "since=",
        "since=1.5",
        "since=1&since=2",
    ] {
        let path = format!("/api/games/{}/events?{query}", table.game);
        let answer = server.get(&path).await;
        assert_eq!(answer.status, 422, "{query}");
        assert_eq!(answer.reason(), "bad_payload", "{query}");
        assert_eq!(answer.json()["field"], "since", "{query}");
    }
}

#[tokio::test]
async fn another_method_is_not_allowed() {
    let server = Running::start().await;
    for head in [
        "GET /api/games",
        "DELETE /api/games",
        "POST /",
        "PUT /healthz",
    ] {
        let answer = request(server.address, head, "").await;
        assert_eq!(answer.status, 405, "{head}");
        assert_eq!(answer.reason(), "wrong_method", "{head}");
        assert!(answer.header("allow").is_some(), "{head}");
    }
}

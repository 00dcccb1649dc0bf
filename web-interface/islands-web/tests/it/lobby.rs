//! The lobby, where strangers find an opponent.

use serde_json::{Value, json};

use crate::client::{Client, within_patience};
use crate::running::Running;
use crate::table::text;

/// Joins the lobby, and returns the client and the reply.
async fn join_lobby(server: &Running, params: Value) -> (Client, Value) {
    let mut client = Client::connect(server.address).await;
    let lobby = client.join("lobby", params).await.unwrap();
    (client, lobby)
}

/// Returns the next push other than the online count.
async fn next_lobby_event(client: &mut Client) -> (String, Value) {
    loop {
        let frame = client.next_push().await;
        if frame.event != "online" {
            return (frame.event, frame.payload);
        }
    }
}

/// Opens a listed game for Ada, and returns its id and her seat.
async fn open(server: &Running) -> (String, String) {
    let listed = json!({ "name": "Ada", "listed": true });
    let opened = server.post("/api/games", &listed).await.json();
    (text(&opened["game"]), text(&opened["seat"]))
}

#[tokio::test]
async fn a_listed_game_is_shown_until_someone_takes_its_second_seat() {
    let server = Running::start().await;
    let (mut early, lobby) = join_lobby(&server, json!({})).await;
    assert_eq!(
        (&lobby["games"], &lobby["resumed"]),
        (&json!([]), &json!(false))
    );
    let (game, _) = open(&server).await;
    let (event, opened) = next_lobby_event(&mut early).await;
    assert_eq!(
        (&*event, &opened["game"], &opened["name"]),
        ("game_opened", &json!(game), &json!("Ada"))
    );
    let (_late, lobby) = join_lobby(&server, json!({})).await;
    assert_eq!(lobby["games"], json!([{ "game": game, "name": "Ada" }]));

    let path = format!("/api/games/{game}/players");
    assert_eq!(
        server.post(&path, &json!({ "name": "Bob" })).await.status,
        201
    );
    let (event, closed) = next_lobby_event(&mut early).await;
    assert_eq!((&*event, &closed["game"]), ("game_closed", &json!(game)));
    let (_late, lobby) = join_lobby(&server, json!({})).await;
    assert_eq!(lobby["games"], json!([]));
}

#[tokio::test]
async fn private_games_and_games_against_the_computer_are_not_listed() {
    let server = Running::start().await;
    for game in [
        json!({ "name": "Ada" }),
        json!({ "name": "Ada", "listed": false }),
        json!({ "name": "Ada", "listed": true, "opponent": "hunt" }),
    ] {
        assert_eq!(server.post("/api/games", &game).await.status, 201);
    }
    let (_client, lobby) = join_lobby(&server, json!({})).await;
    assert_eq!(lobby["games"], json!([]));
}

#[tokio::test]
async fn a_game_can_be_opened_in_the_lobby_and_played() {
    let server = Running::start().await;
    let (mut ada, _) = join_lobby(&server, json!({})).await;
    let new = json!({ "name": "Ada", "listed": true });
    let opened = ada.call("lobby", "new_game", new).await.unwrap();
    assert_eq!(opened["player"], "player1");
    assert_eq!(opened["url"], format!("/g/{}", text(&opened["game"])));
    let (event, shown) = next_lobby_event(&mut ada).await;
    assert_eq!((&*event, &shown["game"]), ("game_opened", &opened["game"]));
    let topic = format!("game:{}", text(&opened["game"]));
    let joined = ada.join(&topic, json!({ "seat": opened["seat"] })).await;
    assert_eq!(joined.unwrap()["view"]["viewer"], "player1");
}

#[tokio::test]
async fn an_invalid_new_game_is_refused_with_a_reason() {
    let flags = ["--games-per-minute", "1"];
    let server = Running::with_flags(&flags).await;
    let (mut ada, _) = join_lobby(&server, json!({})).await;
    let mut refused = async |payload: Value| {
        let refusal = ada.call("lobby", "new_game", payload).await.unwrap_err();
        assert_ne!(refusal["message"].as_str().unwrap_or_default(), "");
        text(&refusal["reason"])
    };
    assert_eq!(refused(json!({})).await, "bad_payload");
    assert_eq!(refused(json!({ "name": "" })).await, "invalid_name");
    assert_eq!(
        refused(json!({ "name": "Ada", "opponent": "god" })).await,
        "bad_payload"
    );
    open(&server).await;
    assert_eq!(refused(json!({ "name": "Ada" })).await, "too_many_requests");
}

#[tokio::test]
async fn a_rejoin_of_the_lobby_replays_missed_events() {
    let server = Running::start().await;
    let (first, lobby) = join_lobby(&server, json!({})).await;
    first.disconnect().await;
    let (game, _) = open(&server).await;
    let (mut again, missed) = join_lobby(&server, json!({ "since": lobby["seq"] })).await;
    assert_eq!(missed["resumed"], true);
    assert_eq!(missed.get("games"), None);
    let (event, opened) = next_lobby_event(&mut again).await;
    assert_eq!((&*event, &opened["game"]), ("game_opened", &json!(game)));
}

#[tokio::test]
async fn the_online_count_is_broadcast_when_it_changes() {
    let server = Running::start().await;
    let (mut client, lobby) = join_lobby(&server, json!({})).await;
    assert_eq!(lobby["online"], json!({ "players": 0, "watchers": 0 }));
    let (game, seat) = open(&server).await;
    let mut ada = Client::connect(server.address).await;
    let topic = format!("game:{game}");
    ada.join(&topic, json!({ "seat": seat })).await.unwrap();
    let mut watcher = Client::connect(server.address).await;
    watcher.join(&topic, json!({})).await.unwrap();
    let (_late, lobby) = join_lobby(&server, json!({})).await;
    let online = json!({ "players": 1, "watchers": 1 });
    assert_eq!(lobby["online"], online);
    within_patience(async {
        loop {
            let frame = client.next_push().await;
            let counts = json!({
                "players": frame.payload["players"],
                "watchers": frame.payload["watchers"],
            });
            if frame.event == "online" && counts == online {
                return;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_host_that_returns_after_a_restart_is_listed_again() {
    let journal = std::sync::Arc::new(islands_engine::journal::MemoryJournal::new());
    let secret = tempfile::tempdir().unwrap();
    let secret = secret.path().join("secret");
    let flags = ["--secret-file", secret.to_str().unwrap()];
    let server = Running::with(&flags, journal.clone()).await;
    let (game, seat) = open(&server).await;
    server.shut_down().await;

    let server = Running::with(&flags, journal).await;
    let (mut early, lobby) = join_lobby(&server, json!({})).await;
    assert_eq!(lobby["games"], json!([]), "no game waits there yet");
    let mut ada = Client::connect(server.address).await;
    let topic = format!("game:{game}");
    let since = json!({ "seat": seat, "since": 1 });
    ada.join(&topic, since).await.unwrap();
    let (event, opened) = next_lobby_event(&mut early).await;
    assert_eq!(
        (&*event, &opened["game"], &opened["name"]),
        ("game_opened", &json!(game), &json!("Ada"))
    );
}

//! Limits of one address, and of the whole server.

use std::time::Duration;

use islands_core::Player;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::client::{Client, within_patience};
use crate::http::{get, request};
use crate::running::Running;
use crate::table::{Table, board, text};

/// Opens a game as a proxy forwards it, with this `X-Forwarded-For`.
async fn open_for(server: &Running, forwarded: &str) -> u16 {
    let head =
        format!("POST /api/games\ncontent-type: application/json\nx-forwarded-for: {forwarded}");
    request(server.address, &head, r#"{"name": "Ada"}"#)
        .await
        .status
}

#[tokio::test]
async fn games_per_minute_are_limited_by_address() {
    let server = Running::with_flags(&["--games-per-minute", "2"]).await;
    let ada = json!({"name": "Ada"});
    assert_eq!(server.post("/api/games", &ada).await.status, 201);
    assert_eq!(server.post("/api/games", &ada).await.status, 201);
    let third = server.post("/api/games", &ada).await;
    assert_eq!(third.status, 429);
    assert_eq!(third.reason(), "too_many_requests");
}

#[tokio::test]
async fn joining_a_game_is_not_opening_one() {
    let server = Running::with_flags(&["--games-per-minute", "1"]).await;
    let opened = server
        .post("/api/games", &json!({"name": "Ada"}))
        .await
        .json();
    let seats = format!("/api/games/{}/players", text(&opened["game"]));
    assert_eq!(
        server.post(&seats, &json!({"name": "Bob"})).await.status,
        201
    );
}

#[tokio::test]
async fn an_untrusted_peer_cannot_set_the_client_address() {
    let server = Running::with_flags(&["--games-per-minute", "1"]).await;
    assert_eq!(open_for(&server, "192.0.2.1").await, 201);
    assert_eq!(open_for(&server, "192.0.2.2").await, 429);
}

#[tokio::test]
async fn a_trusted_proxy_sets_the_client_address() {
    let flags = ["--games-per-minute", "1", "--trusted-proxy", "127.0.0.1"];
    let server = Running::with_flags(&flags).await;
    assert_eq!(open_for(&server, "192.0.2.1").await, 201);
    assert_eq!(open_for(&server, "192.0.2.1").await, 429);
    assert_eq!(open_for(&server, "192.0.2.2").await, 201);
    // The entry before the proxy's, which the client may have forged, is ignored.
    assert_eq!(open_for(&server, "192.0.2.9, 192.0.2.2").await, 429);
    assert_eq!(open_for(&server, "nonsense").await, 201);
    assert_eq!(open_for(&server, "").await, 429);
}

#[tokio::test]
async fn past_max_games_no_game_is_loaded_or_opened() {
    let server = Running::with_flags(&["--max-games", "1"]).await;
    let open = async || server.post("/api/games", &json!({"name": "Ada"})).await;
    let get_game = async |game: &str| server.get(&format!("/api/games/{game}")).await;
    let first = text(&open().await.json()["game"]);
    let second = text(&open().await.json()["game"]);
    // A game is loaded into memory when it is first viewed.
    assert_eq!(get_game(&first).await.status, 200);
    for refused in [open().await, get_game(&second).await] {
        assert_eq!((refused.status, refused.reason()), (503, "busy".into()));
    }
    assert_eq!(get_game(&first).await.status, 200);
}

#[tokio::test]
async fn past_max_connections_a_socket_is_refused_until_one_is_closed() {
    let flags = ["--max-connections", "2", "--address-share", "100"];
    let server = Running::with_flags(&flags).await;
    let first = Client::connect(server.address).await;
    let mut second = Client::connect(server.address).await;
    let third = Client::try_connect(server.address, &[]).await;
    assert_eq!(third.err(), Some(503));
    assert_eq!(
        server.get("/healthz").await.status,
        200,
        "a request is none"
    );
    first.disconnect().await;
    let mut third = within_patience(async {
        loop {
            if let Ok(client) = Client::try_connect(server.address, &[]).await {
                break client;
            }
        }
    })
    .await;
    second.heartbeat().await;
    third.heartbeat().await;
}

#[tokio::test]
async fn a_game_without_subscribers_is_evicted_for_others() {
    let flags = ["--max-games", "1", "--idle-after", "1ms"];
    let server = Running::with_flags(&flags).await;
    let opened = server.post("/api/games", &json!({"name": "Eve"})).await;
    let other = text(&opened.json()["game"]);
    let get_game = async |game: &str| server.get(&format!("/api/games/{game}")).await;
    let table = Table::open(server.address).await;
    let mut ada = table.join_as(Player::One).await;
    ada.set_islands(board(Player::One)).await;
    let before = ada.view().await;
    assert_eq!(get_game(&other).await.reason(), "busy");

    ada.client.disconnect().await;
    within_patience(async { while get_game(&other).await.status != 200 {} }).await;
    within_patience(async { while get_game(&table.game).await.status != 200 {} }).await;
    let ada = table.join_as(Player::One).await;
    assert_eq!(ada.joined["view"], before, "it has lost nothing");
}

#[tokio::test]
async fn a_draining_server_is_not_ready_and_refuses_sockets() {
    let server = Running::start().await;
    let address = server.address;
    let mut stays = Client::connect(address).await;
    stays.heartbeat().await;
    let down = tokio::spawn(server.shut_down());
    assert_eq!(stays.closed().await, 1012);
    // The client has not disconnected yet, so the server still waits for it.
    assert_eq!(get(address, "/readyz").await.status, 503);
    assert_eq!(get(address, "/healthz").await.status, 200);
    assert_eq!(Client::try_connect(address, &[]).await.err(), Some(503));
    drop(stays);
    within_patience(down).await.unwrap();
}

#[tokio::test]
async fn an_endless_body_times_out() {
    let server = Running::start().await;
    let mut slow = TcpStream::connect(server.address).await.unwrap();
    let head = "POST /api/games HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{";
    slow.write_all(head.as_bytes()).await.unwrap();
    assert_eq!(get(server.address, "/healthz").await.status, 200);
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(11)).await;
    tokio::time::resume();
    let mut answer = String::new();
    within_patience(slow.read_to_string(&mut answer))
        .await
        .unwrap();
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains(r#""reason":"timeout""#), "{answer}");
}

#[tokio::test]
async fn slow_handshakes_delay_no_client_and_time_out() {
    let server = Running::start().await;
    let head = b"GET /socket/websocket?vsn=2.0.0 HTTP/1.1\r\nupgrade: websocket\r\n";
    let mut slow = Vec::new();
    for _ in 0..100 {
        slow.push(TcpStream::connect(server.address).await.unwrap());
    }
    for byte in head {
        for connection in &mut slow {
            connection.write_all(&[*byte]).await.unwrap();
        }
    }
    drop(Client::connect(server.address).await);
    // The deadline counts from the first byte of the head, not from its last.
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(11)).await;
    tokio::time::resume();
    for mut connection in slow {
        let mut answer = Vec::new();
        within_patience(connection.read_to_end(&mut answer))
            .await
            .unwrap();
        assert!(!answer.starts_with(b"HTTP/1.1 101"));
    }
}

#[tokio::test]
async fn a_silent_connection_delays_no_client_and_times_out() {
    let server = Running::start().await;
    let mut silent = Vec::new();
    for _ in 0..50 {
        silent.push(TcpStream::connect(server.address).await.unwrap());
    }
    assert_eq!(get(server.address, "/healthz").await.status, 200);
    // They were accepted before the request above, so their deadlines have started.
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(11)).await;
    tokio::time::resume();
    for mut connection in silent {
        let mut nothing = Vec::new();
        let ended = within_patience(connection.read_to_end(&mut nothing)).await;
        assert_eq!((ended.unwrap(), nothing), (0, vec![]));
    }
}

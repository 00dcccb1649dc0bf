//! One address takes all that it can get, and other addresses still open games and
//! play.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::client::{Client, within_patience};
use crate::http::{Response, request};
use crate::running::Running;
use crate::stalls::skip;
use crate::table::text;

/// The clients' addresses, as the proxy forwards them.
const GREEDY: &str = "192.0.2.1";
const OTHER: &str = "192.0.2.2";

/// A server behind a proxy. By default an address gets a quarter of each limit.
async fn behind_a_proxy(flags: &[&str]) -> Running {
    Running::with_flags(&[&["--trusted-proxy", "127.0.0.1"], flags].concat()).await
}

async fn post_from(from: &str, server: &Running, path: &str, body: &Value) -> Response {
    let head = format!("POST {path}\ncontent-type: application/json\nx-forwarded-for: {from}");
    request(server.address, &head, &body.to_string()).await
}

async fn open_from(from: &str, server: &Running) -> Value {
    let opened = post_from(from, server, "/api/games", &json!({"name": "Ada"})).await;
    assert_eq!(opened.status, 201, "{}", opened.body);
    opened.json()
}

async fn try_connect_from(from: &str, server: &Running) -> Result<Client, u16> {
    Client::try_connect(server.address, &[("x-forwarded-for", from)]).await
}

/// Two players at this address open a game, join it and begin to play.
async fn play_from(from: &str, server: &Running) {
    let opened = open_from(from, server).await;
    let game = text(&opened["game"]);
    let path = format!("/api/games/{game}/players");
    let joined = post_from(from, server, &path, &json!({"name": "Bob"})).await;
    let topic = format!("game:{game}");
    for seat in [&opened["seat"], &joined.json()["seat"]] {
        let mut client = try_connect_from(from, server).await.expect("a socket");
        client.join(&topic, json!({"seat": seat})).await.unwrap();
        let dot = json!({"island": "dot", "row": 1, "col": 1});
        client.call(&topic, "position_island", dot).await.unwrap();
    }
}

#[tokio::test]
async fn one_address_cannot_take_all_sockets() {
    let server = behind_a_proxy(&["--max-connections", "8"]).await;
    let first = try_connect_from(GREEDY, &server).await.unwrap();
    let _second = try_connect_from(GREEDY, &server).await.unwrap();
    for _ in 0..10 {
        assert_eq!(try_connect_from(GREEDY, &server).await.err(), Some(429));
    }
    play_from(OTHER, &server).await;

    // A permit that the address releases can be acquired again.
    first.disconnect().await;
    within_patience(async { while try_connect_from(GREEDY, &server).await.is_err() {} }).await;
}

#[tokio::test]
async fn one_address_cannot_fill_the_memory_with_games() {
    let server = behind_a_proxy(&["--max-games", "8"]).await;
    let mut games = Vec::new();
    for _ in 0..10 {
        games.push(format!(
            "game:{}",
            text(&open_from(GREEDY, &server).await["game"])
        ));
    }
    let mut first = try_connect_from(GREEDY, &server).await.unwrap();
    let mut second = try_connect_from(GREEDY, &server).await.unwrap();
    for (at, game) in games.iter().enumerate() {
        let client = if at % 2 == 0 { &mut first } else { &mut second };
        let joined = client.join(game, json!({})).await;
        assert_eq!(joined.is_ok(), at < 2, "game {at}");
        if let Err(refusal) = joined {
            assert_eq!(refusal["reason"], "too_many_requests");
            let message = text(&refusal["message"]);
            assert!(message.contains("at most 2 joined games"), "{message}");
        }
    }
    second.join(&games[0], json!({})).await.unwrap();
    play_from(OTHER, &server).await;

    // The address may leave one game and join another.
    for client in [&mut first, &mut second] {
        client
            .call(&games[0], "phx_leave", json!({}))
            .await
            .unwrap();
    }
    second.join(&games[2], json!({})).await.unwrap();
}

#[tokio::test]
async fn games_that_one_address_only_views_are_evicted() {
    let server = behind_a_proxy(&["--max-games", "8"]).await;
    let mut games = Vec::new();
    for _ in 0..9 {
        games.push(text(&open_from(GREEDY, &server).await["game"]));
    }
    let get_game = async |game: &str| server.get(&format!("/api/games/{game}")).await;
    for (at, game) in games.iter().enumerate() {
        assert_eq!(get_game(game).await.status == 200, at < 8, "game {at}");
    }
    skip(Duration::from_secs(11)).await;
    // A request that finds memory full makes the supervisors ask idle games to leave.
    for from in 1..=250 {
        let name = json!({"name": "Eve"});
        post_from(&format!("203.0.113.{from}"), &server, "/api/games", &name).await;
    }
    play_from(OTHER, &server).await;
}

#[tokio::test]
async fn a_socket_joins_at_most_ten_topics() {
    let server = Running::start().await;
    let mut client = Client::connect(server.address).await;
    for number in 0..=10 {
        let opened = server.post("/api/games", &json!({"name": "Ada"})).await;
        let topic = format!("game:{}", text(&opened.json()["game"]));
        let joined = client.join(&topic, json!({})).await;
        assert_eq!(joined.is_ok(), number < 10, "game {number}");
    }
}

/// Connects from this address of the loopback network.
async fn connect_from(from: [u8; 4], to: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((from, 0).into()).unwrap();
    within_patience(socket.connect(to)).await.unwrap()
}

/// Reads what the server sends before it closes the connection.
async fn read_to_end(connection: &mut TcpStream) -> String {
    let mut answer = String::new();
    within_patience(connection.read_to_string(&mut answer))
        .await
        .unwrap();
    answer
}

#[tokio::test]
async fn one_address_cannot_take_all_connections() {
    if !cfg!(target_os = "linux") {
        // Other systems configure only one address of the loopback network.
        return;
    }
    let server = Running::with_flags(&["--address-share", "5"]).await;
    let mut open = Vec::new();
    for _ in 0..200 {
        open.push(connect_from([127, 0, 0, 1], server.address).await);
    }
    let answer = read_to_end(&mut connect_from([127, 0, 0, 1], server.address).await).await;
    assert!(answer.starts_with("HTTP/1.1 429 "), "{answer}");
    assert!(answer.contains("too_many_requests"), "{answer}");

    let mut other = connect_from([127, 0, 0, 2], server.address).await;
    let ask = "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    other.write_all(ask.as_bytes()).await.unwrap();
    let answer = read_to_end(&mut other).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");

    open.pop();
    within_patience(async {
        let mut retry = connect_from([127, 0, 0, 1], server.address).await;
        // A closed connection holds its permit until the server notices its end.
        while retry.write_all(ask.as_bytes()).await.is_err()
            || !read_to_end(&mut retry).await.starts_with("HTTP/1.1 200 ")
        {
            retry = connect_from([127, 0, 0, 1], server.address).await;
        }
    })
    .await;
}

/// Opens 200 requests, as many as an address may have, each with its `X-Forwarded-For`,
/// and checks that one more is refused.
async fn fill_with_requests(
    server: &Running,
    forwarded: impl Fn(usize) -> String,
) -> Vec<TcpStream> {
    let mut open = Vec::new();
    for number in 0..200 {
        let head = format!(
            "POST /api/games HTTP/1.1\r\nhost: x\r\nx-forwarded-for: {}\r\n\
             content-type: application/json\r\ncontent-length: 100\r\n\r\n{{",
            forwarded(number)
        );
        let mut connection = connect_from([127, 0, 0, 1], server.address).await;
        connection.write_all(head.as_bytes()).await.unwrap();
        open.push(connection);
    }
    // A permit is free until the server has read the last of those requests.
    let refused = within_patience(async {
        loop {
            let answer = get_game_from(&forwarded(200), server).await;
            if answer.status != 200 {
                break answer;
            }
        }
    })
    .await;
    assert_eq!(
        (refused.status, refused.reason()),
        (429, "too_many_requests".into())
    );
    open
}

async fn get_game_from(from: &str, server: &Running) -> Response {
    let head = format!("GET /healthz\nx-forwarded-for: {from}");
    request(server.address, &head, "").await
}

#[tokio::test]
async fn requests_through_a_proxy_count_for_their_clients() {
    let server = behind_a_proxy(&["--address-share", "5"]).await;
    let open = fill_with_requests(&server, |_| GREEDY.into()).await;
    assert_eq!(get_game_from(OTHER, &server).await.status, 200);
    play_from(OTHER, &server).await;

    drop(open);
    within_patience(async { while get_game_from(GREEDY, &server).await.status != 200 {} }).await;
}

#[tokio::test]
async fn requests_of_unknown_clients_count_for_the_proxy() {
    let server = behind_a_proxy(&["--address-share", "5"]).await;
    let _open = fill_with_requests(&server, |number| format!("fake-{number}, x")).await;
    play_from(OTHER, &server).await;
}

//! The WebSocket handshake: each check, and their order.

use std::fmt::Write;

use axum_channels::{Origins, Settings};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

use crate::{
    client::{Client, in_time},
    server::Server,
};

const QUERY: &str = "?vsn=2.0.0";

pub(crate) struct Answer {
    status: u16,
    head: String,
    pub(crate) body: String,
}

/// Sends a request for a socket with some headers changed; `""` leaves a header out.
async fn ask(server: &Server, method: &str, query: &str, headers: &[(&str, &str)]) -> Answer {
    let usual = [
        ("Host", "play.example"),
        ("Connection", "keep-alive, Upgrade"),
        ("Upgrade", "WebSocket"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    let mut request = format!("{method} /socket/websocket{query} HTTP/1.1\r\n");
    for (name, value) in usual {
        if !headers.iter().any(|(other, _)| *other == name) {
            write!(request, "{name}: {value}\r\n").unwrap();
        }
    }
    for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
        write!(request, "{name}: {value}\r\n").unwrap();
    }
    in_time(exchange(server, &(request + "\r\n"))).await
}

pub(crate) async fn exchange(server: &Server, request: &str) -> Answer {
    let mut stream = BufReader::new(TcpStream::connect(server.address).await.unwrap());
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert!(
            stream.read_line(&mut head).await.unwrap() > 0,
            "the head ends early"
        );
    }
    let head = head.to_lowercase();
    let length = head
        .split("content-length: ")
        .nth(1)
        .and_then(|rest| rest.lines().next());
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    stream.read_exact(&mut body).await.unwrap();
    let status = head[9..12].parse().unwrap();
    Answer {
        status,
        head,
        body: String::from_utf8(body).unwrap(),
    }
}

#[track_caller]
fn check(
    server: &Server,
    query: &str,
    headers: &[(&str, &str)],
    status: u16,
) -> impl Future<Output = Answer> {
    let caller = std::panic::Location::caller();
    async move {
        let answer = ask(server, "GET", query, headers).await;
        assert_eq!(
            answer.status, status,
            "{query} {headers:?} at {caller}: {}",
            answer.body
        );
        assert_eq!(
            answer.body.lines().count(),
            usize::from(status != 101),
            "at {caller}"
        );
        answer
    }
}

#[tokio::test]
async fn a_proper_request_is_answered_with_101_and_the_accept_key() {
    let server = Server::start().await;
    let answer = check(&server, QUERY, &[], 101).await;
    assert!(
        answer
            .head
            .contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=")
    );
    assert!(answer.head.contains("upgrade: websocket"));
    assert!(!answer.head.contains("sec-websocket-protocol"));
    assert!(!answer.head.contains("sec-websocket-extensions"));
}

#[tokio::test]
async fn a_request_that_is_no_websocket_handshake_gets_400() {
    let server = Server::start().await;
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        assert_eq!(
            ask(&server, method, QUERY, &[]).await.status,
            400,
            "{method}"
        );
    }
    check(&server, QUERY, &[("Upgrade", "")], 400).await;
    check(&server, QUERY, &[("Connection", "")], 400).await;
    check(&server, QUERY, &[("Upgrade", "h2c")], 400).await;
    check(&server, QUERY, &[("Sec-WebSocket-Version", "8")], 400).await;
    check(&server, QUERY, &[("Sec-WebSocket-Version", "")], 400).await;
    check(&server, QUERY, &[("Sec-WebSocket-Key", "")], 400).await;
}

#[tokio::test]
async fn contradictory_headers_are_answered_with_400() {
    let server = Server::start().await;
    let twice = |name, one, other| [(name, one), (name, other)];
    let version = "Sec-WebSocket-Version";
    check(&server, QUERY, &twice(version, "13", "8"), 400).await;
    check(&server, QUERY, &twice(version, "8", "13"), 400).await;
    check(&server, QUERY, &[(version, "13, 8")], 400).await;
    check(&server, QUERY, &twice(version, "13", "13"), 101).await;
    let (one, other) = ("dGhlIHNhbXBsZSBub25jZQ==", "AAAAAAAAAAAAAAAAAAAAAA==");
    check(&server, QUERY, &twice("Sec-WebSocket-Key", one, other), 400).await;
    check(&server, QUERY, &twice("Host", "a", "b"), 400).await;
    check(&server, QUERY, &[("Host", "")], 400).await;
}

#[tokio::test]
async fn a_version_other_than_none_or_a_full_1_0_x_or_2_0_x_is_refused() {
    let server = Server::start().await;
    for query in ["", "?vsn=1.0.0", "?vsn=1.0.3", "?vsn=2.0.0", "?vsn=2.0.5"] {
        check(&server, query, &[], 101).await;
    }
    for version in ["2.0", "2.1.0", "1.1.0", "3.0.0", "abc", "", "2.0.0-rc.1"] {
        check(&server, &format!("?vsn={version}"), &[], 403).await;
    }
    check(&server, "?vsn[]=2.0.0", &[], 403).await;
    check(&server, "?vsn%5B%5D=2.0.0", &[], 403).await;
}

#[tokio::test]
async fn the_subprotocol_is_phoenix_or_none() {
    let server = Server::start().await;
    let check = async |offered, status, echoed: bool| {
        let answer = check(
            &server,
            QUERY,
            &[("Sec-WebSocket-Protocol", offered)],
            status,
        )
        .await;
        assert_eq!(
            answer.head.contains("sec-websocket-protocol: phoenix\r\n"),
            echoed,
            "{offered}"
        );
    };
    check("phoenix", 101, true).await;
    check("phoenix, base64url.bearer.phx.YWJj", 101, true).await;
    check("base64url.bearer.phx.YWJj", 101, false).await;
    check(
        "phoenix, base64url.bearer.phx.YQ, base64url.bearer.phx.Yg",
        101,
        true,
    )
    .await;
    check("phoenix, base64url.bearer.phx.!!", 403, false).await;
    check("graphql-ws", 403, false).await;
}

#[tokio::test]
async fn an_origin_that_is_not_allowed_is_refused() {
    let origins = Origins::list(["https://example.com", "//*.islands.example"]).unwrap();
    let server = Server::with(Settings {
        origins,
        ..Settings::default()
    })
    .await;
    let check = async |origin, status| check(&server, QUERY, &[("Origin", origin)], status).await;
    check("https://example.com", 101).await;
    check("https://a.islands.example", 101).await;
    check("http://islands.example:4000", 101).await;
    check("", 101).await;
    check("http://example.com", 403).await;
    check("https://example.com.evil.org", 403).await;
    check("null", 403).await;
}

#[tokio::test]
async fn by_default_the_origin_is_that_of_the_request() {
    let server = Server::with(Settings::default()).await;
    check(&server, QUERY, &[("Origin", "http://play.example")], 101).await;
    check(&server, QUERY, &[("Origin", "http://other.example")], 403).await;
    check(&server, QUERY, &[("Origin", "https://play.example")], 403).await;
}

#[tokio::test]
async fn the_application_refuses_with_any_status() {
    let server = Server::start().await;
    let rejected = check(&server, "?vsn=2.0.0&reject=1", &[], 403).await;
    assert_eq!(rejected.body, "rejected\n");
    let limited = check(&server, "?vsn=2.0.0&rl=1", &[], 429).await;
    assert_eq!(limited.body, "slow down\n");
}

#[tokio::test]
async fn origin_then_subprotocol_then_version_then_connect() {
    let server = Server::with(Settings::default()).await;
    let origin = ("Origin", "https://evil.example");
    let protocol = ("Sec-WebSocket-Protocol", "graphql-ws");
    let refused = async |query, headers: &[_]| check(&server, query, headers, 403).await.body;
    assert!(
        refused("?vsn=9&rl=1", &[origin, protocol])
            .await
            .contains("origin")
    );
    assert!(
        refused("?vsn=9&rl=1", &[protocol])
            .await
            .contains("subprotocol")
    );
    assert!(refused("?vsn=9&rl=1", &[]).await.contains("vsn"));
    check(&server, "?vsn=2.0.0&rl=1", &[], 429).await;
}

#[tokio::test]
async fn the_application_sees_parameters_token_and_peer() {
    let server = Server::start().await;
    let query = "?user%5Bname%5D=Ada+L&vsn=2.0.0";
    let stream = TcpStream::connect(server.address).await.unwrap();
    let url = format!("ws://{}/socket/websocket{query}", server.address);
    let mut request =
        tokio_tungstenite::tungstenite::client::IntoClientRequest::into_client_request(url)
            .unwrap();
    let offered = "phoenix, base64url.bearer.phx.YWJj".parse().unwrap();
    request
        .headers_mut()
        .insert("Sec-WebSocket-Protocol", offered);
    let (socket, _) = tokio_tungstenite::client_async(request, stream)
        .await
        .unwrap();
    let mut client = Client::new(socket);
    client.join("room:a").await;
    client
        .play(
            r#"
            > ["1","2","room:a","whoami",{}]
            < ["1","2","room:a","phx_reply",{"status":"ok","response":{"name":"Ada L","peer":"127.0.0.1","token":"abc"}}]
            "#,
        )
        .await;
}

#[tokio::test]
async fn a_refused_request_holds_no_permit() {
    let settings = Settings {
        max_sockets: 1,
        origins: Origins::any(),
        ..Settings::default()
    };
    let server = Server::with(settings).await;
    for _ in 0..3 {
        check(&server, "?vsn=2.0.0&reject=1", &[], 403).await;
    }
    assert_eq!(server.endpoint.sockets(), 0);
    let _client = Client::connect(&server).await;
    let full = check(&server, QUERY, &[], 503).await;
    assert_eq!(full.body, "too many sockets are open\n");
}

#[tokio::test]
async fn a_draining_server_refuses_with_503() {
    let server = Server::start().await;
    let _ = server.endpoint.drain(std::time::Duration::ZERO).await;
    let draining = check(&server, QUERY, &[], 503).await;
    assert_eq!(draining.body, "the server is shutting down\n");
}

//! The paths of WebSockets and long polls.

use tokio::net::TcpStream;

use crate::{
    client::{Client, in_time},
    handshake::exchange,
    server::Server,
};

const QUERY: &str = "?vsn=2.0.0";

#[tokio::test]
async fn an_extra_slash_is_the_same_path() {
    let server = Server::start().await;
    for path in [
        "/socket/websocket/",
        "/socket//websocket",
        "/socket//websocket/",
    ] {
        let stream = TcpStream::connect(server.address).await.unwrap();
        let url = format!("ws://{}{path}{QUERY}", server.address);
        let opened = tokio_tungstenite::client_async(url, stream);
        let (socket, _) = in_time(opened).await.unwrap();
        Client::new(socket).join("room:a").await;
    }
    for path in [
        "/socket/longpoll/",
        "/socket//longpoll",
        "/socket//longpoll/",
    ] {
        let request = format!("GET {path}{QUERY} HTTP/1.1\r\nHost: x\r\n\r\n");
        let body = in_time(exchange(&server, &request)).await.body;
        assert!(body.contains(r#""status":410"#), "{path}: {body}");
    }
}

//! Draining: the server closes every socket with 1012, and waits for the last.

use std::time::Duration;

use axum_channels::{Drained, EndReason, Origins, Settings};

use crate::{
    client::{Client, in_time},
    server::{SHORT, Server},
};

#[tokio::test]
async fn a_drain_closes_every_socket_with_1012_and_waits_until_all_are_gone() {
    let mut server = Server::start().await;
    let mut joined = Client::connect(&server).await;
    let mut without_channels = Client::connect(&server).await;
    joined.join("room:a").await;
    without_channels.play("").await;
    assert_eq!(server.endpoint.sockets(), 2);

    let endpoint = server.endpoint.clone();
    let drain = tokio::spawn(async move { endpoint.drain(Duration::from_secs(10)).await });
    joined.expect_close(1012).await;
    without_channels.expect_close(1012).await;
    drop((joined, without_channels));
    assert_eq!(in_time(drain).await.unwrap(), Drained::Empty);
    assert_eq!(server.endpoint.sockets(), 0);
    assert_eq!(server.end_reason().await, EndReason::SocketClosed);
}

#[tokio::test]
async fn frames_queued_before_a_drain_arrive_before_its_close() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client.join("room:a").await;
    server
        .endpoint
        .broadcast("room:a", "last", &serde_json::json!({}))
        .unwrap();
    let endpoint = server.endpoint.clone();
    tokio::spawn(async move { endpoint.drain(Duration::from_secs(10)).await });
    client.expect(r#"[null,null,"room:a","last",{}]"#).await;
    client.expect_close(1012).await;
}

#[tokio::test(start_paused = true)]
async fn a_drain_waits_no_longer_than_its_deadline() {
    let settings = Settings {
        close_timeout: Duration::from_secs(10),
        origins: Origins::any(),
        ..Settings::default()
    };
    let server = Server::with(settings).await;
    let mut client = server.in_memory(4096).await;
    client.join("room:a").await;
    assert_eq!(
        in_time(server.endpoint.drain(SHORT)).await,
        Drained::Remaining(1)
    );
}

#[tokio::test]
async fn a_drain_without_sockets_is_done_at_once() {
    let server = Server::start().await;
    assert_eq!(
        in_time(server.endpoint.drain(Duration::from_secs(10))).await,
        Drained::Empty
    );
}

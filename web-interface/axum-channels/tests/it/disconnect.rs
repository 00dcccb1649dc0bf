//! Sockets with an id, and how all sockets of an id are closed.

use axum_channels::EndReason;
use serde_json::json;

use crate::{client::Client, server::Server};

async fn connect(server: &Server, name: &str) -> Client {
    Client::connect_with(server, &format!("vsn=2.0.0&user[name]={name}")).await
}

#[tokio::test]
async fn all_sockets_of_an_id_are_closed_with_1001_and_no_others() {
    let mut server = Server::start().await;
    let mut tabs = [connect(&server, "ada").await, connect(&server, "ada").await];
    let mut others = [
        connect(&server, "bob").await,
        connect(&server, "ad").await,
        Client::connect(&server).await,
    ];
    tabs[0].join("room:a").await;
    tabs[1].play("").await;
    for other in &mut others {
        other.join("room:a").await;
    }
    server.endpoint.disconnect("users:ada");
    for tab in &mut tabs {
        tab.expect_close(1001).await;
    }
    for other in &mut others {
        other.play("").await;
    }
    assert_eq!(server.end_reason().await, EndReason::SocketClosed);
}

#[tokio::test]
async fn a_broadcast_of_disconnect_on_the_id_does_the_same_and_others_do_nothing() {
    let server = Server::start().await;
    let mut client = connect(&server, "ada").await;
    client.play("").await;
    let broadcast = |event| server.endpoint.broadcast("users:ada", event, &json!({}));
    broadcast("news").unwrap();
    client.play("").await;
    broadcast("disconnect").unwrap();
    client.expect_close(1001).await;
}

#[tokio::test]
async fn frames_queued_before_a_disconnect_arrive_before_its_close() {
    let server = Server::start().await;
    let mut client = connect(&server, "ada").await;
    client.join("room:a").await;
    server
        .endpoint
        .broadcast("room:a", "last", &json!({}))
        .unwrap();
    server.endpoint.disconnect("users:ada");
    client.expect(r#"[null,null,"room:a","last",{}]"#).await;
    client.expect_close(1001).await;
}

#[tokio::test]
async fn a_socket_id_without_sockets_is_freed() {
    let server = Server::start().await;
    let mut client = connect(&server, "ada").await;
    client.play("").await;
    server.endpoint.disconnect("users:ada");
    client.expect_close(1001).await;
    drop(client);
    server.endpoint.disconnect("users:ada");
    let mut again = connect(&server, "ada").await;
    again.play("").await;
}

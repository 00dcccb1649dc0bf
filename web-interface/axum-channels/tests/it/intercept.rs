//! Broadcasts that a channel intercepts before they reach its client.

use serde_json::json;

use crate::{client::Client, server::Server};

#[tokio::test]
async fn an_intercepted_broadcast_becomes_a_push() {
    let server = Server::start().await;
    let mut sender = Client::connect(&server).await;
    let mut other = Client::connect(&server).await;
    sender.join("room:a").await;
    other.join("room:a").await;
    sender
        .play(
            r#"
            > ["1","2","room:a","icept",{"n":1}]
            < ["1",null,"room:a","icept",{"it":{"n":1},"seen":true}]
            "#,
        )
        .await;
    other
        .expect(r#"["1",null,"room:a","icept",{"it":{"n":1},"seen":true}]"#)
        .await;
}

#[tokio::test]
async fn intercept_may_drop_a_broadcast() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client.join("room:blind").await;
    client.play(r#"> ["1","2","room:blind","icept",{}]"#).await;
}

#[tokio::test]
async fn a_panic_in_intercept_ends_the_channel() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client.join("room:a").await;
    server
        .endpoint
        .broadcast("room:a", "icept_raise", &json!({}))
        .unwrap();
    client
        .expect(r#"["1","1","room:a","phx_error",{"reason":"channel_crash"}]"#)
        .await;
    client.play("").await;
}

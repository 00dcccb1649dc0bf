//! `axum_channels::testing::TestClient`, the client for tests of channels.

use axum_channels::testing::{ReceivedEvent, Reply, TestClient};
use serde_json::{Value, json};

use crate::server::{Server, User};

async fn client(server: &Server) -> TestClient {
    TestClient::connect(&server.acceptor, User::default()).await
}

fn event_on(topic: &str, event: &str, payload: Value) -> ReceivedEvent {
    ReceivedEvent {
        topic: topic.to_owned(),
        event: event.to_owned(),
        payload,
    }
}

#[tokio::test]
async fn a_join_returns_a_response_or_a_refusal() {
    let server = Server::start().await;
    let mut client = client(&server).await;
    let joined = client.join("room:reply", &json!({ "a": 1 })).await;
    assert_eq!(joined, Ok(json!({ "echo": { "a": 1 } })));
    let refused = client.join("room:deny", &json!({})).await;
    assert_eq!(refused, Err(json!({ "reason": "unauthorized" })));
}

#[tokio::test]
async fn a_push_waits_for_its_own_reply() {
    let server = Server::start().await;
    let mut client = client(&server).await;
    client.join("room:a", &json!({})).await.unwrap();
    client.cast("room:a", "echo", &1).await;
    let reply = client.push("room:a", "custom_status", &json!({})).await;
    let weird = Reply {
        status: "weird".to_owned(),
        response: json!({ "x": 1 }),
    };
    assert_eq!(reply, weird);
}

#[tokio::test]
async fn unexpected_events_are_kept_in_order() {
    let server = Server::start().await;
    let mut client = client(&server).await;
    client.join("room:a", &json!({})).await.unwrap();
    client.join("room:b", &json!({})).await.unwrap();
    client.cast("room:a", "push", &json!({ "n": 1 })).await;
    client.cast("room:b", "push", &json!({ "n": 2 })).await;
    client.cast("room:b", "bcast", &json!({ "n": 3 })).await;
    assert_eq!(client.expect("room:b", "bcast").await, json!({ "n": 3 }));
    client.leave("room:a").await;
    let rest = [
        event_on("room:a", "pushed", json!({ "n": 1 })),
        event_on("room:b", "pushed", json!({ "n": 2 })),
        event_on("room:a", "phx_close", json!({})),
    ];
    let mut received = client.rest().await;
    received.sort_by_key(|event| rest.iter().position(|it| it == event));
    assert_eq!(received, rest);
    assert_eq!(client.rest().await, []);
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "pushed on room:a did not come")]
async fn a_missing_event_fails_the_test() {
    let server = Server::start().await;
    let mut client = client(&server).await;
    client.join("room:a", &json!({})).await.unwrap();
    client.expect("room:a", "pushed").await;
}

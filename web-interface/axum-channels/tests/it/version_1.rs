//! Frames of version 1: a JSON object with four keys.

use tokio_tungstenite::tungstenite::Message;

use crate::{client::Client, server::Server};

async fn connect(server: &Server) -> Client {
    Client::connect_with(server, "vsn=1.0.0").await
}

/// Plays a script as [`Client::play`] does, but with a final heartbeat of version 1.
async fn play(client: &mut Client, script: &str) {
    let still = r#"
        > {"topic":"phoenix","event":"heartbeat","payload":{},"ref":"still"}
        < {"topic":"phoenix","event":"phx_reply","payload":{"status":"ok","response":{}},"ref":"still"}
    "#;
    client.play_only(&format!("{script}{still}")).await;
}

#[tokio::test]
async fn a_client_that_names_no_version_speaks_the_first() {
    let server = Server::start().await;
    for query in ["", "vsn=1.0.0", "vsn=1.0.7"] {
        let mut client = Client::connect_with(&server, query).await;
        play(&mut client, "").await;
    }
}

#[tokio::test]
async fn joins_events_pushes_and_broadcasts_have_exactly_four_keys() {
    let server = Server::start().await;
    let mut client = connect(&server).await;
    play(
        &mut client,
        r#"
        > {"topic":"room:reply","event":"phx_join","payload":{"a":1},"ref":"1"}
        < {"topic":"room:reply","event":"phx_reply","payload":{"status":"ok","response":{"echo":{"a":1}}},"ref":"1"}
        > {"topic":"room:reply","event":"echo","payload":[1],"ref":2}
        < {"topic":"room:reply","event":"phx_reply","payload":{"status":"ok","response":{"echo":[1]}},"ref":2}
        > {"topic":"room:reply","event":"push","payload":{"a":1},"ref":null}
        < {"topic":"room:reply","event":"pushed","payload":{"a":1},"ref":null}
        < {"topic":"room:reply","event":"phx_reply","payload":{"status":"ok","response":{}},"ref":null}
        > {"topic":"room:reply","event":"bcast","payload":{"b":2},"ref":"3"}
        < {"topic":"room:reply","event":"bcast","payload":{"b":2},"ref":null}
        < {"topic":"room:reply","event":"phx_reply","payload":{"status":"ok","response":{}},"ref":"3"}
        "#,
    )
    .await;
}

#[tokio::test]
async fn close_and_error_name_the_join_if_the_client_has() {
    let server = Server::start().await;
    let mut client = connect(&server).await;
    play(
        &mut client,
        r#"
        > {"topic":"room:a","event":"phx_join","payload":{},"ref":"1"}
        < {"topic":"room:a","event":"phx_reply","payload":{"status":"ok","response":{}},"ref":"1"}
        > {"topic":"room:a","event":"phx_leave","payload":{},"ref":"2"}
        < {"topic":"room:a","event":"phx_reply","payload":{"status":"ok","response":{}},"ref":"2"}
        < {"topic":"room:a","event":"phx_close","payload":{},"ref":null}
        > {"topic":"room:a","event":"phx_join","payload":{},"ref":"3","join_ref":"3"}
        < {"topic":"room:a","event":"phx_reply","payload":{"status":"ok","response":{}},"ref":"3"}
        > {"topic":"room:a","event":"fail","payload":{},"ref":"4","join_ref":"1"}
        > {"topic":"room:a","event":"fail","payload":{},"ref":"5"}
        < {"topic":"room:a","event":"phx_error","payload":{"reason":"channel_crash"},"ref":"3"}
        "#,
    )
    .await;
}

#[tokio::test]
async fn the_kind_of_message_does_not_matter() {
    let server = Server::start().await;
    let mut client = connect(&server).await;
    let heartbeat = br#"{"topic":"phoenix","event":"heartbeat","payload":{},"ref":"1"}"#;
    client
        .send_message(Message::binary(heartbeat.to_vec()))
        .await;
    client
        .expect(r#"{"topic":"phoenix","event":"phx_reply","payload":{"status":"ok","response":{}},"ref":"1"}"#)
        .await;
}

#[tokio::test]
async fn a_message_without_one_of_the_four_keys_closes_the_socket() {
    let server = Server::start().await;
    for message in [
        "hello",
        r#"[null,"1","phoenix","heartbeat",{}]"#,
        r#"{"event":"heartbeat","payload":{},"ref":"1"}"#,
        r#"{"topic":"phoenix","payload":{},"ref":"1"}"#,
        r#"{"topic":"phoenix","event":"heartbeat","ref":"1"}"#,
        r#"{"topic":"phoenix","event":"heartbeat","payload":{}}"#,
    ] {
        let mut client = connect(&server).await;
        client.send(message).await;
        client.expect_close(1011).await;
    }
}

#[tokio::test]
async fn one_broadcast_reaches_clients_of_both_versions_each_in_its_own_form() {
    let server = Server::start().await;
    let mut old = connect(&server).await;
    play(
        &mut old,
        r#"
        > {"topic":"room:a","event":"phx_join","payload":{},"ref":"1"}
        < {"topic":"room:a","event":"phx_reply","payload":{"status":"ok","response":{}},"ref":"1"}
        "#,
    )
    .await;
    let mut new = Client::connect(&server).await;
    new.join("room:a").await;
    new.play(
        r#"
        > ["1","2","room:a","bcast_from",{"b":2}]
        < ["1","2","room:a","phx_reply",{"status":"ok","response":{}}]
        "#,
    )
    .await;
    old.expect(r#"{"topic":"room:a","event":"bcast","payload":{"b":2},"ref":null}"#)
        .await;
}

#[tokio::test]
async fn a_version_1_client_gets_no_bytes_and_an_error_for_a_binary_reply() {
    let server = Server::start().await;
    let mut client = connect(&server).await;
    play(
        &mut client,
        r#"
        > {"topic":"room:a","event":"phx_join","payload":{},"ref":"1"}
        < {"topic":"room:a","event":"phx_reply","payload":{"status":"ok","response":{}},"ref":"1"}
        > {"topic":"room:a","event":"binpush","payload":{},"ref":"2"}
        < {"topic":"room:a","event":"phx_reply","payload":{"status":"ok","response":{}},"ref":"2"}
        > {"topic":"room:a","event":"binreply","payload":{},"ref":"3"}
        < {"topic":"room:a","event":"phx_reply","payload":{"status":"error","response":{"reason":"binary payloads need vsn 2.0.0"}},"ref":"3"}
        "#,
    )
    .await;
}

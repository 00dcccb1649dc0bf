//! Frames of version 2: their form, and the close code for a malformed message.

use crate::{client::Client, server::Server};

#[track_caller]
fn check_closes(frame: &str, code: u16) -> impl Future<Output = ()> {
    let caller = std::panic::Location::caller();
    async move {
        let server = Server::start().await;
        let mut client = Client::connect(&server).await;
        client.send(r#"[null,"1","phoenix","heartbeat",{}]"#).await;
        client.send(frame).await;
        client
            .expect(r#"[null,"1","phoenix","phx_reply",{"status":"ok","response":{}}]"#)
            .await;
        let close = client.closed().await;
        assert_eq!(u16::from(close.code), code, "{frame} at {caller}");
        assert!(!close.reason.is_empty());
    }
}

#[tokio::test]
async fn a_malformed_message_closes_the_socket_after_the_frames_before_it() {
    check_closes("hello", 1011).await;
    check_closes("{}", 1011).await;
    check_closes(r#"["1","2","room:a","echo"]"#, 1011).await;
}

#[tokio::test]
async fn elements_beyond_the_fifth_are_ignored() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client
        .play(
            r#"
            > [null,"1","phoenix","heartbeat",{},"more",[1]]
            < [null,"1","phoenix","phx_reply",{"status":"ok","response":{}}]
            "#,
        )
        .await;
}

#[tokio::test]
async fn references_are_echoed_with_their_type() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client
        .play(
            r#"
            > [1,2,"room:a","phx_join",{}]
            < [1,2,"room:a","phx_reply",{"status":"ok","response":{}}]
            > [1,3.5,"room:a","echo",{}]
            < [1,3.5,"room:a","phx_reply",{"status":"ok","response":{"echo":{}}}]
            > [1,null,"room:a","echo",{}]
            < [1,null,"room:a","phx_reply",{"status":"ok","response":{"echo":{}}}]
            "#,
        )
        .await;
}

#[tokio::test]
async fn a_payload_may_be_any_json_in_messages_and_replies() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client.join("room:a").await;
    client
        .play(
            r#"
            > ["1","2","room:a","echo",[1,"two",null]]
            < ["1","2","room:a","phx_reply",{"status":"ok","response":{"echo":[1,"two",null]}}]
            > ["1","3","room:a","echo",null]
            < ["1","3","room:a","phx_reply",{"status":"ok","response":{"echo":null}}]
            > ["1","4","room:reply","phx_join","anything"]
            < ["1","4","room:reply","phx_reply",{"status":"ok","response":{"echo":"anything"}}]
            "#,
        )
        .await;
}

#[tokio::test]
async fn a_push_names_the_join_and_a_broadcast_does_not() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client.join("room:a").await;
    client
        .play(
            r#"
            > ["1","2","room:a","push",{"a":1}]
            < ["1",null,"room:a","pushed",{"a":1}]
            < ["1","2","room:a","phx_reply",{"status":"ok","response":{}}]
            > ["1","3","room:a","bcast",{"b":2}]
            < [null,null,"room:a","bcast",{"b":2}]
            < ["1","3","room:a","phx_reply",{"status":"ok","response":{}}]
            "#,
        )
        .await;
}

#[tokio::test]
async fn a_reply_has_ok_error_or_a_status_of_its_own() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client.join("room:a").await;
    client
        .play(
            r#"
            > ["1","2","room:a","err",{}]
            < ["1","2","room:a","phx_reply",{"status":"error","response":{"reason":"no"}}]
            > ["1","3","room:a","custom_status",{}]
            < ["1","3","room:a","phx_reply",{"status":"weird","response":{"x":1}}]
            > ["1","4","room:a","noreply",{}]
            "#,
        )
        .await;
}

#[tokio::test]
async fn names_with_quotes_and_other_scripts_come_back_whole() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client
        .play(
            r#"
            > ["1","1","room:\u00e9\"\\日本","phx_join",{}]
            < ["1","1","room:é\"\\日本","phx_reply",{"status":"ok","response":{}}]
            "#,
        )
        .await;
}

#[tokio::test]
async fn a_program_broadcasts_from_outside_every_channel() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client.join("room:a").await;
    server
        .endpoint
        .broadcast("room:a", "news", &serde_json::json!({ "n": 1 }))
        .unwrap();
    server
        .endpoint
        .broadcast("room:b", "news", &serde_json::json!({ "n": 2 }))
        .unwrap();
    client
        .expect(r#"[null,null,"room:a","news",{"n":1}]"#)
        .await;
    client.play("").await;
    assert!(server.endpoint.broadcast("room:a", "news", &7).is_err());
}

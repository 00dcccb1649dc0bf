//! The frames that a handler's outcome produces.

use axum_channels::EndReason;

use crate::{client::Client, server::Server};

#[tokio::test]
async fn an_unknown_event_or_a_bad_payload_is_an_error_reply_and_keeps_the_channel() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client.join("room:a").await;
    client
        .play(
            r#"
            > ["1","2","room:a","dance",{}]
            < ["1","2","room:a","phx_reply",{"status":"error","response":{"reason":"unknown event"}}]
            > ["1","3","room:a","guess",{"col":1}]
            < ["1","3","room:a","phx_reply",{"status":"error","response":{"reason":"bad_payload","field":"row","message":"The field `row` is missing."}}]
            > ["1","4","room:a","guess",{"row":1,"col":"x"}]
            < ["1","4","room:a","phx_reply",{"status":"error","response":{"reason":"bad_payload","field":"col","message":"The field `col` has an invalid type: string \"x\", but a whole number is expected."}}]
            > ["1","5","room:a","guess",{"row":1,"col":2}]
            < ["1","5","room:a","phx_reply",{"status":"ok","response":{"sum":3}}]
            "#,
        )
        .await;
}

#[tokio::test]
async fn a_channel_that_stops_is_closed_after_its_reply() {
    let mut server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client.join("room:a").await;
    client
        .play(
            r#"
            > ["1","2","room:a","stop_normal",{}]
            < ["1","1","room:a","phx_close",{}]
            > ["2","3","room:a","phx_join",{}]
            < ["2","3","room:a","phx_reply",{"status":"ok","response":{}}]
            > ["2","4","room:a","stop_shutdown",{}]
            < ["2","4","room:a","phx_reply",{"status":"ok","response":{"bye":1}}]
            < ["2","2","room:a","phx_close",{}]
            "#,
        )
        .await;
    assert_eq!(server.end_reason().await, EndReason::Stopped);
}

#[tokio::test]
async fn a_channel_that_fails_is_an_error_after_its_reply() {
    let mut server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client.join("room:a").await;
    client
        .play(
            r#"
            > ["1","2","room:a","fail",{}]
            < ["1","1","room:a","phx_error",{"reason":"channel_crash"}]
            > ["2","3","room:a","phx_join",{}]
            < ["2","3","room:a","phx_reply",{"status":"ok","response":{}}]
            > ["2","4","room:a","stop_error",{}]
            < ["2","4","room:a","phx_reply",{"status":"error","response":{"bye":1}}]
            < ["2","2","room:a","phx_error",{"reason":"channel_crash"}]
            "#,
        )
        .await;
    assert_eq!(server.end_reason().await, EndReason::Failed);
}

#[tokio::test]
async fn a_context_pushes_from_another_task_until_its_channel_ends() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client.join("room:a").await;
    client.play(r#"> ["1","2","room:a","push_later",{}]"#).await;
    server.gate.add_permits(1);
    client.expect(r#"["1",null,"room:a","later",{}]"#).await;
    client
        .play(
            r#"
            > ["1","3","room:a","push_later",{}]
            > ["1","4","room:a","phx_leave",{}]
            < ["1","4","room:a","phx_reply",{"status":"ok","response":{}}]
            < ["1","1","room:a","phx_close",{}]
            "#,
        )
        .await;
    server.gate.add_permits(1);
    client.play("").await;
}

#[tokio::test]
async fn a_reply_may_come_later_while_the_channel_goes_on() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client.join("room:a").await;
    client
        .play(
            r#"
            > ["1","2","room:a","reply_later",{}]
            > ["1","3","room:a","echo",{}]
            < ["1","3","room:a","phx_reply",{"status":"ok","response":{"echo":{}}}]
            "#,
        )
        .await;
    server.gate.add_permits(1);
    client
        .play(r#"< ["1","2","room:a","phx_reply",{"status":"ok","response":{"later":true}}]"#)
        .await;
}

#[tokio::test]
async fn a_reply_that_comes_after_the_end_of_its_channel_is_dropped() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client.join("room:a").await;
    client
        .play(
            r#"
            > ["1","2","room:a","reply_later",{}]
            > ["1","3","room:a","phx_leave",{}]
            < ["1","3","room:a","phx_reply",{"status":"ok","response":{}}]
            < ["1","1","room:a","phx_close",{}]
            > ["4","4","room:a","phx_join",{}]
            < ["4","4","room:a","phx_reply",{"status":"ok","response":{}}]
            "#,
        )
        .await;
    server.gate.add_permits(1);
    client.play("").await;
}

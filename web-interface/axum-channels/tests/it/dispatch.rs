//! Dispatch: the meaning of each frame, given the frames before it.

use axum_channels::EndReason;

use crate::{client::Client, server::Server};

#[tokio::test]
async fn a_heartbeat_is_answered_and_phoenix_knows_nothing_else() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client
        .play(
            r#"
            > [null,"1","phoenix","heartbeat",{}]
            < [null,"1","phoenix","phx_reply",{"status":"ok","response":{}}]
            > ["7","2","phoenix","phx_join",{}]
            < [null,"2","phoenix","phx_reply",{"status":"error","response":{"reason":"unmatched topic"}}]
            "#,
        )
        .await;
}

#[tokio::test]
async fn a_join_goes_to_the_first_matching_route() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client
        .play(
            r#"
            > ["1","1","room:a","phx_join",{}]
            < ["1","1","room:a","phx_reply",{"status":"ok","response":{}}]
            > ["2","2","exact","phx_join",{"name":"Ada"}]
            < ["2","2","exact","phx_reply",{"status":"ok","response":{"hello":"Ada"}}]
            > ["3","3","exactly","phx_join",{}]
            < [null,"3","exactly","phx_reply",{"status":"error","response":{"reason":"unmatched topic"}}]
            "#,
        )
        .await;
}

#[tokio::test]
async fn a_join_may_be_refused_or_crash_and_be_tried_again() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client
        .play(
            r#"
            > ["1","1","room:deny","phx_join",{}]
            < ["1","1","room:deny","phx_reply",{"status":"error","response":{"reason":"unauthorized"}}]
            > ["2","2","room:deny","phx_join",{}]
            < ["2","2","room:deny","phx_reply",{"status":"error","response":{"reason":"unauthorized"}}]
            > ["3","3","room:crash","phx_join",{}]
            < ["3","3","room:crash","phx_reply",{"status":"error","response":{"reason":"join crashed"}}]
            > ["3","4","room:crash","echo",{}]
            < [null,"4","room:crash","phx_reply",{"status":"error","response":{"reason":"unmatched topic"}}]
            "#,
        )
        .await;
}

#[tokio::test]
async fn join_parameters_that_do_not_fit_refuse_the_join() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client
        .play(
            r#"
            > ["1","1","exact","phx_join",{}]
            < ["1","1","exact","phx_reply",{"status":"error","response":{"reason":"bad_payload","field":"name","message":"The field `name` is missing."}}]
            > ["1","2","exact","phx_join",{"name":7}]
            < ["1","2","exact","phx_reply",{"status":"error","response":{"reason":"bad_payload","field":"name","message":"The field `name` has an invalid type: integer `7`, but a string is expected."}}]
            "#,
        )
        .await;
}

#[tokio::test]
async fn nothing_reaches_the_client_before_the_join_reply() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client
        .play(
            r#"
            > ["1","1","room:early","phx_join",{}]
            < ["1","1","room:early","phx_reply",{"status":"ok","response":{}}]
            < ["1",null,"room:early","early",{}]
            > ["2","2","room:after","phx_join",{}]
            < ["2","2","room:after","phx_reply",{"status":"ok","response":{}}]
            < ["2",null,"room:after","pushed",{"a":1}]
            < [null,null,"room:after","bcast",{"b":2}]
            "#,
        )
        .await;
}

#[tokio::test]
async fn frames_for_a_topic_that_is_joining_wait_for_its_reply() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client.send(r#"["1","1","room:wait","phx_join",{}]"#).await;
    client.send(r#"["1","2","room:wait","echo",{}]"#).await;
    client.send(r#"["1","3","room:wait","phx_leave",{}]"#).await;
    client
        .send(r#"["2","4","room:wait","phx_join",{"deny":1}]"#)
        .await;
    client.send(r#"["2","5","room:wait","echo",{}]"#).await;
    client.play("").await;
    server.gate.add_permits(2);
    client
        .play(
            r#"
            < ["1","1","room:wait","phx_reply",{"status":"ok","response":{}}]
            < ["1","2","room:wait","phx_reply",{"status":"ok","response":{"echo":{}}}]
            < ["1","3","room:wait","phx_reply",{"status":"ok","response":{}}]
            < ["1","1","room:wait","phx_close",{}]
            < ["2","4","room:wait","phx_reply",{"status":"error","response":{"reason":"late"}}]
            < [null,"5","room:wait","phx_reply",{"status":"error","response":{"reason":"unmatched topic"}}]
            "#,
        )
        .await;
}

#[tokio::test]
async fn a_second_join_is_answered_before_the_first_is_closed() {
    let mut server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client.join("room:after").await;
    client
        .play(
            r#"
            < ["1",null,"room:after","pushed",{"a":1}]
            < [null,null,"room:after","bcast",{"b":2}]
            > ["2","2","room:after","phx_join",{}]
            < ["2","2","room:after","phx_reply",{"status":"ok","response":{}}]
            < ["1","1","room:after","phx_close",{}]
            < ["2",null,"room:after","pushed",{"a":1}]
            < [null,null,"room:after","bcast",{"b":2}]
            > ["1","3","room:after","echo",{}]
            > ["2","4","room:after","echo",{}]
            < ["2","4","room:after","phx_reply",{"status":"ok","response":{"echo":{}}}]
            "#,
        )
        .await;
    assert!(
        server.nothing_ended(),
        "the first join's terminate is not run"
    );
}

#[tokio::test]
async fn a_second_join_ends_the_first_even_if_it_is_refused_or_busy() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    server.gate.add_permits(1);
    client.join("room:wait").await;
    client.send(r#"["1","2","room:wait","wait",{}]"#).await;
    client.send(r#"["1","3","room:wait","echo",{}]"#).await;
    client
        .send(r#"["2","4","room:wait","phx_join",{"deny":1}]"#)
        .await;
    client.play("").await;
    server.gate.add_permits(1);
    client
        .play(
            r#"
            < ["2","4","room:wait","phx_reply",{"status":"error","response":{"reason":"late"}}]
            < ["1","1","room:wait","phx_close",{}]
            > ["1","5","room:wait","echo",{}]
            < [null,"5","room:wait","phx_reply",{"status":"error","response":{"reason":"unmatched topic"}}]
            "#,
        )
        .await;
}

#[tokio::test]
async fn a_leave_gets_its_reply_then_the_close_then_pushes_of_terminate() {
    let mut server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client
        .play(
            r#"
            > ["1","1","room:term","phx_join",{}]
            < ["1","1","room:term","phx_reply",{"status":"ok","response":{}}]
            > ["1","2","room:term","phx_leave",{}]
            < ["1","2","room:term","phx_reply",{"status":"ok","response":{}}]
            < ["1","1","room:term","phx_close",{}]
            < ["1",null,"room:term","you_left",{"m":"bye"}]
            "#,
        )
        .await;
    assert_eq!(server.end_reason().await, EndReason::Left);
    server
        .endpoint
        .broadcast("room:term", "news", &serde_json::json!({}))
        .unwrap();
    client.play("").await;
}

#[tokio::test]
async fn a_leave_without_a_join_ref_leaves_and_a_stale_one_does_not() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client.join("room:a").await;
    client
        .play(
            r#"
            > ["0","2","room:a","phx_leave",{}]
            > [1,"3","room:a","phx_leave",{}]
            > ["1","4","room:a","echo",{}]
            < ["1","4","room:a","phx_reply",{"status":"ok","response":{"echo":{}}}]
            > [null,"5","room:a","phx_leave",{}]
            < ["1","5","room:a","phx_reply",{"status":"ok","response":{}}]
            < ["1","1","room:a","phx_close",{}]
            "#,
        )
        .await;
}

#[tokio::test]
async fn a_leave_of_a_topic_not_joined_gets_ok() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client
        .play(
            r#"
            > ["9","1","room:a","phx_leave",{}]
            < ["9","1","room:a","phx_reply",{"status":"ok","response":{}}]
            > [null,"2","nowhere","phx_leave",{}]
            < [null,"2","nowhere","phx_reply",{"status":"ok","response":{}}]
            "#,
        )
        .await;
}

#[tokio::test]
async fn an_event_of_this_join_or_of_none_is_delivered_and_a_stale_one_is_dropped() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client.join("room:a").await;
    client
        .play(
            r#"
            > [null,"2","room:a","echo",{}]
            < ["1","2","room:a","phx_reply",{"status":"ok","response":{"echo":{}}}]
            > ["0","3","room:a","echo",{}]
            > [1,"4","room:a","echo",{}]
            > ["\u0031","5","room:a","echo",{}]
            < ["1","5","room:a","phx_reply",{"status":"ok","response":{"echo":{}}}]
            "#,
        )
        .await;
}

#[tokio::test]
async fn an_event_on_a_topic_not_joined_is_unmatched() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client
        .play(
            r#"
            > ["1","2","room:a","echo",{}]
            < [null,"2","room:a","phx_reply",{"status":"error","response":{"reason":"unmatched topic"}}]
            "#,
        )
        .await;
}

#[tokio::test]
async fn a_broadcast_reaches_the_sender_before_the_reply_and_the_others_too() {
    let server = Server::start().await;
    let mut sender = Client::connect(&server).await;
    let mut other = Client::connect(&server).await;
    sender.join("room:a").await;
    other.join("room:a").await;
    sender
        .play(
            r#"
            > ["1","2","room:a","bcast",{"n":1}]
            < [null,null,"room:a","bcast",{"n":1}]
            < ["1","2","room:a","phx_reply",{"status":"ok","response":{}}]
            > ["1","3","room:a","bcast_from",{"n":2}]
            < ["1","3","room:a","phx_reply",{"status":"ok","response":{}}]
            "#,
        )
        .await;
    other
        .expect(r#"[null,null,"room:a","bcast",{"n":1}]"#)
        .await;
    other
        .expect(r#"[null,null,"room:a","bcast",{"n":2}]"#)
        .await;
    other.play("").await;
}

//! Rate limits: a client that sends too fast gets the error `too fast`, and then a close with 1013.

use std::time::Duration;

use axum_channels::{EndReason, Origins, Settings};
use tokio_tungstenite::tungstenite::Message;

use crate::server::Server;

/// A burst of two frames, 400 bytes and one join.
fn strict() -> Settings {
    Settings {
        frames_per_second: 2,
        bytes_per_second: 400,
        joins_per_second: 1,
        burst: Duration::from_secs(1),
        origins: Origins::any(),
        ..Settings::default()
    }
}

#[tokio::test(start_paused = true)]
async fn frames_beyond_the_rate_are_refused_and_a_flood_is_closed_with_1013() {
    let server = Server::with(strict()).await;
    let mut client = server.in_memory(4096).await;
    client
        .play_only(
            r#"
            > ["1","1","room:a","phx_join",{}]
            < ["1","1","room:a","phx_reply",{"status":"ok","response":{}}]
            > ["1","2","room:a","status",{}]
            < ["1","2","room:a","phx_reply",{"status":"error","response":{"reason":"unknown event"}}]
            > ["1","3","room:a","echo",{}]
            < ["1","3","room:a","phx_reply",{"status":"error","response":{"reason":"too fast"}}]
            > [null,"4","phoenix","heartbeat",{}]
            < [null,"4","phoenix","phx_reply",{"status":"error","response":{"reason":"too fast"}}]
            "#,
        )
        .await;
    // The server reads more slowly now, but each frame still adds to the client's debt.
    let mut refused = 2;
    while client.try_send(r#"["1","5","room:a","echo",{}]"#).await {
        match client.receive_message().await {
            Message::Text(text) => assert!(text.contains("too fast"), "{text}"),
            Message::Close(frame) => {
                assert_eq!(u16::from(frame.unwrap().code), 1013);
                break;
            }
            other => panic!("{other:?}"),
        }
        refused += 1;
    }
    assert_eq!(refused, 4);
    assert_eq!(server.endpoint.metrics().floods_closed, 1);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_slows_down_is_served_again_on_the_same_socket() {
    let server = Server::with(strict()).await;
    let mut client = server.in_memory(4096).await;
    client
        .play_only(
            r#"
            > ["1","1","room:a","phx_join",{}]
            < ["1","1","room:a","phx_reply",{"status":"ok","response":{}}]
            > ["1","2","room:a","noreply",{}]
            > ["1","3","room:a","echo",{}]
            < ["1","3","room:a","phx_reply",{"status":"error","response":{"reason":"too fast"}}]
            "#,
        )
        .await;
    tokio::time::advance(Duration::from_secs(2)).await;
    client
        .play(
            r#"
            > ["1","4","room:a","echo",{}]
            < ["1","4","room:a","phx_reply",{"status":"ok","response":{"echo":{}}}]
            "#,
        )
        .await;
}

#[tokio::test(start_paused = true)]
async fn joins_and_bytes_have_rates_of_their_own() {
    let server = Server::with(strict()).await;
    let mut client = server.in_memory(4096).await;
    client
        .play_only(
            r#"
            > ["1","1","room:a","phx_join",{}]
            < ["1","1","room:a","phx_reply",{"status":"ok","response":{}}]
            > ["2","2","room:b","phx_join",{}]
            < ["2","2","room:b","phx_reply",{"status":"error","response":{"reason":"too fast"}}]
            "#,
        )
        .await;

    let mut client = server.in_memory(4096).await;
    let long = "x".repeat(400);
    client
        .play_only(&format!(
            r#"
            > ["1","1","room:a","echo","{long}"]
            < [null,"1","room:a","phx_reply",{{"status":"error","response":{{"reason":"unmatched topic"}}}}]
            > ["1","2","room:a","echo",{{}}]
            < ["1","2","room:a","phx_reply",{{"status":"error","response":{{"reason":"too fast"}}}}]
            "#
        ))
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_leave_over_the_rate_still_leaves() {
    let mut server = Server::with(strict()).await;
    let mut client = server.in_memory(4096).await;
    client
        .play_only(
            r#"
            > ["1","1","room:a","phx_join",{}]
            < ["1","1","room:a","phx_reply",{"status":"ok","response":{}}]
            > ["1","2","room:a","noreply",{}]
            > ["1","3","room:a","phx_leave",{}]
            < ["1","3","room:a","phx_reply",{"status":"ok","response":{}}]
            < ["1","1","room:a","phx_close",{}]
            "#,
        )
        .await;
    assert_eq!(server.end_reason().await, EndReason::Left);
}

#[tokio::test(start_paused = true)]
async fn pings_count_as_frames() {
    let server = Server::with(strict()).await;
    let mut client = server.in_memory(4096).await;
    for _ in 0..8 {
        client.send_message(Message::Ping(vec![].into())).await;
    }
    assert_eq!(u16::from(client.closed().await.code), 1013);
}

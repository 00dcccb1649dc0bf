//! Isolation: one channel or one client does not affect the others.

use axum_channels::{EndReason, Origins, Settings};
use tokio::time::Instant;
use tokio_tungstenite::{WebSocketStream, tungstenite::protocol::Role};

use crate::{
    client::Client,
    server::{SHORT, Server},
};

#[tokio::test]
async fn a_slow_handler_delays_no_heartbeat_other_topic_or_broadcast() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client.join("room:a").await;
    client.join("room:b").await;
    client.send(r#"["1","2","room:a","wait",{}]"#).await;
    client
        .play(
            r#"
            > [null,"3","phoenix","heartbeat",{}]
            < [null,"3","phoenix","phx_reply",{"status":"ok","response":{}}]
            > ["1","4","room:b","echo",{}]
            < ["1","4","room:b","phx_reply",{"status":"ok","response":{"echo":{}}}]
            "#,
        )
        .await;
    server
        .endpoint
        .broadcast("room:a", "news", &serde_json::json!({}))
        .unwrap();
    client.expect(r#"[null,null,"room:a","news",{}]"#).await;
    server.gate.add_permits(1);
    client
        .expect(r#"["1","2","room:a","phx_reply",{"status":"ok","response":{"waited":true}}]"#)
        .await;
}

#[tokio::test]
async fn a_slow_join_delays_no_other_topic() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client.send(r#"["1","1","room:wait","phx_join",{}]"#).await;
    client.join("room:a").await;
    server.gate.add_permits(1);
    client
        .expect(r#"["1","1","room:wait","phx_reply",{"status":"ok","response":{}}]"#)
        .await;
}

#[tokio::test]
async fn events_of_one_channel_are_handled_one_at_a_time_in_order() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client.join("room:a").await;
    client.send(r#"["1","2","room:a","wait",{}]"#).await;
    client.send(r#"["1","3","room:a","echo",3]"#).await;
    client.send(r#"["1","4","room:a","echo",4]"#).await;
    client.play("").await;
    server.gate.add_permits(1);
    client
        .play(
            r#"
            < ["1","2","room:a","phx_reply",{"status":"ok","response":{"waited":true}}]
            < ["1","3","room:a","phx_reply",{"status":"ok","response":{"echo":3}}]
            < ["1","4","room:a","phx_reply",{"status":"ok","response":{"echo":4}}]
            "#,
        )
        .await;
}

#[tokio::test]
async fn a_leave_waits_for_the_events_before_it() {
    let mut server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client.join("room:a").await;
    client.send(r#"["1","2","room:a","wait",{}]"#).await;
    client.send(r#"["1","3","room:a","phx_leave",{}]"#).await;
    client.play("").await;
    server.gate.add_permits(1);
    client
        .play(
            r#"
            < ["1","2","room:a","phx_reply",{"status":"ok","response":{"waited":true}}]
            < ["1","3","room:a","phx_reply",{"status":"ok","response":{}}]
            < ["1","1","room:a","phx_close",{}]
            "#,
        )
        .await;
    assert_eq!(server.end_reason().await, EndReason::Left);
}

#[tokio::test]
async fn a_waiting_leave_is_carried_out_before_the_join_behind_it() {
    let mut server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client.join("room:a").await;
    client
        .play(
            r#"
            > ["1","2","room:a","wait",{}]
            > ["1","3","room:a","phx_leave",{}]
            > ["4","4","room:a","phx_join",{}]
            < ["1","3","room:a","phx_reply",{"status":"ok","response":{}}]
            < ["1","1","room:a","phx_close",{}]
            < ["4","4","room:a","phx_reply",{"status":"ok","response":{}}]
            "#,
        )
        .await;
    assert_eq!(server.end_reason().await, EndReason::Left);
}

#[tokio::test]
async fn a_panic_in_a_handler_ends_only_its_channel() {
    let mut server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client.join("room:a").await;
    client.join("room:b").await;
    client
        .play(
            r#"
            > ["1","2","room:a","raise",{}]
            < ["1","1","room:a","phx_error",{"reason":"channel_crash"}]
            > ["1","3","room:b","echo",{}]
            < ["1","3","room:b","phx_reply",{"status":"ok","response":{"echo":{}}}]
            > ["4","4","room:a","phx_join",{}]
            < ["4","4","room:a","phx_reply",{"status":"ok","response":{}}]
            "#,
        )
        .await;
    assert_eq!(server.end_reason().await, EndReason::Failed);
}

#[tokio::test]
async fn a_push_that_is_no_object_panics() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client.join("room:a").await;
    client
        .play(
            r#"
            > ["1","2","room:a","push_nothing",{}]
            < ["1","1","room:a","phx_error",{"reason":"channel_crash"}]
            "#,
        )
        .await;
}

#[tokio::test]
async fn a_panic_or_a_stop_in_info_ends_the_channel() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client
        .play(
            r#"
            > ["1","1","room:raise_after","phx_join",{}]
            < ["1","1","room:raise_after","phx_reply",{"status":"ok","response":{}}]
            < ["1","1","room:raise_after","phx_error",{"reason":"channel_crash"}]
            > ["1","1","room:stop_after","phx_join",{}]
            < ["1","1","room:stop_after","phx_reply",{"status":"ok","response":{}}]
            < ["1","1","room:stop_after","phx_close",{}]
            "#,
        )
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_client_that_does_not_read_is_closed_with_1013_and_the_others_are_not() {
    let settings = Settings {
        outbox_frames: 8,
        origins: Origins::any(),
        ..Settings::default()
    };
    let mut server = Server::with(settings).await;
    let mut slow = server.in_memory(256).await;
    let mut quick = server.in_memory(4096).await;
    slow.join("room:a").await;
    quick.join("room:a").await;
    for n in 0..40 {
        server
            .endpoint
            .broadcast("room:a", "news", &serde_json::json!({ "n": n }))
            .unwrap();
        quick
            .expect(&format!(r#"[null,null,"room:a","news",{{"n":{n}}}]"#))
            .await;
    }
    let full = Instant::now();
    assert_eq!(server.end_reason().await, EndReason::SocketClosed);
    assert!(
        full.elapsed() < SHORT,
        "not only when a write has taken too long"
    );
    let mut seen = 0;
    let code = loop {
        match slow.receive_message().await {
            tokio_tungstenite::tungstenite::Message::Close(frame) => break frame.unwrap().code,
            frame => {
                let expected = format!(r#"[null,null,"room:a","news",{{"n":{seen}}}]"#);
                assert_eq!(frame.to_text().unwrap(), expected, "no frame is skipped");
                seen += 1;
            }
        }
    };
    assert_eq!(u16::from(code), 1013);
    assert!(seen < 40);
    assert_eq!(server.endpoint.metrics().slow_closed, 1);
}

#[tokio::test]
async fn too_many_bytes_for_a_client_close_it_with_1013() {
    let settings = Settings {
        outbox_bytes: 300,
        origins: Origins::any(),
        ..Settings::default()
    };
    let server = Server::with(settings).await;
    let mut client = server.in_memory(4096).await;
    client.join("room:a").await;
    let long = "x".repeat(300);
    server
        .endpoint
        .broadcast("room:a", "news", &serde_json::json!({ "long": long }))
        .unwrap();
    client.expect_close(1013).await;
}

#[tokio::test(start_paused = true)]
async fn a_write_that_makes_no_progress_ends_the_socket() {
    let settings = Settings {
        write_timeout: SHORT,
        close_timeout: SHORT,
        origins: Origins::any(),
        ..Settings::default()
    };
    let mut server = Server::with(settings).await;
    let mut client = server.in_memory(128).await;
    client.join("room:a").await;
    let long = "x".repeat(300);
    server
        .endpoint
        .broadcast("room:a", "news", &serde_json::json!({ "long": long }))
        .unwrap();
    assert_eq!(server.end_reason().await, EndReason::SocketClosed);
}

#[tokio::test]
async fn the_end_of_a_socket_ends_its_channels() {
    let mut server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client.join("room:a").await;
    drop(client);
    assert_eq!(server.end_reason().await, EndReason::SocketClosed);
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_socket_task_cleans_up() {
    let mut server = Server::start().await;
    let (ours, theirs) = tokio::io::duplex(4096);
    let task = server.serve(theirs);
    let mut client = Client::new(WebSocketStream::from_raw_socket(ours, Role::Client, None).await);
    client.join("room:a").await;
    task.abort();
    assert_eq!(server.end_reason().await, EndReason::SocketClosed);
    server.endpoint.broadcast("room:a", "news", &()).unwrap();
    let metrics = server.endpoint.metrics();
    assert_eq!((metrics.sockets, metrics.deliveries), (0, 0));
}

//! Several frames in one long-poll body, which wait for room in their channels' queues.

use std::time::Duration;

use axum_channels::{Origins, Settings};
use serde_json::json;

use crate::{poller::Poller, server::Server};

const WINDOW: Duration = Duration::from_secs(5);

#[tokio::test]
async fn lines_after_the_first_100_are_ignored() {
    let server = Server::start().await;
    let poller = Poller::open(&server).await;
    let heartbeat = r#"[null,"1","phoenix","heartbeat",{}]"#;
    let status = poller.post(&vec![heartbeat; 101]).await;
    assert_eq!(status, json!({ "status": 200 }));
    assert_eq!(poller.frames().await.len(), 100);
}

/// Polls until `count` frames have arrived.
async fn frames(poller: &Poller, count: usize) -> Vec<String> {
    let mut frames = Vec::new();
    while frames.len() < count {
        frames.extend(poller.frames().await);
    }
    frames
}

#[tokio::test]
async fn a_hundred_lines_are_a_hundred_replies_in_order() {
    let server = Server::start().await;
    let poller = Poller::open(&server).await;
    poller.join("room:a").await;
    let push = |n| format!(r#"["1","{n}","room:a","wait",{{}}]"#);
    let pushes: Vec<_> = (0..100).map(push).collect();
    let pushes: Vec<_> = pushes.iter().map(String::as_str).collect();
    server.gate.add_permits(100);
    let (status, replies) = tokio::join!(poller.post(&pushes), frames(&poller, 100));
    assert_eq!(status, json!({ "status": 200 }));
    let reply = r#"{"status":"ok","response":{"waited":true}}"#;
    let expected = (0..100).map(|n| format!(r#"["1","{n}","room:a","phx_reply",{reply}]"#));
    assert_eq!(replies, expected.collect::<Vec<_>>());
}

#[tokio::test]
async fn lines_wait_for_room_and_other_requests_do_not_wait_for_them() {
    let server = Server::with(Settings {
        origins: Origins::any(),
        max_waiting_events: 2,
        ..Settings::default()
    })
    .await;
    let poller = Poller::open(&server).await;
    poller.join("room:a").await;
    let push = |n| format!(r#"["1","{n}","room:a","wait",{{}}]"#);
    let pushes = [0, 1, 2, 3, 4].map(push);
    let pushes = pushes.each_ref().map(String::as_str);
    let mut posted = tokio_test::task::spawn(poller.post(&pushes));
    assert!(posted.poll().is_pending());
    tokio::task::yield_now().await;
    assert!(posted.poll().is_pending(), "two wait, and one is handled");
    server
        .endpoint
        .broadcast("room:a", "news", &json!({}))
        .unwrap();
    assert_eq!(poller.frames().await, [r#"[null,null,"room:a","news",{}]"#]);
    server.gate.add_permits(5);
    let (status, replies) = tokio::join!(posted, frames(&poller, 5));
    assert_eq!(status, json!({ "status": 200 }));
    assert!(
        replies.iter().all(|reply| reply.contains("waited")),
        "{replies:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn lines_without_room_within_the_window_are_refused_as_busy() {
    let server = Server::with(Settings {
        origins: Origins::any(),
        max_waiting_events: 2,
        long_poll_window: WINDOW,
        ..Settings::default()
    })
    .await;
    let poller = Poller::open(&server).await;
    poller.join("room:a").await;
    let push = |n| format!(r#"["1","{n}","room:a","wait",{{}}]"#);
    let pushes = [0, 1, 2, 3, 4].map(push);
    let pushes = pushes.each_ref().map(String::as_str);
    let began = tokio::time::Instant::now();
    assert_eq!(poller.post(&pushes).await, json!({ "status": 200 }));
    assert_eq!(began.elapsed(), WINDOW);
    let busy = r#"{"status":"error","response":{"reason":"busy"}}"#;
    let refused = [3, 4].map(|n| format!(r#"["1","{n}","room:a","phx_reply",{busy}]"#));
    assert_eq!(poller.frames().await, refused);
}

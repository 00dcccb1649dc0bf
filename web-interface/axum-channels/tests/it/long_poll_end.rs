//! When a long-poll session ends, and which status its client gets.

use std::time::Duration;

use axum_channels::{Drained, EndReason, Endpoint, Origins, Settings};
use serde_json::json;
use tokio::time::Instant;

use crate::{
    client::{Client, in_time},
    poller::Poller,
    server::Server,
};

const WINDOW: Duration = Duration::from_secs(10);

/// A burst of three frames, and one per second.
fn strict() -> Settings {
    Settings {
        frames_per_second: 1,
        burst: Duration::from_secs(3),
        origins: Origins::any(),
        ..Settings::default()
    }
}

/// Waits, without a clock, until `count` sockets are open.
async fn until_sockets(endpoint: &Endpoint, count: usize) {
    in_time(async {
        while endpoint.sockets() != count {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_session_that_is_not_polled_for_one_and_a_half_windows_ends() {
    let mut server = Server::start().await;
    let poller = Poller::open(&server).await;
    poller.join("room:a").await;
    tokio::time::sleep(WINDOW + WINDOW / 3).await;
    assert_eq!(poller.poll().await["status"], 204, "it is still there");
    tokio::time::sleep(WINDOW).await;
    until_sockets(&server.endpoint, 0).await;
    assert_eq!(server.end_reason().await, EndReason::SocketClosed);
    let echo = r#"["1","2","room:a","echo",{}]"#;
    assert_eq!(poller.post(&[echo]).await, json!({ "status": 410 }));
    let new = poller.poll().await;
    assert_eq!(new["status"], 410);
    assert_ne!(new["token"], json!(poller.token));
}

#[tokio::test(start_paused = true)]
async fn a_bad_frame_ends_the_session_after_the_frames_before_it() {
    let server = Server::start().await;
    for bad in [
        "[1,2]",
        "{}",
        "no base64!",
        "AAAA",
        &format!("[{}", "x".repeat(65 * 1024)),
    ] {
        let poller = Poller::open(&server).await;
        let join = r#"["1","1","room:a","phx_join",{}]"#;
        assert_eq!(
            poller.post(&[join, bad, join]).await,
            json!({ "status": 408 }),
            "{bad:.20}"
        );
        assert_eq!(poller.post(&[join]).await, json!({ "status": 410 }));
    }
}

/// Otherwise a stock client would reconnect immediately, and might resend the frame for ever.
#[tokio::test(start_paused = true)]
async fn answers_to_a_bad_frame_and_to_its_poll_wait_for_the_close_timeout() {
    let server = Server::start().await;
    let poller = Poller::open(&server).await;
    poller.join("room:a").await;
    let began = tokio::time::Instant::now();
    let (posted, polled) = tokio::join!(
        async { (poller.post(&["{}"]).await, began.elapsed()) },
        async { (poller.poll().await, began.elapsed()) },
    );
    let second = std::time::Duration::from_secs(1);
    assert_eq!(posted, (json!({ "status": 408 }), second));
    assert_eq!(polled, (json!({ "status": 500 }), second));
}

#[tokio::test(start_paused = true)]
async fn a_disconnect_delivers_queued_frames_and_makes_the_client_reconnect() {
    let server = Server::start().await;
    let mut poller = Poller::of(&server, "vsn=2.0.0&user%5Bname%5D=ada");
    poller.token = poller.poll().await["token"].as_str().unwrap().to_owned();
    poller.join("room:a").await;
    server
        .endpoint
        .broadcast("room:a", "news", &json!({}))
        .unwrap();
    server.endpoint.disconnect("users:ada");
    assert_eq!(poller.frames().await, [r#"[null,null,"room:a","news",{}]"#]);
    // Stock clients treat 500 as a lost connection: they open a new session and join again.
    assert_eq!(poller.poll().await, json!({ "status": 500 }));
    until_sockets(&server.endpoint, 0).await;
}

#[tokio::test(start_paused = true)]
async fn a_drain_ends_long_poll_sessions_and_refuses_new_ones() {
    let server = Server::start().await;
    let poller = Poller::open(&server).await;
    poller.join("room:a").await;
    let drained = server.endpoint.drain(Duration::from_secs(5)).await;
    assert_eq!(drained, Drained::Empty);
    assert_eq!(poller.poll().await, json!({ "status": 500 }));
}

#[tokio::test(start_paused = true)]
async fn a_session_whose_outbox_overflows_is_closed_as_slow() {
    let server = Server::with(Settings {
        outbox_frames: 4,
        origins: Origins::any(),
        ..Settings::default()
    })
    .await;
    let poller = Poller::open(&server).await;
    poller.join("room:a").await;
    for _ in 0..5 {
        server
            .endpoint
            .broadcast("room:a", "news", &json!({}))
            .unwrap();
    }
    until_sockets(&server.endpoint, 0).await;
    assert_eq!(server.endpoint.metrics().slow_closed, 1);
}

#[tokio::test(start_paused = true)]
async fn a_flood_ends_the_session() {
    let server = Server::with(strict()).await;
    let poller = Poller::open(&server).await;
    let heartbeat = r#"[null,"1","phoenix","heartbeat",{}]"#;
    assert_eq!(
        poller.post(&[heartbeat; 20]).await,
        json!({ "status": 410 })
    );
    assert_eq!(poller.post(&[heartbeat]).await, json!({ "status": 410 }));
    // Frames queued before the close can still be polled for `close_timeout`.
    assert_eq!(poller.frames().await.len(), 6);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(server.endpoint.sockets(), 0);
    assert_eq!(server.endpoint.metrics().floods_closed, 1);
}

#[tokio::test(start_paused = true)]
async fn a_client_over_its_rate_is_answered_later() {
    let server = Server::with(strict()).await;
    let poller = Poller::open(&server).await;
    let heartbeat = r#"[null,"1","phoenix","heartbeat",{}]"#;
    let began = Instant::now();
    for (frames, seconds) in [(3, 0), (2, 1)] {
        let answer = poller.post(&vec![heartbeat; frames]).await;
        assert_eq!(answer, json!({ "status": 200 }));
        assert_eq!(began.elapsed().as_secs(), seconds);
    }
}

#[tokio::test]
async fn every_timeout_may_be_infinite() {
    let server = Server::with(Settings {
        idle_timeout: Duration::MAX,
        write_timeout: Duration::MAX,
        close_timeout: Duration::MAX,
        long_poll_window: Duration::MAX,
        burst: Duration::MAX,
        origins: Origins::any(),
        ..Settings::default()
    })
    .await;
    let mut client = Client::connect(&server).await;
    client.join("room:a").await;
    let poller = Poller::open(&server).await;
    poller.join("room:a").await;
}

//! The bounds of a socket, and the close codes behind them.

use axum_channels::{Origins, Settings};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::Instant,
};
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::{CloseFrame, frame::coding::CloseCode},
};

use crate::{
    client::{Client, in_time},
    server::{SHORT, Server},
};

fn any_origin() -> Settings {
    Settings {
        origins: Origins::any(),
        ..Settings::default()
    }
}

#[tokio::test]
async fn a_frame_of_64_kib_is_read_and_a_longer_one_closes_with_1009() {
    let server = Server::start().await;
    let mut client = Client::connect(&server).await;
    client.join("room:a").await;
    let frame = |length: usize| {
        let empty = r#"["1","2","room:a","noreply",""]"#.len();
        format!(
            r#"["1","2","room:a","noreply","{}"]"#,
            "x".repeat(length - empty)
        )
    };
    client.send(&frame(64 * 1024)).await;
    client.play("").await;
    client.send(&frame(64 * 1024 + 1)).await;
    client.expect_close(1009).await;
}

#[tokio::test]
async fn channels_of_a_socket_are_limited() {
    let server = Server::with(Settings {
        max_channels: 2,
        ..any_origin()
    })
    .await;
    let mut client = Client::connect(&server).await;
    client.join("room:a").await;
    client.join("room:b").await;
    client
        .play(
            r#"
            > ["1","2","room:c","phx_join",{}]
            < ["1","2","room:c","phx_reply",{"status":"error","response":{"reason":"too many channels joined"}}]
            > ["2","3","room:b","phx_join",{}]
            < ["2","3","room:b","phx_reply",{"status":"ok","response":{}}]
            < ["1","1","room:b","phx_close",{}]
            > ["1","4","room:a","phx_leave",{}]
            < ["1","4","room:a","phx_reply",{"status":"ok","response":{}}]
            < ["1","1","room:a","phx_close",{}]
            > ["3","5","room:c","phx_join",{}]
            < ["3","5","room:c","phx_reply",{"status":"ok","response":{}}]
            "#,
        )
        .await;
}

#[tokio::test]
async fn events_beyond_the_queue_of_a_busy_channel_are_refused() {
    let server = Server::with(Settings {
        max_waiting_events: 1,
        ..any_origin()
    })
    .await;
    let mut client = Client::connect(&server).await;
    client.join("room:a").await;
    client
        .play(
            r#"
            > ["1","2","room:a","wait",{}]
            > ["1","3","room:a","echo",{}]
            > ["1","4","room:a","echo",{}]
            < ["1","4","room:a","phx_reply",{"status":"error","response":{"reason":"busy"}}]
            "#,
        )
        .await;
    server.gate.add_permits(1);
    client
        .play(
            r#"
            < ["1","2","room:a","phx_reply",{"status":"ok","response":{"waited":true}}]
            < ["1","3","room:a","phx_reply",{"status":"ok","response":{"echo":{}}}]
            "#,
        )
        .await;
}

#[tokio::test]
async fn there_is_always_room_for_a_leave_and_for_one_only() {
    let server = Server::with(Settings {
        max_waiting_events: 1,
        max_waiting_bytes: 300,
        ..any_origin()
    })
    .await;
    let mut client = Client::connect(&server).await;
    client.join("room:a").await;
    let long = "x".repeat(600);
    client
        .play(&format!(
            r#"
            > ["1","2","room:a","wait",{{}}]
            > ["1","3","room:a","echo",{{}}]
            > ["1","4","room:a","phx_leave","{long}"]
            > ["1","5","room:a","phx_leave",{{}}]
            < ["1","5","room:a","phx_reply",{{"status":"error","response":{{"reason":"busy"}}}}]
            "#,
        ))
        .await;
    server.gate.add_permits(1);
    client
        .play(
            r#"
            < ["1","2","room:a","phx_reply",{"status":"ok","response":{"waited":true}}]
            < ["1","3","room:a","phx_reply",{"status":"ok","response":{"echo":{}}}]
            < ["1","4","room:a","phx_reply",{"status":"ok","response":{}}]
            < ["1","1","room:a","phx_close",{}]
            "#,
        )
        .await;
}

#[tokio::test]
async fn bytes_beyond_the_queue_of_a_busy_channel_are_refused() {
    let server = Server::with(Settings {
        max_waiting_bytes: 1000,
        ..any_origin()
    })
    .await;
    let mut client = Client::connect(&server).await;
    client.join("room:a").await;
    client.send(r#"["1","2","room:a","wait",{}]"#).await;
    let long = "x".repeat(600);
    client
        .send(&format!(r#"["1","3","room:a","noreply","{long}"]"#))
        .await;
    client
        .send(&format!(r#"["1","4","room:a","noreply","{long}"]"#))
        .await;
    let busy = r#"{"status":"error","response":{"reason":"busy"}}"#;
    client
        .expect(&format!(r#"["1","4","room:a","phx_reply",{busy}]"#))
        .await;
    server.gate.add_permits(2);
    client
        .expect(r#"["1","2","room:a","phx_reply",{"status":"ok","response":{"waited":true}}]"#)
        .await;
    client.send(r#"["1","5","room:a","wait",{}]"#).await;
    client
        .expect(r#"["1","5","room:a","phx_reply",{"status":"ok","response":{"waited":true}}]"#)
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_silent_client_is_closed_with_1002() {
    let server = Server::with(Settings {
        idle_timeout: SHORT,
        ..any_origin()
    })
    .await;
    let mut client = server.in_memory(4096).await;
    let opened = Instant::now();
    client.expect_close(1002).await;
    assert!(opened.elapsed() >= SHORT && opened.elapsed() < SHORT * 2);
}

#[tokio::test(start_paused = true)]
async fn a_ping_resets_the_idle_timeout() {
    let server = Server::with(Settings {
        idle_timeout: SHORT,
        ..any_origin()
    })
    .await;
    let mut client = server.in_memory(4096).await;
    for _ in 0..5 {
        tokio::time::sleep(SHORT * 3 / 4).await;
        client
            .send_message(Message::Ping("still here".into()))
            .await;
        let pong = Message::Pong("still here".into());
        assert_eq!(client.receive_message().await, pong);
    }
    client.expect_close(1002).await;
}

#[tokio::test]
async fn a_close_is_answered_with_1000() {
    let server = Server::start().await;
    let away = CloseFrame {
        code: CloseCode::Away,
        reason: "bye".into(),
    };
    for close in [None, Some(away)] {
        let mut client = Client::connect(&server).await;
        client.join("room:a").await;
        client.send_message(Message::Close(close)).await;
        client.expect_close(1000).await;
    }
}

/// Sends the raw bytes of a WebSocket frame that no library would send, and checks the close code.
async fn check_raw(frame: &[u8], code: u16) {
    // The client is left to wait for no longer than this.
    let close_timeout = std::time::Duration::from_millis(1);
    let server = Server::with(Settings {
        close_timeout,
        ..any_origin()
    })
    .await;
    let (mut ours, theirs) = tokio::io::duplex(4096);
    let served = server.serve(theirs);
    ours.write_all(frame).await.unwrap();
    let mut answer = [0; 4];
    in_time(ours.read_exact(&mut answer)).await.unwrap();
    assert_eq!(answer[0], 0x88, "the answer is a close frame");
    assert_eq!(
        u16::from_be_bytes([answer[2], answer[3]]),
        code,
        "{frame:02x?}"
    );
    drop(ours);
    in_time(served).await.unwrap();
}

#[tokio::test]
async fn text_that_is_no_utf_8_closes_with_1007() {
    check_raw(&[0x81, 0x82, 0, 0, 0, 0, 0xC3, 0x28], 1007).await;
    // In two fragments, the first of which is fine by itself.
    check_raw(
        &[0x01, 0x81, 0, 0, 0, 0, b'[', 0x80, 0x81, 0, 0, 0, 0, 0xFF],
        1007,
    )
    .await;
}

#[tokio::test]
async fn what_the_websocket_protocol_forbids_closes_with_1002() {
    check_raw(&[0x81, 0x01, b'x'], 1002).await; // not masked
    check_raw(&[0x83, 0x80, 0, 0, 0, 0], 1002).await; // a reserved opcode
    check_raw(&[0x8B, 0x80, 0, 0, 0, 0], 1002).await; // a reserved control opcode
    check_raw(&[0xC1, 0x80, 0, 0, 0, 0], 1002).await; // a reserved bit
    check_raw(&[0x09, 0x80, 0, 0, 0, 0], 1002).await; // a ping in fragments
    check_raw(&[0x80, 0x80, 0, 0, 0, 0], 1002).await; // the rest of nothing
}

#[tokio::test]
async fn an_announced_length_beyond_the_limit_closes_with_1009() {
    check_raw(&[0x81, 0xFF, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0], 1009).await;
}

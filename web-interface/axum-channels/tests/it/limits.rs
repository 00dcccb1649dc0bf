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
    client::{Client, soon},
    server::{SHORT, Server},
};

fn usual() -> Settings {
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
async fn json_nested_deeper_than_the_limit_is_refused() {
    let server = Server::with(Settings {
        max_depth: 8,
        ..usual()
    })
    .await;
    let mut client = Client::connect(&server).await;
    let nested = |depth| {
        format!(
            r#"[null,"1","a","b",{}{}]"#,
            "[".repeat(depth),
            "]".repeat(depth)
        )
    };
    client.send(&nested(7)).await;
    assert!(client.receive().await.contains("unmatched topic"));
    client.send(&nested(8)).await;
    assert!(client.receive().await.contains("nested too deeply"));
}

/// A frame that is refused for one of its names gets an error reply, and nothing else happens: the
/// channels of its socket go on.
#[track_caller]
fn check_refused(
    names: &str,
    event: &str,
    payload: &str,
    reason: &str,
) -> impl Future<Output = ()> {
    let caller = std::panic::Location::caller();
    let frame = format!("[{names},{event},{payload}]");
    let reply =
        format!(r#"[{names},"phx_reply",{{"status":"error","response":{{"reason":"{reason}","#);
    async move {
        let server = Server::start().await;
        let mut client = Client::connect(&server).await;
        client.join("room:a").await;
        client.send(&frame).await;
        let got = client.receive().await;
        assert!(got.starts_with(&reply), "at {caller}: {got}");
        client
            .play(
                r#"
                > ["1","2","room:a","echo",{}]
                < ["1","2","room:a","phx_reply",{"status":"ok","response":{"echo":{}}}]
                "#,
            )
            .await;
    }
}

#[tokio::test]
async fn a_name_of_more_than_255_bytes_is_refused_and_the_socket_stays() {
    let join = r#""phx_join""#;
    let long = |bytes: usize| format!("\"{}\"", "x".repeat(bytes));
    let check = |names: String, event: &str| {
        let event = event.to_owned();
        async move { check_refused(&names, &event, "{}", "name too long").await }
    };
    check(format!(r#""2","2",{}"#, long(256)), join).await;
    check(format!(r#""2","2",{}"#, long(60_000)), join).await;
    check(format!(r#""2","2","room:{}""#, "é".repeat(126)), join).await;
    check(format!(r#""2",{},"room:b""#, long(256)), join).await;
    check(format!(r#"{},"2","room:b""#, long(256)), join).await;
    check(format!(r#""1",{},"room:a""#, "1".repeat(300)), r#""echo""#).await;
    check(format!(r#""1",[{}],"room:a""#, long(256)), r#""echo""#).await;
    check(r#""1","2","room:a""#.into(), &long(256)).await;
    check(format!(r#"{},"2","room:a""#, long(256)), r#""phx_leave""#).await;
    check(format!(r#"null,{},"phoenix""#, long(256)), r#""heartbeat""#).await;
}

#[tokio::test]
async fn a_name_that_is_no_text_is_refused_and_the_socket_stays() {
    let check = |names, event| check_refused(names, event, "{}", "not text");
    check(r#""2","2",7"#, r#""phx_join""#).await;
    // What phoenix.js makes of `socket.channel(undefined)`.
    check(r#""2","2",null"#, r#""phx_join""#).await;
    check(r#""2","2",["room:b"]"#, r#""phx_join""#).await;
    // A text that was cut in the middle of an emoji.
    check(r#""2","2","room:\ud83d""#, r#""phx_join""#).await;
    check(r#""1","2","room:a""#, r#""\udc00""#).await;
    check(r#""1","2","room:a""#, "null").await;
    check(r#""1","2","room:a""#, "7").await;
    check(r#""1","\ud800","room:a""#, r#""echo""#).await;
    check(r#"{"a":"\ud800"},"2","room:a""#, r#""echo""#).await;
    let deep = format!("{}{}", "[".repeat(64), "]".repeat(64));
    let names = r#""2","2","room:b""#;
    check_refused(names, r#""phx_join""#, &deep, "nested too deeply").await;
    check_refused(names, r#""echo""#, &deep, "nested too deeply").await;
}

#[tokio::test]
async fn a_client_that_is_refused_over_and_over_pays_for_it() {
    let server = Server::with(Settings {
        frames_per_second: 100,
        burst: std::time::Duration::from_millis(100),
        ..usual()
    })
    .await;
    let mut client = Client::connect(&server).await;
    while client.try_send(r#"["1","1",7,"echo",{}]"#).await {}
    assert_eq!(u16::from(client.closed().await.code), 1013);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_was_closed_for_a_message_comes_back_no_sooner_than_the_close_timeout() {
    let server = Server::with(Settings {
        close_timeout: SHORT,
        ..usual()
    })
    .await;
    let (mut ours, theirs) = tokio::io::duplex(4096);
    let served = server.serve(theirs);
    let began = Instant::now();
    // A text of 200,000 bytes is announced.
    let announced = [0x81, 0xFF, 0, 0, 0, 0, 0, 3, 0x0D, 0x40, 0, 0, 0, 0];
    ours.write_all(&announced).await.unwrap();
    let mut answer = Vec::new();
    soon(ours.read_to_end(&mut answer)).await.unwrap();
    assert_eq!(
        (answer[0], &answer[2..4]),
        (0x88, &1009_u16.to_be_bytes()[..])
    );
    assert_eq!(began.elapsed(), SHORT);
    soon(served).await.unwrap();
}

#[tokio::test]
async fn a_socket_has_at_most_so_many_channels() {
    let server = Server::with(Settings {
        max_channels: 2,
        ..usual()
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
async fn events_beyond_the_queue_of_a_busy_channel_are_told_so() {
    let server = Server::with(Settings {
        max_waiting: 1,
        ..usual()
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
        max_waiting: 1,
        max_waiting_bytes: 300,
        ..usual()
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
async fn bytes_beyond_those_that_may_wait_are_told_so() {
    let server = Server::with(Settings {
        max_waiting_bytes: 1000,
        ..usual()
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
        ..usual()
    })
    .await;
    let mut client = server.in_memory(4096).await;
    let opened = Instant::now();
    client.expect_close(1002).await;
    assert!(opened.elapsed() >= SHORT && opened.elapsed() < SHORT * 2);
}

#[tokio::test(start_paused = true)]
async fn a_ping_is_a_sign_of_life() {
    let server = Server::with(Settings {
        idle_timeout: SHORT,
        ..usual()
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

/// Writes a WebSocket frame by hand: one that no library would send.
async fn check_raw(frame: &[u8], code: u16) {
    // The client is left to wait for no longer than this.
    let close_timeout = std::time::Duration::from_millis(1);
    let server = Server::with(Settings {
        close_timeout,
        ..usual()
    })
    .await;
    let (mut ours, theirs) = tokio::io::duplex(4096);
    let served = server.serve(theirs);
    ours.write_all(frame).await.unwrap();
    let mut answer = [0; 4];
    soon(ours.read_exact(&mut answer)).await.unwrap();
    assert_eq!(answer[0], 0x88, "the answer is a close frame");
    assert_eq!(
        u16::from_be_bytes([answer[2], answer[3]]),
        code,
        "{frame:02x?}"
    );
    drop(ours);
    soon(served).await.unwrap();
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
async fn a_length_that_is_only_announced_closes_with_1009() {
    check_raw(&[0x81, 0xFF, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0], 1009).await;
}

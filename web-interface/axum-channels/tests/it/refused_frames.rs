//! Frames that get an error reply, and messages that are no frames and close the socket.

use axum_channels::{Origins, Settings};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::Instant,
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
async fn json_nested_deeper_than_the_limit_is_refused() {
    let server = Server::with(Settings {
        max_depth: 8,
        ..any_origin()
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

/// Checks that a frame with an invalid name gets an error reply, and that the channels of its
/// socket continue.
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
    // phoenix.js sends this for `socket.channel(undefined)`.
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
async fn refused_frames_count_against_the_rate_limit() {
    let server = Server::with(Settings {
        frames_per_second: 100,
        burst: std::time::Duration::from_millis(100),
        ..any_origin()
    })
    .await;
    let mut client = Client::connect(&server).await;
    while client.try_send(r#"["1","1",7,"echo",{}]"#).await {}
    assert_eq!(u16::from(client.closed().await.code), 1013);
}

#[tokio::test(start_paused = true)]
async fn a_bad_message_delays_the_end_of_the_connection_by_the_close_timeout() {
    let server = Server::with(Settings {
        close_timeout: SHORT,
        ..any_origin()
    })
    .await;
    let (mut ours, theirs) = tokio::io::duplex(4096);
    let served = server.serve(theirs);
    let began = Instant::now();
    // A text of 200,000 bytes is announced.
    let announced = [0x81, 0xFF, 0, 0, 0, 0, 0, 3, 0x0D, 0x40, 0, 0, 0, 0];
    ours.write_all(&announced).await.unwrap();
    let mut answer = Vec::new();
    in_time(ours.read_to_end(&mut answer)).await.unwrap();
    assert_eq!(
        (answer[0], &answer[2..4]),
        (0x88, &1009_u16.to_be_bytes()[..])
    );
    assert_eq!(began.elapsed(), SHORT);
    in_time(served).await.unwrap();
}

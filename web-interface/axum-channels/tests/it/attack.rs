//! Attacks by one client or by many, which must not affect the other clients.

use std::time::Duration;

use axum_channels::{Origins, Settings};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};

use crate::{
    client::{Client, in_time},
    server::Server,
};

fn any_origin() -> Settings {
    Settings {
        origins: Origins::any(),
        ..Settings::default()
    }
}

/// A text message as a client's bytes, with a mask of zeros.
fn bytes(text: &str) -> Vec<u8> {
    let length = u8::try_from(text.len()).unwrap();
    assert!(length < 126, "the short form of the length");
    let mut bytes = vec![0x81, 0x80 | length, 0, 0, 0, 0];
    bytes.extend_from_slice(text.as_bytes());
    bytes
}

/// A socket whose bytes the test writes itself.
fn raw(server: &Server) -> (DuplexStream, tokio::task::JoinHandle<()>) {
    let (ours, theirs) = tokio::io::duplex(4096);
    (ours, server.serve(theirs))
}

const JOIN: &str = r#"["1","1","room:a","phx_join",{"é":1}]"#;

#[tokio::test]
async fn a_connection_cut_inside_a_frame_ends_its_socket() {
    let mut server = Server::start().await;
    let mut other = Client::connect(&server).await;
    other.join("room:a").await;
    let whole = bytes(JOIN);
    for end in 0..whole.len() {
        let (mut stream, serving) = raw(&server);
        stream.write_all(&whole[..end]).await.unwrap();
        stream.shutdown().await.unwrap();
        in_time(serving).await.unwrap();
        let mut answer = Vec::new();
        in_time(stream.read_to_end(&mut answer)).await.unwrap();
        let text = String::from_utf8_lossy(&answer);
        assert!(!text.contains("phx_reply"), "cut at {end}: {text}");
    }
    assert_eq!(server.endpoint.sockets(), 1);
    assert!(server.nothing_ended());
    other.play("").await;
}

#[tokio::test]
async fn a_message_truncated_at_any_byte_closes_with_1011() {
    let server = Server::start().await;
    for end in (0..JOIN.len()).filter(|end| JOIN.is_char_boundary(*end)) {
        let mut client = server.in_memory(4096).await;
        client.send(&JOIN[..end]).await;
        client.expect_close(1011).await;
    }
}

#[tokio::test]
async fn a_frame_sent_byte_by_byte_is_read() {
    let server = Server::start().await;
    let (mut stream, _serving) = raw(&server);
    for byte in bytes(JOIN) {
        stream.write_all(&[byte]).await.unwrap();
        tokio::task::yield_now().await;
    }
    let mut answer = [0; 256];
    let length = in_time(stream.read(&mut answer)).await.unwrap();
    assert!(String::from_utf8_lossy(&answer[..length]).contains(r#""status":"ok""#));
}

/// One fragment of a text message: the first has the opcode of text, the others of a continuation.
fn fragment(at: usize, data: &[u8], is_last: bool) -> Vec<u8> {
    let opcode = if at == 0 { 0x01 } else { 0x00 };
    let last = if is_last { 0x80 } else { 0x00 };
    let mut frame = vec![last | opcode, 0x80 | data.len() as u8, 0, 0, 0, 0];
    frame.extend(data);
    frame
}

#[tokio::test]
async fn a_message_in_as_many_fragments_as_it_has_bytes_is_read() {
    let server = Server::start().await;
    let (mut stream, _serving) = raw(&server);
    for (at, byte) in JOIN.bytes().enumerate() {
        let fragment = fragment(at, &[byte], at + 1 == JOIN.len());
        stream.write_all(&fragment).await.unwrap();
    }
    let mut answer = [0; 256];
    let length = in_time(stream.read(&mut answer)).await.unwrap();
    assert!(String::from_utf8_lossy(&answer[..length]).contains(r#""status":"ok""#));
}

#[tokio::test]
async fn fragments_without_an_end_close_with_1009() {
    let close_timeout = std::time::Duration::from_millis(1);
    let server = Server::with(Settings {
        close_timeout,
        ..any_origin()
    })
    .await;
    let (mut stream, _serving) = raw(&server);
    let many: Vec<u8> = (1..1_000).flat_map(|at| fragment(at, b"", false)).collect();
    stream.write_all(&fragment(0, b"", false)).await.unwrap();
    in_time(async { while stream.write_all(&many).await.is_ok() {} }).await;
    let mut answer = Vec::new();
    in_time(stream.read_to_end(&mut answer)).await.unwrap();
    assert_eq!(answer[2..4], 1009_u16.to_be_bytes());
}

#[tokio::test(start_paused = true)]
async fn a_thousand_sockets_that_never_read_are_closed_when_their_outboxes_are_full() {
    let settings = Settings {
        outbox_frames: 16,
        ..any_origin()
    };
    let server = Server::with(settings).await;
    let mut idle = Vec::new();
    for _ in 0..1_000 {
        let mut client = server.in_memory(256).await;
        client.join("room:a").await;
        idle.push(client);
    }
    let mut reader = server.in_memory(4096).await;
    reader.join("room:a").await;
    for n in 0..100 {
        let news = json!({ "n": n });
        server.endpoint.broadcast("room:a", "news", &news).unwrap();
        reader
            .expect(&format!(r#"[null,null,"room:a","news",{{"n":{n}}}]"#))
            .await;
    }
    let metrics = server.endpoint.metrics();
    assert_eq!(metrics.slow_closed, 1_000);
    assert!(metrics.outbox_high_water <= 16);
    // Each socket has `close_timeout` for its closing handshake before it is cut.
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(server.endpoint.sockets(), 1);
}

#[tokio::test]
async fn many_concurrent_broadcasts_close_no_client_that_reads() {
    const CLIENTS: usize = 200;
    let settings = Settings {
        outbox_frames: 32,
        ..any_origin()
    };
    let server = Server::with(settings).await;
    let mut clients = Vec::new();
    for _ in 0..CLIENTS {
        let mut client = server.in_memory(1024 * 1024).await;
        client.join("room:a").await;
        clients.push(client);
    }
    for n in 0..160 {
        let news = json!({ "n": n });
        server.endpoint.broadcast("room:a", "news", &news).unwrap();
        // After half a queue each socket gets a turn: tokio runs 61 tasks between two polls of I/O.
        if n % 16 == 15 {
            for _ in 0..=CLIENTS / 61 {
                tokio::task::yield_now().await;
            }
        }
    }
    assert_eq!(server.endpoint.metrics().slow_closed, 0);
    for client in &mut clients {
        for n in 0..160 {
            let news = format!(r#"[null,null,"room:a","news",{{"n":{n}}}]"#);
            client.expect(&news).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_flooding_socket_is_closed_and_the_others_lose_no_frame() {
    let settings = Settings {
        frames_per_second: 50,
        burst: Duration::from_secs(1),
        ..any_origin()
    };
    let server = Server::with(settings).await;
    let mut reader = server.in_memory(1 << 20).await;
    // A stream with room for all frames, so that only the server causes backpressure.
    let mut flooder = server.in_memory(1 << 20).await;
    reader.join("room:a").await;
    flooder.join("room:a").await;
    for n in 0..1_000 {
        let frame = format!(r#"["1","{n}","room:a","bcast_from",{{"n":{n}}}]"#);
        // The server closes the flooder while it still sends.
        if !flooder.try_send(&frame).await {
            break;
        }
    }
    assert_eq!(u16::from(flooder.closed().await.code), 1013);
    server
        .endpoint
        .broadcast("room:a", "end", &json!({}))
        .unwrap();
    let mut seen = 0;
    loop {
        let frame: [Value; 5] = serde_json::from_str(&reader.receive().await).unwrap();
        if frame[3] == "end" {
            break;
        }
        assert_eq!(
            frame[4],
            json!({ "n": seen }),
            "in order, and none left out"
        );
        seen += 1;
    }
    // Frames that waited for their handler when the socket closed are dropped.
    assert!((1..=100).contains(&seen), "{seen}");
}

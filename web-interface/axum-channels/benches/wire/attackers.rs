//! Attackers: a thousand clients that join and never read, one that floods and reconnects as soon
//! as it is closed, and two hundred whose handshakes never end.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::sleep,
};

use crate::BenchResult;

/// Clients that join and never read.
const NON_READERS: usize = 1_000;

/// Topics that they join: broadcasts to all of them on one topic would load the server with work
/// that is not the attackers'.
const TOPIC_COUNT: usize = 100;
/// Clients whose handshakes never end.
const SLOW_HANDSHAKES: usize = 200;

/// Frames in one write of the client that floods: enough to be closed with 1013.
const FLOOD_FRAMES: usize = 3_000;

/// Time between two broadcasts to a client that never reads, and between two bytes of a slow
/// handshake.
const INTERVAL: Duration = Duration::from_millis(200);

const HANDSHAKE: &str = "GET /socket/websocket?vsn=2.0.0 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\
    Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/// Runs until it is killed, and prints `ready` when all attackers are connected.
pub(crate) async fn run(address: String) -> BenchResult<()> {
    let mut non_readers = Vec::new();
    for number in 0..NON_READERS {
        let topic = format!("room:deaf{}", number % TOPIC_COUNT);
        non_readers.push(join(&address, &topic).await?);
    }
    let mut slow_handshakes = Vec::new();
    for _ in 0..SLOW_HANDSHAKES {
        slow_handshakes.push(TcpStream::connect(&address).await?);
    }
    println!("ready");
    tokio::try_join!(
        broadcast(&address),
        flood(&address),
        send_slowly(&mut slow_handshakes)
    )?;
    Ok(())
}

/// Broadcasts to the clients that never read.
async fn broadcast(address: &str) -> BenchResult<()> {
    let mut senders = Vec::new();
    for topic in 0..TOPIC_COUNT {
        let topic = format!("room:deaf{topic}");
        let sender = join(address, &topic).await?;
        let news = "x".repeat(100);
        let news = format!(r#"["1","2","{topic}","bcast",{{"n":"{news}"}}]"#);
        senders.push((sender, frame(&news)));
    }
    let mut read = [0; 4096];
    loop {
        for (sender, news) in &mut senders {
            sender.write_all(news).await?;
            // The sender reads its own broadcast, so that it is not closed as slow.
            let _ = sender.read(&mut read).await?;
            sleep(INTERVAL / TOPIC_COUNT as u32).await;
        }
    }
}

async fn flood(address: &str) -> BenchResult<()> {
    let echo = frame(r#"["1","2","room:loud","echo",{}]"#).repeat(FLOOD_FRAMES);
    loop {
        let mut flooder = join(address, "room:loud").await?;
        // The server closes the flooder, usually before everything is sent.
        let _ = flooder.write_all(&echo).await;
        let mut read = [0; 4096];
        while let Ok(1..) = flooder.read(&mut read).await {}
    }
}

async fn send_slowly(slow_handshakes: &mut [TcpStream]) -> BenchResult<()> {
    for byte in HANDSHAKE.as_bytes().iter().cycle() {
        for connection in slow_handshakes.iter_mut() {
            // An error means that the server has ended this handshake.
            let _ = connection.write_all(&[*byte]).await;
            // Spread out, because the crowd's load generator shares this core.
            sleep(INTERVAL / SLOW_HANDSHAKES as u32).await;
        }
    }
    Ok(())
}

/// A socket that has joined.
async fn join(address: &str, topic: &str) -> BenchResult<TcpStream> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(HANDSHAKE.as_bytes()).await?;
    let mut answer = [0; 1024];
    let _ = stream.read(&mut answer).await?;
    let join = format!(r#"["1","1","{topic}","phx_join",{{}}]"#);
    stream.write_all(&frame(&join)).await?;
    let _ = stream.read(&mut answer).await?;
    Ok(stream)
}

/// A text message as a client's bytes, with a mask of zeros.
fn frame(text: &str) -> Vec<u8> {
    let mut bytes = vec![0x81];
    match u8::try_from(text.len()) {
        Ok(short @ ..126) => bytes.push(0x80 | short),
        _ => {
            bytes.push(0x80 | 126);
            bytes.extend_from_slice(&(text.len() as u16).to_be_bytes());
        }
    }
    bytes.extend_from_slice(&[0; 4]);
    bytes.extend_from_slice(text.as_bytes());
    bytes
}

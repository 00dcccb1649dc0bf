//! Clients that mean no good: a thousand that listen and never read, one that floods and comes back
//! as soon as it is closed, and two hundred whose handshakes never end.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::sleep,
};

use crate::Outcomes;

const DEAF: usize = 1_000;

/// What they listen to. To tell all of them at once would be the server's own work.
const TOPICS: usize = 100;
const SLOW: usize = 200;

/// Frames in one write of the one who floods: enough to be closed for it.
const FLOOD: usize = 3_000;

/// How often the deaf are told something, and how often a slow handshake goes on.
const PACE: Duration = Duration::from_millis(200);

const HEAD: &str = "GET /socket/websocket?vsn=2.0.0 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\
    Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/// Goes on until it is killed; says so when everyone is there.
pub(crate) async fn run(address: String) -> Outcomes<()> {
    let mut deaf = Vec::new();
    for number in 0..DEAF {
        let topic = format!("room:deaf{}", number % TOPICS);
        deaf.push(join(&address, &topic).await?);
    }
    let mut slow = Vec::new();
    for _ in 0..SLOW {
        slow.push(TcpStream::connect(&address).await?);
    }
    println!("ready");
    tokio::try_join!(tell(&address), flood(&address), drip(&mut slow))?;
    Ok(())
}

/// Speaks to those who never read.
async fn tell(address: &str) -> Outcomes<()> {
    let mut speakers = Vec::new();
    for topic in 0..TOPICS {
        let topic = format!("room:deaf{topic}");
        let speaker = join(address, &topic).await?;
        let news = "x".repeat(100);
        let news = format!(r#"["1","2","{topic}","bcast",{{"n":"{news}"}}]"#);
        speakers.push((speaker, frame(&news)));
    }
    let mut read = [0; 4096];
    loop {
        for (speaker, news) in &mut speakers {
            speaker.write_all(news).await?;
            // It reads itself, so that it is not closed.
            let _ = speaker.read(&mut read).await?;
            sleep(PACE / TOPICS as u32).await;
        }
    }
}

async fn flood(address: &str) -> Outcomes<()> {
    let echo = frame(r#"["1","2","room:loud","echo",{}]"#).repeat(FLOOD);
    loop {
        let mut loud = join(address, "room:loud").await?;
        // It is closed before it has sent all of it, or is not: then it goes by itself.
        let _ = loud.write_all(&echo).await;
        let mut read = [0; 4096];
        while let Ok(1..) = loud.read(&mut read).await {}
    }
}

async fn drip(slow: &mut [TcpStream]) -> Outcomes<()> {
    for byte in HEAD.as_bytes().iter().cycle() {
        for connection in slow.iter_mut() {
            // Who has been seen off does not mind.
            let _ = connection.write_all(&[*byte]).await;
            // All at once would hold up the crowd, with which this shares a core.
            sleep(PACE / SLOW as u32).await;
        }
    }
    Ok(())
}

/// A socket that has joined.
async fn join(address: &str, topic: &str) -> Outcomes<TcpStream> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(HEAD.as_bytes()).await?;
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

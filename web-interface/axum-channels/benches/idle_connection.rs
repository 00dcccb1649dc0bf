//! Measures the memory of an idle connection that has joined one topic.
//!
//! The server runs in its own process, so that the memory of its clients is not counted: this
//! program starts itself again with the argument `server`. Prints one line of JSON.

use std::{
    error::Error,
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Duration,
};

use axum_channels::{Channel, Channels, Context, Endpoint, JoinError, Joined, Outcome};
use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::{WebSocketStream, client_async, tungstenite::Message};

/// Connections whose memory is measured, after `WARM_UP` connections that fill shared caches.
const CONNECTIONS: usize = 2000;
const WARM_UP: usize = 200;
/// Target for the memory of one connection, in bytes.
const TARGET_BYTES: usize = 8000;

type BenchResult<T> = Result<T, Box<dyn Error>>;

fn main() -> BenchResult<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    if std::env::args().any(|argument| argument == "server") {
        runtime.block_on(serve())
    } else {
        runtime.block_on(measure())
    }
}

async fn measure() -> BenchResult<()> {
    let mut server = Server::start()?;
    let mut connections = Vec::with_capacity(WARM_UP + CONNECTIONS);
    for _ in 0..WARM_UP {
        connections.push(join(&server.address).await?);
    }
    let before = server.resident_bytes()?;
    for _ in 0..CONNECTIONS {
        connections.push(join(&server.address).await?);
    }
    let after = server.resident_bytes()?;
    let each = after.saturating_sub(before) / CONNECTIONS;
    eprintln!(
        "{CONNECTIONS} idle joined connections take {each} bytes each; we aim at {TARGET_BYTES}"
    );
    println!(
        r#"{{"name":"idle joined connection","unit":"bytes","value":{each},"aim":{TARGET_BYTES}}}"#
    );
    drop(connections);
    server.process.kill()?;
    server.process.wait()?;
    Ok(())
}

async fn join(address: &str) -> BenchResult<WebSocketStream<TcpStream>> {
    let stream = TcpStream::connect(address).await?;
    let url = format!("ws://{address}/socket/websocket?vsn=2.0.0");
    let (mut socket, _) = client_async(url, stream).await?;
    socket
        .send(Message::text(r#"["1","1","room:1","phx_join",{}]"#))
        .await?;
    socket
        .next()
        .await
        .ok_or("the server hung up before it answered the join")??;
    Ok(socket)
}

/// The server's process, and its address.
struct Server {
    process: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    address: String,
}

impl Server {
    fn start() -> BenchResult<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .arg("server")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdin = process.stdin.take().ok_or("the server has no input")?;
        let stdout = BufReader::new(process.stdout.take().ok_or("the server has no output")?);
        let mut server = Self {
            process,
            stdin,
            stdout,
            address: String::new(),
        };
        server.address = server.line()?;
        Ok(server)
    }

    /// Asks the server for its resident memory, after a pause in which its tasks become idle.
    fn resident_bytes(&mut self) -> BenchResult<usize> {
        std::thread::sleep(Duration::from_millis(300));
        writeln!(self.stdin)?;
        Ok(self.line()?.parse()?)
    }

    fn line(&mut self) -> BenchResult<String> {
        let mut line = String::new();
        self.stdout.read_line(&mut line)?;
        Ok(line.trim().to_owned())
    }
}

async fn serve() -> BenchResult<()> {
    let endpoint = Endpoint::new();
    let app: axum::Router = Channels::new()
        .channel("room:*", Room)
        .mount("/socket", &endpoint);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    std::thread::spawn(|| {
        for _ in std::io::stdin().lines() {
            println!("{}", resident().unwrap_or(0));
        }
    });
    axum::serve(listener, app).await?;
    Ok(())
}

/// Resident memory of this process in bytes, from the line `VmRSS`, which the kernel gives in KiB.
fn resident() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kibibytes: usize = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kibibytes * 1024)
}

/// A channel that does nothing.
struct Room;

impl Channel for Room {
    type Assigns = ();
    type Params = Value;
    type Event = Value;
    type Info = ();
    type State = ();

    async fn join(&self, _: Value, _: &Context<()>) -> Result<Joined<Self>, JoinError> {
        Ok(Joined::new(()))
    }

    async fn handle(&self, _: &(), _: Value, _: &Context<()>) -> Outcome {
        Outcome::none()
    }
}

//! Very many sockets over memory: the same socket loop and codec, and no kernel behind them.
//!
//! A stream of memory brings what its client says, and only counts what it is sent. So a socket
//! takes what the server keeps for it, and nothing else.

use std::{
    io,
    pin::Pin,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    task::{Context, Poll},
    time::{Duration, Instant},
};

use axum_channels::Endpoint;
use serde_json::json;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    task::{LocalSet, spawn_local, yield_now},
};
use tokio_tungstenite::{WebSocketStream, tungstenite::protocol::Role};

use crate::{
    Outcomes,
    bare::{self, Everyone},
    channels,
};

const JOIN: &str = r#"["1","1","room:0","phx_join",{}]"#;
const ECHO: &str = r#"["1","2","room:0","echo",{}]"#;

/// Broadcasts to all: the first ones find their memory cold.
const BROADCASTS: usize = 5;

/// Prints what so many joined sockets take, and how long a broadcast to all takes.
pub(crate) async fn channels(sockets: usize) -> Outcomes<()> {
    let endpoint = Endpoint::new();
    let acceptor = channels::routes().accept(&endpoint);
    let sent = Sent::default();
    let (stage, join) = (Stage::new(sockets), bytes(JOIN));
    for _ in 0..sockets {
        let (acceptor, stream) = (acceptor.clone(), Memory::new(&join, &sent));
        tokio::spawn(async move {
            // Nobody is refused here.
            let _ = acceptor.serve(stream, ()).await;
        });
    }
    stage
        .measure(&sent, || {
            let news = json!({ "n": 1 });
            endpoint.broadcast("room:0", "news", &news).is_ok()
        })
        .await
}

/// The same with the bare loop.
pub(crate) async fn bare(sockets: usize) -> Outcomes<()> {
    let everyone = Everyone::default();
    let sent = Sent::default();
    let (stage, join) = (Stage::new(sockets), bytes(JOIN));
    let run = async {
        for _ in 0..sockets {
            let stream = Memory::new(&join, &sent);
            let everyone = Rc::clone(&everyone);
            spawn_local(async move {
                let config = Some(bare::config());
                let socket = WebSocketStream::from_raw_socket(stream, Role::Server, config).await;
                bare::talk(socket, everyone).await;
            });
        }
        stage
            .measure(&sent, || {
                bare::broadcast(&everyone, r#""room:0""#, r#"{"n":1}"#);
                true
            })
            .await
    };
    LocalSet::new().run_until(run).await
}

/// Prints how long an echo takes over one socket, without a kernel: for whoever profiles it.
pub(crate) async fn echo(times: u64) -> Outcomes<()> {
    let acceptor = channels::routes().accept(&Endpoint::new());
    let sent = Sent::default();
    let mut stream = Memory::new(&bytes(JOIN), &sent);
    stream.then = bytes(ECHO);
    stream.left += times;
    let began = Instant::now();
    acceptor.serve(stream, ()).await.map_err(|_| "refused")?;
    let each = began.elapsed() / u32::try_from(times)?;
    println!(r#"{{"echo_ns":{}}}"#, each.as_nanos());
    Ok(())
}

/// Writes so far, over all streams: each is one frame, since nobody is sent two at a time.
type Sent = Arc<AtomicU64>;

/// What is measured once everyone has joined.
struct Stage {
    sockets: usize,
    began: Instant,
    empty: usize,
}

impl Stage {
    fn new(sockets: usize) -> Self {
        Self {
            sockets,
            began: Instant::now(),
            empty: resident().unwrap_or(0),
        }
    }

    async fn measure(&self, sent: &Sent, mut broadcast: impl FnMut() -> bool) -> Outcomes<()> {
        let all = self.sockets as u64;
        until(sent, all).await;
        let joined = self.began.elapsed();
        let each = resident().unwrap_or(0).saturating_sub(self.empty) / self.sockets;
        let mut took = [Duration::ZERO; BROADCASTS];
        for (number, took) in (2..).zip(&mut took) {
            let began = Instant::now();
            if !broadcast() {
                return Err("the broadcast has no form in JSON".into());
            }
            until(sent, number * all).await;
            *took = began.elapsed();
        }
        let resident = resident().unwrap_or(0);
        let [first, .., last] = took.map(|took| took.as_secs_f64());
        let joined = joined.as_secs_f64();
        println!(
            r#"{{"bytes_each":{each},"resident":{resident},"joined_s":{joined:.3},"first_s":{first:.3},"warm_s":{last:.3}}}"#
        );
        // Nobody has to clear up after a million.
        std::process::exit(0)
    }
}

async fn until(sent: &Sent, count: u64) {
    while sent.load(Relaxed) < count {
        yield_now().await;
    }
}

/// A client's stream, as its server sees it.
struct Memory {
    /// What the client says first, and what it says each time it has been answered.
    first: Arc<[u8]>,
    then: Arc<[u8]>,
    said: u64,
    answered: u64,
    /// How often it says something.
    left: u64,
    sent: Sent,
}

impl Memory {
    /// A client that joins, and listens.
    fn new(join: &Arc<[u8]>, sent: &Sent) -> Self {
        Self {
            first: Arc::clone(join),
            then: Arc::clone(join),
            said: 0,
            answered: 0,
            left: 1,
            sent: Arc::clone(sent),
        }
    }
}

impl AsyncRead for Memory {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.said > self.answered {
            // The answer comes from this task, which looks here again after it.
            return Poll::Pending;
        }
        if self.said < self.left {
            let text = if self.said == 0 {
                &self.first
            } else {
                &self.then
            };
            buffer.put_slice(text);
            self.said += 1;
            return Poll::Ready(Ok(()));
        }
        // Who echoes goes then, and who has joined listens.
        if self.left > 1 {
            Poll::Ready(Ok(()))
        } else {
            Poll::Pending
        }
    }
}

impl AsyncWrite for Memory {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.answered += 1;
        self.sent.fetch_add(1, Relaxed);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// A text message as a client's bytes, with a mask of zeros.
fn bytes(text: &str) -> Arc<[u8]> {
    let mut bytes = vec![0x81, 0x80 | text.len() as u8, 0, 0, 0, 0];
    bytes.extend_from_slice(text.as_bytes());
    bytes.into()
}

/// What the kernel says of this process: kibibytes, in the line `VmRSS`.
fn resident() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kibibytes: usize = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kibibytes * 1024)
}

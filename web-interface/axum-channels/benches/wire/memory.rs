//! Very many sockets over in-memory streams: the same socket loop and codec, without the kernel.
//!
//! An in-memory stream yields the client's frames and only counts the server's writes, so the
//! memory measured is what the server keeps for its sockets.

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
    BenchResult,
    bare::{self, Subscribers},
    channels,
};

const JOIN: &str = r#"["1","1","room:0","phx_join",{}]"#;
const ECHO: &str = r#"["1","2","room:0","echo",{}]"#;

/// Broadcasts to all sockets; the first find the caches cold.
const BROADCASTS: usize = 5;

/// Prints the memory of `sockets` joined sockets, and the time of a broadcast to all of them.
pub(crate) async fn channels(sockets: usize) -> BenchResult<()> {
    let endpoint = Endpoint::new();
    let acceptor = channels::routes().accept(&endpoint);
    let sent = Sent::default();
    let (measurement, join) = (Measurement::new(sockets), bytes(JOIN));
    for _ in 0..sockets {
        let (acceptor, stream) = (acceptor.clone(), ClientStream::new(&join, &sent));
        tokio::spawn(async move {
            // `routes` has no limit on sockets, so none is refused.
            let _ = acceptor.serve(stream, ()).await;
        });
    }
    measurement
        .measure(&sent, || {
            let news = json!({ "n": 1 });
            endpoint.broadcast("room:0", "news", &news).is_ok()
        })
        .await
}

/// The same with the bare loop.
pub(crate) async fn bare(sockets: usize) -> BenchResult<()> {
    let subscribers = Subscribers::default();
    let sent = Sent::default();
    let (measurement, join) = (Measurement::new(sockets), bytes(JOIN));
    let run = async {
        for _ in 0..sockets {
            let stream = ClientStream::new(&join, &sent);
            let subscribers = Rc::clone(&subscribers);
            spawn_local(async move {
                let config = Some(bare::config());
                let socket = WebSocketStream::from_raw_socket(stream, Role::Server, config).await;
                bare::run_connection(socket, subscribers).await;
            });
        }
        measurement
            .measure(&sent, || {
                bare::broadcast(&subscribers, r#""room:0""#, r#"{"n":1}"#);
                true
            })
            .await
    };
    LocalSet::new().run_until(run).await
}

/// Prints the time of an echo over one socket without a kernel, for a profiler.
pub(crate) async fn echo(times: u64) -> BenchResult<()> {
    let acceptor = channels::routes().accept(&Endpoint::new());
    let sent = Sent::default();
    let mut stream = ClientStream::new(&bytes(JOIN), &sent);
    stream.next_frame = bytes(ECHO);
    stream.frames += times;
    let began = Instant::now();
    acceptor.serve(stream, ()).await.map_err(|_| "refused")?;
    let each = began.elapsed() / u32::try_from(times)?;
    println!(r#"{{"echo_ns":{}}}"#, each.as_nanos());
    Ok(())
}

/// Writes so far, over all streams. Each write is one frame, because no socket has two queued.
type Sent = Arc<AtomicU64>;

/// The measurement, which starts when all sockets have joined.
struct Measurement {
    sockets: usize,
    began: Instant,
    bytes_before: usize,
}

impl Measurement {
    fn new(sockets: usize) -> Self {
        Self {
            sockets,
            began: Instant::now(),
            bytes_before: resident().unwrap_or(0),
        }
    }

    async fn measure(&self, sent: &Sent, mut broadcast: impl FnMut() -> bool) -> BenchResult<()> {
        let all = self.sockets as u64;
        until(sent, all).await;
        let joined = self.began.elapsed();
        let each = resident().unwrap_or(0).saturating_sub(self.bytes_before) / self.sockets;
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
        // Exits without dropping a million sockets.
        std::process::exit(0)
    }
}

async fn until(sent: &Sent, count: u64) {
    while sent.load(Relaxed) < count {
        yield_now().await;
    }
}

/// A client's stream, as its server sees it.
struct ClientStream {
    /// The client's first frame, and the frame that it sends after each answer.
    first_frame: Arc<[u8]>,
    next_frame: Arc<[u8]>,
    sent_frames: u64,
    answers: u64,
    /// How many frames it sends.
    frames: u64,
    sent: Sent,
}

impl ClientStream {
    /// A client that joins, and then only reads.
    fn new(join: &Arc<[u8]>, sent: &Sent) -> Self {
        Self {
            first_frame: Arc::clone(join),
            next_frame: Arc::clone(join),
            sent_frames: 0,
            answers: 0,
            frames: 1,
            sent: Arc::clone(sent),
        }
    }
}

impl AsyncRead for ClientStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.sent_frames > self.answers {
            // The answer comes from this task, which looks here again after it.
            return Poll::Pending;
        }
        if self.sent_frames < self.frames {
            let text = if self.sent_frames == 0 {
                &self.first_frame
            } else {
                &self.next_frame
            };
            buffer.put_slice(text);
            self.sent_frames += 1;
            return Poll::Ready(Ok(()));
        }
        // A client that echoes ends here; one that only joined stays connected.
        if self.frames > 1 {
            Poll::Ready(Ok(()))
        } else {
            Poll::Pending
        }
    }
}

impl AsyncWrite for ClientStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.answers += 1;
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

/// Resident memory of this process in bytes, from the line `VmRSS`, which the kernel gives in KiB.
fn resident() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kibibytes: usize = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kibibytes * 1024)
}

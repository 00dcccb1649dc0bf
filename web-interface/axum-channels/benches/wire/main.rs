//! Two servers that answer the same frames under load: the channel layer, and the bare WebSocket
//! library below it, whose throughput is an upper bound.
//!
//! `channels`, `guarded` (with the default rates) or `bare` is the argument; each prints its
//! address on one line and serves on one thread until it is killed. `rude` starts the attackers.
//! `cargo x bench wire` starts them and a crowd.

mod attackers;
mod bare;
mod channels;
mod memory;

use std::{error::Error, future::Future};

use tokio::runtime::Builder;

type BenchResult<T> = Result<T, Box<dyn Error>>;

/// Tasks that run between two polls of the I/O driver. With tokio's default of 61, some of a
/// thousand busy connections would wait very long.
const EVENT_INTERVAL: u32 = 8;

fn main() -> BenchResult<()> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["channels", ..] => run(channels::serve(channels::routes())),
        ["guarded", ..] => run(channels::serve(channels::rooms())),
        ["rude", address] => run(attackers::run(address.to_owned())),
        ["bare", ..] => run(bare::serve()),
        ["memory", "channels", sockets] => run(memory::channels(sockets.parse()?)),
        ["memory", "bare", sockets] => run(memory::bare(sockets.parse()?)),
        ["echo", times] => run(memory::echo(times.parse()?)),
        // `cargo bench` runs all benches: this one is run by `cargo x bench wire`.
        _ => Ok(()),
    }
}

fn run(serve: impl Future<Output = BenchResult<()>>) -> BenchResult<()> {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .event_interval(EVENT_INTERVAL)
        .build()?;
    runtime.block_on(serve)
}

/// The parts of a version 2 frame in the form that the crowd's clients send:
/// `["1","7","room:0","echo",{…}]`. It is split at commas, not parsed as JSON.
struct Frame<'f> {
    /// `["1","7","room:0"`
    head: &'f str,
    topic: &'f str,
    event: &'f str,
    payload: &'f str,
}

impl<'f> Frame<'f> {
    fn split(text: &'f str) -> Option<Self> {
        let mut rest = text;
        let mut parts = [""; 4];
        for part in &mut parts {
            let (before, after) = rest.split_once(',')?;
            (*part, rest) = (before, after);
        }
        let [_, _, topic, event] = parts;
        let head = text.len() - rest.len() - event.len() - 2;
        Some(Self {
            head: &text[..head],
            topic,
            event,
            payload: rest.strip_suffix(']')?,
        })
    }
}

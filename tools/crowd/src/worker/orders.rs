//! What the program says to its worker, and the worker to the program.

use std::io::{BufRead, Write};
use std::thread;

use anyhow::{Context, Result};
use serde_json::{from_str, to_writer};
use tokio::sync::mpsc;

use crate::message::{FromWorker, ToWorker};

/// Orders that may wait; the program gives few.
const WAITING: usize = 16;

/// What comes on the standard input.
pub(crate) struct Orders(mpsc::Receiver<Result<ToWorker>>);

impl Orders {
    /// Begins to listen.
    ///
    /// # Errors
    /// If there can be no more threads.
    pub(crate) fn listen() -> Result<Orders> {
        let (give, take) = mpsc::channel(WAITING);
        let listen = move || {
            for line in std::io::stdin().lock().lines() {
                let order = line.map_err(Into::into).and_then(|line| read(&line));
                if give.blocking_send(order).is_err() {
                    break;
                }
            }
        };
        let listener = thread::Builder::new().name("orders".into());
        listener.spawn(listen).context("no thread to listen")?;
        Ok(Orders(take))
    }

    /// The next order.
    ///
    /// # Errors
    /// If there is none any more, or it cannot be understood.
    pub(crate) async fn next(&mut self) -> Result<ToWorker> {
        self.0.recv().await.context("nobody gives orders")?
    }

    /// The next order, outside of a runtime.
    ///
    /// # Errors
    /// As [`Orders::next`].
    pub(crate) fn wait(&mut self) -> Result<ToWorker> {
        self.0.blocking_recv().context("nobody gives orders")?
    }
}

fn read(line: &str) -> Result<ToWorker> {
    from_str(line).context("an order that is not understood")
}

/// Says something to the program.
///
/// # Errors
/// If it does not listen.
pub(crate) fn say(what: &FromWorker) -> Result<()> {
    let mut out = std::io::stdout().lock();
    to_writer(&mut out, what).context("nobody listens")?;
    out.write_all(b"\n")?;
    out.flush().context("nobody listens")
}

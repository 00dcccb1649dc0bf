//! Orders from the program to this worker, and messages from this worker to the program.

use std::io::{BufRead, Write};
use std::thread;

use anyhow::{Context, Result};
use serde_json::{from_str, to_writer};
use tokio::sync::mpsc;

use crate::message::{FromWorker, ToWorker};

/// Bound of the queue of orders; the program sends few.
const WAITING: usize = 16;

/// The orders read from standard input.
pub(crate) struct Orders(mpsc::Receiver<Result<ToWorker>>);

impl Orders {
    /// Starts a thread that reads orders.
    ///
    /// # Errors
    /// If no thread can be started.
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

    /// Waits for the next order. Cancel safe.
    ///
    /// # Errors
    /// If standard input has ended, or the order cannot be parsed.
    pub(crate) async fn next(&mut self) -> Result<ToWorker> {
        self.0.recv().await.context("standard input has ended")?
    }

    /// Blocks until the next order comes; for use outside a runtime.
    ///
    /// # Errors
    /// As [`Orders::next`].
    pub(crate) fn wait(&mut self) -> Result<ToWorker> {
        self.0.blocking_recv().context("standard input has ended")?
    }
}

fn read(line: &str) -> Result<ToWorker> {
    from_str(line).context("an order that is not understood")
}

/// Writes a message to the program.
///
/// # Errors
/// If the program no longer reads.
pub(crate) fn say(what: &FromWorker) -> Result<()> {
    let mut out = std::io::stdout().lock();
    to_writer(&mut out, what).context("cannot write to standard output")?;
    out.write_all(b"\n")?;
    out.flush().context("cannot write to standard output")
}

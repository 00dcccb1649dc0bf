//! Orders from the program to this worker, and messages from this worker to the program.

use std::io::{BufRead, Write};
use std::thread;

use anyhow::{Context, Result};
use serde_json::{from_str, to_writer};
use tokio::sync::mpsc;

use crate::message::{FromWorker, ToWorker};

/// Bound of the queue of orders; the program sends few.
const QUEUE_CAPACITY: usize = 16;

/// The orders read from standard input.
pub(crate) struct Orders(mpsc::Receiver<Result<ToWorker>>);

impl Orders {
    /// Starts a thread that reads orders.
    ///
    /// # Errors
    /// If no thread can be started.
    pub(crate) fn spawn_reader() -> Result<Orders> {
        let (sender, receiver) = mpsc::channel(QUEUE_CAPACITY);
        let read_orders = move || {
            for line in std::io::stdin().lock().lines() {
                let order = line.map_err(Into::into).and_then(|line| parse(&line));
                if sender.blocking_send(order).is_err() {
                    break;
                }
            }
        };
        let reader = thread::Builder::new().name("orders".into());
        reader.spawn(read_orders).context("no thread to listen")?;
        Ok(Orders(receiver))
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
    pub(crate) fn blocking_next(&mut self) -> Result<ToWorker> {
        self.0.blocking_recv().context("standard input has ended")?
    }
}

fn parse(line: &str) -> Result<ToWorker> {
    from_str(line).context("an order that is not understood")
}

/// Writes a message to the program.
///
/// # Errors
/// If the program no longer reads.
pub(crate) fn send(message: &FromWorker) -> Result<()> {
    let mut out = std::io::stdout().lock();
    to_writer(&mut out, message).context("cannot write to standard output")?;
    out.write_all(b"\n")?;
    out.flush().context("cannot write to standard output")
}

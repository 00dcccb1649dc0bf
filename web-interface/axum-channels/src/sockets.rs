//! The open sockets of an endpoint: admission, counting and draining.

use std::{collections::HashMap, sync::Arc, time::Duration};

use parking_lot::Mutex;
use tokio::{sync::Notify, time::sleep};

use crate::{protocol::CloseReason, random, topics::outbox::Outbox};

/// Sockets that a drain closes at a time.
const DRAIN_BATCH_SIZE: usize = 1_000;
/// Longest pause between two batches of a drain.
const MAX_PAUSE: Duration = Duration::from_millis(500);

/// Returns a random factor from 0.5 up to 1, so that two servers that drain at the same moment do
/// not stay in step.
fn jitter() -> f64 {
    0.5 + (random::number() % 1024) as f64 / 2048.0
}

/// The sockets of an endpoint, from admission during the handshake to the last byte.
#[derive(Debug, Default)]
pub(crate) struct SocketTable {
    table: Mutex<Table>,
    emptied: Notify,
}

#[derive(Debug, Default)]
struct Table {
    last_id: u64,
    admitted: usize,
    draining: bool,
    open_sockets: HashMap<u64, Arc<Outbox>>,
}

/// A permit for one socket: an RAII guard, released on drop.
#[derive(Debug)]
pub(crate) struct SocketPermit {
    pub(crate) id: u64,
    sockets: Arc<SocketTable>,
}

impl SocketTable {
    pub(crate) fn len(&self) -> usize {
        self.table.lock().admitted
    }

    /// Refuses new sockets, and closes the open ones in batches within `time`.
    pub(crate) async fn close_all(&self, time: Duration) {
        let batches = {
            let mut table = self.table.lock();
            table.draining = true;
            table.open_sockets.len().div_ceil(DRAIN_BATCH_SIZE)
        };
        let pause = MAX_PAUSE.min(time / u32::try_from(batches.max(1)).unwrap_or(u32::MAX));
        while self.close_some(DRAIN_BATCH_SIZE) > 0 {
            sleep(pause.mul_f64(jitter())).await;
        }
    }

    /// Closes up to `count` open sockets, and returns how many are left.
    fn close_some(&self, count: usize) -> usize {
        let mut table = self.table.lock();
        let some: Vec<u64> = table.open_sockets.keys().take(count).copied().collect();
        for outbox in some.iter().filter_map(|id| table.open_sockets.remove(id)) {
            outbox.close(CloseReason::Drain);
        }
        table.open_sockets.len()
    }

    /// Admits a socket, unless the endpoint is draining or has `max` sockets.
    pub(crate) fn admit(self: &Arc<Self>, max: usize) -> Result<SocketPermit, AdmissionError> {
        let mut table = self.table.lock();
        if table.draining {
            return Err(AdmissionError::Draining);
        }
        if table.admitted >= max {
            return Err(AdmissionError::Full);
        }
        table.admitted += 1;
        table.last_id += 1;
        Ok(SocketPermit {
            id: table.last_id,
            sockets: Arc::clone(self),
        })
    }

    /// Waits until the last permit is released.
    pub(crate) async fn wait_until_empty(&self) {
        loop {
            let emptied = self.emptied.notified();
            if self.len() == 0 {
                return;
            }
            emptied.await;
        }
    }
}

/// Why a socket is not admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AdmissionError {
    Draining,
    Full,
}

impl SocketPermit {
    /// Registers the socket's queue after the handshake, so that a drain can close the socket.
    /// Closes it immediately if a drain has begun.
    pub(crate) fn register(&self, outbox: &Arc<Outbox>) {
        let mut table = self.sockets.table.lock();
        table.open_sockets.insert(self.id, Arc::clone(outbox));
        if table.draining {
            outbox.close(CloseReason::Drain);
        }
    }
}

impl Drop for SocketPermit {
    fn drop(&mut self) {
        let mut table = self.sockets.table.lock();
        table.open_sockets.remove(&self.id);
        table.admitted -= 1;
        if table.admitted == 0 {
            self.sockets.emptied.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Poll, Waker};

    use super::*;
    use crate::protocol::Serializer;

    fn open(table: &Arc<SocketTable>) -> (SocketPermit, Arc<Outbox>) {
        let permit = table.admit(usize::MAX).unwrap();
        let outbox = Arc::new(Outbox::new(Serializer::V2, 8, 1024));
        permit.register(&outbox);
        (permit, outbox)
    }

    fn is_closed(outbox: &Outbox) -> bool {
        let next = outbox.poll_frame(&mut Context::from_waker(Waker::noop()));
        next == Poll::Ready(Err(CloseReason::Drain))
    }

    #[tokio::test]
    async fn a_socket_that_registers_during_a_drain_is_closed() {
        let table = Arc::<SocketTable>::default();
        let permit = table.admit(1).unwrap();
        table.close_all(Duration::ZERO).await;
        let outbox = Arc::new(Outbox::new(Serializer::V2, 8, 1024));
        permit.register(&outbox);
        assert!(is_closed(&outbox));
    }

    #[tokio::test(start_paused = true)]
    async fn a_drain_closes_sockets_in_batches_within_the_deadline() {
        for (time, at_least) in [(60, 1.0), (1, 0.25)] {
            let table = Arc::<SocketTable>::default();
            let sockets: Vec<_> = (0..4 * DRAIN_BATCH_SIZE).map(|_| open(&table)).collect();
            let closed = || sockets.iter().filter(|(_, it)| is_closed(it)).count();
            let began = tokio::time::Instant::now();
            let time = Duration::from_secs(time);
            let mut closing = tokio_test::task::spawn(table.close_all(time));
            let mut steps = vec![];
            while closing.poll().is_pending() {
                steps.push(closed());
                tokio::time::advance(MAX_PAUSE.min(time / 4)).await;
            }
            assert_eq!(
                steps,
                [DRAIN_BATCH_SIZE, 2 * DRAIN_BATCH_SIZE, 3 * DRAIN_BATCH_SIZE]
            );
            assert_eq!(closed(), 4 * DRAIN_BATCH_SIZE);
            assert!((at_least..=time.as_secs_f64()).contains(&began.elapsed().as_secs_f64()));
        }
    }

    #[test]
    fn a_dropped_admission_releases_its_permit() {
        let table = Arc::<SocketTable>::default();
        let permit = table.admit(1).unwrap();
        assert!(table.admit(1).is_err());
        drop(permit);
        assert!(table.admit(1).is_ok());
    }
}

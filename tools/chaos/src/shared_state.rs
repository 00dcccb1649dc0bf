//! State that all tables share: the server's address, the history, the counters,
//! and the failures that the history does not show.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use history::History;
use parking_lot::Mutex;
use tokio::net::TcpStream;
use tokio::sync::watch;

use crate::cut::Cut;

/// Maximum failures kept; the first ones say most.
const MAX_FAILURES: usize = 100;

/// The shared state; clones share it.
#[derive(Clone)]
pub(crate) struct SharedState(Arc<Inner>);

struct Inner {
    history: History,
    address: watch::Sender<Option<SocketAddr>>,
    ending: watch::Sender<bool>,
    is_cutting: AtomicBool,
    is_draining: AtomicBool,
    under_way: AtomicUsize,
    acknowledged: AtomicUsize,
    connected: AtomicUsize,
    closed_with_1012: AtomicUsize,
    cuts: [AtomicUsize; Cut::ALL.len()],
    held_open: Mutex<Vec<TcpStream>>,
    failures: Mutex<Vec<String>>,
}

impl SharedState {
    pub(crate) fn new() -> SharedState {
        SharedState(Arc::new(Inner {
            history: History::new(),
            address: watch::Sender::new(None),
            ending: watch::Sender::new(false),
            is_cutting: AtomicBool::new(false),
            is_draining: AtomicBool::new(false),
            under_way: AtomicUsize::new(0),
            acknowledged: AtomicUsize::new(0),
            connected: AtomicUsize::new(0),
            closed_with_1012: AtomicUsize::new(0),
            cuts: Default::default(),
            held_open: Mutex::default(),
            failures: Mutex::default(),
        }))
    }

    pub(crate) fn history(&self) -> &History {
        &self.0.history
    }

    /// Sets the server's address; `None` while there is no server.
    pub(crate) fn set_address(&self, address: Option<SocketAddr>) {
        self.0.address.send_replace(address);
    }

    /// Returns the server's address, once there is a server.
    pub(crate) async fn address(&self) -> SocketAddr {
        let mut watched = self.0.address.subscribe();
        loop {
            if let Some(address) = *watched.borrow_and_update() {
                return address;
            }
            // The sender lives as long as `self`, so this cannot fail.
            let _ = watched.changed().await;
        }
    }

    /// Asks all clients to finish what they have begun and to begin nothing.
    pub(crate) fn end(&self) {
        self.0.ending.send_replace(true);
    }

    pub(crate) fn is_ending(&self) -> bool {
        *self.0.ending.borrow()
    }

    /// Waits until [`end`](SharedState::end) is called.
    pub(crate) async fn ending(&self) {
        let mut watched = self.0.ending.subscribe();
        let _ = watched.wait_for(|ending| *ending).await;
    }

    /// Lets clients cut their connections, or forbids it and closes the vanished
    /// ones.
    pub(crate) fn set_cutting(&self, is_cutting: bool) {
        self.0.is_cutting.store(is_cutting, Ordering::Relaxed);
        if !is_cutting {
            self.0.held_open.lock().clear();
        }
    }

    pub(crate) fn is_cutting(&self) -> bool {
        self.0.is_cutting.load(Ordering::Relaxed)
    }

    /// Counts a cut.
    pub(crate) fn count_cut(&self, cut: Cut) {
        self.0.cuts[cut as usize].fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn cuts(&self, cut: Cut) -> usize {
        self.0.cuts[cut as usize].load(Ordering::Relaxed)
    }

    /// Keeps a connection open without reading it.
    pub(crate) fn hold_open(&self, stream: TcpStream) {
        self.0.held_open.lock().push(stream);
    }

    /// Says whether the server is shutting down in order, so that it owes each
    /// client a close frame.
    pub(crate) fn set_draining(&self, is_draining: bool) {
        self.0.is_draining.store(is_draining, Ordering::Relaxed);
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.0.is_draining.load(Ordering::Relaxed)
    }

    /// Counts a client that the draining server closed with 1012.
    pub(crate) fn count_close_1012(&self) {
        self.0.closed_with_1012.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn closed_with_1012(&self) -> usize {
        self.0.closed_with_1012.load(Ordering::Relaxed)
    }

    /// Counts a command as under way until the guard is dropped.
    pub(crate) fn count_under_way(&self) -> CountGuard {
        self.0.under_way.fetch_add(1, Ordering::Relaxed);
        CountGuard(self.clone(), |shared| &shared.under_way)
    }

    /// Returns the number of commands that await an answer.
    pub(crate) fn under_way(&self) -> usize {
        self.0.under_way.load(Ordering::Relaxed)
    }

    /// Counts an acknowledged command.
    pub(crate) fn count_acknowledged(&self) {
        self.0.acknowledged.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns the number of commands acknowledged so far.
    pub(crate) fn acknowledged(&self) -> usize {
        self.0.acknowledged.load(Ordering::Relaxed)
    }

    /// Counts a connection as open until the guard is dropped.
    pub(crate) fn count_connection(&self) -> CountGuard {
        self.0.connected.fetch_add(1, Ordering::Relaxed);
        CountGuard(self.clone(), |shared| &shared.connected)
    }

    /// Waits until every client has read what a dead server had sent, and has left
    /// its connection. Returns `false` if that takes more than about 10 s.
    pub(crate) async fn all_disconnected(&self) -> bool {
        for _ in 0..2_000 {
            if self.0.connected.load(Ordering::Relaxed) == 0 {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        false
    }

    /// Notes a fault that the history does not show.
    pub(crate) fn report_failure(&self, what: String) {
        let mut failures = self.0.failures.lock();
        if failures.len() < MAX_FAILURES {
            failures.push(what);
        }
    }

    pub(crate) fn failures(&self) -> Vec<String> {
        self.0.failures.lock().clone()
    }
}

/// Decrements a counter when dropped.
pub(crate) struct CountGuard(SharedState, fn(&Inner) -> &AtomicUsize);

impl Drop for CountGuard {
    fn drop(&mut self) {
        (self.1)(&self.0.0).fetch_sub(1, Ordering::Relaxed);
    }
}

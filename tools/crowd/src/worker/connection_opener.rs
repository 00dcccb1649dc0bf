//! Opens connections: connects and joins, several at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::clock::Moment;
use crate::opening_results::OpeningResults;
use crate::worker::joined_connection::JoinedConnection;
use crate::worker::shared_state::SharedState;
use crate::worker::socket::{Reason, Socket};

/// Opens the connections of a worker: the ramp-up of a load test.
pub(crate) struct ConnectionOpener {
    shared: Arc<SharedState>,
    start: Moment,
    /// Index of the next connection to open, among the worker's own.
    next: AtomicU64,
    results: Mutex<OpeningResults>,
}

impl ConnectionOpener {
    pub(crate) fn new(shared: Arc<SharedState>, start: Moment) -> ConnectionOpener {
        ConnectionOpener {
            results: Mutex::new(OpeningResults::new(shared.job.topics)),
            shared,
            start,
            next: AtomicU64::new(0),
        }
    }

    /// Opens all connections. Each that joins lives on as a task of its own.
    pub(crate) async fn carry_out(self: Arc<ConnectionOpener>) {
        let mut openers = JoinSet::new();
        for _ in 0..self.shared.job.concurrency {
            openers.spawn(self.clone().open_in_sequence());
        }
        while openers.join_next().await.is_some() {}
    }

    /// Returns the results so far.
    pub(crate) fn results(&self) -> OpeningResults {
        self.results.lock().clone()
    }

    /// Returns how many connections have joined, and how many have failed.
    pub(crate) fn counts(&self) -> (u64, u64) {
        let results = self.results.lock();
        (results.join.count(), results.failed.total())
    }

    async fn open_in_sequence(self: Arc<ConnectionOpener>) {
        let partition = self.shared.job.partition;
        while !self.should_give_up() {
            let index = self.next.fetch_add(1, Ordering::Relaxed);
            if index >= partition.len() {
                break;
            }
            self.open(partition.worker + index * partition.workers)
                .await;
        }
    }

    async fn open(&self, connection: u64) {
        let begun = Moment::now();
        let (socket, connected) = match self.connect_and_join(connection).await {
            Ok(joined) => joined,
            Err(reason) => return self.results.lock().failed.count(&reason),
        };
        let times = [begun, connected, Moment::now()];
        let topic = self.shared.job.topic_of(connection);
        self.results.lock().count(topic, self.start, times);
        tokio::spawn(JoinedConnection::new(connection, self.shared.clone()).run(socket));
    }

    /// Returns a joined socket, and when its handshake ended.
    async fn connect_and_join(&self, connection: u64) -> Result<(Socket, Moment), Reason> {
        let job = &self.shared.job;
        let source = job.sources.map(|sources| sources.of(connection));
        let url = job.target.url.with(connection);
        let connecting = Socket::connect(url, job.target.address, source);
        let patience = job.patience;
        let timed_out = |what| move |_| format!("no answer to the {what} in {patience:?}");
        let mut socket = timeout(patience, connecting)
            .await
            .map_err(timed_out("handshake"))??;
        let connected = Moment::now();
        let topic = job.topic.with(job.topic_of(connection));
        let params = job.params.with(connection);
        timeout(patience, socket.join(&topic, &params))
            .await
            .map_err(timed_out("join"))??;
        Ok((socket, connected))
    }

    /// Whether to give up: no connection has joined, and as many as are opened at once have failed.
    fn should_give_up(&self) -> bool {
        let (joined, failed) = self.counts();
        joined == 0 && failed >= self.shared.job.concurrency
    }
}

//! Opens connections: connects and joins, several at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::clock::Moment;
use crate::opened::Opened;
use crate::worker::member::Member;
use crate::worker::scene::Scene;
use crate::worker::socket::{Cause, Socket};

/// The opening of a worker's connections.
pub(crate) struct Opening {
    scene: Arc<Scene>,
    start: Moment,
    /// Index of the next connection to open, among the worker's own.
    next: AtomicU64,
    opened: Mutex<Opened>,
}

impl Opening {
    pub(crate) fn new(scene: Arc<Scene>, start: Moment) -> Opening {
        Opening {
            opened: Mutex::new(Opened::new(scene.job.topics)),
            scene,
            start,
            next: AtomicU64::new(0),
        }
    }

    /// Opens all connections. Each that joins lives on as a task of its own.
    pub(crate) async fn carry_out(self: Arc<Opening>) {
        let mut openers = JoinSet::new();
        for _ in 0..self.scene.job.concurrency {
            openers.spawn(self.clone().open_one_after_another());
        }
        while openers.join_next().await.is_some() {}
    }

    /// Returns the results so far.
    pub(crate) fn opened(&self) -> Opened {
        self.opened.lock().clone()
    }

    /// Returns how many connections have joined, and how many have failed.
    pub(crate) fn counts(&self) -> (u64, u64) {
        let opened = self.opened.lock();
        (opened.join.count(), opened.failed.total())
    }

    async fn open_one_after_another(self: Arc<Opening>) {
        let share = self.scene.job.share;
        while !self.is_hopeless() {
            let place = self.next.fetch_add(1, Ordering::Relaxed);
            if place >= share.len() {
                break;
            }
            self.open(share.worker + place * share.workers).await;
        }
    }

    async fn open(&self, connection: u64) {
        let begun = Moment::now();
        let (socket, connected) = match self.connect_and_join(connection).await {
            Ok(joined) => joined,
            Err(cause) => return self.opened.lock().failed.count(&cause),
        };
        let times = [begun, connected, Moment::now()];
        let topic = self.scene.job.topic_of(connection);
        self.opened.lock().count(topic, self.start, times);
        tokio::spawn(Member::new(connection, self.scene.clone()).live(socket));
    }

    /// Returns a joined socket, and when its handshake ended.
    async fn connect_and_join(&self, connection: u64) -> Result<(Socket, Moment), Cause> {
        let job = &self.scene.job;
        let source = job.sources.map(|sources| sources.of(connection));
        let url = job.target.url.with(connection);
        let connecting = Socket::connect(url, job.target.address, source);
        let patience = job.patience;
        let waited = |what| move |_| format!("no answer to the {what} in {patience:?}");
        let mut socket = timeout(patience, connecting)
            .await
            .map_err(waited("handshake"))??;
        let connected = Moment::now();
        let topic = job.topic.with(job.topic_of(connection));
        let params = job.params.with(connection);
        timeout(patience, socket.join(&topic, &params))
            .await
            .map_err(waited("join"))??;
        Ok((socket, connected))
    }

    /// Whether to give up: no connection has joined, and as many as are opened at once have failed.
    fn is_hopeless(&self) -> bool {
        let (joined, failed) = self.counts();
        joined == 0 && failed >= self.scene.job.concurrency
    }
}

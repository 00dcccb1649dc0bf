//! State that all connections of a worker share.

use std::sync::{Arc, OnceLock};

use parking_lot::{Mutex, MutexGuard};
use tokio::sync::{Notify, mpsc};

use crate::clock::Moment;
use crate::job::{Job, LoadModel, Workload};
use crate::message::StartSignal;
use crate::schedule::{Schedule, TurnSchedule};
use crate::stats::Stats;
use crate::worker::delivery_tracker::{Delivered, DeliveryTracker};

/// The shared state of a worker.
pub(crate) struct SharedState {
    pub(crate) job: Job,
    pub(crate) heartbeats: Schedule,
    pub(crate) start_signal: OnceLock<StartSignal>,
    pub(crate) deliveries: Arc<DeliveryTracker>,
    /// The event name under which broadcasts arrive.
    pub(crate) arrives: Arc<str>,
    /// One for each connection, notified when something may be due.
    notifiers: Vec<Notify>,
    /// One for each thread, so that connections rarely wait for a lock.
    stats: Vec<Mutex<Stats>>,
}

impl SharedState {
    pub(crate) fn new(
        job: Job,
        start: Moment,
        delivered: mpsc::UnboundedSender<Delivered>,
    ) -> SharedState {
        let arrives = match &job.workload {
            Workload::Broadcast { arrives, .. } => arrives.as_str().into(),
            Workload::Idle | Workload::Push { .. } => "".into(),
        };
        SharedState {
            heartbeats: job.heartbeats(start),
            start_signal: OnceLock::new(),
            deliveries: Arc::new(DeliveryTracker::new(job.topics, delivered)),
            arrives,
            notifiers: job.partition.numbers().map(|_| Notify::new()).collect(),
            stats: (0..job.threads.max(1)).map(|_| Mutex::default()).collect(),
            job,
        }
    }

    /// Returns the heartbeat schedule of a connection.
    pub(crate) fn heartbeats_of(&self, connection: u64) -> TurnSchedule {
        TurnSchedule::new(self.heartbeats, connection)
    }

    pub(crate) fn notifier_of(&self, connection: u64) -> &Notify {
        &self.notifiers[self.job.partition.index(connection)]
    }

    pub(crate) fn wake_all(&self) {
        self.notifiers.iter().for_each(Notify::notify_one);
    }

    /// Wakes the publisher of a topic, if this worker has it.
    pub(crate) fn wake_publisher(&self, topic: u64) {
        if let Some(connection) = self.publisher(topic) {
            self.notifier_of(connection).notify_one();
        }
    }

    /// Wakes the publishers of a closed loop, so that each checks its patience.
    pub(crate) fn wake_publishers(&self) {
        if matches!(
            self.job.load_model(),
            Some(LoadModel::UntilOwn | LoadModel::UntilAll)
        ) {
            (0..self.job.topics).for_each(|topic| self.wake_publisher(topic));
        }
    }

    /// Returns the turns of this worker's connections that push, each with its connection.
    pub(crate) fn pushing_turns(&self) -> Vec<(u64, u64)> {
        match self.job.workload {
            Workload::Idle => Vec::new(),
            Workload::Push { .. } => self.all_turns(),
            Workload::Broadcast { .. } => (0..self.job.topics)
                .filter_map(|topic| Some((topic, self.publisher(topic)?)))
                .collect(),
        }
    }

    /// Returns the turns of all this worker's connections; a connection's turn is its number.
    pub(crate) fn all_turns(&self) -> Vec<(u64, u64)> {
        let numbers = self.job.partition.numbers();
        numbers.map(|number| (number, number)).collect()
    }

    /// Returns the connection that makes a topic's broadcasts, if this worker has it.
    fn publisher(&self, topic: u64) -> Option<u64> {
        let publisher = self.deliveries.publisher(topic);
        publisher.filter(|_| self.job.partition.has(topic))
    }

    /// Locks the stats to which a connection adds.
    pub(crate) fn stats_of(&self, connection: u64) -> MutexGuard<'_, Stats> {
        let index = self.job.partition.index(connection) % self.stats.len();
        self.stats[index].lock()
    }

    /// Returns the sum of all records.
    pub(crate) fn total_stats(&self) -> Stats {
        let mut all = Stats::default();
        self.for_each_stats(|stats| all.add(stats));
        all
    }

    pub(crate) fn for_each_stats(&self, visit: impl FnMut(&Stats)) {
        let mut visit = visit;
        self.stats.iter().for_each(|stats| visit(&stats.lock()));
    }
}

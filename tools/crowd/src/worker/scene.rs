//! State that all connections of a worker share.

use std::sync::{Arc, OnceLock};

use parking_lot::{Mutex, MutexGuard};
use tokio::sync::{Notify, mpsc};

use crate::beat::{Beat, Schedule};
use crate::clock::Moment;
use crate::job::{Job, Load, Work};
use crate::message::StartSignal;
use crate::record::Record;
use crate::worker::topics::{Delivered, Topics};

/// The shared state of a worker.
pub(crate) struct Scene {
    pub(crate) job: Job,
    pub(crate) heartbeats: Beat,
    pub(crate) go: OnceLock<StartSignal>,
    pub(crate) topics: Arc<Topics>,
    /// The event name under which broadcasts arrive.
    pub(crate) arrives: Arc<str>,
    /// One for each connection, notified when something may be due.
    bells: Vec<Notify>,
    /// One for each thread, so that connections rarely wait for a lock.
    records: Vec<Mutex<Record>>,
}

impl Scene {
    pub(crate) fn new(
        job: Job,
        start: Moment,
        delivered: mpsc::UnboundedSender<Delivered>,
    ) -> Scene {
        let arrives = match &job.work {
            Work::Broadcast { arrives, .. } => arrives.as_str().into(),
            Work::Nothing | Work::Push { .. } => "".into(),
        };
        Scene {
            heartbeats: job.heartbeats(start),
            go: OnceLock::new(),
            topics: Arc::new(Topics::new(job.topics, delivered)),
            arrives,
            bells: job.share.numbers().map(|_| Notify::new()).collect(),
            records: (0..job.threads.max(1)).map(|_| Mutex::default()).collect(),
            job,
        }
    }

    /// Returns the heartbeat schedule of a connection.
    pub(crate) fn heartbeats_of(&self, connection: u64) -> Schedule {
        Schedule::new(self.heartbeats, connection)
    }

    pub(crate) fn bell_of(&self, connection: u64) -> &Notify {
        &self.bells[self.job.share.place(connection)]
    }

    pub(crate) fn ring_all(&self) {
        self.bells.iter().for_each(Notify::notify_one);
    }

    /// Wakes the publisher of a topic, if this worker has it.
    pub(crate) fn ring_publisher(&self, topic: u64) {
        if let Some(connection) = self.publisher(topic) {
            self.bell_of(connection).notify_one();
        }
    }

    /// Wakes the publishers of a closed loop, so that each checks its patience.
    pub(crate) fn ring_publishers(&self) {
        if matches!(self.job.load(), Some(Load::UntilOwn | Load::UntilAll)) {
            (0..self.job.topics).for_each(|topic| self.ring_publisher(topic));
        }
    }

    /// Returns the turns of this worker's connections that push, each with its connection.
    pub(crate) fn turns(&self) -> Vec<(u64, u64)> {
        match self.job.work {
            Work::Nothing => Vec::new(),
            Work::Push { .. } => self.everyone(),
            Work::Broadcast { .. } => (0..self.job.topics)
                .filter_map(|topic| Some((topic, self.publisher(topic)?)))
                .collect(),
        }
    }

    /// Returns the turns of all this worker's connections; a connection's turn is its number.
    pub(crate) fn everyone(&self) -> Vec<(u64, u64)> {
        let numbers = self.job.share.numbers();
        numbers.map(|number| (number, number)).collect()
    }

    /// Returns the connection that makes a topic's broadcasts, if this worker has it.
    fn publisher(&self, topic: u64) -> Option<u64> {
        let publisher = self.topics.publisher(topic);
        publisher.filter(|_| self.job.share.has(topic))
    }

    /// Locks the record in which a connection counts.
    pub(crate) fn record_of(&self, connection: u64) -> MutexGuard<'_, Record> {
        let place = self.job.share.place(connection) % self.records.len();
        self.records[place].lock()
    }

    /// Returns the sum of all records.
    pub(crate) fn record(&self) -> Record {
        let mut all = Record::default();
        self.each_record(|record| all.add(record));
        all
    }

    pub(crate) fn each_record(&self, look: impl FnMut(&Record)) {
        let mut look = look;
        self.records.iter().for_each(|record| look(&record.lock()));
    }
}

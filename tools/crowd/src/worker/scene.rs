//! What all connections of a worker share.

use std::sync::{Arc, OnceLock};

use parking_lot::{Mutex, MutexGuard};
use tokio::sync::{Notify, mpsc};

use crate::beat::{Beat, Schedule};
use crate::clock::Moment;
use crate::job::{Job, Load, Work};
use crate::message::StartSignal;
use crate::record::Record;
use crate::worker::topics::{Delivered, Topics};

/// A worker at work.
pub(crate) struct Scene {
    pub(crate) job: Job,
    pub(crate) heartbeats: Beat,
    pub(crate) go: OnceLock<StartSignal>,
    pub(crate) topics: Arc<Topics>,
    /// The event that broadcasts arrive as.
    pub(crate) arrives: Arc<str>,
    /// One for each connection: it rings when there is something to be looked after.
    bells: Vec<Notify>,
    /// One for each thread, so that hardly anyone waits for another's.
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

    /// What is due to a connection of its heartbeats.
    pub(crate) fn heartbeats_of(&self, connection: u64) -> Schedule {
        Schedule::new(self.heartbeats, connection)
    }

    pub(crate) fn bell_of(&self, connection: u64) -> &Notify {
        &self.bells[self.job.share.place(connection)]
    }

    pub(crate) fn ring_all(&self) {
        self.bells.iter().for_each(Notify::notify_one);
    }

    /// Lets whoever publishes on this topic see whether it may go on.
    pub(crate) fn ring_publisher(&self, topic: u64) {
        if let Some(connection) = self.publisher(topic) {
            self.bell_of(connection).notify_one();
        }
    }

    /// Lets those who wait for deliveries see whether they have waited long enough.
    pub(crate) fn ring_publishers(&self) {
        if matches!(self.job.load(), Some(Load::UntilOwn | Load::UntilAll)) {
            (0..self.job.topics).for_each(|topic| self.ring_publisher(topic));
        }
    }

    /// Those of this worker's connections that push at a steady rate, each with its turn.
    pub(crate) fn turns(&self) -> Vec<(u64, u64)> {
        match self.job.work {
            Work::Nothing => Vec::new(),
            Work::Push { .. } => self.everyone(),
            Work::Broadcast { .. } => (0..self.job.topics)
                .filter_map(|topic| Some((topic, self.publisher(topic)?)))
                .collect(),
        }
    }

    /// All of this worker's connections, each with its turn among all there are.
    pub(crate) fn everyone(&self) -> Vec<(u64, u64)> {
        let numbers = self.job.share.numbers();
        numbers.map(|number| (number, number)).collect()
    }

    /// The connection of this worker that makes a topic's broadcasts.
    fn publisher(&self, topic: u64) -> Option<u64> {
        let publisher = self.topics.publisher(topic);
        publisher.filter(|_| self.job.share.has(topic))
    }

    /// Where a connection counts what it sees.
    pub(crate) fn record_of(&self, connection: u64) -> MutexGuard<'_, Record> {
        let place = self.job.share.place(connection) % self.records.len();
        self.records[place].lock()
    }

    /// Everyone's records together.
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

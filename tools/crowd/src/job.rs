//! The job of a worker.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::partition::Partition;
use crate::schedule::Schedule;
use crate::source::Sources;
use crate::target::Target;
use crate::template::Template;

/// Everything that a worker needs before it begins.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Job {
    pub(crate) partition: Partition,
    pub(crate) target: Target,
    pub(crate) sources: Option<Sources>,
    pub(crate) topic: Template,
    /// Number of topics; connection `n` is on topic `n % topics`.
    pub(crate) topics: u64,
    /// Parameters of the join, as JSON.
    pub(crate) params: Template,
    /// Interval of a connection's heartbeats.
    pub(crate) heartbeat: Duration,
    /// Maximum connections that this worker opens at once.
    pub(crate) concurrency: u64,
    pub(crate) threads: usize,
    /// Maximum wait for an answer.
    pub(crate) patience: Duration,
    /// Distinguishes this run's broadcasts from those of other runs.
    pub(crate) run: u64,
    pub(crate) workload: Workload,
}

/// What joined connections do, besides heartbeats.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) enum Workload {
    /// They only listen.
    Idle,
    /// Each pushes an event and waits for the reply.
    Push {
        event: String,
        /// As JSON.
        payload: String,
        load_model: LoadModel,
    },
    /// One connection per topic pushes an event; all on the topic await its broadcast.
    Broadcast {
        event: String,
        /// A JSON object, to which the broadcast's mark is added.
        payload: String,
        /// The name under which the event arrives.
        arrives: String,
        load_model: LoadModel,
    },
}

/// When the next push is made.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) enum LoadModel {
    /// Closed loop: as soon as fewer than this many pushes are in flight.
    Closed(u64),
    /// Closed loop: as soon as the last broadcast has come back to its publisher.
    UntilOwn,
    /// Closed loop: as soon as the last broadcast has reached every connection on the topic.
    UntilAll,
    /// Open loop: at a steady rate over all connections, starting `after` into the run.
    Open { rate: f64, after: Duration },
}

impl LoadModel {
    /// Returns the schedule of an open loop over `of` turns; a closed loop has none.
    pub(crate) fn schedule(self, start: Moment, turns: u64) -> Option<Schedule> {
        match self {
            LoadModel::Open { rate, after } => Some(Schedule {
                start: start.after(after),
                rate,
                turns,
            }),
            LoadModel::Closed(_) | LoadModel::UntilOwn | LoadModel::UntilAll => None,
        }
    }
}

impl Job {
    /// Returns the number of a connection's topic.
    pub(crate) fn topic_of(&self, connection: u64) -> u64 {
        connection % self.topics
    }

    /// Returns the schedule of heartbeats that begin at `start`.
    pub(crate) fn heartbeats(&self, start: Moment) -> Schedule {
        Schedule {
            start,
            rate: self.partition.connections as f64 / self.heartbeat.as_secs_f64(),
            turns: self.partition.connections,
        }
    }

    /// Returns the load model, if the connections push at all.
    pub(crate) fn load_model(&self) -> Option<LoadModel> {
        match self.workload {
            Workload::Idle => None,
            Workload::Push { load_model, .. } | Workload::Broadcast { load_model, .. } => {
                Some(load_model)
            }
        }
    }

    /// Returns the schedule of an open loop over all connections that push.
    pub(crate) fn schedule(&self, start: Moment) -> Option<Schedule> {
        let turns = match self.workload {
            Workload::Push { .. } => self.partition.connections,
            Workload::Idle | Workload::Broadcast { .. } => self.topics,
        };
        self.load_model()?.schedule(start, turns)
    }
}

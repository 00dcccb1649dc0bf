//! The job of a worker.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::beat::Beat;
use crate::clock::Moment;
use crate::partition::Partition;
use crate::source::Sources;
use crate::target::Target;
use crate::template::Template;

/// Everything that a worker needs before it begins.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Job {
    pub(crate) share: Partition,
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
    pub(crate) work: Work,
}

/// What joined connections do, besides heartbeats.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) enum Work {
    /// They only listen.
    Nothing,
    /// Each pushes an event and waits for the reply.
    Push {
        event: String,
        /// As JSON.
        payload: String,
        load: Load,
    },
    /// One connection per topic pushes an event; all on the topic await its broadcast.
    Broadcast {
        event: String,
        /// A JSON object, to which the broadcast's mark is added.
        payload: String,
        /// The name under which the event arrives.
        arrives: String,
        load: Load,
    },
}

/// When the next push is made.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) enum Load {
    /// Closed loop: as soon as fewer than this many pushes are in flight.
    Closed(u64),
    /// Closed loop: as soon as the last broadcast has come back to its publisher.
    UntilOwn,
    /// Closed loop: as soon as the last broadcast has reached every connection on the topic.
    UntilAll,
    /// Open loop: at a steady rate over all connections, starting `after` into the run.
    Open { rate: f64, after: Duration },
}

impl Load {
    /// Returns the schedule of an open loop over `of` turns; a closed loop has none.
    pub(crate) fn beat(self, start: Moment, of: u64) -> Option<Beat> {
        match self {
            Load::Open { rate, after } => Some(Beat {
                start: start.after(after),
                rate,
                of,
            }),
            Load::Closed(_) | Load::UntilOwn | Load::UntilAll => None,
        }
    }
}

impl Job {
    /// Returns the number of a connection's topic.
    pub(crate) fn topic_of(&self, connection: u64) -> u64 {
        connection % self.topics
    }

    /// Returns the schedule of heartbeats that begin at `start`.
    pub(crate) fn heartbeats(&self, start: Moment) -> Beat {
        Beat {
            start,
            rate: self.share.connections as f64 / self.heartbeat.as_secs_f64(),
            of: self.share.connections,
        }
    }

    /// Returns the load, if the work pushes at all.
    pub(crate) fn load(&self) -> Option<Load> {
        match self.work {
            Work::Nothing => None,
            Work::Push { load, .. } | Work::Broadcast { load, .. } => Some(load),
        }
    }

    /// Returns the schedule of an open loop over all connections that push.
    pub(crate) fn beat(&self, start: Moment) -> Option<Beat> {
        let turns = match self.work {
            Work::Push { .. } => self.share.connections,
            Work::Nothing | Work::Broadcast { .. } => self.topics,
        };
        self.load()?.beat(start, turns)
    }
}

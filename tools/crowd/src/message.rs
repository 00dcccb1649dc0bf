//! The messages between the program and its workers, one line of JSON each.

use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::job::Job;
use crate::opening_results::OpeningResults;
use crate::stats::Stats;
use crate::window::Window;

/// An order to a worker, listed in the order of a run.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) enum ToWorker {
    Job(Box<Job>),
    /// Open the connections, starting at `at`.
    Open {
        at: Moment,
    },
    /// Begin the work.
    StartSignal(StartSignal),
    /// A broadcast has reached every connection, so the next may follow. Ignored after `End`.
    Next {
        topic: u64,
        seq: u64,
    },
    /// Report the measurements.
    End,
}

/// When to work, and how many connections share each topic.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct StartSignal {
    pub(crate) window: Window,
    /// Connections on each topic, over all workers.
    pub(crate) joined: Vec<u64>,
}

/// A message from a worker, listed in the order of a run.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) enum FromWorker {
    /// The worker has its job.
    Ready,
    /// Sent at intervals from the opening to the end.
    Progress(Progress),
    Opened(Box<OpeningResults>),
    /// All of this worker's connections on the topic have received the broadcast.
    Delivered {
        topic: u64,
        seq: u64,
    },
    Done(Box<Done>),
    /// The worker gives up, for this reason.
    Failed(String),
}

/// The progress of a worker.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) struct Progress {
    pub(crate) at: Moment,
    pub(crate) joined: u64,
    pub(crate) failed: u64,
    pub(crate) lost: u64,
    /// Replies or deliveries expected. A publisher counts the deliveries of all workers, so `expected`
    /// and `received` match only in their sums over the workers.
    pub(crate) expected: u64,
    /// Replies or deliveries that have come.
    pub(crate) received: u64,
    /// Unanswered heartbeats of this worker's connections.
    pub(crate) heartbeats: u64,
}

/// The measurements of a worker.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Done {
    pub(crate) stats: Stats,
    /// Processor time used between warm-up and end.
    pub(crate) processor_seconds: f64,
}

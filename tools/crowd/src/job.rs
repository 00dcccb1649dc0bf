//! What a worker is asked to do.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::beat::Beat;
use crate::clock::Moment;
use crate::partition::Partition;
use crate::source::Sources;
use crate::target::Target;
use crate::template::Template;

/// All that a worker has to know before it begins.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Job {
    pub(crate) share: Partition,
    pub(crate) target: Target,
    pub(crate) sources: Option<Sources>,
    pub(crate) topic: Template,
    /// How many topics there are; connection `n` is on topic `n % topics`.
    pub(crate) topics: u64,
    /// Of the join, as JSON.
    pub(crate) params: Template,
    /// How long it is from one heartbeat of a connection to the next.
    pub(crate) heartbeat: Duration,
    /// How many connections this worker opens at once.
    pub(crate) concurrency: u64,
    pub(crate) threads: usize,
    /// How long to wait for an answer.
    pub(crate) patience: Duration,
    /// What tells the broadcasts of this run from those of others.
    pub(crate) run: u64,
    pub(crate) work: Work,
}

/// What joined connections do, besides heartbeats.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) enum Work {
    /// They listen.
    Nothing,
    /// Each pushes an event and waits for the reply.
    Push {
        event: String,
        /// As JSON.
        payload: String,
        load: Load,
    },
    /// One on each topic pushes an event, and all await the broadcast of it.
    Broadcast {
        event: String,
        /// A JSON object, to which the mark of the broadcast is added.
        payload: String,
        /// What the event is called when it comes back.
        arrives: String,
        load: Load,
    },
}

/// When the next push is made.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) enum Load {
    /// As soon as fewer than so many are under way.
    Closed(u64),
    /// As soon as the last broadcast has come back to whom it came from.
    UntilOwn,
    /// As soon as the last broadcast has reached everyone.
    UntilAll,
    /// At a steady rate over all connections, beginning after a while.
    Open { rate: f64, after: Duration },
}

impl Load {
    /// When pushes are due, if that was decided beforehand.
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
    /// The topic of a connection, as a number.
    pub(crate) fn topic_of(&self, connection: u64) -> u64 {
        connection % self.topics
    }

    /// When heartbeats are due if they begin now.
    pub(crate) fn heartbeats(&self, start: Moment) -> Beat {
        Beat {
            start,
            rate: self.share.connections as f64 / self.heartbeat.as_secs_f64(),
            of: self.share.connections,
        }
    }

    /// When the next push is made, if any is.
    pub(crate) fn load(&self) -> Option<Load> {
        match self.work {
            Work::Nothing => None,
            Work::Push { load, .. } | Work::Broadcast { load, .. } => Some(load),
        }
    }

    /// When pushes are due, over all connections that make any, if that was decided beforehand.
    pub(crate) fn beat(&self, start: Moment) -> Option<Beat> {
        let turns = match self.work {
            Work::Push { .. } => self.share.connections,
            Work::Nothing | Work::Broadcast { .. } => self.topics,
        };
        self.load()?.beat(start, turns)
    }
}

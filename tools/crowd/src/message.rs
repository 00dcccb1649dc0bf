//! What the program and its workers say to each other: a line of JSON each.

use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::job::Job;
use crate::opened::Opened;
use crate::record::Record;
use crate::window::Window;

/// What a worker is told, in this order.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) enum ToWorker {
    Job(Box<Job>),
    /// To open its connections from then on.
    Open {
        at: Moment,
    },
    /// To do its work.
    StartSignal(StartSignal),
    /// A broadcast has reached everyone: the next may follow. Only while it works.
    Next {
        topic: u64,
        seq: u64,
    },
    /// To say what it has measured.
    End,
}

/// When work is done, and among how many.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct StartSignal {
    pub(crate) window: Window,
    /// How many connections each topic has, over all workers.
    pub(crate) joined: Vec<u64>,
}

/// What a worker says, in this order.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) enum FromWorker {
    /// It has its job.
    Ready,
    /// How far it is; again and again from when it opens to the end.
    Progress(Progress),
    Opened(Box<Opened>),
    /// All of its connections on this topic have had this broadcast.
    Delivered {
        topic: u64,
        seq: u64,
    },
    Done(Box<Done>),
    /// It gives up, and why.
    Failed(String),
}

/// How far a worker is.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) struct Progress {
    pub(crate) at: Moment,
    pub(crate) joined: u64,
    pub(crate) failed: u64,
    pub(crate) lost: u64,
    /// Replies or deliveries that should come.
    pub(crate) asked: u64,
    /// Those that have.
    pub(crate) answered: u64,
    /// Heartbeats without an answer; those of its own connections.
    pub(crate) heartbeats: u64,
}

/// What a worker has measured.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Done {
    pub(crate) record: Record,
    /// How long it kept a processor busy in the part of the time that is measured.
    pub(crate) processor_seconds: f64,
}

//! Turns the command line into jobs for the workers.

use std::time::Duration;

use anyhow::{Result, ensure};

use crate::args::{Broadcast, BroadcastArgs, Command, CommonArgs, Hold, Push, Until};
use crate::clock::Moment;
use crate::job::{Job, LoadModel, Workload};
use crate::open_files;
use crate::partition::Partition;
use crate::source::Sources;
use crate::target::Target;

/// A validated run.
pub(crate) struct Plan {
    /// The first worker's job; the others differ only in `partition.worker`.
    job: Job,
    pub(crate) warm_up: Duration,
    pub(crate) time: Duration,
}

impl Plan {
    /// Plans a command.
    ///
    /// # Errors
    /// If the command cannot be carried out.
    pub(crate) async fn new(command: &Command, common: &CommonArgs) -> Result<Plan> {
        let partition = Partition {
            worker: 0,
            workers: common.processes,
            connections: common.connections,
        };
        let topics = common.topics;
        check(common, partition, topics)?;
        let target = Target::resolve(&common.url).await?;
        let sources = Sources::choose(common.sources, partition.connections, target.address.ip())?;
        let (workload, warm_up, time) = workload(command)?;
        Ok(Plan {
            job: Job {
                partition,
                target,
                sources,
                topic: common.topic.clone(),
                topics,
                params: common.params.clone(),
                heartbeat: common.heartbeat,
                concurrency: (common.concurrency).div_ceil(partition.workers),
                threads: common.threads as usize,
                patience: common.patience,
                run: Moment::now().nanos(),
                workload,
            },
            warm_up,
            time,
        })
    }

    /// Returns the job of each worker.
    pub(crate) fn jobs(&self) -> impl Iterator<Item = Job> {
        (0..self.job.partition.workers).map(|worker| {
            let mut job = self.job.clone();
            job.partition.worker = worker;
            job
        })
    }

    /// Returns the first worker's job, for what all jobs share.
    pub(crate) fn job(&self) -> &Job {
        &self.job
    }
}

fn check(common: &CommonArgs, partition: Partition, topics: u64) -> Result<()> {
    ensure!(
        topics <= partition.connections,
        "there are {topics} topics, more than connections"
    );
    ensure!(
        topics == 1 || common.topic.has_placeholder(),
        "--topics needs a place for the number in --topic, like room:{{n}}"
    );
    ensure!(
        partition.workers <= partition.connections,
        "there are {} processes, more than connections",
        partition.workers
    );
    ensure!(!common.heartbeat.is_zero(), "--heartbeat must not be 0");
    open_files::raise_limit(partition.connections, partition.workers)
}

/// Returns what connections do, the warm-up, and how long to measure.
fn workload(command: &Command) -> Result<(Workload, Duration, Duration)> {
    Ok(match command {
        Command::Hold(hold) => (held_workload(hold)?, Duration::ZERO, hold.time),
        Command::Join(_) | Command::Worker => (Workload::Idle, Duration::ZERO, Duration::ZERO),
        Command::Push(push) => (push_workload(push), push.time.warm_up, push.time.time),
        Command::Broadcast(broadcast) => {
            let Broadcast {
                time,
                broadcast_args,
                rate,
                ..
            } = broadcast;
            let load_model = match (rate, broadcast.until) {
                (Some(rate), _) => open_loop(*rate),
                (None, Until::All) => LoadModel::UntilAll,
                (None, Until::Own) => LoadModel::UntilOwn,
            };
            (
                broadcast_workload(broadcast_args, load_model),
                time.warm_up,
                time.time,
            )
        }
    })
}

fn held_workload(hold: &Hold) -> Result<Workload> {
    let Some(after) = hold.broadcast_after else {
        return Ok(Workload::Idle);
    };
    ensure!(
        after < hold.time,
        "--broadcast-after must come before the end, which is --for"
    );
    // At this rate a single broadcast is due: the second is not due before the end.
    let rate = 1.0 / hold.time.as_secs_f64();
    Ok(broadcast_workload(
        &hold.broadcast_args,
        LoadModel::Open { rate, after },
    ))
}

fn push_workload(push: &Push) -> Workload {
    Workload::Push {
        event: push.event.clone(),
        payload: push.payload.clone(),
        load_model: match push.rate {
            Some(rate) => open_loop(rate),
            None => LoadModel::Closed(push.in_flight),
        },
    }
}

fn broadcast_workload(broadcast_args: &BroadcastArgs, load_model: LoadModel) -> Workload {
    Workload::Broadcast {
        event: broadcast_args.event.clone(),
        payload: broadcast_args.payload.clone(),
        arrives: broadcast_args
            .arrives
            .as_ref()
            .unwrap_or(&broadcast_args.event)
            .clone(),
        load_model,
    }
}

fn open_loop(rate: f64) -> LoadModel {
    let after = Duration::ZERO;
    LoadModel::Open { rate, after }
}

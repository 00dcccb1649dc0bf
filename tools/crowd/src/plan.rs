//! Turns the command line into jobs for the workers.

use std::time::Duration;

use anyhow::{Result, ensure};

use crate::args::{Broadcast, BroadcastArgs, Command, Crowd, Hold, Push, Until};
use crate::clock::Moment;
use crate::job::{Job, Load, Work};
use crate::open_files;
use crate::partition::Partition;
use crate::source::Sources;
use crate::target::Target;

/// A validated run.
pub(crate) struct Plan {
    /// The first worker's job; the others differ only in `share.worker`.
    job: Job,
    pub(crate) warm_up: Duration,
    pub(crate) time: Duration,
}

impl Plan {
    /// Plans a command.
    ///
    /// # Errors
    /// If the command cannot be carried out.
    pub(crate) async fn new(command: &Command, crowd: &Crowd) -> Result<Plan> {
        let share = Partition {
            worker: 0,
            workers: crowd.processes,
            connections: crowd.connections,
        };
        let topics = crowd.topics;
        check(crowd, share, topics)?;
        let target = Target::find(&crowd.url).await?;
        let sources = Sources::choose(crowd.sources, share.connections, target.address.ip())?;
        let (work, warm_up, time) = work(command)?;
        Ok(Plan {
            job: Job {
                share,
                target,
                sources,
                topic: crowd.topic.clone(),
                topics,
                params: crowd.params.clone(),
                heartbeat: crowd.heartbeat,
                concurrency: (crowd.concurrency).div_ceil(share.workers),
                threads: crowd.threads as usize,
                patience: crowd.patience,
                run: Moment::now().nanos(),
                work,
            },
            warm_up,
            time,
        })
    }

    /// Returns the job of each worker.
    pub(crate) fn jobs(&self) -> impl Iterator<Item = Job> {
        (0..self.job.share.workers).map(|worker| {
            let mut job = self.job.clone();
            job.share.worker = worker;
            job
        })
    }

    /// Returns the first worker's job, for what all jobs share.
    pub(crate) fn job(&self) -> &Job {
        &self.job
    }
}

fn check(crowd: &Crowd, share: Partition, topics: u64) -> Result<()> {
    ensure!(
        topics <= share.connections,
        "there are {topics} topics, more than connections"
    );
    ensure!(
        topics == 1 || crowd.topic.has_number(),
        "--topics needs a place for the number in --topic, like room:{{n}}"
    );
    ensure!(
        share.workers <= share.connections,
        "there are {} processes, more than connections",
        share.workers
    );
    ensure!(!crowd.heartbeat.is_zero(), "--heartbeat must not be 0");
    open_files::allow(share.connections, share.workers)
}

/// Returns what connections do, the warm-up, and how long to measure.
fn work(command: &Command) -> Result<(Work, Duration, Duration)> {
    Ok(match command {
        Command::Hold(hold) => (held(hold)?, Duration::ZERO, hold.time),
        Command::Join(_) | Command::Worker => (Work::Nothing, Duration::ZERO, Duration::ZERO),
        Command::Push(push) => (pushed(push), push.time.warm_up, push.time.time),
        Command::Broadcast(broadcast) => {
            let Broadcast {
                time, told, rate, ..
            } = broadcast;
            let load = match (rate, broadcast.until) {
                (Some(rate), _) => steady(*rate),
                (None, Until::All) => Load::UntilAll,
                (None, Until::Own) => Load::UntilOwn,
            };
            (broadcasts(told, load), time.warm_up, time.time)
        }
    })
}

fn held(hold: &Hold) -> Result<Work> {
    let Some(after) = hold.broadcast_after else {
        return Ok(Work::Nothing);
    };
    ensure!(
        after < hold.time,
        "--broadcast-after must come before the end, which is --for"
    );
    // At this rate a single broadcast is due: the second is not due before the end.
    let rate = 1.0 / hold.time.as_secs_f64();
    Ok(broadcasts(&hold.told, Load::Open { rate, after }))
}

fn pushed(push: &Push) -> Work {
    Work::Push {
        event: push.event.clone(),
        payload: push.payload.clone(),
        load: match push.rate {
            Some(rate) => steady(rate),
            None => Load::Closed(push.in_flight),
        },
    }
}

fn broadcasts(told: &BroadcastArgs, load: Load) -> Work {
    Work::Broadcast {
        event: told.event.clone(),
        payload: told.payload.clone(),
        arrives: told.arrives.as_ref().unwrap_or(&told.event).clone(),
        load,
    }
}

fn steady(rate: f64) -> Load {
    let after = Duration::ZERO;
    Load::Open { rate, after }
}

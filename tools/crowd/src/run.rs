//! A run, from the first connection to the last delivery.

use std::time::Duration;

use anyhow::{Result, bail, ensure};
use tokio::time::interval;

use crate::clock::Moment;
use crate::delivery_barriers::DeliveryBarriers;
use crate::message::{Done, FromWorker, Progress, StartSignal, ToWorker};
use crate::opening_results::OpeningResults;
use crate::plan::Plan;
use crate::progress_display::ProgressDisplay;
use crate::stats::Stats;
use crate::window::Window;
use crate::worker_pool::WorkerPool;

/// Delay from an order to its start, so that the order reaches all workers in time.
const START_DELAY: Duration = Duration::from_millis(100);

/// Interval of checks for completion and for silent workers.
const CHECK_INTERVAL: Duration = Duration::from_millis(50);

/// The measurements of a run, over all workers.
pub(crate) struct Outcome {
    pub(crate) opened: OpeningResults,
    pub(crate) stats: Stats,
    pub(crate) window: Window,
    /// Processor time that the workers used between warm-up and end.
    pub(crate) processor_seconds: f64,
}

/// A run in progress.
struct Run<'a> {
    plan: &'a Plan,
    pool: WorkerPool,
    display: &'a mut ProgressDisplay,
    /// The latest progress of each worker.
    progress: Vec<Option<Progress>>,
    barriers: DeliveryBarriers,
}

/// Carries out the plan.
///
/// # Errors
/// If no connection joins, or a worker fails.
pub(crate) async fn carry_out(plan: &Plan, display: &mut ProgressDisplay) -> Result<Outcome> {
    let pool = WorkerPool::start(plan.jobs())?;
    let mut run = Run {
        plan,
        progress: vec![None; pool.len()],
        pool,
        display,
        barriers: DeliveryBarriers::default(),
    };
    let opened = run.open().await?;
    let window = run.work(&opened).await?;
    let (stats, processor_seconds) = run.end().await?;
    Ok(Outcome {
        opened,
        stats,
        window,
        processor_seconds,
    })
}

impl Run<'_> {
    async fn open(&mut self) -> Result<OpeningResults> {
        self.gather(|message| match message {
            FromWorker::Ready => Ok(()),
            other => Err(other),
        })
        .await?;
        let at = Moment::now().after(START_DELAY);
        self.pool.send_all(&ToWorker::Open { at })?;
        let all = self
            .gather(|message| match message {
                FromWorker::Opened(opened) => Ok(opened),
                other => Err(other),
            })
            .await?;
        let mut opened = OpeningResults::new(self.plan.job().topics);
        all.iter().for_each(|theirs| opened.add(theirs));
        ensure!(
            opened.total() > 0,
            "no connection has joined {}: {}",
            self.plan.job().target.address,
            opened.failed
        );
        let joined = all.iter().map(|theirs| theirs.joined.as_slice());
        self.barriers = DeliveryBarriers::new(joined);
        Ok(opened)
    }

    /// Starts the work and waits until every answer has come, or until `patience` has passed since
    /// the end.
    async fn work(&mut self, opened: &OpeningResults) -> Result<Window> {
        let start = Moment::now().after(START_DELAY);
        let window = Window::new(start, self.plan.warm_up, self.plan.time);
        self.pool.send_all(&ToWorker::StartSignal(StartSignal {
            window,
            joined: opened.joined.clone(),
        }))?;
        let patience = self.plan.job().patience;
        let mut checks = interval(CHECK_INTERVAL);
        loop {
            tokio::select! {
                received = self.pool.receive() => {
                    let (worker, message) = received?;
                    if let Some(message) = self.handle(worker, message)? {
                        bail!("unexpected message {message:?}");
                    }
                }
                _ = checks.tick() => {
                    self.pool.check_silence()?;
                    let now = Moment::now();
                    let late = window.end.after(patience) <= now;
                    if late || self.is_complete(window.end) {
                        return Ok(window);
                    }
                }
            }
        }
    }

    async fn end(&mut self) -> Result<(Stats, f64)> {
        self.pool.send_all(&ToWorker::End)?;
        let all = self
            .gather(|message| match message {
                FromWorker::Done(done) => Ok(done),
                other => Err(other),
            })
            .await?;
        self.display.clear();
        let mut stats = Stats::default();
        let mut seconds = 0.0;
        for done in all {
            let Done {
                stats: theirs,
                processor_seconds,
            } = *done;
            stats.add(&theirs);
            seconds += processor_seconds;
        }
        Ok((stats, seconds))
    }

    /// Waits for one wanted message from each worker and returns them in the order of the workers.
    async fn gather<T>(
        &mut self,
        wanted: impl Fn(FromWorker) -> Result<T, FromWorker>,
    ) -> Result<Vec<T>> {
        let mut all: Vec<Option<T>> = self.progress.iter().map(|_| None).collect();
        while all.iter().any(Option::is_none) {
            let (worker, message) = self.pool.receive().await?;
            match wanted(message) {
                Ok(message) => all[worker] = Some(message),
                Err(other) => {
                    if let Some(other) = self.handle(worker, other)? {
                        bail!("worker {worker} says too early {other:?}");
                    }
                }
            }
        }
        Ok(all.into_iter().flatten().collect())
    }

    /// Handles progress and deliveries; returns any other message.
    fn handle(&mut self, worker: usize, message: FromWorker) -> Result<Option<FromWorker>> {
        match message {
            FromWorker::Progress(progress) => {
                self.progress[worker] = Some(progress);
                let all = self.progress.iter().flatten();
                self.display
                    .show(all, self.plan.job().partition.connections);
            }
            FromWorker::Delivered { topic, seq } => {
                if self.barriers.note_delivered(worker, topic, seq) {
                    let workers = self.plan.job().partition.workers;
                    let publisher = (topic % workers) as usize;
                    let next = ToWorker::Next { topic, seq };
                    self.pool.send(publisher, &next)?;
                }
            }
            other => return Ok(Some(other)),
        }
        Ok(None)
    }

    /// Whether every worker has reported after the end, and no answer is outstanding.
    fn is_complete(&self, end: Moment) -> bool {
        let all = || self.progress.iter().flatten();
        let reported = all().filter(|it| it.at > end).count();
        let expected: u64 = all().map(|it| it.expected + it.heartbeats).sum();
        let received: u64 = all().map(|it| it.received).sum();
        reported == self.pool.len() && expected <= received
    }
}

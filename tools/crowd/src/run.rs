//! A run, from the first connection to the last delivery.

use std::time::Duration;

use anyhow::{Result, bail, ensure};
use tokio::time::interval;

use crate::clock::Moment;
use crate::crew::Crew;
use crate::message::{Done, FromWorker, Progress, StartSignal, ToWorker};
use crate::meter::Meter;
use crate::opened::Opened;
use crate::plan::Plan;
use crate::record::Record;
use crate::rounds::Rounds;
use crate::window::Window;

/// Delay from an order to its start, so that the order reaches all workers in time.
const NOTICE: Duration = Duration::from_millis(100);

/// Interval of checks for completion and for silent workers.
const GLANCE: Duration = Duration::from_millis(50);

/// The measurements of a run, over all workers.
pub(crate) struct Outcome {
    pub(crate) opened: Opened,
    pub(crate) record: Record,
    pub(crate) window: Window,
    /// Processor time that the workers used between warm-up and end.
    pub(crate) processor_seconds: f64,
}

/// A run in progress.
struct Run<'a> {
    plan: &'a Plan,
    crew: Crew,
    meter: &'a mut Meter,
    /// The latest progress of each worker.
    progress: Vec<Option<Progress>>,
    rounds: Rounds,
}

/// Carries out the plan.
///
/// # Errors
/// If no connection joins, or a worker fails.
pub(crate) async fn carry_out(plan: &Plan, meter: &mut Meter) -> Result<Outcome> {
    let crew = Crew::start(plan.jobs())?;
    let mut run = Run {
        plan,
        progress: vec![None; crew.len()],
        crew,
        meter,
        rounds: Rounds::default(),
    };
    let opened = run.open().await?;
    let window = run.work(&opened).await?;
    let (record, processor_seconds) = run.end().await?;
    Ok(Outcome {
        opened,
        record,
        window,
        processor_seconds,
    })
}

impl Run<'_> {
    async fn open(&mut self) -> Result<Opened> {
        self.gather(|said| match said {
            FromWorker::Ready => Ok(()),
            other => Err(other),
        })
        .await?;
        let at = Moment::now().after(NOTICE);
        self.crew.tell_all(&ToWorker::Open { at })?;
        let all = self
            .gather(|said| match said {
                FromWorker::Opened(opened) => Ok(opened),
                other => Err(other),
            })
            .await?;
        let mut opened = Opened::new(self.plan.job().topics);
        all.iter().for_each(|theirs| opened.add(theirs));
        ensure!(
            opened.total() > 0,
            "no connection has joined {}: {}",
            self.plan.job().target.address,
            opened.failed
        );
        let joined = all.iter().map(|theirs| theirs.joined.as_slice());
        self.rounds = Rounds::new(joined);
        Ok(opened)
    }

    /// Starts the work and waits until every answer has come, or until `patience` has passed since
    /// the end.
    async fn work(&mut self, opened: &Opened) -> Result<Window> {
        let start = Moment::now().after(NOTICE);
        let window = Window::new(start, self.plan.warm_up, self.plan.time);
        self.crew.tell_all(&ToWorker::StartSignal(StartSignal {
            window,
            joined: opened.joined.clone(),
        }))?;
        let patience = self.plan.job().patience;
        let mut glances = interval(GLANCE);
        loop {
            tokio::select! {
                heard = self.crew.hear() => {
                    let (worker, said) = heard?;
                    if let Some(said) = self.note(worker, said)? {
                        bail!("unexpected message {said:?}");
                    }
                }
                _ = glances.tick() => {
                    self.crew.check()?;
                    let now = Moment::now();
                    let late = window.end.after(patience) <= now;
                    if late || self.all_has_come(window.end) {
                        return Ok(window);
                    }
                }
            }
        }
    }

    async fn end(&mut self) -> Result<(Record, f64)> {
        self.crew.tell_all(&ToWorker::End)?;
        let all = self
            .gather(|said| match said {
                FromWorker::Done(done) => Ok(done),
                other => Err(other),
            })
            .await?;
        self.meter.clear();
        let mut record = Record::default();
        let mut seconds = 0.0;
        for done in all {
            let Done {
                record: theirs,
                processor_seconds,
            } = *done;
            record.add(&theirs);
            seconds += processor_seconds;
        }
        Ok((record, seconds))
    }

    /// Waits for one wanted message from each worker and returns them in the order of the workers.
    async fn gather<T>(
        &mut self,
        wanted: impl Fn(FromWorker) -> Result<T, FromWorker>,
    ) -> Result<Vec<T>> {
        let mut all: Vec<Option<T>> = self.progress.iter().map(|_| None).collect();
        while all.iter().any(Option::is_none) {
            let (worker, said) = self.crew.hear().await?;
            match wanted(said) {
                Ok(said) => all[worker] = Some(said),
                Err(other) => {
                    if let Some(other) = self.note(worker, other)? {
                        bail!("worker {worker} says too early {other:?}");
                    }
                }
            }
        }
        Ok(all.into_iter().flatten().collect())
    }

    /// Handles progress and deliveries; returns any other message.
    fn note(&mut self, worker: usize, said: FromWorker) -> Result<Option<FromWorker>> {
        match said {
            FromWorker::Progress(progress) => {
                self.progress[worker] = Some(progress);
                let all = self.progress.iter().flatten();
                self.meter.show(all, self.plan.job().share.connections);
            }
            FromWorker::Delivered { topic, seq } => {
                if self.rounds.is_complete(worker, topic, seq) {
                    let publisher = self.plan.job().share.workers;
                    let publisher = (topic % publisher) as usize;
                    let next = ToWorker::Next { topic, seq };
                    self.crew.tell(publisher, &next)?;
                }
            }
            other => return Ok(Some(other)),
        }
        Ok(None)
    }

    /// Whether every worker has reported after the end, and no answer is outstanding.
    fn all_has_come(&self, end: Moment) -> bool {
        let all = || self.progress.iter().flatten();
        let told = all().filter(|it| it.at > end).count();
        let asked: u64 = all().map(|it| it.asked + it.heartbeats).sum();
        let answered: u64 = all().map(|it| it.answered).sum();
        told == self.crew.len() && asked <= answered
    }
}

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

/// Orders reach all workers within this time.
const NOTICE: Duration = Duration::from_millis(100);

/// How often to look whether everything has come.
const GLANCE: Duration = Duration::from_millis(50);

/// What a run has measured, in all workers.
pub(crate) struct Outcome {
    pub(crate) opened: Opened,
    pub(crate) record: Record,
    pub(crate) window: Window,
    /// How long workers kept processors busy in the part of the time that is measured.
    pub(crate) processor_seconds: f64,
}

/// A run under way.
struct Run<'a> {
    plan: &'a Plan,
    crew: Crew,
    meter: &'a mut Meter,
    /// How far each worker was when it last said so.
    progress: Vec<Option<Progress>>,
    rounds: Rounds,
}

/// Carries the plan out.
///
/// # Errors
/// If nobody can join, or a worker fails.
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
            "nobody has joined {}: {}",
            self.plan.job().target.address,
            opened.failed
        );
        let joined = all.iter().map(|theirs| theirs.joined.as_slice());
        self.rounds = Rounds::new(joined);
        Ok(opened)
    }

    /// Lets everyone work, and waits until the time is over and everything has come, or nothing
    /// more is to be expected.
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
                        bail!("this is no time for {said:?}");
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

    /// Waits until each worker has said the same kind of thing, and returns what they said.
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

    /// Takes in what workers say on their way; returns whatever else it is.
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

    /// Whether all workers have said after the end that they miss nothing.
    fn all_has_come(&self, end: Moment) -> bool {
        let all = || self.progress.iter().flatten();
        let told = all().filter(|it| it.at > end).count();
        let asked: u64 = all().map(|it| it.asked + it.heartbeats).sum();
        let answered: u64 = all().map(|it| it.answered).sum();
        told == self.crew.len() && asked <= answered
    }
}

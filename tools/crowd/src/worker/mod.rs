//! A worker: a process that holds one partition of the connections.
//!
//! A worker reads orders from standard input and writes messages to standard output. It ends when
//! its input ends, so it never outlives the program that started it.

mod behavior;
mod broadcast;
mod frame;
mod in_flight;
mod mark;
mod member;
mod opening;
mod orders;
mod pacer;
mod push;
mod scene;
mod seen;
mod socket;
mod topics;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{interval, sleep};

use self::opening::Opening;
use self::orders::{Orders, say};
use self::scene::Scene;
use crate::clock::{Moment, processor_time};
use crate::job::Job;
use crate::message::{Done, FromWorker, Progress, StartSignal, ToWorker};
use crate::window::Window;

/// Interval of progress messages.
const PROGRESS: Duration = Duration::from_millis(200);

/// Carries out the orders, and reports an error that stops the worker.
pub(crate) fn run() -> ExitCode {
    match work() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The program may be gone already, and then the error has no reader.
            let _ = say(&FromWorker::Failed(format!("{error:#}")));
            ExitCode::FAILURE
        }
    }
}

fn work() -> Result<()> {
    let mut orders = Orders::listen()?;
    let ToWorker::Job(job) = orders.wait()? else {
        bail!("the first order must be a job");
    };
    runtime(job.threads)?.block_on(carry_out(*job, orders))
}

fn runtime(threads: usize) -> Result<Runtime> {
    let mut builder = match threads {
        1 => Builder::new_current_thread(),
        _ => Builder::new_multi_thread(),
    };
    let builder = builder.worker_threads(threads).enable_all();
    builder.build().context("no runtime")
}

async fn carry_out(job: Job, mut orders: Orders) -> Result<()> {
    say(&FromWorker::Ready)?;
    let ToWorker::Open { at } = orders.next().await? else {
        bail!("the second order is not to open");
    };
    let (tell, mut delivered) = mpsc::unbounded_channel();
    let scene = Arc::new(Scene::new(job, at, tell));
    pacer::start(scene.clone(), scene.heartbeats, scene.everyone(), None)?;
    let opening = open(&scene, at, &mut orders).await?;
    let mut ticks = interval(PROGRESS);
    let mut busy = None;
    loop {
        tokio::select! {
            order = orders.next() => match order? {
                ToWorker::StartSignal(go) => busy = Some(begin(&scene, go)?),
                ToWorker::Next { topic, seq } => {
                    scene.topics.allow_after(topic, seq);
                    scene.ring_publisher(topic);
                }
                ToWorker::End => break,
                order @ (ToWorker::Job(_) | ToWorker::Open { .. }) => {
                    bail!("unexpected message {order:?}");
                }
            },
            Some(it) = delivered.recv() => {
                let (topic, seq) = (it.topic, it.seq);
                say(&FromWorker::Delivered { topic, seq })?;
            }
            _ = ticks.tick() => {
                say(&progress(&scene, &opening))?;
                scene.ring_publishers();
            }
        }
    }
    let processor_seconds = match busy {
        Some(busy) => busy.await?,
        None => 0.0,
    };
    let record = scene.record();
    say(&FromWorker::Done(Box::new(Done {
        record,
        processor_seconds,
    })))?;
    // Keep the connections open: other workers may still be measuring broadcasts to them.
    while orders.next().await.is_ok() {}
    Ok(())
}

/// Opens all connections and reports the results.
async fn open(scene: &Arc<Scene>, at: Moment, orders: &mut Orders) -> Result<Arc<Opening>> {
    sleep(at.until()).await;
    let before = processor_time();
    let opening = Arc::new(Opening::new(scene.clone(), at));
    let mut opener = tokio::spawn(opening.clone().carry_out());
    let mut ticks = interval(PROGRESS);
    loop {
        tokio::select! {
            done = &mut opener => {
                done?;
                break;
            }
            order = orders.next() => bail!("unexpected message {:?}", order?),
            _ = ticks.tick() => say(&progress(scene, &opening))?,
        }
    }
    let mut opened = opening.opened();
    opened.processor_seconds = (processor_time() - before).as_secs_f64();
    say(&FromWorker::Opened(Box::new(opened)))?;
    Ok(opening)
}

/// Starts the work at the start of the window. The task returns the processor seconds that this
/// process used between warm-up and end.
fn begin(scene: &Arc<Scene>, go: StartSignal) -> Result<JoinHandle<f64>> {
    let window = go.window;
    if scene.go.set(go).is_err() {
        bail!("it works already");
    }
    let beat = scene.job.beat(window.start);
    if let Some(beat) = beat {
        pacer::start(scene.clone(), beat, scene.turns(), Some(window.end))?;
    }
    let scene = scene.clone();
    Ok(tokio::spawn(async move {
        sleep(window.start.until()).await;
        if beat.is_none() {
            scene.ring_all();
        }
        busy(window).await
    }))
}

async fn busy(window: Window) -> f64 {
    sleep(window.measured.until()).await;
    let before = processor_time();
    sleep(window.end.until()).await;
    (processor_time() - before).as_secs_f64()
}

fn progress(scene: &Scene, opening: &Opening) -> FromWorker {
    let (joined, failed) = opening.counts();
    let mut progress = Progress {
        at: Moment::now(),
        joined,
        failed,
        lost: 0,
        asked: 0,
        answered: 0,
        heartbeats: 0,
    };
    scene.each_record(|record| {
        progress.lost += record.lost.total();
        progress.asked += record.asked;
        progress.answered += record.answered;
        progress.heartbeats += record.heartbeats.saturating_sub(record.heartbeats_answered);
    });
    FromWorker::Progress(progress)
}

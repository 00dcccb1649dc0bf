//! A worker: a process that holds one partition of the connections.
//!
//! A worker reads orders from standard input and writes messages to standard output. It ends when
//! its input ends, so it never outlives the program that started it.

mod behavior;
mod broadcast;
mod connection_opener;
mod delivery_tracker;
mod duplicate_filter;
mod frame;
mod in_flight;
mod joined_connection;
mod mark;
mod orders;
mod pacer;
mod push;
mod shared_state;
mod socket;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{interval, sleep};

use self::connection_opener::ConnectionOpener;
use self::orders::{Orders, send};
use self::shared_state::SharedState;
use crate::clock::{Moment, processor_time};
use crate::job::Job;
use crate::message::{Done, FromWorker, Progress, StartSignal, ToWorker};
use crate::window::Window;

/// Interval of progress messages.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(200);

/// Carries out the orders, and reports an error that stops the worker.
pub(crate) fn run() -> ExitCode {
    match work() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The program may be gone already, and then the error has no reader.
            let _ = send(&FromWorker::Failed(format!("{error:#}")));
            ExitCode::FAILURE
        }
    }
}

fn work() -> Result<()> {
    let mut orders = Orders::spawn_reader()?;
    let ToWorker::Job(job) = orders.blocking_next()? else {
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
    send(&FromWorker::Ready)?;
    let ToWorker::Open { at } = orders.next().await? else {
        bail!("the second order is not to open");
    };
    let (delivery_sender, mut deliveries) = mpsc::unbounded_channel();
    let shared = Arc::new(SharedState::new(job, at, delivery_sender));
    pacer::start(shared.clone(), shared.heartbeats, shared.all_turns(), None)?;
    let opener = open(&shared, at, &mut orders).await?;
    let mut ticks = interval(PROGRESS_INTERVAL);
    let mut processor_use = None;
    loop {
        tokio::select! {
            order = orders.next() => match order? {
                ToWorker::StartSignal(signal) => processor_use = Some(start_work(&shared, signal)?),
                ToWorker::Next { topic, seq } => {
                    shared.deliveries.allow_after(topic, seq);
                    shared.wake_publisher(topic);
                }
                ToWorker::End => break,
                order @ (ToWorker::Job(_) | ToWorker::Open { .. }) => {
                    bail!("unexpected message {order:?}");
                }
            },
            Some(delivered) = deliveries.recv() => {
                let (topic, seq) = (delivered.topic, delivered.seq);
                send(&FromWorker::Delivered { topic, seq })?;
            }
            _ = ticks.tick() => {
                send(&progress(&shared, &opener))?;
                shared.wake_publishers();
            }
        }
    }
    let processor_seconds = match processor_use {
        Some(processor_use) => processor_use.await?,
        None => 0.0,
    };
    let stats = shared.total_stats();
    send(&FromWorker::Done(Box::new(Done {
        stats,
        processor_seconds,
    })))?;
    // Keep the connections open: other workers may still be measuring broadcasts to them.
    while orders.next().await.is_ok() {}
    Ok(())
}

/// Opens all connections and reports the results.
async fn open(
    shared: &Arc<SharedState>,
    at: Moment,
    orders: &mut Orders,
) -> Result<Arc<ConnectionOpener>> {
    sleep(at.until()).await;
    let before = processor_time();
    let opener = Arc::new(ConnectionOpener::new(shared.clone(), at));
    let mut opening_task = tokio::spawn(opener.clone().carry_out());
    let mut ticks = interval(PROGRESS_INTERVAL);
    loop {
        tokio::select! {
            done = &mut opening_task => {
                done?;
                break;
            }
            order = orders.next() => bail!("unexpected message {:?}", order?),
            _ = ticks.tick() => send(&progress(shared, &opener))?,
        }
    }
    let mut results = opener.results();
    results.processor_seconds = (processor_time() - before).as_secs_f64();
    send(&FromWorker::Opened(Box::new(results)))?;
    Ok(opener)
}

/// Starts the work at the start of the window. The task returns the processor seconds that this
/// process used between warm-up and end.
fn start_work(shared: &Arc<SharedState>, signal: StartSignal) -> Result<JoinHandle<f64>> {
    let window = signal.window;
    if shared.start_signal.set(signal).is_err() {
        bail!("it works already");
    }
    let schedule = shared.job.schedule(window.start);
    if let Some(schedule) = schedule {
        pacer::start(
            shared.clone(),
            schedule,
            shared.pushing_turns(),
            Some(window.end),
        )?;
    }
    let shared = shared.clone();
    Ok(tokio::spawn(async move {
        sleep(window.start.until()).await;
        if schedule.is_none() {
            shared.wake_all();
        }
        measured_processor_seconds(window).await
    }))
}

async fn measured_processor_seconds(window: Window) -> f64 {
    sleep(window.measured.until()).await;
    let before = processor_time();
    sleep(window.end.until()).await;
    (processor_time() - before).as_secs_f64()
}

fn progress(shared: &SharedState, opener: &ConnectionOpener) -> FromWorker {
    let (joined, failed) = opener.counts();
    let mut progress = Progress {
        at: Moment::now(),
        joined,
        failed,
        lost: 0,
        expected: 0,
        received: 0,
        heartbeats: 0,
    };
    shared.for_each_stats(|stats| {
        progress.lost += stats.lost.total();
        progress.expected += stats.expected;
        progress.received += stats.received;
        progress.heartbeats += stats.heartbeats.saturating_sub(stats.heartbeats_answered);
    });
    FromWorker::Progress(progress)
}

//! Wakes connections when something is due, to within tens of microseconds.
//!
//! Tokio's timers have a resolution of a millisecond, and every measurement would contain their
//! delay.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::clock::Moment;
use crate::schedule::Schedule;
use crate::worker::shared_state::SharedState;

/// Shortest sleep, which bounds the processor time of the thread at high rates.
const MIN_SLEEP: Duration = Duration::from_micros(50);

/// Starts a thread that wakes the connection of each turn when something is due, until `end`.
/// `turns` holds pairs of a turn and its connection.
///
/// # Errors
/// If no thread can be started.
pub(crate) fn start(
    shared: Arc<SharedState>,
    schedule: Schedule,
    turns: Vec<(u64, u64)>,
    end: Option<Moment>,
) -> Result<()> {
    if turns.is_empty() {
        return Ok(());
    }
    thread::Builder::new()
        .name("pacer".into())
        .spawn(move || wake_when_due(&shared, schedule, &turns, end))
        .context("cannot start the pacer thread")?;
    Ok(())
}

fn wake_when_due(
    shared: &SharedState,
    schedule: Schedule,
    turns: &[(u64, u64)],
    end: Option<Moment>,
) {
    reduce_timer_slack();
    for round in 0.. {
        for (turn, connection) in turns {
            let due = schedule.due(*turn, round);
            if end.is_some_and(|end| due >= end) {
                return;
            }
            let wait = due.until();
            if !wait.is_zero() {
                thread::sleep(wait.max(MIN_SLEEP));
            }
            shared.notifier_of(*connection).notify_one();
        }
    }
}

/// Reduces this thread's timer slack, 50 µs by default on Linux, to a nanosecond.
#[cfg(target_os = "linux")]
fn reduce_timer_slack() {
    // On failure pushes are slightly late, and are measured as late.
    let _ = rustix::thread::set_current_timer_slack(std::num::NonZeroU64::new(1));
}

#[cfg(not(target_os = "linux"))]
fn reduce_timer_slack() {}

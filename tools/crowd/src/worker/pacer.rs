//! Wakes connections when something is due, to within tens of microseconds.
//!
//! Tokio's timers have a resolution of a millisecond, and every measurement would contain their
//! delay.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::beat::Beat;
use crate::clock::Moment;
use crate::worker::scene::Scene;

/// Shortest sleep, which bounds the processor time of the thread at high rates.
const NAP: Duration = Duration::from_micros(50);

/// Starts a thread that wakes the connection of each turn when something is due, until `end`.
/// `turns` holds pairs of a turn and its connection.
///
/// # Errors
/// If no thread can be started.
pub(crate) fn start(
    scene: Arc<Scene>,
    beat: Beat,
    turns: Vec<(u64, u64)>,
    end: Option<Moment>,
) -> Result<()> {
    if turns.is_empty() {
        return Ok(());
    }
    thread::Builder::new()
        .name("pacer".into())
        .spawn(move || ring(&scene, beat, &turns, end))
        .context("cannot start the pacer thread")?;
    Ok(())
}

fn ring(scene: &Scene, beat: Beat, turns: &[(u64, u64)], end: Option<Moment>) {
    sleep_precisely();
    for round in 0.. {
        for (turn, connection) in turns {
            let due = beat.due(*turn, round);
            if end.is_some_and(|end| due >= end) {
                return;
            }
            let wait = due.until();
            if !wait.is_zero() {
                thread::sleep(wait.max(NAP));
            }
            scene.bell_of(*connection).notify_one();
        }
    }
}

/// Reduces this thread's timer slack, 50 µs by default on Linux, to a nanosecond.
#[cfg(target_os = "linux")]
fn sleep_precisely() {
    // On failure pushes are slightly late, and are measured as late.
    let _ = rustix::thread::set_current_timer_slack(std::num::NonZeroU64::new(1));
}

#[cfg(not(target_os = "linux"))]
fn sleep_precisely() {}

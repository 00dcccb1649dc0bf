//! Rings the bells of connections when something is due to them, to some microseconds: the timers
//! of tokio are a thousand times as coarse, and what they add would be in every measurement.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::beat::Beat;
use crate::clock::Moment;
use crate::worker::scene::Scene;

/// A thread does not sleep for less, which bounds what it costs at high rates.
const NAP: Duration = Duration::from_micros(50);

/// Starts a thread that rings until the end: each turn's connection whenever it has something due.
///
/// # Errors
/// If there can be no more threads.
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
        .context("no thread to keep time")?;
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

/// Takes the slack of 50 microseconds from this thread's timers that Linux gives them.
#[cfg(target_os = "linux")]
fn sleep_precisely() {
    // Without, everything is a little late, and is counted so.
    let _ = rustix::thread::set_current_timer_slack(std::num::NonZeroU64::new(1));
}

#[cfg(not(target_os = "linux"))]
fn sleep_precisely() {}

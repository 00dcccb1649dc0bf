//! Puts load on a Phoenix Channels server, ours or any other, and measures how the server bears it.
//! The load is many connections that idle, join, push or receive broadcasts.
//!
//! The program starts itself again as workers, gives each a partition of the connections, and adds
//! up their measurements. Reading order: `args`, the command line; `plan` and `job`, what it means
//! for the workers; `run`, the coordinator of a run, with `worker_pool`, the worker processes, and
//! `message`, the protocol between them; `worker`, one worker; `schedule` and `window`, when pushes
//! are due and which of them count; `opening_results` and `stats`, the measurements, with `latency`
//! and `reasons`; `report`, the output.

mod args;
mod clock;
mod delivery_barriers;
mod job;
mod latency;
mod message;
mod open_files;
mod opening_results;
mod partition;
mod plan;
mod progress_display;
mod reasons;
mod report;
mod run;
mod schedule;
mod source;
mod stats;
mod target;
mod template;
mod thousands;
mod window;
mod worker;
mod worker_pool;

use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Parser;

use crate::args::{Args, Command, CommonArgs};
use crate::plan::Plan;
use crate::progress_display::ProgressDisplay;
use crate::report::{Files, Report};

fn main() -> ExitCode {
    let args = Args::parse();
    let Some((common, name)) = args.command.common() else {
        return worker::run();
    };
    match coordinate(&args.command, common, name) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("crowd: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Carries out the command until it ends or a signal interrupts it. The workers end with it.
fn coordinate(command: &Command, common: &CommonArgs, name: &'static str) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("no runtime")?;
    let files = Files::create(common.json.as_deref(), common.svg.as_deref())?;
    let mut progress = ProgressDisplay::new(common.quiet);
    let report = runtime.block_on(async {
        tokio::select! {
            // Poll the signals first, so that their handlers are installed before workers start.
            biased;
            interrupted = interrupted() => {
                interrupted?;
                bail!("interrupted")
            }
            report = run_plan(command, common, name, &mut progress) => report,
        }
    });
    progress.clear();
    let report = report?;
    println!("{report}");
    files.write(&report)
}

async fn run_plan(
    command: &Command,
    common: &CommonArgs,
    name: &'static str,
    progress: &mut ProgressDisplay,
) -> Result<Report> {
    let plan = Plan::new(command, common).await?;
    let outcome = run::carry_out(&plan, progress).await?;
    Ok(Report::new(name, &common.url, &plan, outcome))
}

/// Waits for SIGINT or SIGTERM.
#[cfg(unix)]
async fn interrupted() -> Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => Ok(interrupted?),
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn interrupted() -> Result<()> {
    Ok(tokio::signal::ctrl_c().await?)
}

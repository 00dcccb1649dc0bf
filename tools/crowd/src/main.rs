//! Puts load on a Phoenix Channels server, ours or any other, and measures how the server bears it.
//! The load is many connections that are held, joined, pushed on or broadcast to.
//!
//! The program starts itself again as workers, gives each a partition of the connections, and adds
//! up what they measure. Reading order: `args`, the command line; `plan` and `job`, what it means
//! for the workers; `run`, from the first connection to the last delivery, with `crew`, the
//! workers, and `message`, what the program and the workers send each other; `worker`, one worker;
//! `beat` and `window`, when pushes are due and which of them count; `opened` and `record`, what is
//! measured, with `latency` and `reasons`; `report`, the output.

mod args;
mod beat;
mod clock;
mod crew;
mod job;
mod latency;
mod message;
mod meter;
mod open_files;
mod opened;
mod partition;
mod plan;
mod readable;
mod reasons;
mod record;
mod report;
mod rounds;
mod run;
mod source;
mod target;
mod template;
mod window;
mod worker;

use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Parser;

use crate::args::{Args, Command, Crowd};
use crate::meter::Meter;
use crate::plan::Plan;
use crate::report::{Files, Report};

fn main() -> ExitCode {
    let args = Args::parse();
    let Some((crowd, name)) = args.command.crowd() else {
        return worker::run();
    };
    match lead(&args.command, crowd, name) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("crowd: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Carries out the command until it ends or a signal interrupts it. The workers end with it.
fn lead(command: &Command, crowd: &Crowd, name: &'static str) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("no runtime")?;
    let files = Files::create(crowd.json.as_deref(), crowd.svg.as_deref())?;
    let mut meter = Meter::new(crowd.quiet);
    let report = runtime.block_on(async {
        tokio::select! {
            // Poll the signals first, so that their handlers are installed before workers start.
            biased;
            interrupted = interrupted() => {
                interrupted?;
                bail!("interrupted")
            }
            report = measure(command, crowd, name, &mut meter) => report,
        }
    });
    meter.clear();
    let report = report?;
    println!("{report}");
    files.write(&report)
}

async fn measure(
    command: &Command,
    crowd: &Crowd,
    name: &'static str,
    meter: &mut Meter,
) -> Result<Report> {
    let plan = Plan::new(command, crowd).await?;
    let outcome = run::carry_out(&plan, meter).await?;
    Ok(Report::new(name, &crowd.url, &plan, outcome))
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

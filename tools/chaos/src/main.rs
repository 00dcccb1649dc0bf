//! Plays many games at once on a real server, kills it again and again, and
//! checks that no acknowledged move is lost and none is invented.
//!
//! Read the modules in this order: `args`, the flags; `plan`, the order of
//! faults; `run`, the rounds; `program`, the server; `table` and `participant`,
//! the clients; `game_model`, a client's model of its game; `wire` and `cut`,
//! their connections; `shared_state`, the state that all of them share; `checker`, the
//! check of the journal; `tally`, whether a run was long enough to count.

mod args;
mod checker;
mod cut;
mod game_model;
mod participant;
mod plan;
mod program;
mod run;
mod shared_state;
mod table;
mod tally;
mod wire;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::Parser;
use history::Report;
use tokio::time::timeout;

use crate::args::Args;
use crate::run::{Run, findings};
use crate::shared_state::SharedState;

/// Time that a run may take beyond its limit, to finish and to check.
const FINISH_GRACE: Duration = Duration::from_secs(300);

fn main() -> ExitCode {
    let args = Args::parse();
    let done = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("no runtime")
        .and_then(|runtime| runtime.block_on(start(&args)));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("chaos: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Plays, or checks a kept history, as the arguments say. An interrupt drops the
/// run, which kills the server.
async fn start(args: &Args) -> Result<()> {
    if let Some(folder) = &args.check {
        let report = checker::check_saved(folder).await?;
        println!("{report}");
        ensure!(report.findings.is_empty(), findings(&report).join("\n"));
        return Ok(());
    }
    tokio::select! {
        done = play(args) => done,
        interrupted = interrupted() => {
            interrupted?;
            anyhow::bail!("interrupted")
        }
    }
}

async fn play(args: &Args) -> Result<()> {
    let seed = args.seed();
    let program = args.program()?;
    let folder = tempfile::Builder::new().prefix("chaos-").tempdir()?;
    println!("chaos: seed {seed}");
    let shared = SharedState::new();
    let mut run = Run::new(&shared, program, folder.path(), seed)?;
    let played = timeout(args.limit() + FINISH_GRACE, run.carry_out(args)).await;
    let (report, mut problems) = match played {
        Ok(Ok(report)) => (Some(report), Vec::new()),
        Ok(Err(error)) => (None, vec![format!("{error:#}")]),
        Err(_) => (None, vec!["it did not come to its end".into()]),
    };
    if let Some(report) = &report {
        print_report(&run, &shared, report);
        problems.extend(findings(report));
        problems.extend(run.tally.unmet_requirements(report, &shared, args));
        if problems.is_empty() {
            return Ok(());
        }
    }
    let folder = folder.keep();
    checker::save_history(shared.history(), &folder)?;
    if report.is_none() {
        // A run that broke off has no report: check what it left.
        match checker::check_saved(&folder).await {
            Ok(report) => {
                print_report(&run, &shared, &report);
                let known = problems.concat();
                problems.extend(
                    findings(&report)
                        .into_iter()
                        .filter(|it| !known.contains(it)),
                );
            }
            Err(error) => problems.push(format!("{error:#}")),
        }
    }
    anyhow::bail!(
        "{}\nfailed; the journal and the history are kept in {}\n  check them again: cargo x chaos --check {}\n  run it again: {}",
        problems.join("\n"),
        folder.display(),
        folder.display(),
        args.command_line(seed)
    )
}

fn print_report(run: &Run, shared: &SharedState, report: &Report) {
    println!("{}", run.tally.details(report, shared));
    println!("{}", run.tally.summary(report));
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

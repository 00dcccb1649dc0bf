//! `cargo x …`: starts the checks and the measurements of this workspace.
//!
//! It only starts programs; each task is written where it belongs. It depends on next to
//! nothing, since it is the first program that a newcomer compiles here.

mod browser;
mod shell;

use std::process::ExitCode;

use anyhow::{Result, bail};

/// A subcommand: its name, its purpose, and its function.
type Task = (&'static str, &'static str, fn() -> Result<()>);

const TASKS: [Task; 5] = [
    (
        "ci",
        "everything that must hold before a change is done",
        ci,
    ),
    (
        "bench",
        "measure, and write BENCHMARKS.md; `wire` is measured by itself",
        bench,
    ),
    (
        "browser",
        "play whole games in a real browser",
        browser::run,
    ),
    (
        "chaos",
        "kill the server again and again under load: --seconds N --seed S --kills K",
        chaos,
    ),
    ("help", "this list", help),
];

fn main() -> ExitCode {
    let name = std::env::args().nth(1).unwrap_or("help".into());
    match start(&name) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cargo x {name}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start(name: &str) -> Result<()> {
    match TASKS.iter().find(|(task, ..)| *task == name) {
        Some((_, _, run)) => run(),
        None => bail!("there is no such command\n\n{}", list()),
    }
}

fn ci() -> Result<()> {
    shell::run("bash", &[".ci/run"])
}

/// Replaces this process by the program `measure`.
fn bench() -> Result<()> {
    shell::become_package("measure")
}

/// Builds the server, and replaces this process by the program `chaos`.
fn chaos() -> Result<()> {
    shell::run(&shell::cargo(), &["build", "--package", "islands-web"])?;
    shell::become_package("chaos")
}

fn help() -> Result<()> {
    println!("{}", list());
    Ok(())
}

fn list() -> String {
    let tasks = TASKS.map(|(name, purpose, _)| format!("  cargo x {name:<9} {purpose}"));
    tasks.join("\n")
}

//! `cargo x …`: starts the checks and the measurements of this workspace.
//!
//! It only starts things: what they do is written where they are.

mod bench;
mod browser;
mod chaos;
mod clean_build;
mod json;
mod machine;
mod page_size;
mod shell;
mod wire;

use std::process::ExitCode;

use anyhow::{Result, bail};

/// A subcommand: its name, what it is for, and what it starts.
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
        bench::run,
    ),
    (
        "browser",
        "play whole games in a real browser",
        browser::run,
    ),
    (
        "chaos",
        "kill the server again and again under load: --seconds N --seed S --kills K",
        chaos::run,
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

fn help() -> Result<()> {
    println!("{}", list());
    Ok(())
}

fn list() -> String {
    let tasks = TASKS.map(|(name, purpose, _)| format!("  cargo x {name:<9} {purpose}"));
    tasks.join("\n")
}

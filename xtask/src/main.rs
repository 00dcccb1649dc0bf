//! `cargo x …`: starts the learner's commands, and the checks and measurements of this
//! workspace.
//!
//! It only starts programs; each task is written where it belongs. It depends on next to
//! nothing, since it is the first program that a newcomer compiles here.

mod browser;
mod doors;
mod mine;
mod shell;

use std::process::ExitCode;

use anyhow::{Result, bail};

/// A subcommand: its name, its purpose, and its function.
type Task = (&'static str, &'static str, fn() -> Result<()>);

const LEARNING: &[Task] = &[
    ("next", "show the next exercise", learn),
    (
        "check",
        "check an exercise: `check`, or `check 02-01`",
        learn,
    ),
    (
        "watch",
        "check it again after each change of the file",
        learn,
    ),
    ("hint", "show one more hint for it", learn),
    ("reveal", "show its solution, after a question", learn),
    (
        "progress",
        "list the exercises, and which are solved",
        learn,
    ),
    (
        "reset",
        "begin an exercise anew, and keep a copy: `reset 02-01`",
        learn,
    ),
    (
        "play",
        "play the game on your solved exercises: `play --mine`",
        play,
    ),
    (
        "chaos",
        "break the system of your solved exercises: `chaos --mine`; alone, the product",
        chaos,
    ),
    (
        "book",
        "build the book; `book --serve` serves it on http://127.0.0.1:3000",
        book,
    ),
];

const MAINTAINING: &[Task] = &[
    (
        "ci",
        "check everything that must hold before a change is done",
        ci,
    ),
    (
        "bench",
        "measure, and write BENCHMARKS.md; `bench wire`, `learner` or `walks` alone",
        bench,
    ),
    (
        "browser",
        "play whole games in a real browser",
        browser::run,
    ),
    (
        "generate",
        "write the packages and stubs of the exercises",
        generate,
    ),
    (
        "course",
        "build and judge each version of each exercise, and a learner's screens",
        course,
    ),
    (
        "bless",
        "record the exercises' answers and the walks' output anew",
        bless,
    ),
    ("help", "print this list", help),
];

/// The tests that build exercises.
const COURSE: [&str; 9] = [
    "test",
    "--package",
    "finder",
    "--package",
    "learn",
    "--test",
    "versions",
    "--test",
    "screens",
];

fn main() -> ExitCode {
    let Some(name) = std::env::args().nth(1) else {
        doors::show();
        return ExitCode::SUCCESS;
    };
    match start(&name) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cargo x {name}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start(name: &str) -> Result<()> {
    let mut tasks = LEARNING.iter().chain(MAINTAINING);
    match tasks.find(|(task, ..)| *task == name) {
        Some((_, _, run)) => run(),
        None => bail!(
            "there is no such command\n\n{}",
            lines("Learning", LEARNING)
        ),
    }
}

/// Replaces this process by the program `learn`, with the subcommand.
fn learn() -> Result<()> {
    shell::become_package("learn", std::env::args().skip(1))
}

/// Replaces this process by the game on the learner's solved exercises. `cargo run` plays the
/// product's own.
fn play() -> Result<()> {
    let mut args = std::env::args().skip(2);
    if args.next().as_deref() != Some("--mine") {
        bail!("`cargo x play --mine` plays on your solved exercises, `cargo run` on the product");
    }
    mine::play(args)
}

/// Replaces this process by the program `book`.
fn book() -> Result<()> {
    shell::become_package("book", std::env::args().skip(2))
}

fn ci() -> Result<()> {
    shell::run("bash", &[".ci/run"])
}

/// Replaces this process by the program `measure`.
fn bench() -> Result<()> {
    shell::become_package("measure", std::env::args().skip(2))
}

/// Builds the server, and replaces this process by the program `chaos`. With `--mine`, does it to
/// the learner's system.
fn chaos() -> Result<()> {
    let mut args = std::env::args().skip(2).peekable();
    if args.next_if(|arg| arg == "--mine").is_some() {
        return mine::chaos(args);
    }
    shell::run(&shell::cargo(), &["build", "--package", "islands-web"])?;
    shell::become_package("chaos", args)
}

fn generate() -> Result<()> {
    shell::become_package("finder", std::env::args().skip(1))
}

fn course() -> Result<()> {
    shell::run(&shell::cargo(), &COURSE)
}

/// insta writes the snapshots that the tests compare.
fn bless() -> Result<()> {
    let mut course = shell::command(&shell::cargo(), &COURSE);
    shell::check_success(course.env("INSTA_UPDATE", "always"))?;
    let walks = ["test", "--quiet", "--workspace", "--test", "walk"];
    let mut walks = shell::command(&shell::cargo(), &walks);
    shell::check_success(walks.env("INSTA_UPDATE", "always"))
}

fn help() -> Result<()> {
    let learning = lines("Learning", LEARNING);
    let maintaining = lines("Maintaining", MAINTAINING);
    shell::show(&format!("{learning}\n\n{maintaining}\n"));
    Ok(())
}

fn lines(heading: &str, tasks: &[Task]) -> String {
    let lines = tasks.iter();
    let lines = lines.map(|(name, purpose, _)| format!("\n  cargo x {name:<9} {purpose}"));
    format!("{heading}:{}", lines.collect::<String>())
}

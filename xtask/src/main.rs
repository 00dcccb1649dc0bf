//! `cargo x …`: starts the learner's commands, and the checks and measurements of this
//! workspace.
//!
//! It only starts programs; each task is written where it belongs. It depends on next to
//! nothing, since it is the first program that a newcomer compiles here.

mod browser;
mod doors;
mod shell;

use std::hash::{DefaultHasher, Hash, Hasher};
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
        "chaos",
        "kill the server again and again under load: --seconds N --seed S --kills K",
        chaos,
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

/// Writes a copy of the workspace with the learner's solved exercises in it, and replaces this
/// process by the game built from it. `cargo run` plays the product's own.
fn play() -> Result<()> {
    let mut args = std::env::args().skip(2);
    if args.next().as_deref() != Some("--mine") {
        bail!("`cargo x play --mine` plays on your solved exercises, `cargo run` on the product");
    }
    // Checkouts that share a target folder have a game each.
    let mut hasher = DefaultHasher::new();
    shell::root().canonicalize()?.hash(&mut hasher);
    let folder = shell::target()?.join(format!("mine-{:016x}", hasher.finish()));
    let mut finder = shell::command(&shell::cargo(), &["run", "--quiet", "--package", "finder"]);
    shell::check_success(finder.args(["--", "mine"]).arg(&folder))?;
    let mut game = shell::command(&shell::cargo(), &["run", "--"]);
    game.args(args)
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", folder.join("target"));
    shell::become_program(game)
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

/// Builds the server, and replaces this process by the program `chaos`.
fn chaos() -> Result<()> {
    shell::run(&shell::cargo(), &["build", "--package", "islands-web"])?;
    shell::become_package("chaos", std::env::args().skip(2))
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

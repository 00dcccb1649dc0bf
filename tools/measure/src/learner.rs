//! Measures what a learner waits for: `cargo x bench learner`.
//!
//! It works in a clone of the last commit, each cold command with a target folder of its own.
//! Missing sources are fetched before.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use crate::document::{self, LEARNER};
use crate::row::Row;
use crate::{machine, shell};

/// A command that a learner types first, with its aim in seconds.
const COLD: [(&str, &[&str], f64); 4] = [
    ("`cargo x`, cold", &["x"], 5.0),
    (
        "`cargo run -p ch02 -- --all`, cold",
        &["run", "-p", "ch02", "--", "--all"],
        20.0,
    ),
    (
        "`cargo run -p ch03 -- --all`, cold",
        &["run", "-p", "ch03", "--", "--all"],
        20.0,
    ),
    (
        "the first `cargo x check 02-01`, cold",
        &["x", "check", "02-01"],
        30.0,
    ),
];

/// The exercises that are checked: the id, the learner's file, and the file with its solution.
/// There is a small module, a large one, a slow program, scripts that play six programs each, a
/// module among prepared ones, a chapter's own, and one of the engine.
const WARM: [(&str, &str, &str); 8] = [
    (
        "02-01",
        "exercises/ch02-01-a-cell/coordinate.rs",
        "game-engine/islands-core/src/coordinate.rs",
    ),
    (
        "03-04",
        "exercises/ch03-04-guess/game.rs",
        "game-engine/islands-core/src/game.rs",
    ),
    (
        "03-05",
        "exercises/ch03-05-five-broken-games/script.txt",
        "exercises/ch03-05-five-broken-games/solution/script.txt",
    ),
    (
        "03-06",
        "exercises/ch03-06-a-hunter/bot.rs",
        "game-engine/islands-core/src/bot.rs",
    ),
    (
        "03-08",
        "exercises/ch03-08-offer-a-draw/rules.rs",
        "exercises/ch03-08-offer-a-draw/solution/rules.rs",
    ),
    (
        "04-03",
        "exercises/ch04-03-an-actor-by-hand/by_hand.rs",
        "chapters/ch04-wrap-it-up-in-an-actor/src/by_hand.rs",
    ),
    (
        "04-06",
        "exercises/ch04-06-in-this-order/command.rs",
        "game-engine/islands-engine/src/game_process/command.rs",
    ),
    (
        "05-05",
        "exercises/ch05-05-crash-it/script.txt",
        "exercises/ch05-05-crash-it/solution/script.txt",
    ),
];

/// Maximum seconds from saving the file to the verdict, in a pure chapter and in the others.
const WARM_AIM: f64 = 2.0;
const WARM_AIM_OF_PROCESSES: f64 = 5.0;

/// Checks whose median is taken.
const ROUNDS: usize = 9;

/// Measures, and writes the section of BENCHMARKS.md.
pub(crate) fn run() -> Result<()> {
    shell::run(&shell::cargo(), &["fetch", "--quiet"])?;
    let folder = std::env::temp_dir().join(format!("learner-{}", std::process::id()));
    let rows = measure(&folder);
    fs::remove_dir_all(&folder).ok();
    let mut text = format!(
        "{LEARNER}
Written by `cargo x bench learner`.

{}
Cold: in a fresh clone with an empty target folder, the sources fetched before. Warm: the
median of {ROUNDS} checks, each after a change of the learner's file.

| what | measured | aim | | command |
| --- | ---: | ---: | --- | --- |
",
        machine::description()
    );
    text.extend(rows?.iter().map(Row::line));
    document::write_section(LEARNER, &text)
}

fn measure(folder: &Path) -> Result<Vec<Row>> {
    let checkout = folder.join("checkout");
    let mut clone = shell::command("git", &["clone", "--quiet", "."]);
    shell::check_success(clone.arg(&checkout))?;
    let mut rows = Vec::new();
    for (number, (what, args, aim)) in COLD.iter().enumerate() {
        let target = folder.join(number.to_string());
        let seconds = time(&checkout, &target, args)?;
        rows.push(row(what, seconds, *aim));
    }
    let target = folder.join((COLD.len() - 1).to_string());
    for (id, file, solution) in WARM {
        let check = || time(&checkout, &target, &["x", "check", id]);
        let (stub, solution) = (
            fs::read_to_string(checkout.join(file))?,
            fs::read_to_string(checkout.join(solution))?,
        );
        // The first check of an exercise builds its package.
        check()?;
        let mut rounds = Vec::new();
        for round in 0..ROUNDS {
            // Half of the checks are of a stub, half of a solution.
            let text = if round % 2 == 0 { &solution } else { &stub };
            fs::write(checkout.join(file), text)?;
            rounds.push(check()?);
        }
        rounds.sort_by(f64::total_cmp);
        let median = rounds.get(ROUNDS / 2).context("there are rounds")?;
        let what = format!("from saving the file of {id} to the verdict");
        let aim = match id.starts_with("02-") || id.starts_with("03-") {
            true => WARM_AIM,
            false => WARM_AIM_OF_PROCESSES,
        };
        rows.push(row(&what, *median, aim));
    }
    Ok(rows)
}

fn row(what: &str, seconds: f64, aim: f64) -> Row {
    Row::new(what, "seconds", seconds, Some(aim), "cargo x bench learner")
}

/// Returns the seconds that cargo takes. A check of a stub fails, as it should.
fn time(checkout: &Path, target: &Path, args: &[&str]) -> Result<f64> {
    let mut command = Command::new(shell::cargo());
    command.args(args).current_dir(checkout);
    // This program was started by cargo, which has set these for its own package.
    command
        .env_remove("CARGO_MANIFEST_DIR")
        .env("CARGO_TARGET_DIR", target);
    let start = Instant::now();
    let output = command.stdin(Stdio::null()).output()?;
    let seconds = start.elapsed().as_secs_f64();
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(
        !said.is_empty(),
        "`cargo {}` failed:\n{errors}",
        args.join(" ")
    );
    Ok(seconds)
}

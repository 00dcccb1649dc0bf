//! The learner's own system: a copy of the workspace with the solved exercises in the product.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::shell;

/// Replaces this process by the game on the learner's system.
pub(crate) fn play(args: impl Iterator<Item = String>) -> Result<()> {
    let folder = write()?;
    let mut game = cargo(&folder, &["run", "--"]);
    game.args(args);
    shell::become_program(game)
}

/// Injects faults into the learner's system, and then kills it again and again. Names what was
/// lost.
///
/// # Errors
/// If something was lost or invented, or the system does not build.
pub(crate) fn chaos(args: impl Iterator<Item = String>) -> Result<()> {
    let folder = write()?;
    println!("\nFaults in the process: slow, failing and lying appends, damaged logs, panics.");
    faults(&folder)?;
    println!("Nothing was lost, and nothing invented.\n\nNow the whole program, with `kill -9`.");
    shell::check_success(&mut cargo(&folder, &["build", "--package", "islands-web"]))?;
    let kills = [
        "run",
        "--quiet",
        "--package",
        "chaos",
        "--",
        "--kills",
        "50",
    ];
    let killed = shell::check_success(cargo(&folder, &kills).args(args));
    killed.with_context(|| READ_NEXT.to_owned())
}

const READ_NEXT: &str = "read next: \"The product's game process\" in chapter 4, and \"From the \
                         log\" in chapter 5";

/// The engine's tests with injected faults: first those that compare what clients have observed
/// with the journal, since their findings name the event.
const FAULTS: [&str; 2] = ["no_event_is_lost_or_invented", ""];

/// The time for each of these. They take a few seconds.
const TIME: Duration = Duration::from_secs(60);

fn faults(folder: &Path) -> Result<()> {
    let args = [
        "test",
        "--package",
        "islands-engine",
        "--test",
        "attack",
        "--no-run",
    ];
    let built = cargo(folder, &args)
        .output()
        .context("cargo cannot be started")?;
    let text = String::from_utf8_lossy(&built.stderr);
    // Cargo ends with `Executable tests/attack/main.rs (path)`.
    let line = text
        .lines()
        .find(|line| line.trim_start().starts_with("Executable "));
    let program = line.and_then(|line| Some(line.split_once('(')?.1.trim_end_matches(')')));
    let program = program.filter(|_| built.status.success());
    let program = program.with_context(|| format!("your system does not build:\n{text}"))?;
    for filter in FAULTS {
        let mut tests = Command::new(folder.join(program));
        tests
            .args(["--test-threads", "1", filter])
            .current_dir(folder);
        if let Some(finding) = within(TIME, tests.env("RUST_BACKTRACE", "0"))? {
            bail!("your system does not hold:\n{finding}\n{READ_NEXT}");
        }
    }
    Ok(())
}

/// Runs tests, and returns what they found.
fn within(time: Duration, tests: &mut Command) -> Result<Option<String>> {
    let mut child = tests
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("the tests cannot be started")?;
    let mut stdout = child.stdout.take().context("the tests have an output")?;
    // It is read while the tests run, so that they never wait for it.
    let reader = thread::spawn(move || {
        let mut text = Vec::new();
        // What could be read is shown.
        let _ = stdout.read_to_end(&mut text);
        text
    });
    let end = Instant::now() + time;
    let status = loop {
        match child.try_wait()? {
            Some(status) => break Some(status),
            None if Instant::now() < end => thread::sleep(Duration::from_millis(50)),
            None => break None,
        }
    };
    // If it runs on, it is ended here; if it has ended, this does nothing.
    let _ = child.kill();
    child.wait()?;
    let text = reader.join().unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    Ok(match status {
        Some(status) if status.success() => None,
        Some(_) => Some(finding(&text).unwrap_or_else(|| text.into_owned())),
        None => Some(format!(
            "after {} s, a client still waits for something that never comes",
            time.as_secs()
        )),
    })
}

/// Maximum lines that are shown of what was found.
const MAX_LINES: usize = 12;

/// Returns the message of the first panic in the output of tests.
fn finding(output: &str) -> Option<String> {
    let mut lines = output
        .lines()
        .skip_while(|line| !line.contains(" panicked at "));
    lines.next()?;
    let message = lines.take_while(|line| !line.starts_with("note: ") && !line.is_empty());
    let lines: Vec<&str> = message.take(MAX_LINES).collect();
    Some(lines.join("\n"))
}

/// Writes the copy, and says which parts are the learner's.
fn write() -> Result<PathBuf> {
    // Checkouts that share a target folder have a system each.
    let mut hasher = DefaultHasher::new();
    shell::root().canonicalize()?.hash(&mut hasher);
    let folder = shell::target()?.join(format!("mine-{:016x}", hasher.finish()));
    let mut finder = shell::command(&shell::cargo(), &["run", "--quiet", "--package", "finder"]);
    shell::check_success(finder.args(["--", "mine"]).arg(&folder))?;
    Ok(folder)
}

/// Prepares cargo to run in the copy.
fn cargo(folder: &Path, args: &[&str]) -> Command {
    let mut cargo = shell::command(&shell::cargo(), args);
    cargo
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", folder.join("target"));
    cargo
}

#[cfg(test)]
mod tests {
    use super::finding;

    #[test]
    fn a_finding_is_the_message_of_the_first_panic() {
        let output = "running 2 tests\n\nthread 'a' panicked at a.rs:1:1:\nseed 3: 1 lost\n\
                      game x, event 17: lost\nnote: run with `RUST_BACKTRACE=1`\n\n\
                      thread 'b' panicked at b.rs:1:1:\nmore\n";
        let expected = "seed 3: 1 lost\ngame x, event 17: lost";
        assert_eq!(finding(output).as_deref(), Some(expected));
        assert_eq!(finding("error: expected `;`"), None);
    }
}

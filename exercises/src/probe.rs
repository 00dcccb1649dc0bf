//! Runs a probe: commands in, lines out, within limits.

use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::builder::direct_path;
use crate::transcript::Step;
use crate::written::{Written, last_words, visible, written};

/// The limits of a probe.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// When it has to be done.
    pub deadline: Instant,
    /// Maximum bytes that it may write.
    pub output: usize,
}

/// The time for all cases of one exercise.
pub const TIME: Duration = Duration::from_secs(10);

/// The time that each case has even if those before it have used up [`TIME`]. It is many
/// times what a case takes.
const LEAST_TIME: Duration = Duration::from_millis(500);

impl Limits {
    /// Returns limits with [`TIME`] from now, and 1 MiB of output.
    pub fn from_now() -> Limits {
        Limits {
            deadline: Instant::now() + TIME,
            output: 1024 * 1024,
        }
    }
}

/// What a probe has done with the commands of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The commands that it read, with its answers.
    pub steps: Vec<Step>,
    /// How it ended.
    pub end: End,
    /// The lines that the learner's code printed, to either output.
    pub printed: Vec<String>,
}

/// How a probe ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// It has answered, and said nothing else.
    Finished,
    /// It panicked or was ended by a signal. The text is the panic's message.
    Crashed(String),
    /// It was still running at the deadline, and was ended.
    TimedOut,
    /// It wrote more than the limit, and was ended.
    TooMuchOutput,
}

impl Run {
    /// Returns the steps, with a line at the end that says how a probe ended too early. Two
    /// versions behave the same if these are equal.
    pub fn behavior(&self) -> Vec<Step> {
        let end = match self.end {
            End::Finished => None,
            End::Crashed(_) => Some("! panicked"),
            End::TimedOut => Some("! no answer in time"),
            End::TooMuchOutput => Some("! too much output"),
        };
        let mut steps = self.steps.clone();
        if let (Some(end), Some(last)) = (end, steps.last_mut()) {
            last.answer.push(end.to_owned());
        }
        steps
    }
}

/// Runs the program on these commands.
///
/// # Errors
/// If the program cannot be started.
pub fn run(program: &Path, commands: &[Step], limits: Limits) -> io::Result<Run> {
    run_command(&mut Command::new(program), commands, limits)
}

fn run_command(program: &mut Command, commands: &[Step], limits: Limits) -> io::Result<Run> {
    let least = Instant::now() + LEAST_TIME;
    let limits = Limits {
        deadline: limits.deadline.max(least),
        ..limits
    };
    let mut child = program
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let lines: String = commands
        .iter()
        .map(|step| format!("{}\n", step.command))
        .collect();
    if let Some(mut stdin) = child.stdin.take() {
        // A program that has ended already reads nothing, which its answers show.
        thread::spawn(move || drop(stdin.write_all(lines.as_bytes())));
    }
    let stdout = Output::of(child.stdout.take(), limits.output);
    let stderr = Output::of(child.stderr.take(), limits.output);
    let ended = stdout.wait(limits).and_then(|()| stderr.wait(limits));
    let ended = ended.and_then(|()| exit(&mut child, limits));
    // If it runs on, it is ended here; if it has ended, this does nothing.
    let _ = child.kill();
    child.wait()?;
    let stderr = direct_path(&stderr.text());
    let Written {
        steps,
        mut printed,
        is_complete,
    } = written(&stdout.text(), commands);
    let is_own = |line: &&str| !line.is_empty() && !line.contains(" panicked at ");
    printed.extend(stderr.lines().take_while(is_own).map(visible));
    Ok(Run {
        steps,
        end: match ended {
            Ok(true) if is_complete => End::Finished,
            Ok(_) => End::Crashed(last_words(&stderr)),
            Err(end) => end,
        },
        printed,
    })
}

/// What a program has written so far. A thread reads it, up to a limit.
struct Output {
    bytes: Arc<Mutex<Vec<u8>>>,
    /// Gets whether all of it was within the limit.
    done: Receiver<bool>,
}

impl Output {
    fn of(pipe: Option<impl Read + Send + 'static>, limit: usize) -> Output {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let (sender, done) = channel();
        let read = Arc::clone(&bytes);
        thread::spawn(move || {
            let mut chunk = [0; 8 * 1024];
            let mut pipe = pipe;
            let within = loop {
                let length = pipe.as_mut().map_or(Ok(0), |pipe| pipe.read(&mut chunk));
                let mut read = lock(&read);
                match length {
                    Ok(0) | Err(_) => break true,
                    Ok(length) if read.len() + length > limit => break false,
                    Ok(length) => read.extend_from_slice(&chunk[..length]),
                }
            };
            // The receiver is gone if the program was ended for another reason.
            let _ = sender.send(within);
        });
        Output { bytes, done }
    }

    fn wait(&self, limits: Limits) -> Result<(), End> {
        let time = limits.deadline.saturating_duration_since(Instant::now());
        match self.done.recv_timeout(time) {
            Ok(true) => Ok(()),
            Ok(false) => Err(End::TooMuchOutput),
            Err(_) => Err(End::TimedOut),
        }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&lock(&self.bytes)).into_owned()
    }
}

fn lock(bytes: &Mutex<Vec<u8>>) -> MutexGuard<'_, Vec<u8>> {
    bytes.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits for the program's exit, and returns whether it was successful. It has closed its
/// output, so this is a matter of microseconds, unless it means to run on.
fn exit(child: &mut Child, limits: Limits) -> Result<bool, End> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status.success()),
            Ok(None) if Instant::now() < limits.deadline => {
                thread::sleep(Duration::from_millis(1));
            }
            Ok(None) | Err(_) => return Err(End::TimedOut),
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    // In a test, `unwrap` is an assertion.
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// Runs a shell script, which stands in for a probe, on the commands `a` and `b`.
    fn run_script(script: &str, limits: Limits) -> Run {
        let command = |command: &str| Step {
            command: command.to_owned(),
            answer: Vec::new(),
        };
        let mut shell = Command::new("sh");
        let commands = [command("a"), command("b")];
        run_command(shell.args(["-c", script]), &commands, limits).unwrap()
    }

    fn answers(run: &Run) -> Vec<String> {
        run.steps.iter().map(|step| step.answer.join("|")).collect()
    }

    #[test]
    fn answers_are_the_lines_below_their_command() {
        let run = run_script(
            "while read c; do echo \"> $c\"; echo \"= $c 1\"; echo \"= $c 2\"; done; echo .",
            Limits::from_now(),
        );
        assert_eq!(run.end, End::Finished);
        assert_eq!(answers(&run), ["a 1|a 2", "b 1|b 2"]);
    }

    #[test]
    fn other_lines_are_what_the_code_has_printed() {
        let script = "echo early; echo '> a'; echo x; echo '= 1'; echo '> c'; echo y >&2";
        let run = run_script(script, Limits::from_now());
        assert_eq!(answers(&run), ["1"]);
        assert_eq!(run.printed, ["early", "x", "> c", "y"]);
    }

    #[test]
    fn a_crash_has_the_place_and_the_message_of_the_panic() {
        let script = "echo '> a'; echo \"thread 'main' (7) panicked at a.rs:3:5:\nno\nnote: run with \\`RUST_BACKTRACE=1\\`\" >&2; exit 101";
        let run = run_script(script, Limits::from_now());
        assert_eq!(run.end, End::Crashed("a.rs:3:5: no".to_owned()));
        assert_eq!(run.behavior()[0].answer, ["! panicked"]);
    }

    #[test]
    fn a_program_that_ends_without_its_end_marker_has_not_finished() {
        let run = run_script("echo '> a'; echo '= 1'; exit 0", Limits::from_now());
        let message = "the program ended here, without a panic";
        assert_eq!(run.end, End::Crashed(message.to_owned()));
        let run = run_script("echo 'stack overflow' >&2; exit 9", Limits::from_now());
        assert_eq!(run.end, End::Crashed("stack overflow".to_owned()));
    }

    #[test]
    fn control_characters_are_replaced() {
        let run = run_script("printf '> a\\n= \\033[31m1\\n'", Limits::from_now());
        assert_eq!(answers(&run), ["\u{fffd}[31m1"]);
    }

    #[test]
    fn a_program_that_runs_on_is_ended_and_its_lines_are_kept() {
        let limits = Limits {
            deadline: Instant::now(),
            ..Limits::from_now()
        };
        let run = run_script("echo '> a'; echo '= 1'; exec sleep 100", limits);
        assert_eq!(run.end, End::TimedOut);
        assert_eq!(answers(&run), ["1"]);
    }

    #[test]
    fn a_program_that_writes_without_end_is_ended() {
        let limits = Limits {
            output: 1_000,
            ..Limits::from_now()
        };
        let run = run_script("while :; do echo 1; done", limits);
        assert_eq!(run.end, End::TooMuchOutput);
    }
}

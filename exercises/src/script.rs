//! `script.txt`: a learner's script, and the games that it is played on.
//!
//! A script is a list of commands, one a line. The right game answers each of them, and so does
//! each broken game. A script *catches* a broken game if an answer of the two differs: the right
//! game says what is expected, so the script needs no expected answers of its own.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::probe::{self, End, Limits, Run};
use crate::transcript::{Case, Step};

/// Maximum commands of a script.
const MAX_COMMANDS: usize = 40;
/// Maximum characters of a command.
const MAX_WIDTH: usize = 200;

/// The commands that a learner has written, with the lines on which they stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    commands: Vec<(usize, Step)>,
}

/// Why a text is no script.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {problem}")]
pub struct ScriptError {
    line: usize,
    problem: String,
}

impl Script {
    /// Parses the text of `script.txt`. Empty lines and lines that begin with `#` are ignored.
    ///
    /// # Errors
    /// If there are more than 40 commands, or one has more than 200 characters.
    pub fn parse(text: &str) -> Result<Script, ScriptError> {
        let mut script = Script::default();
        for (line, text) in (1..).zip(text.lines()) {
            let command = text.split_whitespace().collect::<Vec<_>>().join(" ");
            if command.is_empty() || command.starts_with('#') {
                continue;
            }
            let error = |problem| Err(ScriptError { line, problem });
            if script.commands.len() == MAX_COMMANDS {
                return error(format!("a script has at most {MAX_COMMANDS} commands"));
            }
            if command.chars().count() > MAX_WIDTH {
                return error(format!("a command has at most {MAX_WIDTH} characters"));
            }
            let answer = Vec::new();
            script.commands.push((line, Step { command, answer }));
        }
        Ok(script)
    }
}

/// A script, and the programs of the games.
#[derive(Clone, Debug)]
pub struct Play {
    script: Script,
    right: PathBuf,
    broken: BTreeMap<String, PathBuf>,
}

impl Play {
    /// Takes a script and the programs of the right game and of the broken ones, by name. Plays
    /// the script on the right game.
    ///
    /// # Errors
    /// If the right game does not know a command, or cannot be started.
    pub fn new(
        script: Script,
        right: PathBuf,
        broken: BTreeMap<String, PathBuf>,
    ) -> Result<Play, ScriptError> {
        let played = probe::run(&right, &script.steps(), Limits::from_now());
        let played = played.map_err(|error| ScriptError {
            line: 1,
            problem: error.to_string(),
        })?;
        for ((line, step), played) in script.commands.iter().zip(&played.steps) {
            let problem = played.answer.first().and_then(|it| it.strip_prefix("? "));
            if let Some(problem) = problem {
                let problem = format!("`{}`: {problem}", step.command);
                return Err(ScriptError {
                    line: *line,
                    problem,
                });
            }
        }
        Ok(Play {
            script,
            right,
            broken,
        })
    }

    /// Runs a case. A command `play NAME` plays the script on the right game and on a broken
    /// one, and is answered by `caught` or `not caught`. Any other command is sent to the right
    /// game behind the script.
    ///
    /// # Errors
    /// If a program cannot be started.
    pub(crate) fn run(&self, case: &Case, limits: Limits) -> io::Result<Run> {
        let mut run = Run {
            steps: Vec::new(),
            end: End::Finished,
            printed: Vec::new(),
        };
        for step in &case.steps {
            let command = step.command.clone();
            let broken = command.strip_prefix("play ");
            let answer = match broken.and_then(|name| self.broken.get(name)) {
                Some(broken) => {
                    let difference = self.difference(broken, limits)?;
                    let caught = if difference.is_some() {
                        "caught"
                    } else {
                        "not caught"
                    };
                    run.printed.extend(difference.into_iter().flatten());
                    vec![caught.to_owned()]
                }
                None => {
                    let mut steps = self.script.steps();
                    steps.push(step.clone());
                    let mut right = probe::run(&self.right, &steps, limits)?;
                    run.end = right.end;
                    right
                        .steps
                        .pop()
                        .map(|step| step.answer)
                        .unwrap_or_default()
                }
            };
            run.steps.push(Step { command, answer });
        }
        Ok(run)
    }

    /// Returns how a broken game differs from the right one, if the script shows it.
    fn difference(&self, broken: &Path, limits: Limits) -> io::Result<Option<Vec<String>>> {
        let steps = self.script.steps();
        let right = probe::run(&self.right, &steps, limits)?.behavior();
        let broken = probe::run(broken, &steps, limits)?.behavior();
        Ok(self.script.difference(&right, &broken))
    }
}

impl Script {
    fn steps(&self) -> Vec<Step> {
        self.commands.iter().map(|(_, step)| step.clone()).collect()
    }

    /// Returns the first command that two games answer differently, and both answers, as lines.
    fn difference(&self, right: &[Step], broken: &[Step]) -> Option<Vec<String>> {
        let answer = |steps: &[Step], place: usize| {
            let step = steps.get(place);
            step.map(|step| step.answer.clone()).unwrap_or_default()
        };
        let answers = (0..).map(|place| (answer(right, place), answer(broken, place)));
        let mut commands = self.commands.iter().zip(answers);
        let ((line, step), (right, broken)) =
            commands.find(|(_, (right, broken))| right != broken)?;
        let mut rows = (0..).map(|row| (right.get(row), broken.get(row)));
        let (right, broken) = rows.find(|(right, broken)| right != broken)?;
        Some(vec![
            format!("line {line}: {}", shortened(&step.command)),
            format!("  right: {}", shown(right)),
            format!("  here:  {}", shown(broken)),
        ])
    }
}

fn shown(answer: Option<&String>) -> &str {
    answer.map_or("no answer", String::as_str)
}

/// Returns at most 30 characters of a command.
fn shortened(command: &str) -> String {
    match command.char_indices().nth(30) {
        Some((end, _)) => format!("{} …", &command[..end]),
        None => command.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    // In a test, `unwrap` is an assertion.
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn comments_and_empty_lines_are_no_commands() {
        let script = Script::parse("# a game\n\n  bob   joins \nada sets\n").unwrap();
        let commands: Vec<_> = script
            .commands
            .iter()
            .map(|(line, step)| (*line, step.command.as_str()))
            .collect();
        assert_eq!(commands, [(3, "bob joins"), (4, "ada sets")]);
    }

    #[test]
    fn a_script_that_is_too_long_is_refused_with_its_line() {
        let error = |text: &str| Script::parse(text).unwrap_err().to_string();
        let text = "a\n".repeat(MAX_COMMANDS + 1);
        assert_eq!(error(&text), "line 41: a script has at most 40 commands");
        let text = format!("a\n{}", "b".repeat(MAX_WIDTH + 1));
        assert_eq!(error(&text), "line 2: a command has at most 200 characters");
    }

    #[test]
    fn a_game_is_caught_at_the_first_answer_that_differs() {
        let script = Script::parse("a\n\nb\nc\n").unwrap();
        let answers = |answers: [&[&str]; 3]| {
            let step = |answer: &&[&str]| Step {
                command: String::new(),
                answer: answer.iter().map(ToString::to_string).collect(),
            };
            answers.iter().map(step).collect::<Vec<_>>()
        };
        let right = answers([&["1"], &["2", "3"], &["4"]]);
        assert_eq!(script.difference(&right, &right), None);
        let broken = answers([&["1"], &["2", "0"], &["0"]]);
        let lines = ["line 3: b", "  right: 3", "  here:  0"];
        assert_eq!(script.difference(&right, &broken).unwrap(), lines);
        let lines = script.difference(&right, &right[..2]).unwrap();
        assert_eq!(lines[2], "  here:  no answer");
    }
}

//! Transcripts: cases, commands and answers, as text.
//!
//! ```text
//! # a_number_outside_the_board_is_refused
//! The line below a heading says what the case is about.
//! > cell 11 1
//! refused: row 11, column 1
//! > cell 1 1
//! row 1, column 1
//! ```
//!
//! A file with cases has the commands alone. A recorded transcript has the answers below them;
//! it may begin with the header that insta writes.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// Cases in order, with or without answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transcript {
    /// The cases.
    pub cases: Vec<Case>,
}

/// A named list of commands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Its name, a rule: `a_number_outside_the_board_is_refused`.
    pub name: String,
    /// Why it matters, in a sentence.
    pub about: String,
    /// The commands, with their answers.
    pub steps: Vec<Step>,
}

/// A command, and the lines that a probe has answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The command, one line.
    pub command: String,
    /// The lines of the answer.
    pub answer: Vec<String>,
}

/// Why a text is no transcript.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {problem}")]
pub struct TranscriptError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and what is expected.
    pub problem: &'static str,
}

impl Transcript {
    /// Returns the case with this name.
    pub fn case(&self, name: &str) -> Option<&Case> {
        self.cases.iter().find(|case| case.name == name)
    }
}

impl FromStr for Transcript {
    type Err = TranscriptError;

    fn from_str(text: &str) -> Result<Transcript, TranscriptError> {
        let mut transcript = Transcript::default();
        for (line, text) in (1..).zip(text.lines()).skip(header(text)) {
            let error = |problem| TranscriptError { line, problem };
            let is_known = |name| transcript.case(name).is_some();
            if let Some(name) = text.strip_prefix("# ") {
                if is_known(name) {
                    return Err(error("there is a case with this name above"));
                }
                transcript.cases.push(Case {
                    name: name.to_owned(),
                    about: String::new(),
                    steps: Vec::new(),
                });
                continue;
            }
            if text.is_empty() {
                continue;
            }
            let case = transcript.cases.last_mut();
            let case = case.ok_or(error("expected `# name of a case` first"))?;
            if let Some(command) = text.strip_prefix("> ") {
                case.steps.push(Step {
                    command: command.to_owned(),
                    answer: Vec::new(),
                });
            } else if text.starts_with(['#', '>']) {
                return Err(error("expected a space behind `#` or `>`"));
            } else if let Some(step) = case.steps.last_mut() {
                step.answer.push(text.to_owned());
            } else if case.about.is_empty() {
                text.clone_into(&mut case.about);
            } else {
                return Err(error(
                    "expected a command: one line says what the case is about",
                ));
            }
        }
        Ok(transcript)
    }
}

/// Returns the number of lines of insta's header: from `---` to `---`.
fn header(text: &str) -> usize {
    let mut lines = text.lines();
    match lines.next() {
        Some("---") => lines
            .position(|line| line == "---")
            .map_or(0, |end| end + 2),
        _ => 0,
    }
}

impl fmt::Display for Transcript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, case) in self.cases.iter().enumerate() {
            let between = if number > 0 { "\n" } else { "" };
            writeln!(f, "{between}# {}", case.name)?;
            if !case.about.is_empty() {
                writeln!(f, "{}", case.about)?;
            }
            for step in &case.steps {
                writeln!(f, "> {}", step.command)?;
                for line in &step.answer {
                    writeln!(f, "{line}")?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    // In a test, `unwrap` is an assertion.
    #![allow(clippy::unwrap_used)]

    use super::*;

    const TEXT: &str = "# one\nWhy it matters.\n> a 1\n1\n2\n> b\n\n# two\n> c\n";

    #[test]
    fn a_transcript_is_written_as_it_was_read() {
        let transcript: Transcript = TEXT.parse().unwrap();
        assert_eq!(transcript.to_string(), TEXT);
        assert_eq!(transcript.case("one").unwrap().steps[0].answer, ["1", "2"]);
    }

    #[test]
    fn the_header_of_a_snapshot_does_not_count() {
        let snapshot = format!("---\nsource: a.rs\n---\n{TEXT}");
        assert_eq!(snapshot.parse::<Transcript>(), TEXT.parse());
    }

    #[test]
    fn a_command_without_a_case_is_refused_with_its_line() {
        let error = "\n> a 1\n".parse::<Transcript>().unwrap_err();
        let expected = "line 2: expected `# name of a case` first";
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn a_typo_is_refused_with_its_line() {
        #[track_caller]
        fn check(text: &str, expected: &str) {
            let error = text.parse::<Transcript>().unwrap_err();
            assert_eq!(error.to_string(), expected);
        }
        check("# a\n>b", "line 2: expected a space behind `#` or `>`");
        check("# a\n> b\n#c", "line 3: expected a space behind `#` or `>`");
        check(
            "# a\n> b\n# a",
            "line 3: there is a case with this name above",
        );
        let two = "line 3: expected a command: one line says what the case is about";
        check("# a\nWhy.\nBecause.", two);
    }
}

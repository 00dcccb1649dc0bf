//! Shows outcomes as text.

use crate::judge::Outcome;

impl Outcome {
    /// Returns the outcome in a word or two.
    pub fn name(&self) -> &'static str {
        match self {
            Outcome::Passed => "passed",
            Outcome::Wrong { .. } | Outcome::NotRight { .. } => "wrong",
            Outcome::Crashed { .. } => "crashed",
            Outcome::TimedOut { .. } => "timed out",
            Outcome::TooMuchOutput { .. } => "too much output",
            Outcome::DoesNotBuild { .. } => "does not build",
            Outcome::Infrastructure { .. } => "not judged",
        }
    }

    /// Returns the outcome in full, with the expected lines beside the actual ones, or above
    /// them if that takes more than `width` columns.
    pub fn text(&self, width: usize) -> String {
        match self {
            Outcome::Passed => "passed".to_owned(),
            Outcome::Wrong {
                command,
                expected,
                actual,
            } => format!("> {command}\n{}", compared(expected, actual, width)),
            Outcome::NotRight { given: None, .. } => "There is no answer yet.".to_owned(),
            Outcome::NotRight {
                given: Some(given),
                is_number: true,
            } if given.parse::<u64>().is_err() => {
                format!("`{given}` is not a number: write one whole number.")
            }
            Outcome::NotRight {
                given: Some(given), ..
            } => format!("`{given}` is not right."),
            Outcome::Crashed { command, message } => format!("> {command}\n{message}"),
            Outcome::TimedOut { command } => {
                format!(
                    "> {command}\nno answer in time: is there a loop or an `.await` that never ends?"
                )
            }
            Outcome::TooMuchOutput { command } => {
                format!("> {command}\nmore than 1 MiB of output: is there a loop that prints?")
            }
            Outcome::DoesNotBuild { messages } => messages.trim_end().to_owned(),
            Outcome::Infrastructure { problem } => {
                format!("this could not be judged, and does not count: {problem}")
            }
        }
    }
}

/// Maximum lines and characters that are shown of an answer.
const MAX_LINES: usize = 40;
const MAX_WIDTH: usize = 120;

fn compared(expected: &[String], actual: &[String], columns: usize) -> String {
    let widest = |lines: &[String], heading: &str| {
        let widths = lines.iter().map(|line| line.chars().count());
        widths.max().unwrap_or(0).max(heading.len())
    };
    let width = widest(expected, "expected");
    if 2 + width + 5 + widest(actual, "yours") <= columns {
        side_by_side(expected, actual, width)
    } else {
        one_above_the_other(expected, actual)
    }
}

fn one_above_the_other(expected: &[String], actual: &[String]) -> String {
    let lines = |lines: &[String]| {
        let shown = lines.iter().take(MAX_LINES);
        let shown =
            shown.map(|line| format!("  {}\n", line.chars().take(MAX_WIDTH).collect::<String>()));
        let more = match lines.len().saturating_sub(MAX_LINES) {
            0 => String::new(),
            more => format!("  … and {more} more lines\n"),
        };
        shown.collect::<String>() + &more
    };
    let text = format!("expected:\n{}yours:\n{}", lines(expected), lines(actual));
    text.trim_end().to_owned()
}

/// Puts the lines side by side below headings. A line that differs has a mark between them.
fn side_by_side(expected: &[String], actual: &[String], width: usize) -> String {
    let mut text = format!("  {:<width$}     yours\n", "expected");
    let count = expected.len().max(actual.len());
    for place in 0..count.min(MAX_LINES) {
        let line = |lines: &[String]| {
            let line = lines.get(place).map(String::as_str).unwrap_or_default();
            line.chars().take(MAX_WIDTH).collect::<String>()
        };
        let (expected, actual) = (line(expected), line(actual));
        let mark = if expected == actual { ' ' } else { '≠' };
        let line = format!("  {expected:<width$}  {mark}  {actual}");
        text += line.trim_end();
        text += "\n";
    }
    if count > MAX_LINES {
        text += &format!("  … and {} more lines\n", count - MAX_LINES);
    }
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expected_and_actual_lines_stand_side_by_side_if_there_is_room() {
        let lines = |lines: &[&str]| lines.iter().map(ToString::to_string).collect();
        let outcome = Outcome::Wrong {
            command: "island dot A1".into(),
            expected: lines(&["dot at A1", "# · ·", "· · ·"]),
            actual: lines(&["dot at A1", "· # ·"]),
        };
        let text = "> island dot A1
  expected      yours
  dot at A1     dot at A1
  # · ·      ≠  · # ·
  · · ·      ≠";
        assert_eq!(outcome.text(25), text);
        let text = "> island dot A1
expected:
  dot at A1
  # · ·
  · · ·
yours:
  dot at A1
  · # ·";
        assert_eq!(outcome.text(24), text);
    }
}

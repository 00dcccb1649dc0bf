//! What a probe and the learner's code in it have written.

use crate::transcript::Step;

/// What the lines on a probe's standard output say.
pub(crate) struct Written {
    pub(crate) steps: Vec<Step>,
    /// The lines that the learner's code has printed.
    pub(crate) printed: Vec<String>,
    /// Whether the probe has said that it is done.
    pub(crate) is_complete: bool,
}

/// Takes the output apart. The probe repeats each command behind `> `, writes `= ` before each
/// line of an answer, and `.` at its end.
pub(crate) fn written(output: &str, commands: &[Step]) -> Written {
    let mut written = Written {
        steps: Vec::new(),
        printed: Vec::new(),
        is_complete: false,
    };
    for line in output.lines() {
        let next = commands.get(written.steps.len());
        let next = next.map(|step| step.command.as_str());
        let (command, answer) = (line.strip_prefix("> "), line.strip_prefix("= "));
        match (command, answer, written.steps.last_mut()) {
            (Some(command), ..) if next == Some(command) => written.steps.push(Step {
                command: command.to_owned(),
                answer: Vec::new(),
            }),
            (_, Some(answer), Some(step)) => step.answer.push(visible(answer)),
            _ if line == "." && next.is_none() => written.is_complete = true,
            _ => written.printed.push(visible(line)),
        }
    }
    written
}

/// Replaces control characters, which a terminal would obey and XML forbids.
pub(crate) fn visible(line: &str) -> String {
    let line = line.trim_end().chars();
    let is_forbidden = |it: char| it.is_control() || matches!(it, '\u{fffe}' | '\u{ffff}');
    line.map(|it| if is_forbidden(it) { '\u{fffd}' } else { it })
        .collect()
}

/// Returns why a program has ended: the place and the message of its last panic, or the last
/// lines that it wrote.
pub(crate) fn last_words(stderr: &str) -> String {
    let lines: Vec<&str> = stderr.lines().collect();
    let panic = lines
        .iter()
        .rposition(|line| line.contains(" panicked at "));
    let lines: Vec<String> = match panic {
        Some(panic) => {
            let place = lines[panic]
                .split(" panicked at ")
                .nth(1)
                .unwrap_or_default();
            let message = lines[panic + 1..].iter();
            let message = message.take_while(|line| !line.starts_with("note: run with `RUST_"));
            [place]
                .into_iter()
                .chain(message.copied())
                .map(visible)
                .collect()
        }
        None => {
            let lines = lines.iter().filter(|line| !line.is_empty());
            let lines: Vec<String> = lines.map(|line| visible(line)).collect();
            lines[lines.len().saturating_sub(3)..].to_vec()
        }
    };
    match lines.as_slice() {
        [] => "the program ended here, without a panic".to_owned(),
        lines => lines
            .join(if panic.is_some() { " " } else { "\n" })
            .trim_end()
            .to_owned(),
    }
}

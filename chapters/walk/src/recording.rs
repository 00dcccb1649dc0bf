//! The output of a walk, for its test.

use std::io;
use std::process::Command;

use crate::text::COLUMNS;

/// Runs the program of a walk straight through and returns what it prints, with the names of
/// measured figures in place of their values.
///
/// # Errors
/// If the program cannot be run, fails, or prints a line of more than 80 columns.
pub fn recording(program: &str) -> io::Result<String> {
    let output = Command::new(program)
        .args(["--all", "--figures"])
        .output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let wide = text.lines().find(|line| line.chars().count() > COLUMNS);
    match wide {
        _ if !output.status.success() => {
            let problem = String::from_utf8_lossy(&output.stderr);
            Err(io::Error::other(problem.into_owned()))
        }
        Some(line) => Err(io::Error::other(format!(
            "more than {COLUMNS} columns: {line}"
        ))),
        None => Ok(text),
    }
}

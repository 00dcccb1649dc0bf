//! `cargo x` alone: what a learner, an instructor, a reader and a player can open.

use std::fs;

use crate::shell;

/// Prints the doors, and which exercise comes next.
pub(crate) fn show() {
    let exercises = exercises();
    let progress = fs::read_to_string(shell::root().join(".course/progress")).unwrap_or_default();
    let is_solved = |folder: &&String| progress.lines().any(|id| folder[2..].starts_with(id));
    let solved = exercises.iter().filter(is_solved).count();
    let last = fs::read_to_string(shell::root().join(".course/last")).unwrap_or_default();
    let is_last = |folder: &String| !last.is_empty() && folder[2..].starts_with(last.trim());
    // As `cargo x next` does: from the exercise that was checked last on.
    let (before, rest) = exercises.split_at(exercises.iter().position(is_last).unwrap_or(0));
    let mut in_order = rest.iter().chain(before);
    let next = match in_order.find(|folder| !is_solved(folder)) {
        Some(folder) => format!("the next exercise: {}", &folder[2..]),
        None => "every exercise is solved".to_owned(),
    };
    shell::show(&format!(
        "Islands: a course on stateful, functional web development in Rust

  learner      cargo run -p ch02         walk through chapter 2; ch03 to ch07 follow
               cargo x next              {next}
  instructor   cargo test -p exercises   grade the exercises of this folder
  reader       cargo x book --serve      the book, on http://127.0.0.1:3000
  player       cargo run                 play on http://127.0.0.1:4000

You have solved {solved} of {} exercises. `cargo x help` lists all commands.
",
        exercises.len(),
    ));
}

/// Returns the folders of the exercises, such as `ch02-01-a-cell`, in order.
fn exercises() -> Vec<String> {
    let entries = fs::read_dir(shell::root().join("exercises"))
        .into_iter()
        .flatten();
    let names = entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<_> = names.filter(|name| name.starts_with("ch")).collect();
    names.sort();
    names
}

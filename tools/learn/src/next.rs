//! `cargo x next`: what to do now.

use std::process::ExitCode;

use anyhow::Result;
use exercises::{Course, Exercise, Kind};

use crate::notes::Notes;
use crate::screen::{Look, indented, styled, wrapped};

/// Shows the task of the first exercise that is not solved.
pub(crate) fn run(course: &Course, notes: &Notes) -> Result<ExitCode> {
    let Some(exercise) = unsolved(course, notes) else {
        println!("All {} exercises are solved.", course.exercises.len());
        println!("`cargo test -p exercises` grades them; `cargo x reset ID` begins one anew.");
        return Ok(ExitCode::SUCCESS);
    };
    let task = exercise.text("README.md")?;
    let (heading, body) = task.split_once('\n').unwrap_or((&task, ""));
    println!("{}", styled(Look::Bold, heading.trim_start_matches("# ")));
    let what = match exercise.kind {
        Kind::Write => "write the missing functions",
        Kind::Repair => "find the bug and repair it",
    };
    println!(
        "{what} · about {} minutes · points: {}\n",
        exercise.minutes,
        exercise.points()
    );
    println!("{}\n", wrapped(body.trim()));
    println!("{}", indented(&commands(exercise)));
    Ok(ExitCode::SUCCESS)
}

/// Returns the first exercise that is not solved.
pub(crate) fn unsolved<'a>(course: &'a Course, notes: &Notes) -> Option<&'a Exercise> {
    let mut exercises = course.exercises.iter();
    exercises.find(|exercise| !notes.is_solved(&exercise.id))
}

/// Returns the lines that say what to edit and what to type.
pub(crate) fn commands(exercise: &Exercise) -> String {
    let id = &exercise.id;
    format!(
        "edit    {}\ncheck   cargo x check {id}\nhint    cargo x hint {id}",
        exercise.learners_file().display()
    )
}

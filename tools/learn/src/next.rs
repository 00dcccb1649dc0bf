//! `cargo x next`: what to do now.
//!
//! A learner can begin anywhere: the next exercise is the one that was checked last, until it is
//! solved, and then the first unsolved one behind it.

use anyhow::Result;
use exercises::{Course, Exercise, Kind};

use crate::notes::Notes;
use crate::screen::{Look, Screen, indented};

/// Says that there is nothing left to do.
pub(crate) fn all_solved(course: &Course, screen: &mut Screen) {
    let count = course.exercises.len();
    screen.line(format!("All {count} exercises are solved."));
    screen.line("`cargo x reset ID` begins one anew.");
}

/// Shows the task of an exercise, and goes on with it.
pub(crate) fn run(exercise: &Exercise, notes: &Notes, screen: &mut Screen) -> Result<()> {
    // If it cannot be recorded, `check` without an id begins elsewhere.
    let _ = notes.set_last(&exercise.id);
    let task = exercise.text("README.md")?;
    let (heading, body) = task.split_once('\n').unwrap_or((&task, ""));
    let heading = heading.trim_start_matches("# ");
    screen.line(screen.styled(Look::Bold, heading));
    let what = match exercise.kind {
        Kind::Write => "write the missing functions",
        Kind::Repair => "find the bug and repair it",
        Kind::Predict => "answer the questions",
        Kind::Break => "write a script that catches what is broken",
        Kind::Change => "add what the product does not have",
    };
    let (minutes, points) = (exercise.minutes, exercise.points());
    screen.line(format!(
        "{what} · about {minutes} minutes · points: {points}\n"
    ));
    screen.paragraphs(body);
    screen.line(indented(&commands(exercise)));
    Ok(())
}

/// Returns the next exercise that is not solved: from the one that was checked last to the end,
/// and then from the beginning.
pub(crate) fn unsolved<'a>(course: &'a Course, notes: &Notes) -> Option<&'a Exercise> {
    let exercises = &course.exercises;
    let last = notes.last();
    let is_last = |exercise: &Exercise| Some(&exercise.id) == last.as_ref();
    let begin = exercises.iter().position(is_last).unwrap_or(0);
    let (before, rest) = exercises.split_at(begin);
    let mut in_order = rest.iter().chain(before);
    in_order.find(|exercise| !notes.is_solved(&exercise.id))
}

/// Returns the lines that say what to edit and what to type.
fn commands(exercise: &Exercise) -> String {
    let id = &exercise.id;
    let chapter = id.split('-').next().unwrap_or(id);
    format!(
        "walk    cargo run -p ch{chapter}\nedit    {}\ncheck   cargo x check {id}\n\
         hint    cargo x hint {id}",
        exercise.learners_file().display()
    )
}

//! The learner's commands. `cargo x` starts this program.

mod check;
mod hint;
mod next;
mod notes;
mod reset;
mod screen;

use std::process::ExitCode;

use anyhow::{Result, bail};
use exercises::{Course, Exercise, root};

use crate::notes::Notes;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match start(&args) {
        Ok(done) => done,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start(args: &[&str]) -> Result<ExitCode> {
    let root = root();
    let course = Course::read(&root)?;
    let notes = Notes::of(&root);
    match args {
        ["next"] => next::run(&course, &notes),
        ["check", asked @ ..] => {
            check::run(asked_or_next(asked, &course, &notes)?, &course, &notes)
        }
        ["hint", asked @ ..] => hint::run(asked_or_next(asked, &course, &notes)?, &notes),
        ["reset", id] => reset::run(course.exercise(id)?, &notes),
        ["reset"] => bail!("say which exercise to begin anew, such as `cargo x reset 02-01`"),
        _ => bail!("the commands are next, check [ID], hint [ID] and reset ID"),
    }
}

/// Returns the exercise that was asked for, or the first that is not solved.
fn asked_or_next<'a>(asked: &[&str], course: &'a Course, notes: &Notes) -> Result<&'a Exercise> {
    match asked {
        [id] => Ok(course.exercise(id)?),
        [] => match next::unsolved(course, notes) {
            Some(exercise) => Ok(exercise),
            None => bail!("all exercises are solved; name one, such as `cargo x check 02-01`"),
        },
        _ => bail!("one exercise at a time, such as `cargo x check 02-01`"),
    }
}

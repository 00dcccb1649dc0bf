//! The learner's commands. `cargo x` starts this program.

mod check;
mod hint;
mod next;
mod notes;
mod progress;
mod reset;
mod reveal;
mod screen;
mod watch;

use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use exercises::{Course, Exercise, root};

use crate::notes::Notes;
use crate::screen::Screen;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let mut screen = Screen::new();
    let done = start(&args, &mut screen);
    let done = done.and_then(|()| screen.show().context("the output cannot be written"));
    match done {
        Ok(()) if !screen.failed => ExitCode::SUCCESS,
        Ok(()) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start(args: &[&str], screen: &mut Screen) -> Result<()> {
    let course = Course::read(&root())?;
    let notes = Notes::of(&root());
    let which = |asked| asked_or_next(args[0], asked, &course, &notes);
    match args {
        ["next"] if next::unsolved(&course, &notes).is_none() => {
            next::all_solved(&course, screen);
            Ok(())
        }
        ["next", asked @ ..] => next::run(which(asked)?, &notes, screen),
        ["check", asked @ ..] => check::run(which(asked)?, &course, &notes, screen),
        ["watch", asked @ ..] => watch::run(which(asked)?, &course, &notes),
        ["hint", asked @ ..] => hint::run(which(asked)?, &notes, screen),
        ["reveal", asked @ ..] => reveal::run(which(asked)?, &notes, screen),
        ["progress"] => progress::run(&course, &notes, screen),
        ["reset", id] => reset::run(course.exercise(id)?, &notes, screen),
        ["reset"] => bail!("say which exercise to begin anew, such as `cargo x reset 02-01`"),
        _ => bail!("the commands are next, check, watch, hint, reveal, progress and reset"),
    }
}

/// Returns the exercise that was asked for, or the next one.
fn asked_or_next<'a>(
    command: &str,
    asked: &[&str],
    course: &'a Course,
    notes: &Notes,
) -> Result<&'a Exercise> {
    match asked {
        [id] => Ok(course.exercise(id)?),
        [] => next::unsolved(course, notes).with_context(|| {
            format!("all exercises are solved; name one, such as `cargo x {command} 02-01`")
        }),
        _ => bail!("one exercise at a time, such as `cargo x {command} 02-01`"),
    }
}

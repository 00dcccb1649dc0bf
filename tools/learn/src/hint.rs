//! `cargo x hint`: one hint more than before.

use std::process::ExitCode;

use anyhow::{Result, bail};
use exercises::Exercise;

use crate::notes::Notes;
use crate::screen::{Look, styled, wrapped};

/// The hints of each exercise.
const HINTS: usize = 3;

/// Shows the next hint. After the last one, shows the last one again.
pub(crate) fn run(exercise: &Exercise, notes: &Notes) -> Result<ExitCode> {
    let id = &exercise.id;
    let seen = notes.hints(id);
    let number = (seen + 1).min(HINTS);
    let Some(hint) = exercise.hint(number)? else {
        bail!("exercise {id} has no hint {number}");
    };
    let heading = format!("{id} · {}: hint {number} of {HINTS}", exercise.title);
    println!("{}\n\n{}\n", styled(Look::Bold, &heading), wrapped(&hint));
    match number {
        HINTS => println!("That was the last hint. Check with `cargo x check {id}`."),
        _ => println!("`cargo x hint {id}` shows the next one, `cargo x check {id}` checks."),
    }
    if seen < HINTS
        && let Err(error) = notes.hint(id)
    {
        eprintln!("The next call will show the same hint: {error:#}");
    }
    Ok(ExitCode::SUCCESS)
}

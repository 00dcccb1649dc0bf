//! `cargo x hint`: one hint more than before.

use anyhow::{Result, bail};
use exercises::Exercise;

use crate::notes::Notes;
use crate::screen::{Look, Screen};

/// The hints of each exercise.
const HINTS: usize = 3;

/// Shows the next hint. After the last one, shows the last one again.
pub(crate) fn run(exercise: &Exercise, notes: &Notes, screen: &mut Screen) -> Result<()> {
    let id = &exercise.id;
    let seen = notes.count("hints", id);
    let number = (seen + 1).min(HINTS);
    let Some(hint) = exercise.hint(number)? else {
        bail!("exercise {id} has no hint {number}");
    };
    let heading = format!("{id} · {}: hint {number} of {HINTS}", exercise.title);
    screen.heading(Look::Bold, &heading);
    screen.paragraphs(&hint);
    screen.line(match number {
        HINTS => format!("That was the last hint. `cargo x reveal {id}` shows the solution."),
        _ => format!("`cargo x hint {id}` shows the next one, `cargo x check {id}` checks."),
    });
    if seen < HINTS
        && let Err(error) = notes.add("hints", id)
    {
        screen.line(format!("The next call will show the same hint: {error:#}"));
    }
    Ok(())
}

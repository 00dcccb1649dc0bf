//! `cargo x reset`: begins an exercise anew, and keeps a copy.

use std::fs;

use anyhow::{Context, Result};
use exercises::Exercise;

use crate::notes::Notes;
use crate::screen::Screen;

/// Writes the stub over the learner's file, after a copy of the file is kept.
pub(crate) fn run(exercise: &Exercise, notes: &Notes, screen: &mut Screen) -> Result<()> {
    let shown = exercise.learners_file().display().to_string();
    let file = exercise.root().join(exercise.learners_file());
    let stub = exercise.stub();
    let stub = fs::read_to_string(&stub).with_context(|| format!("{}", stub.display()))?;
    // A missing file has nothing to keep.
    if let Ok(text) = fs::read(&file)
        && text != stub.as_bytes()
    {
        let name = format!("{}-{}", exercise.id, exercise.file.replace('/', "-"));
        let copy = notes.keep(&name, &text)?;
        let copy = copy.strip_prefix(exercise.root()).unwrap_or(&copy);
        screen.line(format!("A copy of your file is in {}.", copy.display()));
    }
    fs::write(&file, stub).with_context(|| format!("{shown} cannot be written"))?;
    notes.remove("progress", &exercise.id)?;
    notes.remove("hints", &exercise.id)?;
    screen.line(format!("{shown} is as it was at the beginning."));
    Ok(())
}

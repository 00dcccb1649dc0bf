//! `cargo x reset`: begins an exercise anew, and keeps a copy.

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result};
use exercises::Exercise;

use crate::notes::Notes;

/// Writes the stub over the learner's file, after a copy of the file is kept.
pub(crate) fn run(exercise: &Exercise, notes: &Notes) -> Result<ExitCode> {
    let shown = exercise.learners_file().display().to_string();
    let file = exercise.root().join(exercise.learners_file());
    let stub = exercise.stub();
    let stub = fs::read_to_string(&stub).with_context(|| format!("{}", stub.display()))?;
    match fs::read_to_string(&file) {
        Ok(text) if text == stub => {
            println!("{shown} is as it was at the beginning.");
            return Ok(ExitCode::SUCCESS);
        }
        Ok(text) => {
            let name = format!("{}-{}", exercise.id, exercise.file.replace('/', "-"));
            let copy = notes.keep(&name, &text)?;
            let copy = copy.strip_prefix(exercise.root()).unwrap_or(&copy);
            println!("A copy of your file is in {}.", copy.display());
        }
        // A missing file has nothing to lose.
        Err(_) => {}
    }
    fs::write(&file, stub).with_context(|| format!("{shown} cannot be written"))?;
    notes.forget(&exercise.id)?;
    println!("{shown} is as it was at the beginning.");
    Ok(ExitCode::SUCCESS)
}

//! Writes the exercises of a chapter from the course's manifest.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, ensure};
use exercises::{Course, Exercise, Kind};
use finder::Source;

/// Returns a section for each exercise of the chapter, such as `02`.
///
/// # Errors
/// If the chapter has no exercises, or a file of one cannot be read.
pub(crate) fn of_chapter(root: &Path, chapter: &str) -> Result<String> {
    let course = Course::read(root)?;
    let prefix = format!("{chapter}-");
    let exercises = course
        .exercises
        .iter()
        .filter(|it| it.id.starts_with(&prefix));
    let sections: Result<Vec<String>> = exercises.map(section).collect();
    let sections = sections?;
    ensure!(!sections.is_empty(), "chapter `{chapter}` has no exercises");
    Ok(sections.join("\n"))
}

/// Returns the functions in a file of the product that exercises ask for, with the exercises' ids.
///
/// # Errors
/// If the manifest or a wrong version cannot be read.
pub(crate) fn about(root: &Path, file: &str) -> Result<BTreeMap<String, String>> {
    let mut functions = BTreeMap::new();
    for exercise in Course::read(root)?.exercises {
        let path = format!("{}/src/{}", exercise.product, exercise.file);
        // A change request is about a function that the product does not have.
        if path != file || exercise.kind == Kind::Change {
            continue;
        }
        let mut names = exercise.holes.clone();
        if let Some(version) = &exercise.repair {
            names.extend(Source::read(&exercise.wrong(version))?.functions());
        }
        functions.extend(names.into_iter().map(|name| (name, exercise.id.clone())));
    }
    Ok(functions)
}

fn section(exercise: &Exercise) -> Result<String> {
    let what = match exercise.kind {
        Kind::Write => "Write",
        Kind::Repair => "Repair",
        Kind::Predict => "Predict",
        Kind::Break => "Break",
        Kind::Change => "Change request",
    };
    let task = exercise.text("README.md")?;
    let (title, body) = task.split_once('\n').unwrap_or((&task, ""));
    Ok(format!(
        "#{title}\n\n<p class=\"task-facts\">{what} · about {} minutes · points: {} · \
         edit <code>{}</code></p>\n\n{}\n",
        exercise.minutes,
        exercise.points(),
        exercise.learners_file().display(),
        body.trim(),
    ))
}

//! The learner's own game: a copy of the workspace, with solved exercises in the product.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use exercises::{Course, Exercise, Kind};
use finder::Source;
use finder::versions::write_if_changed;

/// Folders that are built or downloaded, and the learner's notes.
const SKIPPED: [&str; 6] = [
    ".course",
    ".git",
    "node_modules",
    "out",
    "target",
    "__pycache__",
];

/// Writes a copy of the workspace into `folder` and lays the solved exercises over the product.
/// Prints which parts are the learner's.
///
/// Of a file with several solved exercises, the last one's is taken whole, and each other gives
/// the functions that its task names.
///
/// # Errors
/// If no exercise is solved, or a file cannot be read or written.
pub(crate) fn write(root: &Path, folder: &Path) -> Result<()> {
    let course = Course::read(root)?;
    let progress = fs::read_to_string(root.join(".course/progress")).unwrap_or_default();
    let is_solved = |exercise: &&Exercise| progress.lines().any(|id| id == exercise.id);
    let solved: Vec<&Exercise> = course.exercises.iter().filter(is_solved).collect();
    let mut parts: BTreeMap<PathBuf, Vec<&Exercise>> = BTreeMap::new();
    for exercise in &solved {
        // A chapter's own code is no part of the game.
        let is_product = !exercise.product.starts_with("chapters/");
        if is_product && matches!(exercise.kind, Kind::Write | Kind::Repair) {
            let file = Path::new(&exercise.product)
                .join("src")
                .join(&exercise.file);
            parts.entry(file).or_default().push(exercise);
        }
    }
    if parts.is_empty() {
        bail!("no exercise is solved that is a part of the game: `cargo x next` shows the first");
    }
    copy(root, folder, &parts)?;
    for (file, exercises) in &parts {
        write_if_changed(&folder.join(file), &merged(root, file, exercises)?)?;
    }
    println!("Yours in this game:");
    for exercise in parts.values().flatten() {
        println!("  {} · {}: {}", exercise.id, exercise.title, exercise.file);
    }
    let is_left_out = |exercise: &&&Exercise| exercise.kind == Kind::Change;
    for exercise in solved.iter().filter(is_left_out) {
        println!(
            "  (without {} · {}, which changes the rules)",
            exercise.id, exercise.title
        );
    }
    Ok(())
}

/// Returns the text of a product's file with the learner's parts.
fn merged(root: &Path, file: &Path, exercises: &[&Exercise]) -> Result<String> {
    let learners = |exercise: &Exercise| {
        let path = root.join(exercise.learners_file());
        Source::read(&path).with_context(|| format!("{}", path.display()))
    };
    let (last, others) = exercises.split_last().context("a part has an exercise")?;
    let mut text = learners(last)?.text().to_owned();
    let product = Source::read(&root.join(file))?;
    text = Source::parse(file, text)?.with_functions_of(&product, &last.later)?;
    for exercise in others {
        text =
            Source::parse(file, text)?.with_functions_of(&learners(exercise)?, &exercise.holes)?;
    }
    Ok(text)
}

/// Copies the files of the workspace, except the product's files that the learner replaces. An
/// unchanged file keeps its time, so that cargo builds little.
fn copy(root: &Path, folder: &Path, parts: &BTreeMap<PathBuf, Vec<&Exercise>>) -> Result<()> {
    let mut open = vec![PathBuf::new()];
    while let Some(relative) = open.pop() {
        let from = root.join(&relative);
        for entry in fs::read_dir(&from).with_context(|| format!("{}", from.display()))? {
            let entry = entry?;
            let name = entry.file_name();
            let (path, relative) = (entry.path(), relative.join(&name));
            if path.is_dir() && !SKIPPED.iter().any(|skipped| name == *skipped) {
                open.push(relative);
            } else if path.is_file() && !parts.contains_key(&relative) {
                copy_file(&path, &folder.join(&relative))?;
            }
        }
    }
    Ok(())
}

fn copy_file(from: &Path, to: &Path) -> Result<()> {
    let bytes = fs::read(from).with_context(|| format!("{}", from.display()))?;
    if fs::read(to).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    let written = to.parent().map_or(Ok(()), fs::create_dir_all);
    let written = written.and_then(|()| fs::write(to, bytes));
    written.with_context(|| format!("{} cannot be written", to.display()))
}

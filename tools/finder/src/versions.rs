//! The versions of an exercise: its solution, its stub, and the wrong ones.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use exercises::{Answers, Builder, Exercise, Games, Kind, Play, Script, Subject};

use crate::package::{self, File};
use crate::source::Source;

/// The name of the version with all points.
pub const SOLUTION: &str = "solution";
/// The name of the version that a learner begins with, unless it is a wrong one to repair.
pub const STUB: &str = "stub";

/// Returns the names of all versions of an exercise.
///
/// # Errors
/// If the folder of its wrong versions cannot be read.
pub fn names(exercise: &Exercise) -> Result<Vec<String>> {
    let mut names = vec![SOLUTION.to_owned()];
    if exercise.repair.is_none() {
        names.push(STUB.to_owned());
    }
    names.extend(exercise.wrong_versions()?);
    Ok(names)
}

/// Returns the text of the learner's file in this version.
///
/// A wrong version of a module is a file with the functions that differ from the solution.
///
/// # Errors
/// If a file cannot be read, or names an item that the solution does not have.
pub fn text(exercise: &Exercise, version: &str) -> Result<String> {
    if !exercise.kind.is_code() {
        return match version {
            SOLUTION => read(&exercise.solution()),
            STUB if exercise.kind == Kind::Predict => Ok(Answers::blank(&exercise.cases()?)),
            STUB => read(&exercise.stub()),
            wrong => read(&exercise.wrong(wrong)),
        };
    }
    let solution = Source::read(&exercise.solution())?;
    let text = match version {
        SOLUTION => solution.hollow(&[], &[])?,
        STUB => solution.hollow(&exercise.holes, &exercise.later)?,
        wrong => solution.with_bodies_of(&Source::read(&exercise.wrong(wrong))?)?,
    };
    Ok(text)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))
}

/// Prepares every version of these exercises: builds the programs, and reads the answers. The
/// programs are packages of a workspace in the target folder of this checkout.
///
/// # Errors
/// If a version does not compile or parse; the error says why.
pub fn subjects(exercises: &[Exercise], builder: &Builder) -> Result<Versions> {
    let folder = builder.target().join("versions");
    let mut versions = Versions::new();
    let mut packages = BTreeMap::new();
    for exercise in exercises {
        let games = match exercise.kind {
            Kind::Break => Some(built_games(exercise, builder)?),
            _ => None,
        };
        for version in names(exercise)? {
            let text = text(exercise, &version)?;
            let key = (exercise.id.clone(), version);
            if exercise.kind == Kind::Predict {
                let answers = Answers::parse(&text, &exercise.cases()?, &exercise.words)?;
                versions.insert(key, Subject::Answers(answers));
                continue;
            }
            if let Some((right, broken)) = games.clone() {
                let play = Play::new(Script::parse(&text)?, right, broken)?;
                versions.insert(key, Subject::Script(play));
                continue;
            }
            let package = format!("{}-{}", exercise.package(), key.1);
            let files = package::version(exercise, &package, text)?;
            write(&folder.join(&package), &files)?;
            packages.insert(package, key);
        }
    }
    let names: Vec<String> = packages.keys().cloned().collect();
    let manifest = folder.join("Cargo.toml");
    if let Some(exercise) = exercises.first() {
        write_if_changed(&manifest, &workspace(&names, exercise.root())?)?;
        lock(exercise.root(), &folder)?;
    }
    for (package, program) in builder.clone().for_workspace(manifest).build(&names)? {
        match (packages.remove(&package), program) {
            (Some(key), Ok(program)) => drop(versions.insert(key, Subject::Program(program))),
            (_, Err(messages)) => bail!("{package} does not compile:\n{messages}"),
            (None, Ok(_)) => {}
        }
    }
    Ok(versions)
}

/// Builds the games of an exercise that are played with a script.
fn built_games(exercise: &Exercise, builder: &Builder) -> Result<Games> {
    let mut built = builder.build(&[exercise.package()])?;
    exercises::games(exercise, &mut built).map_err(anyhow::Error::msg)
}

/// The versions, by the exercise's id and the version's name.
pub type Versions = BTreeMap<(String, String), Subject>;

/// Returns the manifest of the workspace of all versions. Its dependencies are those of the
/// product's workspace.
fn workspace(members: &[String], root: &Path) -> Result<String> {
    let members = members.join("\", \"");
    let product = read(&root.join("Cargo.toml"))?;
    let section = product.split("\n[workspace.dependencies]\n").nth(1);
    let lines = section.unwrap_or_default().lines();
    let dependencies: String = lines
        .take_while(|line| !line.starts_with('['))
        .map(|line| line.replace("path = \"", &format!("path = \"{}/", root.display())) + "\n")
        .collect();
    Ok(format!(
        "[workspace]
resolver = \"3\"
members = [\"{members}\"]

[workspace.dependencies]
{dependencies}
[profile.dev]
opt-level = 1
debug = false
"
    ))
}

/// Gives the workspace of all versions the locked dependencies of the product's, when these have
/// changed. Cargo then removes from its own what no version needs.
fn lock(root: &Path, folder: &Path) -> Result<()> {
    let (locked, seen) = (read(&root.join("Cargo.lock"))?, folder.join("seen.lock"));
    if fs::read_to_string(&seen).is_ok_and(|seen| seen == locked) {
        return Ok(());
    }
    write_if_changed(&folder.join("Cargo.lock"), &locked)?;
    write_if_changed(&seen, &locked)
}

/// Writes the files of a package, if they differ from what is there.
///
/// # Errors
/// If one cannot be written.
pub fn write(folder: &Path, files: &[File]) -> Result<()> {
    for file in files {
        write_if_changed(&folder.join(&file.path), &file.text)?;
    }
    Ok(())
}

/// Writes a file, unless it has this text already: an unchanged file keeps its time, so that
/// cargo builds nothing again.
///
/// # Errors
/// If it cannot be written.
pub fn write_if_changed(path: &Path, text: &str) -> Result<()> {
    if fs::read_to_string(path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    let written = path.parent().map_or(Ok(()), fs::create_dir_all);
    let written = written.and_then(|()| fs::write(path, text));
    written.with_context(|| format!("{} cannot be written", path.display()))
}

//! The versions of an exercise: its solution, its stub, and the wrong ones.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use exercises::{Builder, Exercise};

use crate::package::{self, File};
use crate::source::Source;

/// The names of the two versions that each exercise has.
pub const SOLUTION: &str = "solution";
/// What a learner begins with.
pub const STUB: &str = "stub";

/// Returns the names of all versions of an exercise.
///
/// # Errors
/// If the folder of its wrong versions cannot be read.
pub fn names(exercise: &Exercise) -> Result<Vec<String>> {
    let mut names = vec![SOLUTION.to_owned(), STUB.to_owned()];
    names.extend(exercise.wrong_versions()?);
    Ok(names)
}

/// Returns the text of the learner's module in this version.
///
/// A wrong version is a file with the functions that differ from the product.
///
/// # Errors
/// If a file cannot be read, or names an item that the product's module does not have.
pub fn module(exercise: &Exercise, version: &str) -> Result<String> {
    let product = Source::read(&exercise.product_file())?;
    let text = match version {
        SOLUTION => product.hollow(&[])?,
        STUB => product.hollow(&exercise.holes)?,
        wrong => {
            let path = exercise.path().join("wrong").join(format!("{wrong}.rs"));
            product.with_bodies_of(&Source::read(&path)?)?
        }
    };
    Ok(text)
}

/// Builds every version of these exercises, and returns the program of each, by exercise and
/// version. They are packages of a workspace in the target folder of this checkout.
///
/// # Errors
/// If a version does not compile; the error has the compiler's messages.
pub fn build(exercises: &[Exercise], builder: &Builder) -> Result<Programs> {
    let folder = builder.target().join("versions");
    let mut packages = BTreeMap::new();
    for exercise in exercises {
        for version in names(exercise)? {
            let package = format!("{}-{version}", exercise.package());
            let files = package::version(exercise, &package, module(exercise, &version)?)?;
            write(&folder.join(&package), &files)?;
            packages.insert(package, (exercise.id.clone(), version));
        }
    }
    let names: Vec<String> = packages.keys().cloned().collect();
    let manifest = folder.join("Cargo.toml");
    let members = names.join("\", \"");
    let workspace = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [\"{members}\"]\n\n[profile.dev]\nopt-level = 1\ndebug = false\n"
    );
    write_if_changed(&manifest, &workspace)?;
    let built = builder.clone().for_workspace(manifest).build(&names)?;
    let programs = built.into_iter().filter_map(|(package, program)| {
        let key = packages.remove(&package)?;
        Some(program.map(|program| (key, program)))
    });
    match programs.collect() {
        Ok(programs) => Ok(programs),
        Err(messages) => bail!("a version does not compile:\n{messages}"),
    }
}

/// The path of a version's program, by the exercise's id and the version's name.
pub type Programs = BTreeMap<(String, String), PathBuf>;

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

/// An unchanged file keeps its time, so that cargo builds nothing again.
pub(crate) fn write_if_changed(path: &Path, text: &str) -> Result<()> {
    if fs::read_to_string(path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    let written = path.parent().map_or(Ok(()), fs::create_dir_all);
    let written = written.and_then(|()| fs::write(path, text));
    written.with_context(|| format!("{} cannot be written", path.display()))
}

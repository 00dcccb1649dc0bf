//! The manifest of an exercise's package: its programs, and the dependencies that its modules need.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use exercises::{Exercise, Kind};

use crate::library::module_path;
use crate::source::Source;

/// Returns the manifest of an exercise's package, without its tests.
///
/// # Errors
/// If the product's crate cannot be read.
pub(crate) fn manifest<'a>(
    exercise: &Exercise,
    name: &str,
    games: impl IntoIterator<Item = &'a String>,
) -> Result<String> {
    let program = |name: &str, path: &str| {
        format!("[[bin]]\nname = \"{name}\"\npath = \"src/{path}\"\ntest = false\ndoc = false\n\n")
    };
    let mut programs = String::new();
    if exercise.kind != Kind::Predict {
        programs += &program(name, "main.rs");
    }
    let mut default = "";
    for game in games {
        programs += &program(&format!("{name}-{game}"), &format!("{game}/main.rs"));
        default = "default-run = \"NAME\"\n";
    }
    let default = default.replace("NAME", name);
    let dependencies = dependencies(exercise)?;
    Ok(format!(
        "[package]
name = \"{name}\"
description = \"Exercise {id}: {title}\"
{INHERITED}{default}
[lib]
test = false
doctest = false
doc = false

{programs}{dependencies}# The modules of the product have a feature that this package does not need.
[lints.rust]
unexpected_cfgs = {{ level = \"warn\", check-cfg = ['cfg(feature, values(\"serde\"))'] }}
",
        id = exercise.id,
        title = exercise.title,
    ))
}

/// The keys of `[package]` that come from the workspace.
pub(crate) const INHERITED: &str = "\
version.workspace = true
edition.workspace = true
rust-version.workspace = true
publish.workspace = true
";

/// Returns the section of the dependencies: those of the product's crate that its modules or the
/// adapter name.
fn dependencies(exercise: &Exercise) -> Result<String> {
    let needed = named_dependencies(exercise, "dependencies")?;
    Ok(match needed.is_empty() {
        true => String::new(),
        false => format!("[dependencies]\n{needed}\n"),
    })
}

/// Returns the lines of a section of the product's manifest whose libraries its modules or the
/// adapter name.
pub(crate) fn named_dependencies(exercise: &Exercise, section: &str) -> Result<String> {
    if exercise.product.is_empty() {
        return Ok(String::new());
    }
    let folder = exercise.root().join(&exercise.product);
    let manifest = folder.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).with_context(|| manifest.display().to_string())?;
    let mut modules = modules_of(&folder.join("src"))?;
    modules += Source::read(&exercise.path().join("adapter.rs"))?.text();
    let heading = format!("\n[{section}]\n");
    let section = text.split(heading.as_str()).nth(1).unwrap_or_default();
    let lines = section.lines().take_while(|line| !line.starts_with('['));
    let is_needed = |line: &&str| {
        let name = line.split(['.', ' ']).next().unwrap_or_default();
        // A crate may depend on itself, for its own tests.
        let is_other = !name.is_empty() && !folder.ends_with(name);
        let called = format!("{}::", name.replace('-', "_"));
        is_other && !line.contains("optional") && modules.contains(&called)
    };
    Ok(lines
        .filter(is_needed)
        .map(|line| format!("{line}\n"))
        .collect())
}

/// Returns the texts of the modules of a crate's library.
fn modules_of(product: &Path) -> Result<String> {
    let lib = Source::read(&product.join("lib.rs"))?;
    let mut all = String::new();
    for item in lib.items() {
        if let syn::Item::Mod(module) = item
            && module.content.is_none()
        {
            let path = product.join(module_path(product, &module.ident.to_string()));
            let folder = path.parent().filter(|folder| *folder != product);
            match folder {
                Some(folder) => all += &texts(folder)?,
                None => all += Source::read(&path)?.text(),
            }
        }
    }
    Ok(all)
}

fn texts(folder: &Path) -> Result<String> {
    let mut all = String::new();
    for path in entries(folder)?.into_values() {
        match path.is_dir() {
            true => all += &texts(&path)?,
            false => all += Source::read(&path)?.text(),
        }
    }
    Ok(all)
}

/// Returns the entries of a folder by name without extension. There are none if it does not
/// exist.
pub(crate) fn entries(folder: &Path) -> Result<BTreeMap<String, PathBuf>> {
    let mut entries = BTreeMap::new();
    if folder.exists() {
        for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            let name = path.file_stem().context("an entry has a name")?;
            entries.insert(name.to_string_lossy().into_owned(), path);
        }
    }
    Ok(entries)
}

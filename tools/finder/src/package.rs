//! Writes the package of an exercise.
//!
//! The package takes each module of a crate of the product by `#[path]`, except the learner's.
//! So the exercise is compiled against today's product, and a solved one is a piece of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use exercises::{Exercise, Kind};

use crate::library::{GENERATED, Paths, learners_module, library, module_of, parent};
use crate::manifest::{INHERITED, entries, manifest, named_dependencies};
use crate::source::Source;
use crate::versions;

/// A generated file, relative to the package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The path within the package.
    pub path: PathBuf,
    /// The text.
    pub text: String,
}

/// Returns the generated files of an exercise, without the learner's.
///
/// # Errors
/// If the crate's `lib.rs` cannot be read.
pub fn files(exercise: &Exercise) -> Result<Vec<File>> {
    let learners_file = exercise.learners_file();
    let learners_file = learners_file.file_name().context("a file has a name")?;
    let name = exercise.package();
    let games = games(exercise)?;
    // The tests in the product's modules are compiled by `--all-targets`.
    let of_tests = match exercise.kind {
        Kind::Predict => String::new(),
        _ => named_dependencies(exercise, "dev-dependencies")?,
    };
    let cargo_toml = manifest(exercise, &name, games.keys())?
        + &format!(
            "
[dev-dependencies]
exercises.workspace = true
libtest-mimic.workspace = true
{of_tests}
[[test]]
name = \"cases\"
harness = false
"
        );
    let test = format!(
        "//! {GENERATED}

#[path = \"../../tests/grade/trials.rs\"]
mod trials;

fn main() -> std::process::ExitCode {{
    trials::one_exercise({id:?})
}}
",
        id = exercise.id,
    );
    let mut files = vec![
        file("Cargo.toml", format!("# {GENERATED}\n{cargo_toml}")),
        file("tests/cases.rs", test),
        File {
            path: Path::new("stub").join(learners_file),
            text: versions::text(exercise, exercise.first_version())?,
        },
    ];
    if exercise.kind == Kind::Predict {
        // A package needs a library or a program, even if it is there for its test alone.
        let library = format!("//! {GENERATED}\n//!\n//! The learner writes `answers.txt`.\n");
        files.push(file("src/lib.rs", library));
        return Ok(files);
    }
    let mut replaced = BTreeMap::new();
    for (module, additions) in entries(&exercise.path().join("prepared"))? {
        let source = Source::read(&module_of(exercise, &module))?;
        let text = source.with_additions_of(&Source::read(&additions)?)?;
        files.push(changed_module(&format!("prepared/{module}"), &text));
        replaced.insert(module.clone(), format!("prepared/{module}.rs"));
    }
    if exercise.kind.is_code() {
        let path = format!("../{}", learners_file.to_string_lossy());
        let product = format!("../../../../{}/src", exercise.product);
        let module = learners_module(exercise);
        let module = (module.as_str(), path.as_str());
        replaced.extend([replacement(exercise, module, &product, "src", &mut files)?]);
    }
    let paths = Paths {
        root: "../../..".to_owned(),
        exercise: "..".to_owned(),
        replaced,
    };
    files.push(file("src/lib.rs", library(exercise, &paths)?));
    files.push(file("src/main.rs", probe(&name)));
    for (game, modules) in games {
        files.extend(game_files(exercise, &game, &modules)?);
    }
    Ok(files)
}

/// Returns the name and the path of a module that is not the product's, seen from a folder of the
/// package. If it lies within another module, that one is written to `files`, and its path is
/// returned. `product` is the path of the product's modules, seen from a folder in that folder.
fn replacement(
    exercise: &Exercise,
    (module, path): (&str, &str),
    product: &str,
    folder: &str,
    files: &mut Vec<File>,
) -> Result<(String, String)> {
    match parent(exercise, module, product, &format!("../{path}"))? {
        Some((name, text)) => {
            let path = format!("parent/{name}.rs");
            files.push(file(&format!("{folder}/{path}"), text));
            Ok((name, path))
        }
        None => Ok((module.to_owned(), path.to_owned())),
    }
}

/// The modules of a broken game: names, and files with the functions that differ.
type Modules = BTreeMap<String, PathBuf>;

/// Returns the broken games of an exercise, by name: the folders in its folder `games`.
fn games(exercise: &Exercise) -> Result<BTreeMap<String, Modules>> {
    let mut games = BTreeMap::new();
    for (name, folder) in entries(&exercise.path().join("games"))? {
        let mut modules = Modules::new();
        for (module, path) in entries(&folder)? {
            match path.is_dir() {
                // A module within another one.
                true => modules.extend(
                    entries(&path)?
                        .into_iter()
                        .map(|(inner, path)| (format!("{module}/{inner}"), path)),
                ),
                false => drop(modules.insert(module, path)),
            }
        }
        games.insert(name, modules);
    }
    Ok(games)
}

/// Returns the program of a broken game, and its modules that are not the product's.
fn game_files(exercise: &Exercise, game: &str, modules: &Modules) -> Result<Vec<File>> {
    let folder = format!("src/{game}");
    let product = format!("../../../../../{}/src", exercise.product);
    let mut files = Vec::new();
    let mut replaced = BTreeMap::new();
    for (module, changed) in modules {
        let source = Source::read(&module_of(exercise, module))?;
        let text = source.with_bodies_of(&Source::read(changed)?)?;
        let leaf = module.rsplit('/').next().unwrap_or(module);
        files.push(changed_module(&format!("{game}/{leaf}"), &text));
        let path = format!("{leaf}.rs");
        let module = (module.as_str(), path.as_str());
        replaced.extend([replacement(
            exercise, module, &product, &folder, &mut files,
        )?]);
    }
    let paths = Paths {
        root: "../../../..".to_owned(),
        exercise: "../..".to_owned(),
        replaced,
    };
    let main = library(exercise, &paths)? + "\n" + &main_function("crate");
    files.push(file(&format!("{folder}/main.rs"), main));
    Ok(files)
}

/// Returns a module with a changed text.
fn changed_module(path: &str, text: &str) -> File {
    file(
        &format!("src/{path}.rs"),
        format!("//! {GENERATED}\n//!\n{text}"),
    )
}

/// Returns the generated files of an exercise that are not as they would be written.
///
/// # Errors
/// If the product's modules cannot be read.
pub fn differing(exercise: &Exercise) -> Result<Vec<PathBuf>> {
    let differs = |file: File| {
        let path = exercise.path().join(file.path);
        let text = fs::read_to_string(&path).ok();
        (text != Some(file.text)).then_some(path)
    };
    Ok(files(exercise)?.into_iter().filter_map(differs).collect())
}

/// Returns the files of a package outside the workspace's folders, with another version of the
/// learner's module.
///
/// # Errors
/// If the crate's `lib.rs` cannot be read.
pub fn version(exercise: &Exercise, name: &str, module: String) -> Result<Vec<File>> {
    let folder = exercise.path().join("src/prepared");
    let prepared = entries(&folder)?.into_iter();
    let mut replaced: BTreeMap<String, String> = prepared
        .map(|(module, path)| (module, path.display().to_string()))
        .collect();
    let mut files = vec![file("src/module.rs", module)];
    let product = exercise.root().join(&exercise.product).join("src");
    let product = product.display().to_string();
    let module = learners_module(exercise);
    let module = (module.as_str(), "module.rs");
    replaced.extend([replacement(exercise, module, &product, "src", &mut files)?]);
    let paths = Paths {
        root: exercise.root().display().to_string(),
        exercise: exercise.path().display().to_string(),
        replaced,
    };
    let cargo_toml = manifest(exercise, name, [])?.replace(INHERITED, "edition = \"2024\"\n");
    files.push(file("Cargo.toml", cargo_toml));
    files.push(file("src/lib.rs", library(exercise, &paths)?));
    files.push(file("src/main.rs", probe(name)));
    Ok(files)
}

fn file(path: &str, text: String) -> File {
    File {
        path: PathBuf::from(path),
        text,
    }
}

/// Returns the program that reads commands and writes answers.
fn probe(package: &str) -> String {
    format!(
        "//! {GENERATED}\n//!\n//! {PROBE}\n\n{}",
        main_function(&package.replace('-', "_"))
    )
}

const PROBE: &str = "Reads commands, a line each. Writes each again behind `> `, its answer behind \
                     `= `, and a\n//! dot at the end.";

fn main_function(library: &str) -> String {
    format!(
        "fn main() {{
    let mut answer = {library}::adapter::start();
    for command in std::io::stdin().lines().map_while(Result::ok) {{
        println!(\"> {{command}}\");
        for line in answer(&command).lines() {{
            println!(\"= {{line}}\");
        }}
    }}
    println!(\".\");
}}
"
    )
}

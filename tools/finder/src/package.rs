//! Writes the package of an exercise.
//!
//! The package takes each module of a crate of the product by `#[path]`, except the learner's.
//! So the exercise is compiled against today's product, and a solved one is a piece of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use exercises::{Exercise, Kind};
use syn::{Item, Visibility};

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

/// Where the modules of a program lie, seen from the folder of its `lib.rs` or `main.rs`.
struct Paths {
    /// The folder of the workspace.
    root: String,
    /// The folder of the exercise.
    exercise: String,
    /// The modules that are not the product's, by name, with their files.
    replaced: BTreeMap<String, String>,
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
    let cargo_toml = manifest(exercise, &name, games.keys())
        + "
[dev-dependencies]
exercises.workspace = true
libtest-mimic.workspace = true

[[test]]
name = \"cases\"
harness = false
";
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
        replaced.insert(learners_module(exercise), path);
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

/// The modules of a broken game: names, and files with the functions that differ.
type Modules = BTreeMap<String, PathBuf>;

/// Returns the broken games of an exercise, by name: the folders in its folder `games`.
fn games(exercise: &Exercise) -> Result<BTreeMap<String, Modules>> {
    let mut games = BTreeMap::new();
    for (name, folder) in entries(&exercise.path().join("games"))? {
        games.insert(name, entries(&folder)?);
    }
    Ok(games)
}

/// Returns the entries of a folder by name without extension. There are none if it does not
/// exist.
fn entries(folder: &Path) -> Result<BTreeMap<String, PathBuf>> {
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

/// Returns the program of a broken game, and its modules that are not the product's.
fn game_files(exercise: &Exercise, game: &str, modules: &Modules) -> Result<Vec<File>> {
    let mut files = Vec::new();
    for (module, changed) in modules {
        let source = Source::read(&module_of(exercise, module))?;
        let text = source.with_bodies_of(&Source::read(changed)?)?;
        files.push(changed_module(&format!("{game}/{module}"), &text));
    }
    let paths = Paths {
        root: "../../../..".to_owned(),
        exercise: "../..".to_owned(),
        replaced: modules
            .keys()
            .map(|module| (module.clone(), format!("{module}.rs")))
            .collect(),
    };
    let main = library(exercise, &paths)? + "\n" + &main_function("crate");
    files.push(file(&format!("src/{game}/main.rs"), main));
    Ok(files)
}

/// Returns the file of a product's module. A module can be a file or a folder.
fn module_of(exercise: &Exercise, name: &str) -> PathBuf {
    let product = exercise.root().join(&exercise.product).join("src");
    product.join(module_path(&product, name))
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
    replaced.insert(learners_module(exercise), "module.rs".to_owned());
    let paths = Paths {
        root: exercise.root().display().to_string(),
        exercise: exercise.path().display().to_string(),
        replaced,
    };
    let cargo_toml = manifest(exercise, name, [])
        .replace(".workspace = true", "")
        .replace(
            "\nversion\nedition\nrust-version\npublish\n",
            "\nedition = \"2024\"\n",
        );
    Ok(vec![
        file("Cargo.toml", cargo_toml),
        file("src/lib.rs", library(exercise, &paths)?),
        file("src/main.rs", probe(name)),
        file("src/module.rs", module),
    ])
}

const GENERATED: &str = "Written by `cargo x generate`; changes here are lost.";

fn file(path: &str, text: String) -> File {
    File {
        path: PathBuf::from(path),
        text,
    }
}

/// Returns the name of the learner's module.
fn learners_module(exercise: &Exercise) -> String {
    let module = Path::new(&exercise.file).with_extension("");
    module.to_string_lossy().into_owned()
}

fn manifest<'a>(
    exercise: &Exercise,
    name: &str,
    games: impl IntoIterator<Item = &'a String>,
) -> String {
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
    format!(
        "[package]
name = \"{name}\"
description = \"Exercise {id}: {title}\"
version.workspace = true
edition.workspace = true
rust-version.workspace = true
publish.workspace = true
{default}
[lib]
test = false
doctest = false
doc = false

{programs}# The modules of the product have a feature that this package does not need.
[lints.rust]
unexpected_cfgs = {{ level = \"warn\", check-cfg = ['cfg(feature, values(\"serde\"))'] }}
",
        id = exercise.id,
        title = exercise.title,
    )
}

/// Returns the text of `lib.rs`.
fn library(exercise: &Exercise, paths: &Paths) -> Result<String> {
    let product = exercise.root().join(&exercise.product).join("src");
    let lib = Source::read(&product.join("lib.rs"))?;
    let except = match exercise.kind.is_code() {
        true => format!(", except the learner's `{}`", exercise.file),
        false => String::new(),
    };
    let mut text = format!(
        "//! {GENERATED}
//!
//! The modules are those of `{product}`{except}.

#![allow(dead_code, unused_imports, unused_macros, unused_mut)]

/// Stands where the learner writes. Uses the arguments, so that the compiler does not warn.
macro_rules! your_code {{
    ($($argument:ident),*) => {{{{
        $(let _ = &$argument;)*
        panic!(\"this function is yours to write\")
    }}}};
}}

/// Stands in a function that a later exercise is about.
macro_rules! later {{
    ($($argument:ident),*) => {{{{
        $(let _ = &$argument;)*
        panic!(\"a later exercise is about this function\")
    }}}};
}}
",
        product = exercise.product,
    );
    for item in lib.items() {
        if let Item::Mod(module) = item {
            let visibility = match module.vis {
                Visibility::Public(_) => "pub ",
                _ => "",
            };
            let name = module.ident.to_string();
            let path = paths.replaced.get(&name).cloned().unwrap_or_else(|| {
                let path = module_path(&product, &name);
                format!("{}/{}/src/{path}", paths.root, exercise.product)
            });
            text += &format!("\n#[path = \"{path}\"]\n{visibility}mod {name};\n");
        }
    }
    text += "\n";
    for item in lib.items() {
        if let Item::Use(_) = item {
            text += &format!("{}\n", lib.text_of(item));
        }
    }
    text += &format!(
        "
#[path = \"{}/chapters/walk/src/grid.rs\"]
mod grid;

#[path = \"{}/adapter.rs\"]
pub mod adapter;
",
        paths.root, paths.exercise,
    );
    Ok(text)
}

/// Returns `board.rs` or `board/mod.rs`, whichever the crate has.
fn module_path(product: &Path, name: &str) -> String {
    let file = format!("{name}.rs");
    match product.join(&file).exists() {
        true => file,
        false => format!("{name}/mod.rs"),
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

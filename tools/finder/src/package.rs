//! Writes the package of an exercise.
//!
//! The package takes each module of a crate of the product by `#[path]`, except the learner's.
//! So the exercise is compiled against today's product, and a solved one is a piece of it.

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

/// Where the files of a package lie, seen from its folder `src`.
struct Paths {
    /// The folder of the workspace.
    root: String,
    /// The learner's module, or another version of it.
    module: String,
    /// The folder of the exercise.
    exercise: String,
}

/// Returns the generated files of an exercise, without the learner's.
///
/// # Errors
/// If the crate's `lib.rs` cannot be read.
pub fn files(exercise: &Exercise) -> Result<Vec<File>> {
    let learners_file = exercise.learners_file();
    let learners_file = learners_file.file_name().context("a file has a name")?;
    let paths = Paths {
        root: "../../..".to_owned(),
        module: format!("../{}", learners_file.to_string_lossy()),
        exercise: "..".to_owned(),
    };
    let name = exercise.package();
    let cargo_toml = manifest(exercise, &name)
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
    } else {
        files.push(file("src/lib.rs", library(exercise, &paths)?));
        files.push(file("src/main.rs", probe(&name)));
    }
    Ok(files)
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
    let paths = Paths {
        root: exercise.root().display().to_string(),
        module: "module.rs".to_owned(),
        exercise: exercise.path().display().to_string(),
    };
    let cargo_toml = manifest(exercise, name)
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

fn manifest(exercise: &Exercise, name: &str) -> String {
    let program = match exercise.kind {
        Kind::Predict => String::new(),
        _ => format!(
            "[[bin]]
name = \"{name}\"
path = \"src/main.rs\"
test = false
doc = false
"
        ),
    };
    format!(
        "[package]
name = \"{name}\"
description = \"Exercise {id}: {title}\"
version.workspace = true
edition.workspace = true
rust-version.workspace = true
publish.workspace = true

[lib]
test = false
doctest = false
doc = false

{program}
# The modules of the product have a feature that this package does not need.
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
    let learners_module = Path::new(&exercise.file).with_extension("");
    let mut text = format!(
        "//! {GENERATED}
//!
//! The modules are those of `{product}`, except the learner's `{file}`.

#![allow(dead_code, unused_imports, unused_macros, unused_mut)]

/// Stands where the learner writes. Uses the arguments, so that the compiler does not warn.
macro_rules! your_turn {{
    ($($argument:ident),*) => {{{{
        $(let _ = &$argument;)*
        panic!(\"this function is yours to write\")
    }}}};
}}
",
        product = exercise.product,
        file = exercise.file,
    );
    for item in lib.items() {
        if let Item::Mod(module) = item {
            let visibility = match module.vis {
                Visibility::Public(_) => "pub ",
                _ => "",
            };
            let name = module.ident.to_string();
            let path = match learners_module == Path::new(&name) {
                true => paths.module.clone(),
                false => {
                    let path = module_path(&product, &name);
                    format!("{}/{}/src/{path}", paths.root, exercise.product)
                }
            };
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
        "//! {GENERATED}
//!
//! Reads commands, a line each. Writes each again behind `> `, its answer behind `= `, and a
//! dot at the end.

fn main() {{
    let mut answer = {library}::adapter::start();
    for command in std::io::stdin().lines().map_while(Result::ok) {{
        println!(\"> {{command}}\");
        for line in answer(&command).lines() {{
            println!(\"= {{line}}\");
        }}
    }}
    println!(\".\");
}}
",
        library = package.replace('-', "_"),
    )
}

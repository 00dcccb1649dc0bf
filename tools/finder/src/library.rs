//! The library of an exercise's package: the modules of a crate of the product, by path.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use exercises::Exercise;
use syn::{Item, Visibility};

use crate::source::Source;

/// The first line of a generated file.
pub(crate) const GENERATED: &str = "Written by `cargo x generate`; changes here are lost.";

/// Where the modules of a program lie, seen from the folder of its `lib.rs` or `main.rs`.
pub(crate) struct Paths {
    /// The folder of the workspace.
    pub(crate) root: String,
    /// The folder of the exercise.
    pub(crate) exercise: String,
    /// The modules that are not the product's, by name, with their files.
    pub(crate) replaced: BTreeMap<String, String>,
}

/// Returns the text of `lib.rs`.
pub(crate) fn library(exercise: &Exercise, paths: &Paths) -> Result<String> {
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

#![allow(dead_code, unused_imports, unused_macros, unused_mut, unused_variables)]

/// Stands where the learner writes. Uses the arguments, so that the compiler does not warn. Ends
/// the program: a panic would be caught if an actor runs this.
macro_rules! your_code {{
    ($($argument:ident),*) => {{{{
        $(let _ = &$argument;)*
        let (file, line, column) = (file!(), line!(), column!());
        eprintln!(\"thread panicked at {{file}}:{{line}}:{{column}}:\\nthis function is yours to write\");
        std::process::exit(101)
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
        if let Item::Mod(module) = item
            && module.content.is_none()
        {
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
    let is_use = |item: &&Item| matches!(item, Item::Use(_));
    let uses = lib.items().iter().filter(is_use);
    let uses: String = uses
        .map(|item| format!("{}\n", lib.text_of(item)))
        .collect();
    if !uses.is_empty() {
        text += &format!("\n{uses}");
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
pub(crate) fn module_path(product: &Path, name: &str) -> String {
    let file = format!("{name}.rs");
    match product.join(&file).exists() {
        true => file,
        false => format!("{name}/mod.rs"),
    }
}

/// Returns the name and the text of the module around another one, such as
/// `game_process/command`, if there is one: the product's, with the paths of its modules.
/// `product` is the path of the crate's modules from the folder of the text, `path` that of the
/// inner module.
///
/// # Errors
/// If the product's module cannot be read.
pub(crate) fn parent(
    exercise: &Exercise,
    module: &str,
    product: &str,
    path: &str,
) -> Result<Option<(String, String)>> {
    let Some((folder, leaf)) = module.split_once('/') else {
        return Ok(None);
    };
    let source = Source::read(&module_of(exercise, folder))?;
    let path = |module: &str| match module == leaf {
        true => path.to_owned(),
        false => format!("{product}/{folder}/{module}.rs"),
    };
    let text = source.with_paths(path);
    Ok(Some((
        folder.to_owned(),
        format!("//! {GENERATED}\n//!\n{text}"),
    )))
}

/// Returns the file of a product's module. A module can be a file or a folder.
pub(crate) fn module_of(exercise: &Exercise, name: &str) -> PathBuf {
    let product = exercise.root().join(&exercise.product).join("src");
    product.join(module_path(&product, name))
}

/// Returns the learner's module, such as `rules` or `game_process/command`.
pub(crate) fn learners_module(exercise: &Exercise) -> String {
    exercise.file.trim_end_matches(".rs").to_owned()
}

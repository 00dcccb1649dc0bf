//! Builds the book: `cargo x book`, and `cargo x book --serve` to read it.
//!
//! Stock mdBook builds the same pages with `mdbook serve book`: it starts this program as the
//! preprocessor that `book.toml` names. Only `cargo x book` checks the links of the result.

mod directives;
mod drawing;
mod headings;
mod links;
mod outputs;
mod rows;
mod serve;
mod tasks;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail, ensure};
use exercises::root;
use mdbook_driver::MDBook;
use mdbook_driver::config::{Config, HtmlConfig};
use mdbook_preprocessor::{MDBOOK_VERSION, parse_input};

use crate::directives::Directives;

const USAGE: &str = "\
cargo x book                build the book into book/out
cargo x book --serve        build it and serve it on http://127.0.0.1:3000";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match args.as_slice() {
        [] => build().map(|folder| println!("The book is in {}", folder.display())),
        ["--serve"] => build().and_then(|folder| serve::serve(&folder)),
        ["preprocess"] => preprocess(),
        // mdBook asks whether the preprocessor is for a renderer.
        ["preprocess", "supports", _] => Ok(()),
        _ => Err(anyhow::anyhow!("it is one of\n{USAGE}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("book: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Builds the book and checks it, and returns the folder with its pages.
fn build() -> Result<PathBuf> {
    let folder = root().join("book");
    let mut config = Config::from_disk(folder.join("book.toml"))?;
    // mdBook only logs a key that it does not know, and goes on without all the others.
    config
        .get::<HtmlConfig>("output.html")
        .context("book.toml")?;
    // The preprocessor is linked in, so mdBook need not start it.
    config.set("preprocessor", serde_json::json!({}))?;
    let mut book = MDBook::load_with_config(&folder, config)?;
    book.with_preprocessor(Directives::new(root(), true));
    book.build()?;
    let out = book.build_dir_for("html");
    links::copy_sources(&root(), &book.source_dir(), &out)?;
    links::check(&out)?;
    Ok(out)
}

/// Replaces the directives in the pages that stock mdBook passes in.
fn preprocess() -> Result<()> {
    let (context, book) = parse_input(io::stdin().lock())?;
    let (theirs, ours) = (&context.mdbook_version, MDBOOK_VERSION);
    let series = |version: &str| version.split('.').take(2).collect::<Vec<_>>().join(".");
    ensure!(
        series(theirs) == series(ours),
        "this is mdBook {theirs}; the book needs {}: use `cargo x book`",
        series(ours),
    );
    let Some(root) = context.root.parent() else {
        bail!("the book lies in no workspace");
    };
    let book = Directives::new(root.to_owned(), false).replace(book)?;
    serde_json::to_writer(io::stdout().lock(), &book).context("the pages cannot be written")
}

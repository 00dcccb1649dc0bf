//! Records the figures that the chapters' walks measure, for the book: `cargo x bench walks`.

use std::fs;

use anyhow::{Context, Result};

use crate::{machine, shell};

/// The chapters whose walks measure something.
const CHAPTERS: [&str; 1] = ["ch02"];

/// Runs each walk in a debug build, as a reader does, and writes its figures.
pub(crate) fn run() -> Result<()> {
    for chapter in CHAPTERS {
        let args = ["run", "--quiet", "--package", chapter, "--", "--measured"];
        let figures = shell::output(&shell::cargo(), &args)?;
        let machine = machine::description();
        let machine = machine.lines().map(|line| format!("# {line}\n"));
        let text = format!(
            "# Written by `cargo x bench walks`, in a debug build.\n{}\n{figures}\n",
            machine.collect::<String>()
        );
        let path = shell::root().join(format!("book/figures/{chapter}.toml"));
        fs::write(&path, &text).with_context(|| format!("{}", path.display()))?;
        println!("{text}");
    }
    Ok(())
}

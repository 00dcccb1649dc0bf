//! Records the figures that the chapters' walks measure, for the book: `cargo x bench walks`.

use std::fs;

use anyhow::{Context, Result};

use crate::{machine, shell};

/// The chapters whose walks measure something, and the profile to measure in: what a reader sees
/// when running the walk, or what the product would do.
const CHAPTERS: [(&str, &str); 5] = [
    ("ch02", "dev"),
    ("ch04", "release"),
    ("ch05", "release"),
    ("ch06", "dev"),
    ("ch07", "release"),
];

/// Runs each walk, and writes its figures.
pub(crate) fn run() -> Result<()> {
    for (chapter, profile) in CHAPTERS {
        let run = ["run", "--quiet", "--package", chapter, "--profile", profile];
        let args = [&run[..], &["--", "--measured"]].concat();
        let figures = shell::output(&shell::cargo(), &args)?;
        let machine = machine::description();
        let machine = machine.lines().map(|line| format!("# {line}\n"));
        let text = format!(
            "# Written by `cargo x bench walks`, with the profile `{profile}`.\n{}\n{figures}\n",
            machine.collect::<String>()
        );
        let path = shell::root().join(format!("book/figures/{chapter}.toml"));
        fs::write(&path, &text).with_context(|| format!("{}", path.display()))?;
        println!("{text}");
    }
    Ok(())
}

//! Measures the size of the page.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::shell;

const PAGE: &str = "web-interface/islands-web/static";

/// Returns the total bytes of the page's files, in all languages.
pub(crate) fn measure() -> Result<u64> {
    Ok(sizes(&shell::root().join(PAGE))?.iter().sum())
}

/// Returns the sizes of all files in a folder and its subfolders.
fn sizes(folder: &Path) -> Result<Vec<u64>> {
    let mut sizes = Vec::new();
    for path in entries(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        match path.is_dir() {
            true => sizes.extend(self::sizes(&path)?),
            false => sizes.push(path.metadata()?.len()),
        }
    }
    Ok(sizes)
}

fn entries(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?;
    entries.map(|entry| Ok(entry?.path())).collect()
}

//! How large the page is, as it is sent.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::shell;

const PAGE: &str = "web-interface/islands-web/static";
const LANGUAGES: &str = "web-interface/islands-web/static/locales";

/// Bytes of page, script and style.
pub(crate) struct PageSize {
    /// Of all files.
    pub(crate) all: u64,
    /// Of those that a visit loads: one language, here the largest.
    pub(crate) visit: u64,
}

/// Adds up the files of the page.
pub(crate) fn measure() -> Result<PageSize> {
    let all = sizes(&shell::root().join(PAGE))?.iter().sum();
    let languages = sizes(&shell::root().join(LANGUAGES))?;
    let others = languages.iter().sum::<u64>() - languages.iter().max().unwrap_or(&0);
    let visit = all - others;
    Ok(PageSize { all, visit })
}

/// The sizes of all files in a folder and the folders in it.
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

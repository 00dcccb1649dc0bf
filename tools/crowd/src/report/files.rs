//! The files that a report is written to.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::report::{Report, chart};

/// The files named on the command line.
pub(crate) struct Files {
    json: Option<Output>,
    svg: Option<Output>,
}

struct Output {
    file: File,
    path: PathBuf,
}

impl Files {
    /// Creates the files before the run, so that a bad path does not waste a long run.
    ///
    /// # Errors
    /// If a file cannot be created.
    pub(crate) fn create(json: Option<&Path>, svg: Option<&Path>) -> Result<Files> {
        Ok(Files {
            json: json.map(Output::create).transpose()?,
            svg: svg.map(Output::create).transpose()?,
        })
    }

    /// Writes the report to the files.
    ///
    /// # Errors
    /// If writing fails.
    pub(crate) fn write(self, report: &Report) -> Result<()> {
        if let Some(json) = self.json {
            json.write(&(serde_json::to_string_pretty(report)? + "\n"))?;
        }
        if let Some(svg) = self.svg {
            svg.write(&chart::draw(report)?)?;
        }
        Ok(())
    }
}

impl Output {
    fn create(path: &Path) -> Result<Output> {
        let file = File::create(path);
        Ok(Output {
            file: file.with_context(|| format!("cannot write {}", path.display()))?,
            path: path.to_owned(),
        })
    }

    fn write(mut self, text: &str) -> Result<()> {
        let written = self.file.write_all(text.as_bytes());
        written.with_context(|| format!("cannot write {}", self.path.display()))
    }
}

//! `islands journal …`: what an operator does with the file that keeps the games.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Subcommand;
use islands_engine::journal::RedbJournal;

/// A command that works on a journal's file, while no server has it.
#[derive(Clone, Debug, Subcommand)]
pub enum JournalCommand {
    /// Say whether a file is a journal that a server can start with.
    Check {
        /// The file.
        file: PathBuf,
    },
}

impl JournalCommand {
    /// Carries it out. The exit code says what came of it.
    ///
    /// # Errors
    /// One line that says why it could not be carried out.
    pub fn run(&self) -> Result<ExitCode> {
        let JournalCommand::Check { file } = self;
        std::fs::metadata(file).with_context(|| format!("the journal {}", file.display()))?;
        RedbJournal::open(file)?.close();
        Ok(ExitCode::SUCCESS)
    }
}

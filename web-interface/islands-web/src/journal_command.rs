//! `islands journal …`: an operator's commands for the journal's file.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Subcommand;
use islands_core::GameId;
use islands_journal::maintenance::{self, Summary};

/// A command on a journal's file, which no server may have open.
#[derive(Clone, Debug, Subcommand)]
pub enum JournalCommand {
    /// Read a whole journal, without changing it, and report every problem.
    ///
    /// Prints a line for each problem, and at the end the totals. The exit code is 0 if
    /// everything is as it was written, and 1 if not.
    Check {
        /// The file of the journal.
        file: PathBuf,
    },

    /// Write the games of a journal as lines of JSON.
    ///
    /// A line is a batch of events with its checksum; the last line says how many games
    /// there are. Damaged games are left out and reported on stderr; the exit code is
    /// then 1. The file is not changed.
    Export {
        /// The file of the journal.
        file: PathBuf,

        /// Write a test in Rust that replays this one game, for a file in
        /// `game-engine/islands-journal/tests/`.
        #[arg(long, value_name = "GAME")]
        as_test: Option<GameId>,
    },

    /// Add the games of an export, read from stdin, to a journal.
    ///
    /// The file is made if it does not exist. A game that the journal already has stays
    /// as it is; one that it has with other events is refused.
    Import {
        /// The file of the journal.
        file: PathBuf,
    },
}

impl JournalCommand {
    /// Runs the command. The exit code is its result.
    ///
    /// # Errors
    /// One line that says why the command failed.
    pub fn run(&self) -> Result<ExitCode> {
        // redb panics on a corrupt page. The journal turns that panic into an error,
        // and this hook keeps it from being printed as well.
        islands_engine::install_panic_hook();
        let mut out = BufWriter::new(io::stdout().lock());
        match self {
            JournalCommand::Check { file } => {
                let summary =
                    maintenance::check(file, &mut |problem| print_line(&mut out, problem))?;
                print_line(&mut out, &summary.to_string());
                out.flush().context("stdout")?;
                Ok(exit_code(summary))
            }
            JournalCommand::Export {
                file,
                as_test: None,
            } => {
                let report = &mut |problem: &str| print_line(&mut io::stderr(), problem);
                Ok(exit_code(maintenance::export(file, &mut out, report)?))
            }
            JournalCommand::Export {
                file,
                as_test: Some(game),
            } => {
                maintenance::export_as_test(file, *game, &mut out)?;
                Ok(ExitCode::SUCCESS)
            }
            JournalCommand::Import { file } => {
                let imported = maintenance::import(io::stdin().lock(), file)?;
                print_line(&mut out, &format!("{imported} games imported"));
                out.flush().context("stdout")?;
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

/// Prints a line, and ignores a closed pipe: the exit code reports the result too.
fn print_line(to: &mut dyn Write, line: &str) {
    let _ = writeln!(to, "{line}");
}

fn exit_code(summary: Summary) -> ExitCode {
    match summary.is_sound() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

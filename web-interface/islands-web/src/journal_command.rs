//! `islands journal …`: what an operator does with the file that keeps the games.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Subcommand;
use islands_core::GameId;
use islands_journal::upkeep::{self, Contents};

/// A command that works on a journal's file, while no server has it.
#[derive(Clone, Debug, Subcommand)]
pub enum JournalCommand {
    /// Read a whole journal, without changing it, and tell of all that is wrong.
    ///
    /// Prints a line for each problem, and at the end how much there is. The exit
    /// code is 0 if everything is as it was written, and 1 if not.
    Check {
        /// The file of the journal.
        file: PathBuf,
    },

    /// Write the games of a journal as lines of JSON.
    ///
    /// A line is a batch of events with its checksum; the last line says how many
    /// games there are. Damaged games are left out, and told of on stderr; the exit
    /// code is then 1. The file is not changed.
    Export {
        /// The file of the journal.
        file: PathBuf,

        /// Write a test in Rust that plays this one game again, for a file in
        /// `game-engine/islands-journal/tests/`.
        #[arg(long, value_name = "GAME")]
        as_test: Option<GameId>,
    },

    /// Add the games in such lines, read from stdin, to a journal.
    ///
    /// The file is made if it is not there. A game that it has already stays as it
    /// is; one that it has with other events is refused.
    Import {
        /// The file of the journal.
        file: PathBuf,
    },
}

impl JournalCommand {
    /// Carries it out. The exit code says what came of it.
    ///
    /// # Errors
    /// One line that says why it could not be carried out.
    pub fn run(&self) -> Result<ExitCode> {
        // Pages gone bad make redb panic, which is told of as what it means.
        islands_engine::report_panics();
        let mut out = BufWriter::new(io::stdout().lock());
        match self {
            JournalCommand::Check { file } => {
                let contents = upkeep::check(file, &mut |problem| say(&mut out, problem))?;
                say(&mut out, &contents.to_string());
                out.flush().context("stdout")?;
                Ok(code(contents))
            }
            JournalCommand::Export {
                file,
                as_test: None,
            } => {
                let tell = &mut |problem: &str| say(&mut io::stderr(), problem);
                Ok(code(upkeep::export(file, &mut out, tell)?))
            }
            JournalCommand::Export {
                file,
                as_test: Some(game),
            } => {
                upkeep::export_as_test(file, *game, &mut out)?;
                Ok(ExitCode::SUCCESS)
            }
            JournalCommand::Import { file } => {
                let imported = upkeep::import(io::stdin().lock(), file)?;
                say(&mut out, &format!("{imported} games imported"));
                out.flush().context("stdout")?;
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

/// The exit code says it too, should nobody read this.
fn say(to: &mut dyn Write, line: &str) {
    let _ = writeln!(to, "{line}");
}

fn code(contents: Contents) -> ExitCode {
    match contents.is_sound() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

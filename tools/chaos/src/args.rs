//! What is asked of a run.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::Parser;

/// Plays many games on a real server, kills it again and again, and checks that
/// no acknowledged move is lost and none is invented.
#[derive(Clone, Debug, Parser)]
pub(crate) struct Args {
    /// How long to go on; with `--kills`, how long it may take at most.
    #[arg(long, default_value_t = 60)]
    seconds: u64,

    /// What games, moves, faults and their moments are drawn from. [default: a
    /// new one, which is printed]
    #[arg(long)]
    seed: Option<u64>,

    /// How often to kill the server with `kill -9`; a run with fewer has failed.
    #[arg(long)]
    pub(crate) kills: Option<usize>,

    /// How many games are played at once.
    #[arg(long, default_value_t = 200)]
    pub(crate) games: usize,

    /// The built server. [default: `islands` beside this program]
    #[arg(long)]
    program: Option<PathBuf>,

    /// Instead of playing, check a history that was kept, against the journal
    /// beside it.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) check: Option<PathBuf>,
}

impl Args {
    pub(crate) fn limit(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }

    /// The seed, drawn if it was not given.
    pub(crate) fn seed(&self) -> u64 {
        self.seed.unwrap_or_else(|| fastrand::u64(..1_000_000))
    }

    /// The same run as one would ask for it.
    pub(crate) fn command_line(&self, seed: u64) -> String {
        let kills = self.kills.map(|kills| format!(" --kills {kills}"));
        format!(
            "cargo x chaos --seconds {} --seed {seed}{}",
            self.seconds,
            kills.unwrap_or_default()
        )
    }

    /// The server's program.
    ///
    /// # Errors
    /// If it is not there.
    pub(crate) fn program(&self) -> Result<PathBuf> {
        let program = match &self.program {
            Some(program) => program.clone(),
            None => {
                let me = std::env::current_exe().context("this program does not know itself")?;
                me.parent().unwrap_or(Path::new("")).join("islands")
            }
        };
        ensure!(
            program.is_file(),
            "there is no server {}; build it with `cargo build`",
            program.display()
        );
        // It will be started in another folder.
        Ok(program.canonicalize()?)
    }
}

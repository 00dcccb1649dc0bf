//! A run: rounds with one fault each, and a check of the journal after each.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use fastrand::Rng;
use history::Report;
use tokio::task::{JoinHandle, JoinSet, spawn_blocking};
use tokio::time::{Instant, sleep, timeout};

use crate::args::Args;
use crate::checker::{self, EntriesByGame};
use crate::plan::{Fault, faults};
use crate::program::{Program, Watchdog, journal_in};
use crate::shared_state::SharedState;
use crate::table::play_games;
use crate::tally::Tally;

/// Commands that a server acknowledges before its fault: few, so that most
/// clients are still reconnecting, or many.
const ACKNOWLEDGED: Range<usize> = 20..400;

/// Time that these acknowledgements may take.
const LOAD_TIMEOUT: Duration = Duration::from_secs(20);

/// Milliseconds that a server is stopped: less than the clients' patience.
const STOP_MS: Range<u64> = 1_500..3_000;

/// Time during which clients cut connections.
const CUT_TIME: Duration = Duration::from_millis(1_500);

/// Rounds between two lines of progress.
const PROGRESS_ROUNDS: usize = 25;

/// Time that all clients together may take to finish.
const FINISH_TIMEOUT: Duration = Duration::from_secs(60);

/// A run under way.
pub(crate) struct Run {
    shared: SharedState,
    program: PathBuf,
    folder: PathBuf,
    watchdog: Watchdog,
    rng: Rng,
    pub(crate) tally: Tally,
    /// The check of the last round; it runs beside the next round.
    checking: Option<JoinHandle<Result<()>>>,
}

impl Run {
    /// Prepares a run of this program on the journal in this folder.
    ///
    /// # Errors
    /// If the [`Watchdog`] cannot be started.
    pub(crate) fn new(
        shared: &SharedState,
        program: PathBuf,
        folder: &Path,
        seed: u64,
    ) -> Result<Run> {
        Ok(Run {
            shared: shared.clone(),
            program,
            folder: folder.to_owned(),
            watchdog: Watchdog::start()?,
            rng: Rng::with_seed(seed),
            tally: Tally::default(),
            checking: None,
        })
    }

    /// Plays games and injects faults until the time is over or the kills are
    /// enough, then lets all clients finish. Returns the report of all games.
    ///
    /// # Errors
    /// If a check, a client or the server shows a fault; the run stops there.
    pub(crate) async fn carry_out(&mut self, args: &Args) -> Result<Report> {
        let until = Instant::now() + args.limit();
        let mut faults = faults(&mut self.rng);
        let mut tables = JoinSet::new();
        for _ in 0..args.games {
            tables.spawn(play_games(self.shared.clone(), self.rng.u64(..)));
        }
        let mut server = self.start().await?;
        let enough = args.kills.unwrap_or(usize::MAX);
        while Instant::now() < until && self.tally.kills < enough {
            let Some(fault) = faults.next() else { break };
            self.inject(server, fault)
                .await
                .with_context(|| format!("round {}, {fault:?}", self.tally.rounds() + 1))?;
            self.tally.add(fault);
            if self.tally.rounds().is_multiple_of(PROGRESS_ROUNDS) {
                println!("{}", self.tally.progress(&self.shared));
            }
            self.begin_check().await?;
            server = self.start().await?;
            self.check_failures()?;
        }
        self.end_check().await?;
        self.shared.end();
        let finished = timeout(FINISH_TIMEOUT, tables.join_all()).await;
        ensure!(
            finished.is_ok(),
            "not everyone has finished within {} s",
            FINISH_TIMEOUT.as_secs()
        );
        self.shared.set_address(None);
        spawn_blocking(move || server.terminate()).await??;
        self.check_failures()?;
        let history = self.shared.history();
        let entries_by_game = checker::entries_of(history, history.games());
        checker::check(&journal_in(&self.folder), entries_by_game).await
    }

    async fn start(&self) -> Result<Program> {
        let (program, folder) = (self.program.clone(), self.folder.clone());
        let watchdog = self.watchdog.clone();
        let server = spawn_blocking(move || Program::start(&program, &folder, watchdog)).await??;
        self.shared.set_address(Some(server.address));
        Ok(server)
    }

    /// Lets the server work for a while, then injects the fault. Afterwards the
    /// server is gone, and every client knows.
    async fn inject(&mut self, server: Program, fault: Fault) -> Result<()> {
        self.wait_for_load().await?;
        match fault {
            Fault::Kill => self.kill(server).await?,
            Fault::Terminate => {
                let before = self.shared.closed_with_1012();
                self.shared.set_address(None);
                self.shared.set_draining(true);
                spawn_blocking(move || server.terminate()).await??;
                self.wait_until_disconnected().await?;
                self.shared.set_draining(false);
                self.tally.closed_with_1012 += self.shared.closed_with_1012() - before;
            }
            Fault::Stop => {
                server.signal("STOP")?;
                sleep(Duration::from_millis(self.rng.u64(STOP_MS))).await;
                server.signal("CONT")?;
                self.wait_for_load().await?;
                self.kill(server).await?;
            }
            Fault::Cut => {
                self.shared.set_cutting(true);
                sleep(CUT_TIME).await;
                self.wait_for_load().await?;
                self.kill(server).await?;
                self.shared.set_cutting(false);
            }
        }
        Ok(())
    }

    /// Waits until the server has acknowledged some more commands and others are
    /// under way.
    async fn wait_for_load(&mut self) -> Result<()> {
        let enough = self.shared.acknowledged() + self.rng.usize(ACKNOWLEDGED);
        let busy = async {
            while self.shared.acknowledged() < enough || self.shared.under_way() == 0 {
                sleep(Duration::from_millis(1)).await;
            }
        };
        let busy = timeout(LOAD_TIMEOUT, busy).await;
        busy.context("the server acknowledged too few commands")
    }

    async fn kill(&mut self, server: Program) -> Result<()> {
        self.tally.killed(self.shared.under_way());
        self.shared.set_address(None);
        spawn_blocking(move || server.kill()).await??;
        self.wait_until_disconnected().await
    }

    async fn wait_until_disconnected(&self) -> Result<()> {
        ensure!(
            self.shared.all_disconnected().await,
            "some clients are still connected to a server that is gone"
        );
        Ok(())
    }

    /// Starts to check the games played since the last check, against a copy of the
    /// journal: no server has it open at this moment.
    async fn begin_check(&mut self) -> Result<()> {
        self.end_check().await?;
        let history = self.shared.history();
        let entries_by_game: EntriesByGame = checker::entries_of(history, history.take_touched());
        let round = self.tally.rounds();
        let copy = self.folder.join("copy.redb");
        std::fs::copy(journal_in(&self.folder), &copy)?;
        self.checking = Some(tokio::spawn(async move {
            let round = || format!("after round {round}");
            let report = checker::check(&copy, entries_by_game)
                .await
                .with_context(round)?;
            let found = findings(&report);
            ensure!(found.is_empty(), "{}:\n{}", round(), found.join("\n"));
            Ok(())
        }));
        Ok(())
    }

    async fn end_check(&mut self) -> Result<()> {
        match self.checking.take() {
            Some(checking) => checking.await?,
            None => Ok(()),
        }
    }

    /// Fails if a client has reported a failure.
    fn check_failures(&self) -> Result<()> {
        let failures = self.shared.failures();
        ensure!(failures.is_empty(), "{}", failures.join("\n"));
        Ok(())
    }
}

/// Returns the first findings, one line each.
pub(crate) fn findings(report: &Report) -> Vec<String> {
    const MAX_SHOWN: usize = 40;
    let lines = report.findings.iter().take(MAX_SHOWN);
    lines.map(ToString::to_string).collect()
}

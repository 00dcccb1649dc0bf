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
use crate::judge::{self, Notes};
use crate::plan::{Fault, faults};
use crate::program::{Guard, Program, journal_in};
use crate::table::keep_playing;
use crate::tally::Tally;
use crate::world::World;

/// Commands that a server acknowledges before its fault: few, so that most
/// clients are still reconnecting, or many.
const ACKNOWLEDGED: Range<usize> = 20..400;

/// Time that these acknowledgements may take.
const UNDER_LOAD_WITHIN: Duration = Duration::from_secs(20);

/// Milliseconds that a server is stopped: less than the clients' patience.
const STOPPED_MS: Range<u64> = 1_500..3_000;

/// Time during which clients cut connections.
const CUTTING: Duration = Duration::from_millis(1_500);

/// Rounds between two lines of progress.
const PROGRESS: usize = 25;

/// Time that all clients together may take to finish.
const FINISH: Duration = Duration::from_secs(60);

/// A run under way.
pub(crate) struct Run {
    world: World,
    program: PathBuf,
    folder: PathBuf,
    guard: Guard,
    chance: Rng,
    pub(crate) tally: Tally,
    /// The check of the last round; it runs beside the next round.
    checking: Option<JoinHandle<Result<()>>>,
}

impl Run {
    /// Prepares a run of this program on the journal in this folder.
    ///
    /// # Errors
    /// If the [`Guard`] cannot be started.
    pub(crate) fn new(world: &World, program: PathBuf, folder: &Path, seed: u64) -> Result<Run> {
        Ok(Run {
            world: world.clone(),
            program,
            folder: folder.to_owned(),
            guard: Guard::start()?,
            chance: Rng::with_seed(seed),
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
        let mut faults = faults(&mut self.chance);
        let mut tables = JoinSet::new();
        for _ in 0..args.games {
            tables.spawn(keep_playing(self.world.clone(), self.chance.u64(..)));
        }
        let mut server = self.start().await?;
        let enough = args.kills.unwrap_or(usize::MAX);
        while Instant::now() < until && self.tally.kills < enough {
            let Some(fault) = faults.next() else { break };
            self.harm(server, fault)
                .await
                .with_context(|| format!("round {}, {fault:?}", self.tally.rounds() + 1))?;
            self.tally.add(fault);
            if self.tally.rounds().is_multiple_of(PROGRESS) {
                println!("{}", self.tally.progress(&self.world));
            }
            self.begin_check().await?;
            server = self.start().await?;
            self.complain()?;
        }
        self.end_check().await?;
        self.world.end();
        let finished = timeout(FINISH, tables.join_all()).await;
        ensure!(
            finished.is_ok(),
            "not everyone has finished within {} s",
            FINISH.as_secs()
        );
        self.world.set_address(None);
        spawn_blocking(move || server.terminate()).await??;
        self.complain()?;
        let history = self.world.history();
        let notes = judge::notes(history, history.games());
        judge::check(&journal_in(&self.folder), notes).await
    }

    async fn start(&self) -> Result<Program> {
        let (program, folder) = (self.program.clone(), self.folder.clone());
        let guard = self.guard.clone();
        let server = spawn_blocking(move || Program::start(&program, &folder, guard)).await??;
        self.world.set_address(Some(server.address));
        Ok(server)
    }

    /// Lets the server work for a while, then injects the fault. Afterwards the
    /// server is gone, and every client knows.
    async fn harm(&mut self, server: Program, fault: Fault) -> Result<()> {
        self.under_load().await?;
        match fault {
            Fault::Kill => self.kill(server).await?,
            Fault::Terminate => {
                let before = self.world.sent_elsewhere();
                self.world.set_address(None);
                self.world.set_draining(true);
                spawn_blocking(move || server.terminate()).await??;
                self.everyone_knows().await?;
                self.world.set_draining(false);
                self.tally.sent_elsewhere += self.world.sent_elsewhere() - before;
            }
            Fault::Stop => {
                server.signal("STOP")?;
                sleep(Duration::from_millis(self.chance.u64(STOPPED_MS))).await;
                server.signal("CONT")?;
                self.under_load().await?;
                self.kill(server).await?;
            }
            Fault::Cut => {
                self.world.set_cutting(true);
                sleep(CUTTING).await;
                self.under_load().await?;
                self.kill(server).await?;
                self.world.set_cutting(false);
            }
        }
        Ok(())
    }

    /// Waits until the server has acknowledged some more commands and others are
    /// under way.
    async fn under_load(&mut self) -> Result<()> {
        let enough = self.world.acknowledged() + self.chance.usize(ACKNOWLEDGED);
        let busy = async {
            while self.world.acknowledged() < enough || self.world.under_way() == 0 {
                sleep(Duration::from_millis(1)).await;
            }
        };
        let busy = timeout(UNDER_LOAD_WITHIN, busy).await;
        busy.context("the server acknowledged too few commands")
    }

    async fn kill(&mut self, server: Program) -> Result<()> {
        self.tally.killed(self.world.under_way());
        self.world.set_address(None);
        spawn_blocking(move || server.kill()).await??;
        self.everyone_knows().await
    }

    async fn everyone_knows(&self) -> Result<()> {
        ensure!(
            self.world.all_disconnected().await,
            "some clients are still connected to a server that is gone"
        );
        Ok(())
    }

    /// Starts to check the games played since the last check, against a copy of the
    /// journal: no server has it open at this moment.
    async fn begin_check(&mut self) -> Result<()> {
        self.end_check().await?;
        let history = self.world.history();
        let notes: Notes = judge::notes(history, history.take_touched());
        let round = self.tally.rounds();
        let copy = self.folder.join("copy.redb");
        std::fs::copy(journal_in(&self.folder), &copy)?;
        self.checking = Some(tokio::spawn(async move {
            let wrong = || format!("after round {round}");
            let report = judge::check(&copy, notes).await.with_context(wrong)?;
            let found = findings(&report);
            ensure!(found.is_empty(), "{}:\n{}", wrong(), found.join("\n"));
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

    /// Fails if a client has noted a trouble.
    fn complain(&self) -> Result<()> {
        let troubles = self.world.troubles();
        ensure!(troubles.is_empty(), "{}", troubles.join("\n"));
        Ok(())
    }
}

/// Returns the first findings, one line each.
pub(crate) fn findings(report: &Report) -> Vec<String> {
    const SHOWN: usize = 40;
    let lines = report.findings.iter().take(SHOWN);
    lines.map(ToString::to_string).collect()
}

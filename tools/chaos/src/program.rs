//! The server as a process.

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use parking_lot::Mutex;

/// The file in the server's folder that keeps the games.
pub(crate) const JOURNAL: &str = "islands.redb";

/// How long a server may take to end after SIGTERM: its three graces of 5 s.
const GRACE: Duration = Duration::from_secs(15);

/// Room for all games from this one address. Each start listens on a port of its
/// own, so that no connection of a client can be in its way.
const FLAGS: [&str; 8] = [
    "--listen",
    "127.0.0.1:0",
    "--games-per-minute",
    "1000000",
    "--address-share",
    "100",
    "--log",
    "error",
];

/// A running server; dropped, it is killed.
pub(crate) struct Program {
    running: harness::Program,
    guard: Guard,
    pub(crate) address: SocketAddr,
}

impl Program {
    /// Starts it on what is in the folder, and waits until it listens.
    ///
    /// # Errors
    /// If it ends before it does.
    pub(crate) fn start(program: &Path, folder: &Path, guard: Guard) -> Result<Program> {
        let mut command = Command::new(program);
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ISLANDS_")) {
            command.env_remove(name);
        }
        command.args(FLAGS).current_dir(folder);
        let running = harness::Program::start(&mut command)?;
        guard.watch(Some(running.id()));
        Ok(Program {
            address: running.address,
            running,
            guard,
        })
    }

    /// `kill -9`: it gets no chance to save anything.
    ///
    /// # Errors
    /// If it has ended by itself.
    pub(crate) fn kill(mut self) -> Result<()> {
        self.running.kill()
    }

    /// SIGTERM, after which it has to end well and in time.
    ///
    /// # Errors
    /// If it does not.
    pub(crate) fn terminate(mut self) -> Result<()> {
        self.signal("TERM")?;
        let told = Instant::now();
        while told.elapsed() < GRACE {
            if let Some(status) = self.running.ended()? {
                return ended_well(status);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        bail!(
            "the server has not ended within {} s of SIGTERM",
            GRACE.as_secs()
        )
    }

    /// Sends it a signal, such as `STOP`.
    ///
    /// # Errors
    /// If the system has no `kill` or there is no such process.
    pub(crate) fn signal(&self, name: &str) -> Result<()> {
        self.running.signal(name)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Ended before the guard is told so: nobody else has its number by then.
        let _ = self.running.kill();
        self.guard.watch(None);
    }
}

/// Someone who kills the server should this program itself be killed: a shell
/// that is told which process that is, and acts when it is told no more. Clones
/// are the same guard, who goes when the last of them does.
#[derive(Clone)]
pub(crate) struct Guard(Arc<Mutex<Child>>);

impl Guard {
    /// # Errors
    /// If there is no `sh`.
    pub(crate) fn start() -> Result<Guard> {
        const WATCH: &str = "while read -r it; do pid=$it; done; [ -z \"$pid\" ] || kill -9 $pid";
        let guard = Command::new("sh")
            .args(["-c", WATCH])
            .stdin(Stdio::piped())
            .spawn()
            .context("the server is guarded by `sh`, which cannot be started")?;
        Ok(Guard(Arc::new(Mutex::new(guard))))
    }

    /// Names the process to be killed, or says that there is none.
    fn watch(&self, pid: Option<u32>) {
        let pid = pid.map_or(String::new(), |pid| pid.to_string());
        let mut guard = self.0.lock();
        if let Some(stdin) = &mut guard.stdin {
            // A guard that is gone is missed only if this program is killed.
            let _ = writeln!(stdin, "{pid}");
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(guard) = Arc::get_mut(&mut self.0) {
            let guard = guard.get_mut();
            drop(guard.stdin.take());
            let _ = guard.wait();
        }
    }
}

fn ended_well(status: ExitStatus) -> Result<()> {
    ensure!(
        status.code() == Some(0),
        "the server ended after SIGTERM with {status}, not with exit code 0"
    );
    Ok(())
}

/// The journal in a folder.
pub(crate) fn journal_in(folder: &Path) -> PathBuf {
    folder.join(JOURNAL)
}

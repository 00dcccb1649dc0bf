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

/// Time that a server may take to end after SIGTERM: three grace periods of 5 s.
const EXIT_TIMEOUT: Duration = Duration::from_secs(15);

/// Flags of the server: room for all games from this one address, and port 0, so
/// that connections of an earlier server cannot hold the port.
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

/// A running server, killed when dropped.
pub(crate) struct Program {
    running: harness::Program,
    watchdog: Watchdog,
    pub(crate) address: SocketAddr,
}

impl Program {
    /// Starts the server on the journal in the folder, and waits until it listens.
    ///
    /// # Errors
    /// If the server cannot be started, or ends before it listens.
    pub(crate) fn start(program: &Path, folder: &Path, watchdog: Watchdog) -> Result<Program> {
        let mut command = Command::new(program);
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ISLANDS_")) {
            command.env_remove(name);
        }
        command.args(FLAGS).current_dir(folder);
        let running = harness::Program::start(&mut command)?;
        watchdog.watch(Some(running.id()));
        Ok(Program {
            address: running.address,
            running,
            watchdog,
        })
    }

    /// Kills the server with `kill -9`, so that it cannot save anything.
    ///
    /// # Errors
    /// If the server has ended by itself.
    pub(crate) fn kill(mut self) -> Result<()> {
        self.running.kill()
    }

    /// Sends SIGTERM, and waits for the server to exit.
    ///
    /// # Errors
    /// If it does not exit in time, or with another code than 0.
    pub(crate) fn terminate(mut self) -> Result<()> {
        self.signal("TERM")?;
        let signalled_at = Instant::now();
        while signalled_at.elapsed() < EXIT_TIMEOUT {
            if let Some(status) = self.running.try_wait()? {
                return check_exit_status(status);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        bail!(
            "the server has not ended within {} s of SIGTERM",
            EXIT_TIMEOUT.as_secs()
        )
    }

    /// Sends the server a signal, such as `STOP`.
    ///
    /// # Errors
    /// If the system has no `kill` or there is no such process.
    pub(crate) fn signal(&self, name: &str) -> Result<()> {
        self.running.signal(name)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Kill before the watchdog forgets the pid: by then no other process has it.
        let _ = self.running.kill();
        self.watchdog.watch(None);
    }
}

/// Kills the server should this program itself be killed.
///
/// A shell reads the server's pid from its stdin, and kills the last one named
/// when stdin ends. Clones share the shell; dropping the last one ends it.
#[derive(Clone)]
pub(crate) struct Watchdog(Arc<Mutex<Child>>);

impl Watchdog {
    /// Starts the shell.
    ///
    /// # Errors
    /// If there is no `sh`.
    pub(crate) fn start() -> Result<Watchdog> {
        const SCRIPT: &str = "while read -r it; do pid=$it; done; [ -z \"$pid\" ] || kill -9 $pid";
        let watchdog = Command::new("sh")
            .args(["-c", SCRIPT])
            .stdin(Stdio::piped())
            .spawn()
            .context("the server is guarded by `sh`, which cannot be started")?;
        Ok(Watchdog(Arc::new(Mutex::new(watchdog))))
    }

    /// Names the process to kill; `None` for no process.
    fn watch(&self, pid: Option<u32>) {
        let pid = pid.map_or(String::new(), |pid| pid.to_string());
        let mut watchdog = self.0.lock();
        if let Some(stdin) = &mut watchdog.stdin {
            // A dead watchdog matters only if this program is killed.
            let _ = writeln!(stdin, "{pid}");
        }
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        if let Some(watchdog) = Arc::get_mut(&mut self.0) {
            let watchdog = watchdog.get_mut();
            drop(watchdog.stdin.take());
            let _ = watchdog.wait();
        }
    }
}

fn check_exit_status(status: ExitStatus) -> Result<()> {
    ensure!(
        status.code() == Some(0),
        "the server ended after SIGTERM with {status}, not with exit code 0"
    );
    Ok(())
}

/// Returns the path of the journal in a folder.
pub(crate) fn journal_in(folder: &Path) -> PathBuf {
    folder.join(JOURNAL)
}

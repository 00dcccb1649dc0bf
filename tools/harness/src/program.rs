//! A server as a process.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};

use anyhow::{Context, Result, bail, ensure};

/// The start of a server's first line of output, before its address.
const LISTENING: &str = "listening on http://";

/// A running server, killed when dropped.
#[derive(Debug)]
pub struct Program {
    /// The address on which the server listens.
    pub address: SocketAddr,
    child: Child,
    stdout: BufReader<ChildStdout>,
}

impl Program {
    /// Starts a server, and waits until it listens.
    ///
    /// # Errors
    /// If the server cannot be started, or ends, or prints another line first.
    pub fn start(command: &mut Command) -> Result<Program> {
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
        let mut child = child.with_context(|| {
            let program = command.get_program().display();
            format!("{program} cannot be started")
        })?;
        let stdout = child.stdout.take().context("the server has no output")?;
        let mut program = Program {
            address: ([127, 0, 0, 1], 0).into(),
            child,
            stdout: BufReader::new(stdout),
        };
        let mut line = String::new();
        program.stdout.read_line(&mut line)?;
        let line = line.trim_end();
        let Some(address) = line.strip_prefix(LISTENING) else {
            bail!("the server did not start: it printed `{line}`");
        };
        program.address = address.parse()?;
        Ok(program)
    }

    /// Returns the id of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Returns the exit status, if the server has ended.
    ///
    /// # Errors
    /// If the system cannot say.
    pub fn try_wait(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Kills the server with `kill -9`, so that it cannot save anything.
    ///
    /// # Errors
    /// If the server has ended by itself.
    pub fn kill(&mut self) -> Result<()> {
        let ended = self.try_wait()?;
        ensure!(ended.is_none(), "the server ended by itself: {ended:?}");
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Sends the server a signal, such as `TERM`.
    ///
    /// # Errors
    /// As [`signal`].
    pub fn signal(&self, name: &str) -> Result<()> {
        signal(&self.child, name)
    }

    /// Waits until the server ends, and returns its status and the rest of its output.
    ///
    /// # Errors
    /// If the output is not UTF-8.
    pub fn wait_with_output(mut self) -> Result<(ExitStatus, String)> {
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest)?;
        Ok((self.child.wait()?, rest))
    }

    /// Reads stderr, if it is piped, until the server ends.
    ///
    /// # Errors
    /// If the output is not UTF-8.
    pub fn stderr(&mut self) -> Result<String> {
        let mut text = String::new();
        if let Some(mut stderr) = self.child.stderr.take() {
            stderr.read_to_string(&mut text)?;
        }
        Ok(text)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // This fails if the server has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a signal to a child process.
///
/// # Errors
/// If the system has no `sh` or `kill`, or the process is gone.
pub fn signal(child: &Child, name: &str) -> Result<()> {
    let kill = format!("kill -{name} {}", child.id());
    let status = Command::new("sh").args(["-c", &kill]).status();
    let status = status.context("signals are sent by `sh`, which cannot be started")?;
    ensure!(status.success(), "`{kill}` failed: {status}");
    Ok(())
}

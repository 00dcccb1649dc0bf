//! A server as a process.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};

use anyhow::{Context, Result, bail, ensure};

/// How a server says that it listens: the first line of its output.
const LISTENING: &str = "listening on http://";

/// A running server; dropped, it is killed.
#[derive(Debug)]
pub struct Program {
    /// Where it listens.
    pub address: SocketAddr,
    child: Child,
    stdout: BufReader<ChildStdout>,
}

impl Program {
    /// Starts a server, and waits until it listens.
    ///
    /// # Errors
    /// It cannot be started, or ends, or says something else first.
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

    /// The process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// How it has ended, if it has.
    ///
    /// # Errors
    /// The system does not say.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// `kill -9`: it gets no chance to save anything.
    ///
    /// # Errors
    /// It has ended by itself.
    pub fn kill(&mut self) -> Result<()> {
        let ended = self.ended()?;
        ensure!(ended.is_none(), "the server ended by itself: {ended:?}");
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Sends it a signal, such as `TERM`.
    ///
    /// # Errors
    /// As [`signal`].
    pub fn signal(&self, name: &str) -> Result<()> {
        signal(&self.child, name)
    }

    /// Waits for its end: how it ended, and what else it has printed.
    ///
    /// # Errors
    /// It prints something that is no text.
    pub fn end(mut self) -> Result<(ExitStatus, String)> {
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest)?;
        Ok((self.child.wait()?, rest))
    }

    /// What it has printed on stderr, which has to be piped, up to its end.
    ///
    /// # Errors
    /// It prints something that is no text.
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
        // One that has ended already cannot be killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a signal to a process that was started here.
///
/// # Errors
/// The system has no `kill`, or there is no such process any more.
pub fn signal(child: &Child, name: &str) -> Result<()> {
    let kill = format!("kill -{name} {}", child.id());
    let status = Command::new("sh").args(["-c", &kill]).status();
    let status = status.context("signals are sent by `sh`, which cannot be started")?;
    ensure!(status.success(), "`{kill}` failed: {status}");
    Ok(())
}

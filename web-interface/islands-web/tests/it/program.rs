//! The built program, as an operator runs it.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

/// A running `islands`, killed on drop.
pub(crate) struct Program {
    running: harness::Program,
    pub(crate) address: SocketAddr,
}

impl Program {
    /// Starts the program on a free port, with its journal in `folder`.
    pub(crate) fn start(folder: &Path, flags: &[&str]) -> Program {
        Program::start_at(([127, 0, 0, 1], 0).into(), folder, flags)
    }

    pub(crate) fn start_at(address: SocketAddr, folder: &Path, flags: &[&str]) -> Program {
        let mut command = command(folder);
        command.args(["--listen", &address.to_string(), "--log", "error"]);
        let running = harness::Program::start(command.args(flags)).unwrap();
        let address = running.address;
        Program { running, address }
    }

    /// `kill -9`: the program has no chance to save anything.
    pub(crate) fn kill(mut self) -> SocketAddr {
        self.running.kill().unwrap();
        self.address
    }

    /// Sends the program a signal, such as `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        self.running.signal(name).unwrap();
    }

    /// Waits for the program's end, and returns the rest of its output.
    pub(crate) fn end(self) -> (ExitStatus, String) {
        self.running.wait_with_output().unwrap()
    }
}

/// The result of a start that failed, as it should.
pub(crate) struct Failed {
    pub(crate) code: Option<i32>,
    pub(crate) stderr: String,
}

/// Starts the program, which must end by itself without output on stdout.
#[track_caller]
pub(crate) fn fails(folder: &Path, flags: &[&str]) -> Failed {
    let mut command = command(folder);
    if !flags.contains(&"--listen") {
        command.args(["--listen", "127.0.0.1:0"]);
    }
    let mut child = command.args(flags).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdout = String::new();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    if lines.read_line(&mut stdout).unwrap() > 0 {
        child.kill().unwrap();
    }
    let output = child.wait_with_output().unwrap();
    assert_eq!(stdout, "", "nothing is printed");
    Failed {
        code: output.status.code(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A command that runs the program in `folder`, without `ISLANDS_…` variables.
pub(crate) fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_islands"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ISLANDS_")) {
        command.env_remove(name);
    }
    command.current_dir(folder).stdout(Stdio::piped());
    command
}

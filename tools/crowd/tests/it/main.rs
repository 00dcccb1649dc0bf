//! Tests of the whole program, with two workers, against a small server.

mod errors;
mod interruptions;
mod runs;
mod server;

use std::net::SocketAddr;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// Returns a command that runs on this server without showing progress.
fn crowd(command: &str, server: SocketAddr, flags: &[&str]) -> Command {
    let mut crowd = Command::new(env!("CARGO_BIN_EXE_crowd"));
    crowd
        .arg(command)
        .arg(format!("ws://{server}/socket/websocket"))
        .args(["--processes", "2", "--quiet"])
        .args(flags);
    crowd
}

/// Runs the program, expects success, and returns its measurements.
#[track_caller]
fn report(command: &str, server: SocketAddr, flags: &[&str]) -> Value {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("report.json");
    let mut crowd = crowd(command, server, flags);
    let output = crowd.arg("--json").arg(&file).output().expect("it runs");
    assert!(output.status.success(), "{}", stderr(&output));
    let json = std::fs::read(file).expect("a report");
    serde_json::from_slice(&json).expect("JSON")
}

/// Runs the program, expects failure, and returns its standard error.
#[track_caller]
fn stderr_of_failure(mut crowd: Command) -> String {
    let output = crowd.output().expect("it runs");
    assert!(!output.status.success(), "it should have failed");
    stderr(&output)
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr)
        .trim_end()
        .to_owned()
}

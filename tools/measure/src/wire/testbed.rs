//! Builds and starts the servers and the crowd, each on a core of its own.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use harness::Program;
use serde_json::Value;

use crate::shell;

/// The two servers: `axum-channels`, and the bare one.
pub(crate) const KINDS: [&str; 2] = ["channels", "bare"];

/// The plots of both servers: the names of the files, and their titles.
pub(crate) const PLOTS: [(&str, &str); 3] = [
    ("echo", "Echo in a closed loop over 1,000 connections"),
    ("pushes", "20,000 pushes a second over 1,000 connections"),
    (
        "deliveries",
        "Broadcasts to 1,000 subscribers in a closed loop",
    ),
];

/// Time within which a crowd must have opened its connections.
const OPENING_TIMEOUT: Duration = Duration::from_secs(30);

/// Core numbers, as `taskset` counts them.
const SERVER_CORE: &str = "0";
const CROWD_CORE: &str = "1";

/// Flags of the game's server: room for all clients from this one address, and no journal
/// that waits for a disk.
const ISLANDS_FLAGS: &str = "--listen 127.0.0.1:0 --journal memory --log error \
    --games-per-minute 1000000 --address-share 100";

/// The built programs.
pub(crate) struct Testbed {
    wire: String,
    crowded: String,
    crowd: PathBuf,
    islands: PathBuf,
    /// Seconds for which the section `held` holds its connections.
    pub(crate) hold_seconds: u64,
}

impl Testbed {
    /// Builds the programs.
    pub(crate) fn build(hold_seconds: u64) -> Result<Testbed> {
        let cores = std::thread::available_parallelism()?.get();
        ensure!(
            cores >= 2,
            "the server and the crowd need a core each, and there is {cores}"
        );
        let cargo = shell::cargo();
        shell::run(
            &cargo,
            &["build", "--release", "-p", "crowd", "-p", "islands-web"],
        )?;
        let built = shell::target()?.join("release");
        Ok(Testbed {
            wire: bench(&cargo, "axum-channels", "wire")?,
            crowded: bench(&cargo, "islands-web", "crowded")?,
            crowd: built.join("crowd"),
            islands: built.join("islands"),
            hold_seconds,
        })
    }

    /// Starts a server of the bench `wire`: one of [`KINDS`], or `guarded`.
    pub(crate) fn server(&self, kind: &str) -> Result<Server> {
        Server::start(pinned(SERVER_CORE, &self.wire, &[kind]), "room:0")
    }

    /// Starts the game's server.
    pub(crate) fn game_server(&self) -> Result<Server> {
        let flags: Vec<_> = ISLANDS_FLAGS.split_whitespace().collect();
        let islands = self.islands.to_string_lossy();
        Server::start(pinned(SERVER_CORE, &islands, &flags), "lobby")
    }

    /// Plays games there for some seconds, with `lobby_events` events a second in the lobby, and returns
    /// the report.
    pub(crate) fn play(&self, server: &Server, seconds: u32, lobby_events: u32) -> Result<String> {
        let (seconds, lobby_events) = (seconds.to_string(), lobby_events.to_string());
        let played = pinned(
            CROWD_CORE,
            &self.crowded,
            &[&server.address, &seconds, &lobby_events],
        )
        .output()?;
        let stderr = String::from_utf8_lossy(&played.stderr);
        ensure!(played.status.success(), "`crowded` failed: {stderr}");
        Ok(String::from_utf8_lossy(&played.stdout).into_owned())
    }

    /// Runs the bench `wire` with these arguments to its end, and returns its output.
    pub(crate) fn run_wire_bench(&self, args: &[&str]) -> Result<String> {
        let done = pinned(SERVER_CORE, &self.wire, args).output()?;
        ensure!(done.status.success(), "`wire {}` failed", args.join(" "));
        Ok(String::from_utf8_lossy(&done.stdout).into_owned())
    }

    /// Runs a crowd against a server, and returns its report; with `plot`, also draws it under that
    /// name.
    pub(crate) fn crowd(&self, server: &Server, args: &str, plot: Option<&str>) -> Result<String> {
        let report = shell::target()?.join("crowd.json");
        let mut command = pinned(CROWD_CORE, &self.crowd.to_string_lossy(), &[]);
        command
            .args(crowd_args(server, args))
            .arg("--json")
            .arg(&report);
        if let Some(plot) = plot {
            let folder = shell::root().join("benchmarks");
            fs::create_dir_all(&folder)?;
            command.arg("--svg").arg(folder.join(format!("{plot}.svg")));
        }
        let done = command.output()?;
        let stderr = String::from_utf8_lossy(&done.stderr);
        ensure!(done.status.success(), "`crowd {args}` failed: {stderr}");
        Ok(fs::read_to_string(report)?)
    }

    /// Attacks a server until the [`ChildGuard`] is dropped. The attackers run at the lowest priority,
    /// so that they take no time from the crowd on the same core.
    pub(crate) fn attack(&self, server: &Server) -> Result<ChildGuard> {
        let mut attack = low_priority(&self.wire, &["rude", &server.address])
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = attack.stdout.take().context("the attack has no output")?;
        let attack = ChildGuard(attack);
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        ensure!(line.trim() == "ready", "the attack does not come about");
        Ok(attack)
    }

    /// Holds connections until the [`ChildGuard`] is dropped. This crowd runs at the lowest priority, so
    /// that it takes no time from others on its core.
    pub(crate) fn hold(&self, server: &Server, connections: usize) -> Result<ChildGuard> {
        let before = server.open_files()?;
        let args = format!("hold -n {connections} --for 1h --processes 2");
        let mut crowd = low_priority(&self.crowd.to_string_lossy(), &[]);
        let crowd = crowd.args(crowd_args(server, &args)).stdout(Stdio::null());
        let holding = ChildGuard(crowd.spawn()?);
        let began = Instant::now();
        while server.open_files()? < before + connections {
            ensure!(
                began.elapsed() < OPENING_TIMEOUT,
                "{connections} connections do not come about"
            );
            std::thread::sleep(Duration::from_millis(100));
        }
        // Give the server time to free the memory that only the joins needed.
        std::thread::sleep(Duration::from_secs(2));
        Ok(holding)
    }
}

/// Builds a bench, and returns the path of its program.
fn bench(cargo: &str, package: &str, name: &str) -> Result<String> {
    let bench = ["bench", "-p", package, "--bench", name, "--no-run"];
    let built = shell::output(cargo, &[&bench[..], &["--message-format=json"]].concat())?;
    let executable = |line: &str| {
        let message: Value = serde_json::from_str(line).ok()?;
        Some(message["executable"].as_str()?.to_owned())
    };
    let mut executables = built.lines().filter_map(executable);
    let found = executables.find(|it| it.contains(&format!("/{name}-")));
    found.with_context(|| format!("cargo does not say where it has put the bench `{name}`"))
}

/// Returns a crowd's arguments for a job at a server.
fn crowd_args(server: &Server, args: &str) -> Vec<String> {
    let (subcommand, flags) = args.split_once(' ').unwrap_or((args, ""));
    let url = format!("ws://{}/socket/websocket", server.address);
    let always = ["--quiet", "--topic", server.topic].map(str::to_owned);
    let flags = flags.split_whitespace().map(str::to_owned);
    [subcommand.to_owned(), url]
        .into_iter()
        .chain(flags)
        .chain(always)
        .collect()
}

/// A running crowd or attack, killed when dropped.
pub(crate) struct ChildGuard(Child);

impl Drop for ChildGuard {
    fn drop(&mut self) {
        // A crowd's workers end with it.
        let _ = self.0.kill().and_then(|()| self.0.wait());
    }
}

/// A running server, killed when dropped.
pub(crate) struct Server {
    program: Program,
    address: String,
    /// The topic that a crowd joins there.
    topic: &'static str,
}

impl Server {
    fn start(mut command: Command, topic: &'static str) -> Result<Server> {
        let program = Program::start(&mut command)?;
        let address = program.address.to_string();
        Ok(Server {
            program,
            address,
            topic,
        })
    }

    /// Returns the resident bytes of the server's process.
    pub(crate) fn resident(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.program.id()))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        let kibibytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
        let kibibytes: f64 = kibibytes.context("the kernel does not say what is resident")?;
        Ok(kibibytes * 1024.0)
    }

    fn open_files(&self) -> Result<usize> {
        Ok(fs::read_dir(format!("/proc/{}/fd", self.program.id()))?.count())
    }
}

fn pinned(core: &str, program: &str, args: &[&str]) -> Command {
    let mut command = shell::command("taskset", &["-c", core, program]);
    command.args(args);
    command
}

/// Prepares a program that shares the crowd's core at the lowest priority.
fn low_priority(program: &str, args: &[&str]) -> Command {
    pinned(CROWD_CORE, "nice", &[&["-n", "19", program], args].concat())
}

/// Returns the number at this path of names in a JSON report.
///
/// # Errors
/// If the report has no number there.
pub(crate) fn number(report: &str, path: &[&str]) -> Result<f64> {
    let report: Value = serde_json::from_str(report)?;
    let found = path.iter().try_fold(&report, |outer, name| outer.get(name));
    let number = found.and_then(Value::as_f64);
    number.with_context(|| format!("the report has no number {path:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_by_its_path() {
        let report = r#"{"p50": 1, "push": {"rate": 7, "round_trip": {"p50": 2.5}}}"#;
        let found = |path: &[&str]| number(report, path).ok();
        assert_eq!(found(&["push", "round_trip", "p50"]), Some(2.5));
        assert_eq!(found(&["push", "rate"]), Some(7.0));
        assert_eq!(found(&["pull", "rate"]), None);
    }
}

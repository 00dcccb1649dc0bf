//! A program of its own that broadcasts until it has no memory left: this walk, started once more.
//!
//! It serves the channel by hand. Once two clients have joined, it broadcasts to them, and prints
//! what it has sent. It ends with its standard input, so it cannot outlive the walk.

use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::SocketAddr;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use std::{io, thread};

use ch07::by_hand::Topics;
use serde_json::json;
use tokio::net::TcpListener;

/// The argument with which the walk starts itself as a child.
const CHILD: &str = "--broadcast-by-hand";

/// The memory that the child may have, in bytes.
pub(crate) const MEMORY: u64 = 32 << 20;

/// The bytes of the text in each broadcast.
pub(crate) const TEXT: usize = 32 << 10;

/// The topic of the broadcasts.
pub(crate) const TOPIC: &str = "news";

type Failure = Box<dyn Error>;

/// If this program was started as a child, broadcasts until its memory is used up.
pub(crate) fn run_if_child() {
    if std::env::args_os().nth(1).is_some_and(|it| it == CHILD) {
        // First of all: a second thread would reserve memory of its own.
        let limited = limit_memory();
        thread::spawn(|| {
            let _ = io::stdin().read_to_end(&mut Vec::new());
            std::process::exit(1);
        });
        if let Err(error) = limited.and_then(|()| broadcast()) {
            eprintln!("{error}");
        }
        std::process::exit(1);
    }
}

fn broadcast() -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let topics = Arc::new(Topics::default());
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?);
        tokio::spawn(Arc::clone(&topics).serve(listener));
        while topics.subscribers(TOPIC) < 2 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let text = "x".repeat(TEXT);
        for number in 1.. {
            topics.broadcast(TOPIC, "news", &json!({ "seq": number, "text": text }));
            writeln!(io::stdout(), "{number}")?;
            // The clients' tasks write what is queued.
            for _ in 0..8 {
                tokio::task::yield_now().await;
            }
        }
        Ok(())
    })
}

/// Limits the memory of this process, so that it ends before the machine's is used up. It leaves no
/// core file behind.
#[cfg(target_os = "linux")]
fn limit_memory() -> Result<(), Failure> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let limit = |bytes| Rlimit {
        current: Some(bytes),
        maximum: Some(bytes),
    };
    setrlimit(Resource::Core, limit(0))?;
    Ok(setrlimit(Resource::As, limit(MEMORY))?)
}

#[cfg(not(target_os = "linux"))]
fn limit_memory() -> Result<(), Failure> {
    Err("only Linux can limit the memory of a process".into())
}

/// A running child, killed when it is dropped.
pub(crate) struct Broadcaster {
    child: Child,
    stdout: BufReader<ChildStdout>,
    pub(crate) address: SocketAddr,
}

/// How a child has ended.
pub(crate) struct Ended {
    /// The number of broadcasts that it has sent.
    pub(crate) sent: u64,
    /// The first line that it has written to its standard error.
    pub(crate) error: String,
}

impl Broadcaster {
    /// Starts a child.
    pub(crate) fn start() -> Result<Broadcaster, Failure> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg(CHILD)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let stdout = child.stdout.take().ok_or("the child has an output")?;
        let mut started = Broadcaster {
            child,
            stdout: BufReader::new(stdout),
            address: ([127, 0, 0, 1], 0).into(),
        };
        let mut line = String::new();
        started.stdout.read_line(&mut line)?;
        if line.is_empty() {
            return Err(started.error()?.into());
        }
        started.address = line.trim().parse()?;
        Ok(started)
    }

    /// Waits until the child has ended. Call it where waiting holds up nobody.
    pub(crate) fn wait(mut self) -> Result<Ended, Failure> {
        let mut sent = 0;
        let mut line = String::new();
        while self.stdout.read_line(&mut line)? > 0 {
            sent = line.trim().parse().unwrap_or(sent);
            line.clear();
        }
        let error = self.error()?;
        let status = self.child.wait()?;
        // An ordinary exit has a code. Where memory runs out, the program is aborted.
        if status.code().is_some() || !error.contains("memory allocation") {
            return Err(format!("the child ended otherwise, {status}: {error}").into());
        }
        Ok(Ended { sent, error })
    }

    fn error(&mut self) -> Result<String, Failure> {
        let mut text = String::new();
        if let Some(mut stderr) = self.child.stderr.take() {
            stderr.read_to_string(&mut text)?;
        }
        let mut lines = text.lines();
        Ok(lines.find(|line| !line.is_empty()).unwrap_or("").to_owned())
    }
}

impl Drop for Broadcaster {
    fn drop(&mut self) {
        // This fails if the child has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

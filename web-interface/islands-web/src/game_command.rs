//! `islands game …`: an operator's commands to the running server about one game.

use std::fmt::Write as _;
use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use axum::body::{Body, to_bytes};
use clap::Args;
use hyper::client::conn::http1::handshake;
use hyper::header::HOST;
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use islands_core::GameId;
use serde::Deserialize;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::operator::OPERATOR_HEADER;

/// How long the server may take to answer.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// Maximum bytes of an answer; real ones are far smaller.
const LONGEST_ANSWER: usize = 1024 * 1024;

/// A command about one game.
#[derive(Args, Clone, Debug)]
pub struct GameCommand {
    /// The game's id: the part after `/g/` in its address.
    game: GameId,

    #[command(flatten)]
    what: What,

    /// Address that the server listens on, as in its own `--listen`.
    #[arg(long, env = "ISLANDS_LISTEN", default_value = "127.0.0.1:4000")]
    listen: SocketAddr,
}

#[derive(Args, Clone, Debug)]
#[group(required = true, multiple = false)]
struct What {
    /// Show the state of the game's process and of its log, without the players'
    /// islands.
    #[arg(long)]
    inspect: bool,

    /// End the game's quarantine: its process starts again, and play goes on from its
    /// log.
    #[arg(long)]
    quarantine_clear: bool,
}

/// The answer of `GET /api/system/games/ID`.
#[derive(Deserialize)]
struct InspectionBody {
    process: Option<ProcessBody>,
    batches: usize,
    events: u64,
    state: Option<String>,
    damage: Option<String>,
}

#[derive(Deserialize)]
struct ProcessBody {
    phase: String,
    for_ms: u64,
    crashes: usize,
    waiting: usize,
    error: Option<String>,
}

/// The body of a refusal.
#[derive(Deserialize)]
struct ErrorBody {
    reason: String,
    message: String,
}

impl GameCommand {
    /// Sends the command to the server and prints the answer.
    ///
    /// # Errors
    /// One line that says why it failed: no server answers, the server has no such
    /// game, or the game is not in quarantine.
    pub fn run(&self) -> Result<ExitCode> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let said = runtime.block_on(self.ask())?;
        // A closed stdout is no error.
        let _ = writeln!(std::io::stdout(), "{said}");
        Ok(ExitCode::SUCCESS)
    }

    async fn ask(&self) -> Result<String> {
        let game = self.game;
        let path = format!("/api/system/games/{game}");
        if self.what.quarantine_clear {
            self.request(Method::DELETE, &(path + "/quarantine"))
                .await?;
            return Ok(format!("game {game}: the quarantine is over"));
        }
        let answer = self.request(Method::GET, &path).await?;
        let inspection: InspectionBody = serde_json::from_slice(&answer).context(NOT_OURS)?;
        Ok(format!("game {game}\n{}", inspection.describe()))
    }

    async fn request(&self, method: Method, path: &str) -> Result<Vec<u8>> {
        let address = reachable(self.listen);
        let answered = async {
            let stream = TcpStream::connect(address)
                .await
                .with_context(|| format!("no server answers at {address}; set its address with --listen or ISLANDS_LISTEN"))?;
            let (mut sender, connection) = handshake(TokioIo::new(stream)).await?;
            // The connection ends with the answer, which reports any error.
            tokio::spawn(connection);
            let request = Request::builder()
                .method(method)
                .uri(path)
                .header(HOST, address.to_string())
                .header(OPERATOR_HEADER, "islands game")
                .body(Body::empty())?;
            let answer = sender.send_request(request).await.context(NOT_OURS)?;
            let status = answer.status();
            let body = to_bytes(Body::new(answer.into_body()), LONGEST_ANSWER).await;
            anyhow::Ok((status, body.context(NOT_OURS)?))
        };
        let (status, body) = timeout(REQUEST_TIMEOUT, answered)
            .await
            .with_context(|| format!("the server at {address} does not answer"))??;
        if status.is_success() {
            return Ok(body.into());
        }
        let refused: ErrorBody = serde_json::from_slice(&body).context(NOT_OURS)?;
        if status == StatusCode::NOT_FOUND && refused.reason == "no_such_path" {
            bail!("the server at {address} takes no commands from here; see its --system-from");
        }
        bail!("game {}: {}", self.game, printable(&refused.message))
    }
}

const NOT_OURS: &str = "the server there is not an Islands server of this version";

/// Returns the address at which this machine reaches a server that listens on `listen`.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

impl InspectionBody {
    fn describe(&self) -> String {
        let mut text = String::new();
        let mut line = |name: &str, what: &str| {
            // Writing to a string does not fail.
            let _ = write!(text, "\n  {name:<8} {}", printable(what));
        };
        match &self.process {
            None => line("process", "none; the game is not in memory"),
            Some(process) => {
                let ProcessBody {
                    phase,
                    crashes,
                    waiting,
                    ..
                } = process;
                let time = humantime::format_duration(Duration::from_secs(process.for_ms / 1000));
                line("process", &format!("{phase} for {time}"));
                line("crashes", &format!("lately: {crashes}"));
                line("waiting", &format!("callers: {waiting}"));
                if let Some(error) = &process.error {
                    line("error", error);
                }
            }
        }
        let InspectionBody {
            batches, events, ..
        } = self;
        match (&self.damage, &self.state) {
            (Some(damage), _) => line("log", &format!("damaged: {damage}")),
            (None, state) => {
                line(
                    "log",
                    &format!("whole; last event: {events}, batches: {batches}"),
                );
                line("state", state.as_deref().unwrap_or("unknown"));
            }
        }
        text.trim_start_matches('\n').into()
    }
}

/// The text with control characters replaced, so that it stays on one line and cannot
/// control the terminal.
fn printable(text: &str) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(listen: &str, reached: &str) {
        let reachable = reachable(listen.parse().unwrap());
        assert_eq!(reachable, reached.parse().unwrap());
    }

    #[test]
    fn a_server_that_listens_everywhere_is_reached_over_loopback() {
        check("0.0.0.0:4000", "127.0.0.1:4000");
        check("[::]:4000", "[::1]:4000");
        check("127.0.0.1:4001", "127.0.0.1:4001");
        check("192.0.2.1:4000", "192.0.2.1:4000");
    }
}

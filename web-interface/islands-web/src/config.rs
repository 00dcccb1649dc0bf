//! The configuration: flags, their environment variables and defaults.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, Subcommand, ValueEnum};

use crate::game_command::GameCommand;
use crate::journal_command::JournalCommand;

/// Islands: a game for two on a chart of ten by ten cells.
///
/// Every flag can also be given as an environment variable.
#[derive(Clone, Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
pub struct CommandLine {
    /// The flags of the server.
    #[command(flatten)]
    pub config: Config,

    /// A command to run instead of the server.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The commands beside serving the game.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Check, export or import the file that stores the games.
    #[command(subcommand)]
    Journal(JournalCommand),
    /// Inspect one game of the running server, or clear its quarantine.
    Game(GameCommand),
}

/// The configuration of the server.
#[derive(Clone, Debug, Parser)]
pub struct Config {
    /// IP address and port to listen on; port 0 picks a free one.
    #[arg(long, env = "ISLANDS_LISTEN", default_value = "127.0.0.1:4000")]
    pub listen: SocketAddr,

    /// File that stores the games, or `memory` to store none.
    #[arg(long, env = "ISLANDS_JOURNAL", default_value = "islands.redb")]
    pub journal: JournalAt,

    /// File with the key that signs seat tokens; created at the first start. [default:
    /// beside the journal; with `memory` a new key at each start]
    #[arg(long, env = "ISLANDS_SECRET_FILE")]
    pub secret_file: Option<PathBuf>,

    /// Address of a proxy whose `X-Forwarded-For`, `X-Forwarded-Proto` and
    /// `X-Forwarded-Host` the server trusts; repeatable. The client's address is the
    /// last one in `X-Forwarded-For` that is not a trusted proxy's. In the other two
    /// the last entry counts, which the nearest proxy wrote. `Forwarded` is ignored.
    #[arg(long, env = "ISLANDS_TRUSTED_PROXY", value_delimiter = ',', value_parser = address)]
    pub trusted_proxy: Vec<IpAddr>,

    /// How long to store a game after its last move, such as `30d` or `12h`. A clock that
    /// jumps deletes no game: a gap between two moves during which no server ran counts
    /// for at most a tenth of this time.
    #[arg(long, env = "ISLANDS_KEEP", default_value = "30d", value_parser = humantime::parse_duration)]
    pub keep: Duration,

    /// Origin whose pages may connect, such as `https://islands.example`; repeatable.
    /// [default: the origin that serves the page]
    #[arg(long, env = "ISLANDS_ORIGIN", value_delimiter = ',')]
    pub origin: Vec<String>,

    /// How long a game without a subscriber and without a move stays in memory, such
    /// as `15m` or `90s`.
    #[arg(long, env = "ISLANDS_IDLE_AFTER", default_value = "15m", value_parser = humantime::parse_duration)]
    pub idle_after: Duration,

    /// Maximum number of connected players and spectators; further ones get a 503.
    #[arg(long, env = "ISLANDS_MAX_CONNECTIONS", default_value_t = 20_000)]
    pub max_connections: usize,

    /// Maximum number of games in memory; further ones get a 503.
    #[arg(long, env = "ISLANDS_MAX_GAMES", default_value_t = 100_000)]
    pub max_games: usize,

    /// Maximum number of games that one address may open in a minute; then it gets a 429.
    #[arg(long, env = "ISLANDS_GAMES_PER_MINUTE", default_value_t = 30)]
    pub games_per_minute: u32,

    /// Share of the connections and of the games in memory that one address may use,
    /// in percent; then it gets a 429. A whole school may share one address; use 100
    /// for a load test from one machine.
    #[arg(long, env = "ISLANDS_ADDRESS_SHARE", default_value_t = 25, value_parser = clap::value_parser!(u8).range(1..=100))]
    pub address_share: u8,

    /// Address that may read `/api/system`, beside programs on this machine;
    /// repeatable. Use the server's IP address in the request: requests for a host name
    /// are refused. A proxy on this machine must send `X-Forwarded-For`, or its
    /// requests count as those of a program on this machine.
    #[arg(long, env = "ISLANDS_SYSTEM_FROM", value_delimiter = ',', value_parser = address)]
    pub system_from: Vec<IpAddr>,

    /// Log level, or a filter such as `info,islands_engine=debug`.
    #[arg(long, env = "ISLANDS_LOG", default_value = "info")]
    pub log: String,

    /// Format of log lines.
    #[arg(long, env = "ISLANDS_LOG_FORMAT", value_enum, default_value_t)]
    pub log_format: LogFormat,
}

/// Parses an address into the canonical form that clients' addresses are compared in.
fn address(text: &str) -> Result<IpAddr, String> {
    let address = text.parse::<IpAddr>().map_err(|_| {
        "expected one IP address, such as 192.0.2.7 or 2001:db8::7; host names and networks are not supported"
    })?;
    Ok(address.to_canonical())
}

/// Where the games are stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JournalAt {
    /// In memory, until the program ends.
    Memory,
    /// In this file.
    File(PathBuf),
}

impl From<String> for JournalAt {
    fn from(text: String) -> JournalAt {
        if text == "memory" {
            JournalAt::Memory
        } else {
            JournalAt::File(text.into())
        }
    }
}

/// The form of log lines.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

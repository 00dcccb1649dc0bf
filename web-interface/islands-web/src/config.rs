//! What an operator may choose: flags, their environment variables and defaults.

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

    /// What to do instead of serving.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What the program can do beside serving the game.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Look after the file that keeps the games.
    #[command(subcommand)]
    Journal(JournalCommand),
    /// Ask the running server about one of its games.
    Game(GameCommand),
}

/// How the server runs.
#[derive(Clone, Debug, Parser)]
pub struct Config {
    /// IP address and port to listen on; port 0 picks a free one.
    #[arg(long, env = "ISLANDS_LISTEN", default_value = "127.0.0.1:4000")]
    pub listen: SocketAddr,

    /// File that keeps the games, or `memory` to keep none.
    #[arg(long, env = "ISLANDS_JOURNAL", default_value = "islands.redb")]
    pub journal: JournalAt,

    /// File with the key of the seat tokens; made at the first start. [default:
    /// beside the journal; with `memory` a new key at each start]
    #[arg(long, env = "ISLANDS_SECRET_FILE")]
    pub secret_file: Option<PathBuf>,

    /// Address of a proxy whose `X-Forwarded-For`, `X-Forwarded-Proto` and
    /// `X-Forwarded-Host` are believed; can be given several times. The client is the
    /// last address of the first that is no trusted proxy's; of lists in the other two
    /// the last entry counts, which the nearest proxy wrote. `Forwarded` is not read.
    #[arg(long, env = "ISLANDS_TRUSTED_PROXY", value_delimiter = ',', value_parser = address)]
    pub trusted_proxy: Vec<IpAddr>,

    /// How long a game is kept after its last move, such as `30d` or `12h`. A clock that
    /// jumps removes no game: time that the server has not seen pass, between two moves,
    /// counts for a tenth of this at most.
    #[arg(long, env = "ISLANDS_KEEP", default_value = "30d", value_parser = humantime::parse_duration)]
    pub keep: Duration,

    /// Origin whose pages may connect, such as `https://islands.example`; can be
    /// given several times. [default: the address that the page came from]
    #[arg(long, env = "ISLANDS_ORIGIN", value_delimiter = ',')]
    pub origin: Vec<String>,

    /// How long a game without a listener and a move stays in memory, such as
    /// `15m` or `90s`.
    #[arg(long, env = "ISLANDS_IDLE_AFTER", default_value = "15m", value_parser = humantime::parse_duration)]
    pub idle_after: Duration,

    /// How many players and watchers may be connected at once; past it new ones
    /// get a 503.
    #[arg(long, env = "ISLANDS_MAX_CONNECTIONS", default_value_t = 20_000)]
    pub max_connections: usize,

    /// How many games may be in memory at once; past it new ones get a 503.
    #[arg(long, env = "ISLANDS_MAX_GAMES", default_value_t = 100_000)]
    pub max_games: usize,

    /// How many games one address may open in a minute; past it a 429.
    #[arg(long, env = "ISLANDS_GAMES_PER_MINUTE", default_value_t = 30)]
    pub games_per_minute: u32,

    /// How much of the connections and of the games in memory one address may
    /// have, in percent; past it a 429. A whole school may be one address; 100 is
    /// for a server that a single one is to load.
    #[arg(long, env = "ISLANDS_ADDRESS_SHARE", default_value_t = 25, value_parser = clap::value_parser!(u8).range(1..=100))]
    pub address_share: u8,

    /// Address that may look at `/api/system`, beside programs on this machine; can
    /// be given several times. Ask by the server's IP address: requests for a name
    /// are refused. A proxy on this machine must send `X-Forwarded-For`, or it is
    /// taken for a program that may look.
    #[arg(long, env = "ISLANDS_SYSTEM_FROM", value_delimiter = ',', value_parser = address)]
    pub system_from: Vec<IpAddr>,

    /// What to log: a level, or a filter such as `info,islands_engine=debug`.
    #[arg(long, env = "ISLANDS_LOG", default_value = "info")]
    pub log: String,

    /// How to log.
    #[arg(long, env = "ISLANDS_LOG_FORMAT", value_enum, default_value_t)]
    pub log_format: LogFormat,
}

/// An address in the form in which those of clients are compared with it.
fn address(text: &str) -> Result<IpAddr, String> {
    let address = text.parse::<IpAddr>().map_err(|_| {
        "it has to be one IP address, such as 192.0.2.7 or 2001:db8::7; names and networks are not known here"
    })?;
    Ok(address.to_canonical())
}

/// Where the games are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JournalAt {
    /// Nowhere that outlives the program.
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
    /// For people.
    #[default]
    Text,
    /// For programs: one object a line.
    Json,
}

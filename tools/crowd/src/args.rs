//! The command line.

// Clap makes a new line of each `{n}` in a help text, so that none can be shown there.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args as Flags, Parser, Subcommand, ValueEnum, value_parser};
use serde_json::value::RawValue;

use crate::template::Template;

/// Puts load on a Phoenix Channels server and measures how it bears it.
///
/// Durations are like `30s`, `500ms`, `2m`, or plain seconds. An `n` in braces, as in the default of
/// `--topic`, stands for a number: there for that of the topic, in the URL and in `--params` for
/// that of the connection.
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Opens connections and holds them, with nothing but heartbeats.
    Hold(Hold),
    /// Opens connections as fast as possible.
    Join(Join),
    /// Pushes an event on each connection and awaits the replies.
    Push(Push),
    /// Pushes events that the server broadcasts, and awaits all deliveries.
    Broadcast(Broadcast),
    /// Has a share of the connections; this program starts it.
    #[command(hide = true)]
    Worker,
}

/// Arguments of every command.
#[derive(Debug, Flags)]
pub(crate) struct CommonArgs {
    /// The socket, like ws://127.0.0.1:4000/socket/websocket?token=secret
    pub(crate) url: String,

    /// How many connections there are.
    #[arg(long, short = 'n', default_value_t = 1_000, value_parser = value_parser!(u64).range(1..))]
    pub(crate) connections: u64,

    /// Number of processes that share the connections: the open files of a process are limited.
    #[arg(long, default_value_t = 1, value_parser = value_parser!(u64).range(1..=1_000))]
    pub(crate) processes: u64,

    /// Threads of each process.
    #[arg(long, default_value_t = 1, value_parser = value_parser!(u64).range(1..=256))]
    pub(crate) threads: u64,

    /// From how many addresses, 127.0.0.1 and those after it, connections come: each has some
    /// 28,000 ports. [default: one for 25,000 connections]
    #[arg(long)]
    pub(crate) sources: Option<u64>,

    /// The topic that connections join.
    #[arg(long, default_value = "room:{n}", value_parser = template)]
    pub(crate) topic: Template,

    /// How many topics there are; connections are spread over them.
    #[arg(long, default_value_t = 1, value_parser = value_parser!(u64).range(1..))]
    pub(crate) topics: u64,

    /// What they join with, as JSON.
    #[arg(long, default_value = "{}", value_name = "JSON", value_parser = params)]
    pub(crate) params: Template,

    /// How many connections are opened at once.
    #[arg(long, default_value_t = 100, value_parser = value_parser!(u64).range(1..=100_000))]
    pub(crate) concurrency: u64,

    /// From one heartbeat of a connection to the next.
    #[arg(long, default_value = "30s", value_parser = duration)]
    pub(crate) heartbeat: Duration,

    /// How long to wait for an answer, and at the end for what is still to come.
    #[arg(long, default_value = "10s", value_parser = duration)]
    pub(crate) patience: Duration,

    /// Also write everything that was measured, with the histograms, as JSON.
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,

    /// Also draw the times by percentile.
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,

    /// Do not say how far it is.
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// How long a run takes.
#[derive(Clone, Copy, Debug, Flags)]
pub(crate) struct Time {
    /// How long to go on before anything is measured.
    #[arg(long, default_value = "2s", value_parser = duration)]
    pub(crate) warm_up: Duration,

    /// How long to measure.
    #[arg(long = "for", default_value = "10s", value_parser = duration, value_name = "DURATION")]
    pub(crate) time: Duration,
}

#[derive(Debug, Flags)]
pub(crate) struct Hold {
    #[command(flatten)]
    pub(crate) common: CommonArgs,

    /// How long to hold them.
    #[arg(long = "for", default_value = "60s", value_parser = duration, value_name = "DURATION")]
    pub(crate) time: Duration,

    /// Make one broadcast on the first topic after this time.
    #[arg(long, value_parser = duration, value_name = "DURATION")]
    pub(crate) broadcast_after: Option<Duration>,

    #[command(flatten)]
    pub(crate) broadcast_args: BroadcastArgs,
}

#[derive(Debug, Flags)]
pub(crate) struct Join {
    #[command(flatten)]
    pub(crate) common: CommonArgs,
}

#[derive(Debug, Flags)]
pub(crate) struct Push {
    #[command(flatten)]
    pub(crate) common: CommonArgs,

    #[command(flatten)]
    pub(crate) time: Time,

    /// The event that is pushed.
    #[arg(long, default_value = "echo")]
    pub(crate) event: String,

    /// Its payload.
    #[arg(long, default_value = "{}", value_name = "JSON", value_parser = json)]
    pub(crate) payload: String,

    /// How many pushes each connection has under way: the next is made when a reply comes.
    #[arg(long, default_value_t = 1, value_parser = value_parser!(u64).range(1..=1_000), conflicts_with = "rate")]
    pub(crate) in_flight: u64,

    /// How many pushes are made in a second over all connections, whether or not replies come;
    /// times count from when each was due.
    #[arg(long, value_parser = rate)]
    pub(crate) rate: Option<f64>,
}

#[derive(Debug, Flags)]
pub(crate) struct Broadcast {
    #[command(flatten)]
    pub(crate) common: CommonArgs,

    #[command(flatten)]
    pub(crate) time: Time,

    #[command(flatten)]
    pub(crate) broadcast_args: BroadcastArgs,

    /// How many broadcasts are made in a second over all topics, whether or not those before have
    /// arrived; times count from when each was due.
    #[arg(long, value_parser = rate, conflicts_with = "until")]
    pub(crate) rate: Option<f64>,

    /// Without a rate: the deliveries of a topic's broadcast that it waits for before the next.
    #[arg(long, value_enum, default_value_t = Until::All)]
    pub(crate) until: Until,
}

/// What is broadcast.
#[derive(Clone, Debug, Flags)]
pub(crate) struct BroadcastArgs {
    /// The event that is pushed to have it broadcast.
    #[arg(long, default_value = "bcast")]
    pub(crate) event: String,

    /// The event as which the broadcast arrives. [default: the one that is pushed]
    #[arg(long)]
    pub(crate) arrives: Option<String>,

    /// Its payload, a JSON object; the broadcast has to carry it back with the field `common` that
    /// is added.
    #[arg(long, default_value = "{}", value_name = "JSON", value_parser = object)]
    pub(crate) payload: String,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Until {
    /// Those to all connections of the topic.
    All,
    /// That to the connection that made it.
    Own,
}

impl Command {
    /// What the run has in common with others, and its name; `None` for a worker.
    pub(crate) fn common(&self) -> Option<(&CommonArgs, &'static str)> {
        match self {
            Command::Hold(hold) => Some((&hold.common, "hold")),
            Command::Join(join) => Some((&join.common, "join")),
            Command::Push(push) => Some((&push.common, "push")),
            Command::Broadcast(broadcast) => Some((&broadcast.common, "broadcast")),
            Command::Worker => None,
        }
    }
}

fn duration(text: &str) -> Result<Duration, String> {
    let duration = match text.parse() {
        Ok(seconds) => Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())?,
        Err(_) => humantime::parse_duration(text).map_err(|error| error.to_string())?,
    };
    Ok(duration)
}

fn rate(text: &str) -> Result<f64, String> {
    const MOST: f64 = 10_000_000.0;
    match text.parse() {
        Ok(rate) if rate > 0.0 && rate <= MOST => Ok(rate),
        _ => Err("not a number of times a second".into()),
    }
}

fn template(text: &str) -> Result<Template, String> {
    Ok(Template::new(text))
}

fn params(text: &str) -> Result<Template, String> {
    let params = Template::new(text);
    // Any number will do to see whether it is JSON.
    json(&params.with(0))?;
    Ok(params)
}

fn json(text: &str) -> Result<String, String> {
    let json: Result<Box<RawValue>, _> = serde_json::from_str(text);
    json.map(|json| json.get().to_owned())
        .map_err(|error| format!("not JSON: {error}"))
}

fn object(text: &str) -> Result<String, String> {
    json(text).and_then(|json| match json.starts_with('{') {
        true => Ok(json),
        false => Err("not a JSON object".into()),
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_flags_do_not_contradict_each_other() {
        Args::command().debug_assert();
    }

    #[test]
    fn durations_are_seconds_unless_they_say_otherwise() {
        let found = ["90", "0.5", "500ms", "2m"].map(duration);
        let expected = [90_000, 500, 500, 120_000].map(|it| Ok(Duration::from_millis(it)));
        assert_eq!(found, expected);
        assert!(
            ["", "-1", "inf", "soon"]
                .iter()
                .all(|it| duration(it).is_err())
        );
    }

    #[test]
    fn a_payload_is_json_and_that_of_a_broadcast_an_object() {
        assert!(json("[1]").is_ok() && json("[1").is_err());
        assert!(object("{}").is_ok() && object("[1]").is_err());
        assert!(params(r#"{"id":{n}}"#).is_ok() && params("{n").is_err());
    }

    #[test]
    fn a_rate_is_a_number_that_a_machine_may_reach() {
        assert!(rate("0.5").is_ok());
        assert!(
            ["0", "-1", "NaN", "inf", "fast"]
                .iter()
                .all(|it| rate(it).is_err())
        );
    }
}

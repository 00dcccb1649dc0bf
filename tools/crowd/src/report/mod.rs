//! The report of a run: text for people, JSON for programs, and a chart.

mod chart;
mod files;
mod text;
mod times;

use serde::Serialize;

pub(crate) use self::files::Files;
use self::times::Times;
use crate::job::Workload;
use crate::opening_results::OpeningResults;
use crate::plan::Plan;
use crate::reasons::Reasons;
use crate::run::Outcome;
use crate::stats::Stats;

/// A run and its measurements. Times are in milliseconds, except where a name says seconds.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    command: &'static str,
    url: String,
    connections: u64,
    processes: u64,
    threads: usize,
    opening: Opening,
    /// Length of the measured time, in seconds.
    seconds: f64,
    /// Processors that the workers kept busy, on average over that time.
    processors: f64,
    lost: Reasons,
    heartbeats: u64,
    heartbeats_unanswered: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    push: Option<Pushes>,
    #[serde(skip_serializing_if = "Option::is_none")]
    broadcast: Option<Broadcasts>,
}

#[derive(Debug, Serialize)]
struct Opening {
    joined: u64,
    failed: Reasons,
    /// Time until the last connection joined.
    seconds: f64,
    joins_per_second: f64,
    joins_by_second: Vec<u64>,
    processors: f64,
    connect: Times,
    join: Times,
}

/// Pushes: counts cover the whole run, rates and times only the measured part.
#[derive(Debug, Serialize)]
struct Pushes {
    /// Pushes that the schedule asked for, if there was one.
    due: Option<u64>,
    pushed: u64,
    answered: u64,
    unanswered: u64,
    errors: Reasons,
    round_trips_per_second: f64,
    round_trip: Times,
    /// How late pushes were sent, if there was a schedule: the delay of this program itself.
    late: Option<Times>,
}

/// Broadcasts: counts cover the whole run, rates and times only the measured part.
#[derive(Debug, Serialize)]
struct Broadcasts {
    due: Option<u64>,
    pushed: u64,
    errors: Reasons,
    expected: u64,
    received: u64,
    missing: u64,
    doubled: u64,
    deliveries_per_second: f64,
    delivery: Times,
    /// For each broadcast, the time until its last delivery.
    last_had_it: Times,
    late: Option<Times>,
}

impl Report {
    pub(crate) fn new(command: &'static str, url: &str, plan: &Plan, outcome: Outcome) -> Report {
        let Outcome {
            opened,
            stats,
            window,
            processor_seconds,
        } = outcome;
        let job = plan.job();
        let due = job
            .schedule(window.start)
            .map(|schedule| schedule.count(window.end));
        let seconds = seconds(window.end.since(window.measured));
        let mut report = Report {
            command,
            url: url.to_owned(),
            connections: job.partition.connections,
            processes: job.partition.workers,
            threads: job.threads,
            opening: opened.into(),
            seconds,
            processors: rate(processor_seconds, seconds),
            lost: stats.lost.clone(),
            heartbeats: stats.heartbeats,
            heartbeats_unanswered: stats.heartbeats.saturating_sub(stats.heartbeats_answered),
            push: None,
            broadcast: None,
        };
        match job.workload {
            Workload::Idle => {}
            Workload::Push { .. } => report.push = Some(Pushes::new(due, stats, seconds)),
            Workload::Broadcast { .. } => {
                report.broadcast = Some(Broadcasts::new(due, stats, seconds));
            }
        }
        report
    }

    /// Returns all latencies with their names.
    fn times(&self) -> Vec<(&'static str, &Times)> {
        let opening = &self.opening;
        let mut times = vec![("connect", &opening.connect), ("join", &opening.join)];
        if let Some(push) = &self.push {
            times.push(("round trip", &push.round_trip));
            times.extend(push.late.iter().map(|late| ("sent late by", late)));
        }
        if let Some(broadcast) = &self.broadcast {
            times.push(("delivery", &broadcast.delivery));
            times.push(("last had it", &broadcast.last_had_it));
            times.extend(broadcast.late.iter().map(|late| ("sent late by", late)));
        }
        times
    }
}

impl From<OpeningResults> for Opening {
    fn from(opened: OpeningResults) -> Opening {
        let joined = opened.total();
        let seconds = seconds(opened.nanos);
        Opening {
            joined,
            failed: opened.failed,
            seconds,
            joins_per_second: rate(joined as f64, seconds),
            joins_by_second: opened.by_second,
            processors: rate(opened.processor_seconds, seconds),
            connect: opened.connect.into(),
            join: opened.join.into(),
        }
    }
}

impl Pushes {
    fn new(due: Option<u64>, stats: Stats, seconds: f64) -> Pushes {
        Pushes {
            due,
            pushed: stats.pushed,
            answered: stats.received,
            unanswered: stats.expected.saturating_sub(stats.received),
            errors: stats.errors,
            round_trips_per_second: rate(stats.measured as f64, seconds),
            round_trip: stats.latency.into(),
            late: due.map(|_| stats.late.into()),
        }
    }
}

impl Broadcasts {
    fn new(due: Option<u64>, stats: Stats, seconds: f64) -> Broadcasts {
        Broadcasts {
            due,
            pushed: stats.pushed,
            expected: stats.expected,
            received: stats.received,
            missing: stats.expected.saturating_sub(stats.received),
            doubled: stats.duplicates,
            deliveries_per_second: rate(stats.measured as f64, seconds),
            last_had_it: stats.last_deliveries().into(),
            errors: stats.errors,
            delivery: stats.latency.into(),
            late: due.map(|_| stats.late.into()),
        }
    }
}

fn seconds(nanos: u64) -> f64 {
    nanos as f64 / 1e9
}

/// Returns the rate per second, 0 if no time has passed.
fn rate(count: f64, seconds: f64) -> f64 {
    if seconds > 0.0 { count / seconds } else { 0.0 }
}

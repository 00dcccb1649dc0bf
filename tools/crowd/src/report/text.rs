//! Formats a report as text.

use std::fmt::{Display, Formatter, Result};

use crate::readable::readable;
use crate::reasons::Reasons;
use crate::report::{Broadcasts, Pushes, Report, Times};

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        writeln!(f, "{} on {}", self.command, self.url)?;
        writeln!(
            f,
            "{} connections in {}\n",
            readable(self.connections),
            counted(self.processes, "process", "processes")
        )?;
        let opening = &self.opening;
        let joined = format!(
            "{} in {:.2} s, {} a second ({:.2} processors here)",
            readable(opening.joined),
            opening.seconds,
            readable(opening.joins_per_second as u64),
            opening.processors
        );
        line(f, "joined", &joined)?;
        line(f, "by second", &first_seconds(&opening.joins_by_second))?;
        reasons(f, "failed", &opening.failed)?;
        reasons(f, "lost", &self.lost)?;
        let heartbeats = format!(
            "{}, {} unanswered",
            readable(self.heartbeats),
            readable(self.heartbeats_unanswered)
        );
        line(f, "heartbeats", &heartbeats)?;
        if let Some(push) = &self.push {
            pushes(f, push)?;
        }
        if let Some(broadcast) = &self.broadcast {
            broadcasts(f, broadcast)?;
        }
        if self.seconds > 0.0 {
            let processors = format!("{:.2} processors, over {} s", self.processors, self.seconds);
            line(f, "this program", &processors)?;
        }
        table(f, self)
    }
}

fn pushes(f: &mut Formatter<'_>, push: &Pushes) -> Result {
    let pushed = format!(
        "{}{}, {} answered, {} unanswered",
        readable(push.pushed),
        of_those_due(push.due),
        readable(push.answered),
        readable(push.unanswered)
    );
    line(f, "pushes", &pushed)?;
    reasons(f, "errors", &push.errors)?;
    let rate = format!("{} a second", readable(push.round_trips_per_second as u64));
    line(f, "round trips", &rate)
}

fn broadcasts(f: &mut Formatter<'_>, broadcast: &Broadcasts) -> Result {
    let pushed = format!(
        "{}{}",
        readable(broadcast.pushed),
        of_those_due(broadcast.due)
    );
    line(f, "broadcasts", &pushed)?;
    reasons(f, "errors", &broadcast.errors)?;
    let deliveries = format!(
        "{} of {}, {} missing, {} doubled; {} a second",
        readable(broadcast.received),
        readable(broadcast.expected),
        readable(broadcast.missing),
        readable(broadcast.doubled),
        readable(broadcast.deliveries_per_second as u64)
    );
    line(f, "deliveries", &deliveries)
}

/// Formats how many connections joined in each of the first seconds.
fn first_seconds(joined: &[u64]) -> String {
    const SHOWN: usize = 15;
    let shown = joined.iter().take(SHOWN).map(|joined| readable(*joined));
    let more = if joined.len() > SHOWN { " …" } else { "" };
    Vec::from_iter(shown).join(" ") + more
}

fn of_those_due(due: Option<u64>) -> String {
    due.map_or(String::new(), |due| format!(" of {} due", readable(due)))
}

fn table(f: &mut Formatter<'_>, report: &Report) -> Result {
    write!(f, "\n{:<14}{:>12}", "milliseconds", "count")?;
    for column in ["p50", "p90", "p99", "p99.9", "max", "mean"] {
        write!(f, "{column:>11}")?;
    }
    for (name, times) in report.times().into_iter().filter(|it| it.1.count > 0) {
        write!(f, "\n{name:<14}{:>12}", readable(times.count))?;
        let Times {
            p50,
            p90,
            p99,
            p99_9,
            max,
            mean,
            ..
        } = times;
        for time in [p50, p90, p99, p99_9, max, mean] {
            write!(f, "{time:>11.3}")?;
        }
    }
    Ok(())
}

fn line(f: &mut Formatter<'_>, name: &str, what: &str) -> Result {
    writeln!(f, "{name:<14}{what}")
}

fn reasons(f: &mut Formatter<'_>, name: &str, reasons: &Reasons) -> Result {
    match reasons.total() {
        0 => line(f, name, "0"),
        total => line(f, name, &format!("{}: {reasons}", readable(total))),
    }
}

fn counted(count: u64, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        _ => format!("{} {many}", readable(count)),
    }
}

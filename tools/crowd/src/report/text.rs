//! Formats a report as text.

use std::fmt::{Display, Formatter, Result};

use crate::reasons::Reasons;
use crate::report::{Broadcasts, Pushes, Report, Times};
use crate::thousands::with_commas;

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        writeln!(f, "{} on {}", self.command, self.url)?;
        writeln!(
            f,
            "{} connections in {}\n",
            with_commas(self.connections),
            counted(self.processes, "process", "processes")
        )?;
        let opening = &self.opening;
        let joined = format!(
            "{} in {:.2} s, {} a second ({:.2} processors here)",
            with_commas(opening.joined),
            opening.seconds,
            with_commas(opening.joins_per_second as u64),
            opening.processors
        );
        line(f, "joined", &joined)?;
        line(f, "by second", &first_seconds(&opening.joins_by_second))?;
        reasons(f, "failed", &opening.failed)?;
        reasons(f, "lost", &self.lost)?;
        let heartbeats = format!(
            "{}, {} unanswered",
            with_commas(self.heartbeats),
            with_commas(self.heartbeats_unanswered)
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
        with_commas(push.pushed),
        of_those_due(push.due),
        with_commas(push.answered),
        with_commas(push.unanswered)
    );
    line(f, "pushes", &pushed)?;
    reasons(f, "errors", &push.errors)?;
    let rate = format!(
        "{} a second",
        with_commas(push.round_trips_per_second as u64)
    );
    line(f, "round trips", &rate)
}

fn broadcasts(f: &mut Formatter<'_>, broadcast: &Broadcasts) -> Result {
    let pushed = format!(
        "{}{}",
        with_commas(broadcast.pushed),
        of_those_due(broadcast.due)
    );
    line(f, "broadcasts", &pushed)?;
    reasons(f, "errors", &broadcast.errors)?;
    let deliveries = format!(
        "{} of {}, {} missing, {} doubled; {} a second",
        with_commas(broadcast.received),
        with_commas(broadcast.expected),
        with_commas(broadcast.missing),
        with_commas(broadcast.doubled),
        with_commas(broadcast.deliveries_per_second as u64)
    );
    line(f, "deliveries", &deliveries)
}

/// Formats how many connections joined in each of the first seconds.
fn first_seconds(joined: &[u64]) -> String {
    const MAX_SHOWN: usize = 15;
    let shown = joined
        .iter()
        .take(MAX_SHOWN)
        .map(|joined| with_commas(*joined));
    let more = if joined.len() > MAX_SHOWN { " …" } else { "" };
    Vec::from_iter(shown).join(" ") + more
}

fn of_those_due(due: Option<u64>) -> String {
    due.map_or(String::new(), |due| format!(" of {} due", with_commas(due)))
}

fn table(f: &mut Formatter<'_>, report: &Report) -> Result {
    write!(f, "\n{:<14}{:>12}", "milliseconds", "count")?;
    for column in ["p50", "p90", "p99", "p99.9", "max", "mean"] {
        write!(f, "{column:>11}")?;
    }
    for (name, times) in report.times().into_iter().filter(|it| it.1.count > 0) {
        write!(f, "\n{name:<14}{:>12}", with_commas(times.count))?;
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
        total => line(f, name, &format!("{}: {reasons}", with_commas(total))),
    }
}

fn counted(count: u64, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        _ => format!("{} {many}", with_commas(count)),
    }
}

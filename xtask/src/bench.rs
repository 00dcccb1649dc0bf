//! Everything that is measured, in one table.

use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, Result};

use crate::{clean_build, json, machine, page_size, shell, wire};

/// The benches, each of which prints a line of JSON: package and name.
const BENCHES: [(&str, &str); 10] = [
    ("islands-core", "guess"),
    ("axum-channels", "idle_connection"),
    ("islands-engine", "idle_game"),
    ("islands-engine", "moves"),
    ("islands-journal", "durable"),
    ("islands-journal", "recovery"),
    ("islands-engine", "busy_neighbour"),
    ("islands-engine", "poison_neighbour"),
    ("islands-engine", "cycle"),
    ("islands-web", "start"),
];

/// Bytes of page, script and style, in all languages.
const PAGE_AIM: f64 = 160_000.0;

/// Seconds that a stranger may have to wait, on two cores.
const BUILD_AIM: f64 = 120.0;

/// How many of the slowest packages of a clean build are named.
const SLOWEST: usize = 10;

/// Something that was measured.
pub(crate) struct Row {
    what: String,
    unit: String,
    value: f64,
    aim: Option<f64>,
    command: String,
}

/// Measures what is asked for: `wire`, or everything else.
///
/// # Errors
/// If something cannot be built or run, or prints no measurement.
pub(crate) fn run() -> Result<()> {
    match std::env::args().nth(2).as_deref() {
        None => table(),
        Some("wire") => wire::run(),
        Some(other) => anyhow::bail!("there is no bench `{other}`: it is `wire`, or nothing"),
    }
}

/// Measures everything but the wire, and writes the table.
fn table() -> Result<()> {
    let mut rows = Vec::new();
    for (package, bench) in BENCHES {
        rows.extend(measured(package, bench)?);
    }
    let page = page_size::measure()? as f64;
    let build = clean_build::measure()?;
    let here = |what, unit, value, aim| Row::new(what, unit, value, aim, "cargo x bench");
    let took = build.took.as_secs_f64();
    rows.extend([
        here("files of the page together", "bytes", page, Some(PAGE_AIM)),
        here("build from nothing", "seconds", took, Some(BUILD_AIM)),
    ]);

    let mut text = String::from("# Benchmarks\n\nWritten by `cargo x bench`.\n\n");
    text += &machine::description();
    text += "\n| what | measured | aim | | command |\n| --- | ---: | ---: | --- | --- |\n";
    text.extend(rows.iter().map(Row::line));
    write!(
        text,
        "\n## The build from nothing\n\nThe slowest {SLOWEST} packages"
    )?;
    text += "; several are compiled at a time.\n\n| package | seconds |\n| --- | ---: |\n";
    for (package, seconds) in build.slowest.iter().take(SLOWEST) {
        writeln!(text, "| {package} | {seconds:.1} |")?;
    }
    let path = shell::root().join("BENCHMARKS.md");
    // What was measured of the wire stays.
    let before = fs::read_to_string(&path).unwrap_or_default();
    if let Some((_, section)) = before.split_once(wire::HEADING) {
        text += wire::HEADING;
        text += section;
    }
    fs::write(path, &text)?;
    println!("{text}");
    Ok(())
}

/// Runs a bench, and reads what it prints: a line for each thing it measured.
fn measured(package: &str, bench: &str) -> Result<Vec<Row>> {
    let args = ["bench", "-p", package, "--bench", bench];
    let printed = shell::output(&shell::cargo(), &args)?;
    let command = format!("cargo {}", args.join(" "));
    let lines = printed.lines().filter(|line| line.starts_with('{'));
    let rows: Vec<Row> = lines
        .map(|line| {
            Row::read(line, &command).with_context(|| format!("`{command}` printed {line}"))
        })
        .collect::<Result<_>>()?;
    anyhow::ensure!(!rows.is_empty(), "`{command}` printed no measurement");
    Ok(rows)
}

impl Row {
    pub(crate) fn new(what: &str, unit: &str, value: f64, aim: Option<f64>, command: &str) -> Row {
        Row {
            what: what.into(),
            unit: unit.into(),
            value,
            aim,
            command: command.into(),
        }
    }

    fn read(line: &str, command: &str) -> Option<Row> {
        Some(Row {
            what: json::field(line, "name")?.into(),
            unit: json::field(line, "unit")?.into(),
            value: json::number(line, "value")?,
            aim: json::number(line, "aim"),
            command: command.into(),
        })
    }

    /// Of what happens per second more is better, and of a share in what a bare server
    /// reaches. Of everything else less is: of bytes and seconds, of `times` as much as
    /// something else, of percent.
    fn met(&self, aim: f64) -> bool {
        match self.unit.ends_with("per second") || self.unit == "% of bare" {
            true => self.value >= aim,
            false => self.value <= aim,
        }
    }

    pub(crate) fn line(&self) -> String {
        let (value, unit) = (readable(self.value), &self.unit);
        let aim = self.aim.map_or(String::new(), readable);
        let verdict = match self.aim {
            Some(aim) if self.met(aim) => "met",
            Some(_) => "missed",
            None => "",
        };
        let (what, command) = (&self.what, &self.command);
        format!("| {what} | {value} {unit} | {aim} | {verdict} | `{command}` |\n")
    }
}

/// A number with its thousands apart, and decimals where they say anything.
fn readable(value: f64) -> String {
    if value < 10.0 && value.fract() != 0.0 {
        return format!("{value:.2}");
    }
    if value < 100.0 {
        return format!("{value:.1}");
    }
    let digits = format!("{value:.0}");
    let groups = digits.as_bytes().rchunks(3).rev();
    let groups: Vec<_> = groups.map(String::from_utf8_lossy).collect();
    groups.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_whether_its_aim_is_met() {
        #[track_caller]
        fn check(json: &str, line: &str) {
            let row = Row::read(json, "c").expect("a measurement");
            assert_eq!(row.line(), format!("{line}\n"));
        }
        let fast = r#"{"name":"a","unit":"per second","value":7654321,"aim":5000000}"#;
        check(fast, "| a | 7,654,321 per second | 5,000,000 | met | `c` |");
        let slow = r#"{"name":"a","unit":"per second","value":12.34,"aim":100}"#;
        check(slow, "| a | 12.3 per second | 100 | missed | `c` |");
        let large = r#"{"name":"a","unit":"bytes","value":1001,"aim":1000}"#;
        check(large, "| a | 1,001 bytes | 1,000 | missed | `c` |");
        let ratio = r#"{"name":"a","unit":"times","value":1.984,"aim":2}"#;
        check(ratio, "| a | 1.98 times | 2.0 | met | `c` |");
        let share = r#"{"name":"a","unit":"% of bare","value":91,"aim":90}"#;
        check(share, "| a | 91.0 % of bare | 90.0 | met | `c` |");
        let free = r#"{"name":"a","unit":"bytes","value":0}"#;
        check(free, "| a | 0.0 bytes |  |  | `c` |");
    }
}

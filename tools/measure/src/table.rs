//! Runs the benches and writes their table into BENCHMARKS.md.

use std::fmt::Write as _;

use anyhow::{Context, Result};

use crate::row::Row;
use crate::{clean_build, document, machine, page_size, shell};

/// The benches, as package and name; each prints a line of JSON per measurement.
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

/// Maximum bytes of page, script and style, in all languages.
const PAGE_AIM: f64 = 160_000.0;

/// Maximum seconds of a clean build, on two cores.
const BUILD_AIM: f64 = 120.0;

/// Slowest packages of a clean build that are listed.
const SLOWEST: usize = 10;

/// Measures everything but the wire, and writes the table.
///
/// # Errors
/// If a bench or the build fails, or a bench prints no measurement.
pub(crate) fn run() -> Result<()> {
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
    document::write_first_part(&text)
}

/// Runs a bench, and reads the measurements that it prints.
fn measured(package: &str, bench: &str) -> Result<Vec<Row>> {
    let args = ["bench", "-p", package, "--bench", bench];
    let printed = shell::output(&shell::cargo(), &args)?;
    let command = format!("cargo {}", args.join(" "));
    let lines = printed.lines().filter(|line| line.starts_with('{'));
    let rows: Vec<Row> = lines
        .map(|line| {
            let row = Row::read(line, &command);
            row.with_context(|| format!("`{command}` printed {line}"))
        })
        .collect::<Result<_>>()?;
    anyhow::ensure!(!rows.is_empty(), "`{command}` printed no measurement");
    Ok(rows)
}

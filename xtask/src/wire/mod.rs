//! What the channel layer reaches, held against a bare server of the same frames: `cargo x bench
//! wire`.
//!
//! The server has a core of its own and the crowd has another. Each figure is the median of rounds
//! in which ours and the bare one take turns, since neighbours of this machine come and go.

mod lab;
mod runs;

use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, Result, ensure};

use crate::bench::Row;
use crate::{machine, shell};

use self::lab::Lab;
use self::runs::Pair;

/// Where the section begins that this writes in BENCHMARKS.md.
pub(crate) const HEADING: &str = "\n## The wire\n";

/// How long idle connections are held.
const HOLD_SECONDS: u64 = 600;

/// What Phoenix 1.8.12 on Bandit reached on a machine like this one: the aims are multiples of it.
const PHOENIX_ECHO: f64 = 16_300.0;
const PHOENIX_TO_1000: f64 = 128_000.0;
const PHOENIX_TO_10000: f64 = 70_000.0;

/// Measures, and writes the section.
pub(crate) fn run() -> Result<()> {
    let hold = hold_seconds()?;
    let lab = Lab::build()?;
    let mut rows = Vec::new();

    let idle = runs::idle(&lab)?;
    for (connections, bytes) in idle.ours {
        let what = format!("idle connection, one channel joined, {connections} of them");
        rows.push(row(&what, "bytes", bytes, Some(8_000.0)));
    }
    let [(_, bare), ..] = idle.bare;
    rows.push(row("the same, bare", "bytes", bare, None));

    let joins = runs::joins(&lab)?;
    rows.push(row(
        "connect and join",
        "per second",
        joins.ours,
        Some(15_000.0),
    ));
    rows.push(row("the same, bare", "per second", joins.bare, None));

    let echo = runs::echo(&lab, 1_000)?;
    let of_bare = Some(85.0);
    rows.extend(rated(
        "echo over 1,000 connections",
        &echo.rate,
        8.0 * PHOENIX_ECHO,
        of_bare,
    ));
    rows.extend(timed(
        "p99 of that closed loop",
        &echo.p99,
        Some(15.0),
        None,
    ));
    let echo = runs::echo(&lab, 10_000)?;
    rows.extend(rated(
        "echo over 10,000 connections",
        &echo.rate,
        5.0 * PHOENIX_ECHO,
        of_bare,
    ));
    let pushes = runs::pushes(&lab)?;
    rows.extend(timed(
        "p99 of 20,000 pushes a second over 1,000",
        &pushes,
        None,
        Some(1.2),
    ));

    let of_bare = Some(90.0);
    let to = runs::deliveries(&lab, 1_000)?;
    rows.extend(rated(
        "deliveries to 1,000",
        &to,
        1.8 * PHOENIX_TO_1000,
        of_bare,
    ));
    let to = runs::deliveries(&lab, 10_000)?;
    rows.extend(rated(
        "deliveries to 10,000",
        &to,
        1.7 * PHOENIX_TO_10000,
        of_bare,
    ));

    let attacked = runs::attacked(&lab)?;
    rows.extend([
        row(
            "p99 of 5,000 pushes a second while others attack, who may send 100 frames a second",
            "milliseconds",
            attacked.ours,
            None,
        ),
        row("the same in calm", "milliseconds", attacked.bare, None),
        row("… of that", "times", attacked.share, Some(1.5)),
    ]);

    let held = runs::hold(&lab, hold)?;
    let what = format!("19,000 connections, {hold} s: lost, or heartbeats without an answer");
    rows.push(row(&what, "of them", held.lost, Some(0.0)));
    rows.push(row(
        "… deliveries of one broadcast that are missing",
        "of them",
        held.missing,
        Some(0.0),
    ));
    rows.push(row(
        "… the last one had it after",
        "milliseconds",
        held.last_ms,
        Some(250.0),
    ));

    let memory = runs::memory(&lab)?;
    rows.push(row(
        "1,000,000 sockets over memory: resident",
        "GiB",
        memory.resident.ours,
        Some(12.0),
    ));
    rows.push(row("… each", "bytes", memory.each.ours, None));
    rows.push(row("the same, bare: each", "bytes", memory.each.bare, None));
    rows.extend(timed(
        "… a broadcast to all, warm",
        &memory.warm_ms,
        None,
        Some(1.5),
    ));

    write_section(&rows)
}

fn hold_seconds() -> Result<u64> {
    let mut arguments = std::env::args().skip(3);
    match (arguments.next().as_deref(), arguments.next()) {
        (None, _) => Ok(HOLD_SECONDS),
        (Some("--hold"), Some(seconds)) => {
            seconds.parse().context("--hold takes a number of seconds")
        }
        _ => anyhow::bail!("usage: cargo x bench wire [--hold SECONDS]"),
    }
}

fn row(what: &str, unit: &str, value: f64, aim: Option<f64>) -> Row {
    Row::new(what, unit, value, aim, "cargo x bench wire")
}

/// What happens so often a second: ours, the bare one's, and the share of that.
fn rated(what: &str, pair: &Pair, aim: f64, of_bare: Option<f64>) -> [Row; 3] {
    [
        row(what, "per second", pair.ours, Some(aim)),
        row("the same, bare", "per second", pair.bare, None),
        row("… of that", "% of bare", 100.0 * pair.share, of_bare),
    ]
}

/// What takes so long: ours, the bare one's, and how many times that.
fn timed(what: &str, pair: &Pair, aim: Option<f64>, of_bare: Option<f64>) -> [Row; 3] {
    [
        row(what, "milliseconds", pair.ours, aim),
        row("the same, bare", "milliseconds", pair.bare, None),
        row("… of that", "times", pair.share, of_bare),
    ]
}

fn write_section(rows: &[Row]) -> Result<()> {
    let mut text = String::from(HEADING);
    write!(
        text,
        "\nWritten by `cargo x bench wire`.\n\n{}\n",
        machine::description()
    )?;
    text += "The server runs on one core, the crowd on another. \"Bare\" is a server of the same\n";
    text += "frames on the same WebSocket library with nothing else on it. Shares are medians of\n";
    text += "rounds in which the two take turns.\n\n";
    text += "| what | measured | aim | | command |\n| --- | ---: | ---: | --- | --- |\n";
    text.extend(rows.iter().map(Row::line));
    for (name, what) in lab::PLOTS {
        write!(text, "\n{what}, ours and bare:\n\n")?;
        for kind in lab::KINDS {
            writeln!(text, "![{what}, {kind}](benchmarks/{name}-{kind}.svg)")?;
        }
    }
    let path = shell::root().join("BENCHMARKS.md");
    let before = fs::read_to_string(&path)?;
    let table = before.split(HEADING).next().unwrap_or_default();
    ensure!(
        !table.is_empty(),
        "BENCHMARKS.md has no table to add this to: run `cargo x bench`"
    );
    fs::write(
        path,
        format!("{}{text}", table.trim_end().to_owned() + "\n"),
    )?;
    println!("{text}");
    Ok(())
}

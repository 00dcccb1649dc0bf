//! The rows of the table, each with its aim.

use anyhow::Result;

use crate::row::Row;

use super::runs::{self, Pair};
use super::testbed::Testbed;

/// Rates per second of Phoenix 1.8.12 on Bandit, on a machine like this one; the aims are multiples
/// of them.
const PHOENIX_ECHO: f64 = 16_300.0;
const PHOENIX_TO_1000: f64 = 128_000.0;
const PHOENIX_TO_10000: f64 = 70_000.0;

/// Measures the rows of one section.
type Section = fn(&Testbed) -> Result<Vec<Row>>;

/// All sections, by name.
pub(crate) const SECTIONS: [(&str, Section); 9] = [
    ("idle", idle),
    ("joins", joins),
    ("echo", echo),
    ("pushes", pushes),
    ("deliveries", deliveries),
    ("attacked", attacked),
    ("crowded", crowded),
    ("held", held),
    ("memory", memory),
];

fn idle(testbed: &Testbed) -> Result<Vec<Row>> {
    let idle = runs::idle(testbed)?;
    let ours = idle.ours.map(|(connections, bytes)| {
        let what = format!("idle connection, one channel joined, {connections} of them");
        row(&what, "bytes", bytes, Some(8_000.0))
    });
    let [(_, bare), ..] = idle.bare;
    let bare = row("idle connection, bare server", "bytes", bare, None);
    Ok(ours.into_iter().chain([bare]).collect())
}

fn joins(testbed: &Testbed) -> Result<Vec<Row>> {
    let joins = runs::joins(testbed)?;
    let [ours, bare, _] = rated("connect and join", &joins, 15_000.0, None);
    Ok(vec![ours, bare])
}

fn echo(testbed: &Testbed) -> Result<Vec<Row>> {
    let of_bare = Some(85.0);
    let thousand = runs::echo(testbed, 1_000)?;
    let what = "echo over 1,000 connections";
    let mut rows = Vec::from(rated(what, &thousand.rate, 8.0 * PHOENIX_ECHO, of_bare));
    let what = "p99 of echo over 1,000 connections";
    rows.extend(timed(what, &thousand.p99, Some(15.0), None));
    let many = runs::echo(testbed, 10_000)?;
    let what = "echo over 10,000 connections";
    rows.extend(rated(what, &many.rate, 5.0 * PHOENIX_ECHO, of_bare));
    Ok(rows)
}

fn pushes(testbed: &Testbed) -> Result<Vec<Row>> {
    let what = "p99 of 20,000 pushes a second over 1,000";
    Ok(timed(what, &runs::pushes(testbed)?, None, Some(1.2)).into())
}

fn deliveries(testbed: &Testbed) -> Result<Vec<Row>> {
    let of_bare = Some(90.0);
    let (thousand, many) = (
        runs::deliveries(testbed, 1_000)?,
        runs::deliveries(testbed, 10_000)?,
    );
    let (to_1000, to_10000) = (1.8 * PHOENIX_TO_1000, 1.7 * PHOENIX_TO_10000);
    let mut rows = Vec::from(rated("deliveries to 1,000", &thousand, to_1000, of_bare));
    rows.extend(rated("deliveries to 10,000", &many, to_10000, of_bare));
    Ok(rows)
}

fn attacked(testbed: &Testbed) -> Result<Vec<Row>> {
    let p99 = runs::attacked(testbed)?;
    let what = "p99 of 5,000 pushes a second under attack";
    let calm = "p99 of 5,000 pushes a second without attack";
    Ok(compared(what, calm, &p99, 1.5).into())
}

fn crowded(testbed: &Testbed) -> Result<Vec<Row>> {
    let crowded = runs::crowded(testbed)?;
    let what = "p99 of a game's moves beside broadcasts to 10,000 clients";
    let mut rows = Vec::from(compared(
        what,
        "p99 of a game's moves on a quiet server",
        &crowded.p99,
        5.0,
    ));
    let what = "… deliveries to those clients, worst round";
    let aim = Some(50_000.0);
    rows.push(row(what, "per second", crowded.deliveries, aim));
    Ok(rows)
}

fn held(testbed: &Testbed) -> Result<Vec<Row>> {
    let held = runs::hold(testbed)?;
    let seconds = testbed.hold_seconds;
    let what =
        format!("19,000 connections, {seconds} s: lost connections and unanswered heartbeats");
    let missing = "… missing deliveries of one broadcast";
    let last = "… until the last connection has the broadcast";
    Ok(vec![
        row(&what, "of them", held.lost, Some(0.0)),
        row(missing, "of them", held.missing, Some(0.0)),
        row(last, "milliseconds", held.last_ms, Some(250.0)),
    ])
}

fn memory(testbed: &Testbed) -> Result<Vec<Row>> {
    let memory = runs::memory(testbed)?;
    let what = "1,000,000 sockets over memory, resident";
    let mut rows = vec![
        row(what, "GiB", memory.resident.ours, Some(12.0)),
        row("… for each socket", "bytes", memory.each.ours, None),
        row(
            "… for each socket, bare server",
            "bytes",
            memory.each.bare,
            None,
        ),
    ];
    let what = "… a broadcast to all, once warm";
    rows.extend(timed(what, &memory.warm_ms, None, Some(1.5)));
    Ok(rows)
}

fn row(what: &str, unit: &str, value: f64, aim: Option<f64>) -> Row {
    Row::new(what, unit, value, aim, "cargo x bench wire")
}

fn bare(what: &str) -> String {
    format!("{what}, bare server")
}

fn ratio(what: &str) -> String {
    format!("{what}, ratio")
}

/// Rows of a rate: ours, the bare server's, and our share of it.
fn rated(what: &str, pair: &Pair, aim: f64, of_bare: Option<f64>) -> [Row; 3] {
    [
        row(what, "per second", pair.ours, Some(aim)),
        row(&bare(what), "per second", pair.bare, None),
        row(&ratio(what), "% of bare", 100.0 * pair.share, of_bare),
    ]
}

/// Rows of a time: ours, the bare server's, and our multiple of it.
fn timed(what: &str, pair: &Pair, aim: Option<f64>, of_bare: Option<f64>) -> [Row; 3] {
    [
        row(what, "milliseconds", pair.ours, aim),
        row(&bare(what), "milliseconds", pair.bare, None),
        row(&ratio(what), "times", pair.share, of_bare),
    ]
}

/// Rows of a time under a disturbance: with it, without it, and the multiple.
fn compared(what: &str, otherwise: &str, pair: &Pair, aim: f64) -> [Row; 3] {
    [
        row(what, "milliseconds", pair.ours, None),
        row(otherwise, "milliseconds", pair.bare, None),
        row(&ratio(what), "times", pair.share, Some(aim)),
    ]
}

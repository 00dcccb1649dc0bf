//! The measurements: one function for each kind of load.

use anyhow::Result;

use super::testbed::{KINDS, Testbed, number};

/// Rounds of each measurement.
const ROUNDS: usize = 5;

/// Times of each turn: the warm-up, and the measurement.
const TIME: &str = "--warm-up 1s --for 4s";

/// Seconds of moves, and lobby events a second meanwhile. Five events to 10,000 subscribers make the
/// 50,000 deliveries of the aim; the sixth makes up for seconds with fewer.
const PLAYED_SECONDS: u32 = 12;
const LOBBY_EVENTS_PER_SECOND: u32 = 6;

/// Connections opened before the count starts: their memory includes what all connections share.
const FIRST_CONNECTIONS: usize = 200;

/// A figure of ours and of the bare server, each the median of its rounds, and the share: the median
/// of the quotients of each round.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pair {
    pub(crate) ours: f64,
    pub(crate) bare: f64,
    pub(crate) share: f64,
}

/// Bytes per connection, by the number of connections.
pub(crate) struct Idle {
    pub(crate) ours: [(&'static str, f64); 2],
    pub(crate) bare: [(&'static str, f64); 2],
}

pub(crate) fn idle(testbed: &Testbed) -> Result<Idle> {
    let mut both = [[("1,000", 0.0), ("19,000", 0.0)]; 2];
    for (kind, figures) in KINDS.iter().zip(&mut both) {
        let server = testbed.server(kind)?;
        let _first = testbed.hold(&server, FIRST_CONNECTIONS)?;
        let empty = server.resident()?;
        let _some = testbed.hold(&server, 1_000)?;
        figures[0].1 = (server.resident()? - empty) / 1_000.0;
        let _all = testbed.hold(&server, 18_000)?;
        figures[1].1 = (server.resident()? - empty) / 19_000.0;
    }
    let [ours, bare] = both;
    Ok(Idle { ours, bare })
}

pub(crate) fn joins(testbed: &Testbed) -> Result<Pair> {
    let [pair] = in_alternation(
        testbed,
        "join -n 10000",
        None,
        [&["opening", "joins_per_second"]],
    )?;
    Ok(pair)
}

/// Round trips a second in a closed loop, and their p99 in milliseconds.
pub(crate) struct Echo {
    pub(crate) rate: Pair,
    pub(crate) p99: Pair,
}

pub(crate) fn echo(testbed: &Testbed, connections: usize) -> Result<Echo> {
    let paths: [&[&str]; 2] = [
        &["push", "round_trips_per_second"],
        &["push", "round_trip", "p99"],
    ];
    let plot = (connections == 1_000).then_some("echo");
    let [rate, p99] = in_alternation(
        testbed,
        &format!("push -n {connections} {TIME}"),
        plot,
        paths,
    )?;
    Ok(Echo { rate, p99 })
}

/// Measures the p99 of 20,000 pushes a second.
pub(crate) fn pushes(testbed: &Testbed) -> Result<Pair> {
    let args = format!("push -n 1000 --rate 20000 {TIME}");
    let [p99] = in_alternation(
        testbed,
        &args,
        Some("pushes"),
        [&["push", "round_trip", "p99"]],
    )?;
    Ok(p99)
}

/// Measures the deliveries a second of broadcasts, each sent when the last one has come back.
pub(crate) fn deliveries(testbed: &Testbed, subscribers: usize) -> Result<Pair> {
    let args = format!("broadcast -n {subscribers} --until own {TIME}");
    let plot = (subscribers == 1_000).then_some("deliveries");
    let [pair] = in_alternation(
        testbed,
        &args,
        plot,
        [&["broadcast", "deliveries_per_second"]],
    )?;
    Ok(pair)
}

/// The losses among many held connections.
pub(crate) struct HoldResult {
    pub(crate) lost: f64,
    pub(crate) missing: f64,
    pub(crate) last_ms: f64,
}

pub(crate) fn hold(testbed: &Testbed) -> Result<HoldResult> {
    let seconds = testbed.hold_seconds;
    let server = testbed.server("channels")?;
    let broadcast = seconds.saturating_sub(5);
    let args =
        format!("hold -n 19000 --processes 2 --for {seconds}s --broadcast-after {broadcast}s");
    let report = testbed.crowd(&server, &args, None)?;
    let joined = number(&report, &["opening", "joined"])?;
    let received = number(&report, &["broadcast", "received"])?;
    let doubled = number(&report, &["broadcast", "doubled"])?;
    Ok(HoldResult {
        lost: 19_000.0 - joined + number(&report, &["heartbeats_unanswered"])?,
        missing: 19_000.0 - received + doubled,
        last_ms: number(&report, &["broadcast", "last_had_it", "max"])?,
    })
}

/// Measures the p99 of 5,000 pushes a second of well-behaved clients: under attack, and without.
pub(crate) fn attacked(testbed: &Testbed) -> Result<Pair> {
    let args = format!("push -n 200 --rate 5000 {TIME}");
    let mut rounds = [(0.0, 0.0); ROUNDS];
    for (attacked, calm) in &mut rounds {
        let server = testbed.server("guarded")?;
        let p99 = |report: &str| number(report, &["push", "round_trip", "p99"]);
        *calm = p99(&testbed.crowd(&server, &args, None)?)?;
        let _attack = testbed.attack(&server)?;
        *attacked = p99(&testbed.crowd(&server, &args, None)?)?;
    }
    Ok(median(&rounds))
}

/// The moves of games, and the deliveries to others meanwhile.
pub(crate) struct Crowded {
    /// The p99 of a move: with a crowd in the lobby, and without.
    pub(crate) p99: Pair,
    pub(crate) deliveries: f64,
}

/// Measures moves at the game's server: alone, and while 10,000 clients in its lobby get events.
pub(crate) fn crowded(testbed: &Testbed) -> Result<Crowded> {
    let mut p99 = [(0.0, 0.0); ROUNDS];
    let mut deliveries = f64::INFINITY;
    for (crowded, quiet) in &mut p99 {
        let server = testbed.game_server()?;
        *quiet = number(&testbed.play(&server, PLAYED_SECONDS, 0)?, &["p99"])?;
        let _crowd = testbed.hold(&server, 10_000)?;
        let played = testbed.play(&server, PLAYED_SECONDS, LOBBY_EVENTS_PER_SECOND)?;
        *crowded = number(&played, &["p99"])?;
        deliveries = deliveries.min(number(&played, &["deliveries_per_second"])?);
    }
    let p99 = median(&p99);
    Ok(Crowded { p99, deliveries })
}

/// The figures of a million sockets that run over memory, without a network.
pub(crate) struct Memory {
    pub(crate) resident: Pair,
    pub(crate) each: Pair,
    pub(crate) warm_ms: Pair,
}

pub(crate) fn memory(testbed: &Testbed) -> Result<Memory> {
    let mut figures = [[0.0; 3]; 2];
    for (kind, figures) in KINDS.iter().zip(&mut figures) {
        let report = testbed.run_wire_bench(&["memory", kind, "1000000"])?;
        *figures = [
            number(&report, &["resident"])? / f64::from(1 << 30),
            number(&report, &["bytes_each"])?,
            number(&report, &["warm_s"])? * 1000.0,
        ];
    }
    let [ours, bare] = figures;
    let pair = |at: usize| median(&[(ours[at], bare[at])]);
    Ok(Memory {
        resident: pair(0),
        each: pair(1),
        warm_ms: pair(2),
    })
}

/// Puts both servers under the same load in turns, and returns a pair for each path into the report.
/// The plot shows the last round.
fn in_alternation<const N: usize>(
    testbed: &Testbed,
    args: &str,
    plot: Option<&str>,
    paths: [&[&str]; N],
) -> Result<[Pair; N]> {
    let mut rounds = [[(0.0, 0.0); ROUNDS]; N];
    for round in 0..ROUNDS {
        let mut reports = Vec::new();
        for kind in KINDS {
            let server = testbed.server(kind)?;
            let plot = plot.map(|plot| format!("{plot}-{kind}"));
            reports.push(testbed.crowd(&server, args, plot.as_deref())?);
        }
        for (rounds, path) in rounds.iter_mut().zip(paths) {
            rounds[round] = (number(&reports[0], path)?, number(&reports[1], path)?);
        }
    }
    Ok(rounds.map(|rounds| median(&rounds)))
}

fn median(rounds: &[(f64, f64)]) -> Pair {
    let middle = |figure: fn(&(f64, f64)) -> f64| {
        let mut figures: Vec<_> = rounds.iter().map(figure).collect();
        figures.sort_by(f64::total_cmp);
        figures[figures.len() / 2]
    };
    Pair {
        ours: middle(|(ours, _)| *ours),
        bare: middle(|(_, bare)| *bare),
        share: middle(|(ours, bare)| ours / bare),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_is_the_median_over_the_rounds() {
        let pair = median(&[(1.0, 2.0), (30.0, 40.0), (10.0, 100.0)]);
        assert_eq!((pair.ours, pair.bare, pair.share), (10.0, 40.0, 0.5));
    }
}

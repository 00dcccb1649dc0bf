//! Measures how interference by other games delays moves: their waits with it and
//! without it, in turn.

use std::time::Duration;

use islands_engine::Games;
use tokio::task::JoinHandle;

use super::Outcome;
use super::figures::{median, print_figure, quantile};
use super::open_loop::{Load, answer_times};

/// The moves of each round.
pub const LOAD: Load = Load {
    games: 1_000,
    per_second: 10_000,
    time: Duration::from_secs(1),
};
const ROUNDS: usize = 9;
/// Target ratio of the waits with and without interference.
const TARGET: f64 = 2.0;

/// Measures the moves with and without the interference, and prints figures under `name`.
pub async fn measure(
    name: &str,
    games: &Games,
    interference: impl Fn() -> JoinHandle<Outcome>,
) -> Outcome {
    let Load {
        games: count,
        per_second,
        ..
    } = LOAD;
    eprintln!(
        "{per_second} moves a second in {count} games, {ROUNDS} rounds with and without a {name}"
    );
    let (mut alone, mut beside) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        alone.push(p99(games).await?);
        let interference = interference();
        beside.push(p99(games).await?);
        if interference.is_finished() {
            interference.await??;
            return Err("the interference ended too soon".into());
        }
        interference.abort();
    }
    eprintln!("p99 alone {alone:.0?} µs, beside a {name} {beside:.0?} µs");
    let unit = "microseconds";
    print_figure("a move in memory, p99", unit, median(&alone), None);
    print_figure(
        &format!("a move beside a {name}, p99"),
        unit,
        median(&beside),
        None,
    );
    let ratios = beside
        .iter()
        .zip(&alone)
        .map(|(beside, alone)| beside / alone);
    let ratios: Vec<f64> = ratios.collect();
    let name = format!("a move beside a {name}, against one without, p99");
    print_figure(&name, "times", median(&ratios), TARGET);
    Ok(())
}

async fn p99(games: &Games) -> Outcome<f64> {
    let times = answer_times(games, LOAD).await?;
    Ok(quantile(&times, 0.99) * 1e6)
}

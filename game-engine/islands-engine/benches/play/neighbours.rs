//! Whether games notice what goes on beside them: how long their moves wait with
//! it and without it, by turns.

use std::time::Duration;

use islands_engine::Games;
use tokio::task::JoinHandle;

use super::Outcome;
use super::figures::{median, quantile, tell};
use super::open_loop::{Load, answer_times};

/// What is played in each round.
pub const LOAD: Load = Load {
    games: 1_000,
    per_second: 10_000,
    time: Duration::from_secs(1),
};
const ROUNDS: usize = 9;
/// Moves may wait so many times as long.
const AIM: f64 = 2.0;

/// Measures it beside this trouble, and tells of it under this name.
pub async fn measure(
    name: &str,
    games: &Games,
    trouble: impl Fn() -> JoinHandle<Outcome>,
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
        let trouble = trouble();
        beside.push(p99(games).await?);
        if trouble.is_finished() {
            trouble.await??;
            return Err("the trouble is over too soon".into());
        }
        trouble.abort();
    }
    eprintln!("p99 alone {alone:.0?} µs, beside a {name} {beside:.0?} µs");
    let unit = "microseconds";
    tell("a move in memory, p99", unit, median(&alone), None);
    tell(
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
    tell(&name, "times", median(&ratios), AIM);
    Ok(())
}

async fn p99(games: &Games) -> Outcome<f64> {
    let times = answer_times(games, LOAD).await?;
    Ok(quantile(&times, 0.99) * 1e6)
}

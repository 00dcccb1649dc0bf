//! Measures durable moves per second, and their latency at a quarter of the target rate.
//!
//! A disk's speed changes from second to second. So bare fsyncs in the same folder are
//! measured between the rounds of moves, and the latency of a round is compared with
//! the fsyncs just before it.

#[path = "../../islands-engine/benches/play/mod.rs"]
mod play;

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use islands_engine::{Games, Settings};
use islands_journal::RedbJournal;

use play::figures::{median, print_figure, quantile};
use play::open_loop::{Load, answer_times};
use play::{BoxError, Outcome};

/// Games that are played at the same time.
const GAMES: usize = 1_000;
/// Target moves per second, when every caller sends its next move at once.
const TARGET: f64 = 20_000.0;
const FULL_ROUNDS: usize = 3;
const FULL_TIME: Duration = Duration::from_secs(2);

/// The load under which latency is measured.
const OFFERED: Load = Load {
    games: GAMES,
    per_second: 5_000,
    time: Duration::from_secs(2),
};
const ROUNDS: usize = 7;
/// Target latency of a move, in bare fsyncs.
const FSYNCS_TARGET: f64 = 3.0;
/// The number of fsyncs between two rounds, and the bytes that each one writes.
const FSYNCS: usize = 300;
const FSYNC_BYTES: usize = 4096;

fn main() -> Outcome {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    eprintln!("{FULL_ROUNDS} rounds of moves in {GAMES} games, as many as the journal takes");
    let runtime = play::runtime()?;
    runtime.block_on(async {
        let journal = Arc::new(RedbJournal::open(folder.path().join("games.redb"))?);
        let games = Games::start(Settings::default(), journal).await?;
        let mut rates = Vec::new();
        for _ in 0..FULL_ROUNDS {
            rates.push(full_load(&games).await?);
        }
        let name = "durable moves through processes";
        print_figure(name, "per second", median(&rates), TARGET);
        waiting(&games, folder.path()).await?;
        games.shut_down().await;
        Ok(())
    })
}

/// Returns the moves per second of callers that send the next one as soon as they can.
async fn full_load(games: &Games) -> Outcome<f64> {
    let tables = play::open_tables(games, GAMES).await?;
    let start = Instant::now();
    let callers = tables.into_iter().map(|(game, script)| {
        let games = games.clone();
        tokio::spawn(async move {
            let mut played = 0;
            for (by, command) in script.moves.iter().cloned() {
                if start.elapsed() >= FULL_TIME {
                    break;
                }
                games.command(game, by, command, None).await?;
                played += 1;
            }
            Ok::<u32, BoxError>(played)
        })
    });
    let mut played = 0;
    for caller in callers.collect::<Vec<_>>() {
        played += caller.await??;
    }
    Ok(f64::from(played) / start.elapsed().as_secs_f64())
}

/// Measures how long moves wait, compared with bare fsyncs.
async fn waiting(games: &Games, folder: &Path) -> Outcome {
    let Load { per_second, .. } = OFFERED;
    eprintln!("{ROUNDS} rounds of {per_second} moves a second, {FSYNCS} bare fsyncs between");
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let fsyncs = fsyncs(folder)?;
        let waits = answer_times(games, OFFERED).await?;
        rounds.push((waits, fsyncs));
    }
    for (share, name) in [(0.5, "p50"), (0.99, "p99")] {
        let of = |times: &[f64]| quantile(times, share);
        let waits: Vec<f64> = rounds.iter().map(|(waits, _)| of(waits)).collect();
        let fsyncs: Vec<f64> = rounds.iter().map(|(_, fsyncs)| of(fsyncs)).collect();
        let ratios = waits.iter().zip(&fsyncs).map(|(wait, fsync)| wait / fsync);
        let ratios: Vec<f64> = ratios.collect();
        eprintln!("{name}: waits {waits:.5?} s, fsyncs {fsyncs:.5?} s");
        let at = format!("durable move at {per_second} a second, {name}");
        print_figure(&at, "milliseconds", median(&waits) * 1e3, None);
        let fsync = format!("bare fsync of {FSYNC_BYTES} bytes, {name}");
        print_figure(&fsync, "milliseconds", median(&fsyncs) * 1e3, None);
        let against = format!("durable move against a bare fsync, {name}");
        print_figure(&against, "times", median(&ratios), FSYNCS_TARGET);
    }
    Ok(())
}

/// Returns the seconds that each bare fsync takes, after a write at the end of a file.
fn fsyncs(folder: &Path) -> Outcome<Vec<f64>> {
    let mut file = File::create(folder.join("bare"))?;
    let fsync = |_| {
        let start = Instant::now();
        file.write_all(&[1; FSYNC_BYTES])?;
        file.sync_data()?;
        Ok(start.elapsed().as_secs_f64())
    };
    (0..FSYNCS).map(fsync).collect()
}

//! Plays whole games under injected faults, and checks what all clients observed
//! against the journal.
//!
//! A seed decides everything: the moves, the process that is struck at each failpoint,
//! the journal's faults. A failure names its seed. To replay some seeds, or to play
//! many more than usual:
//!
//! ```text
//! ATTACK_SEEDS=17..18 cargo test -p islands-engine --test attack asked_for -- --ignored
//! ```

#![allow(clippy::unwrap_used, reason = "in a test it is an assertion")]

mod every_failpoint;
mod fixture;
mod listener;
mod player;
mod poison;
mod random_faults;
mod sample_logs;
mod strikes;

use std::collections::HashMap;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Mutex, Once};
use std::thread::available_parallelism;

use fastrand::Rng;
use history::Report;
use islands_engine::testing::Failpoint;

use fixture::Fixture;
use random_faults::FaultKind;
use strikes::Strike;

/// Games played at once with each seed, besides their rematches.
const TABLES: usize = 2;

#[test]
fn no_event_is_lost_or_invented_under_any_fault() {
    let tally = attack(0..100, TABLES);
    for failpoint in Failpoint::ALL {
        for strike in Strike::ALL {
            let struck = tally.struck.contains_key(&(failpoint, strike));
            assert!(struck, "no {strike:?} when {failpoint:?}");
        }
    }
    for kind in FaultKind::all() {
        let befell = tally.faults.contains_key(&kind);
        assert!(befell, "nothing was ever {kind:?}");
    }
    let Report {
        acknowledged,
        refused,
        carried_out,
        ..
    } = tally.report;
    assert!(
        acknowledged > 1_000 && refused > 100 && carried_out > 10,
        "{tally:?}"
    );
}

#[test]
fn no_event_is_lost_or_invented_in_fifty_concurrent_games() {
    let tally = attack(1_000..1_001, 50);
    assert!(
        tally.report.games >= 100 && tally.struck.len() > 30,
        "{tally:?}"
    );
}

#[test]
#[ignore = "plays the seeds that are named in ATTACK_SEEDS"]
fn no_event_is_lost_or_invented_with_the_seeds_asked_for() {
    let asked_for = std::env::var("ATTACK_SEEDS").expect("ATTACK_SEEDS, such as 17..18");
    let (from, to) = asked_for.split_once("..").expect("a range, such as 17..18");
    let tally = attack(from.parse().unwrap()..to.parse().unwrap(), TABLES);
    println!("{tally:#?}");
}

/// The results of the attacks with some seeds.
#[derive(Debug, Default)]
struct Tally {
    report: Report,
    struck: HashMap<(Failpoint, Strike), u64>,
    faults: HashMap<FaultKind, u64>,
}

/// Runs the attack with each of these seeds, on all processors.
fn attack(seeds: Range<u64>, tables: usize) -> Tally {
    expect_panics();
    let seeds = Mutex::new(seeds);
    let tally = Mutex::new(Tally::default());
    std::thread::scope(|scope| {
        let processors = available_parallelism().map_or(1, usize::from);
        let threads = (0..processors).map(|_| {
            scope.spawn(|| {
                while let Some(seed) = next(&seeds) {
                    let (report, fixture) = with_seed(seed, tables);
                    let mut tally = tally.lock().unwrap();
                    tally.add(report, &fixture);
                }
            })
        });
        for thread in threads.collect::<Vec<_>>() {
            if let Err(panic) = thread.join() {
                resume_unwind(panic);
            }
        }
    });
    tally.into_inner().unwrap()
}

fn next(seeds: &Mutex<Range<u64>>) -> Option<u64> {
    seeds.lock().unwrap().next()
}

impl Tally {
    fn add(&mut self, report: Report, fixture: &Fixture) {
        self.report.add(report);
        for (what, count) in fixture.strikes.counts() {
            *self.struck.entry(what).or_default() += count;
        }
        for (what, count) in fixture.faults.injected_counts() {
            *self.faults.entry(what).or_default() += count;
        }
    }
}

fn with_seed(seed: u64, tables: usize) -> (Report, Fixture) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    fastrand::seed(seed);
    let played = catch_unwind(AssertUnwindSafe(|| {
        runtime.block_on(async {
            let fixture = Fixture::start(seed).await;
            let report = fixture.play(tables, &mut Rng::with_seed(!seed)).await;
            let findings: Vec<String> = report.findings.iter().map(ToString::to_string).collect();
            assert!(findings.is_empty(), "{report}\n{}", findings.join("\n"));
            (report, fixture)
        })
    }));
    played.unwrap_or_else(|panic| {
        let message = panic.downcast_ref::<String>().map(String::as_str);
        let message = message.or_else(|| panic.downcast_ref::<&str>().copied());
        panic!("seed {seed}: {}", message.unwrap_or("a panic"))
    })
}

/// Keeps injected panics out of the output of a failing test.
fn expect_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let others = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let message = panic.payload_as_str().unwrap_or_default();
            if !message.starts_with("injected") {
                others(panic);
            }
        }));
    });
}

//! Measures how long moves wait while another game receives bursts of 10,000 commands,
//! ten times a second.
//!
//! Each command has a caller of its own, as if each came over another connection. The
//! game refuses nearly all: it has few permits for waiting callers.
//!
//! First the callers run on one core and the games on the other: then moves wait only
//! for the busy game's work. After that they share both cores, and moves also wait
//! behind 10,000 callers, each of which is woken to be refused.

mod play;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use islands_core::{Coordinate, Player};
use islands_engine::journal::MemoryJournal;
use islands_engine::{Games, Settings};
use tokio::runtime::Runtime;
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use tokio::time::interval;

use play::{Outcome, neighbours};

const AT_ONCE: usize = 10_000;
const EVERY: Duration = Duration::from_millis(100);

fn main() -> Outcome {
    // The timer thread of the moves runs on the core of the games.
    play::stay_on(&[0])?;
    let (own, others) = (play::runtime_on(0)?, play::runtime_on(1)?);
    own.block_on(beside("busy game", &others))?;
    play::stay_on(&[0, 1])?;
    let shared = play::runtime()?;
    shared.block_on(beside("busy game on the same cores", &shared))
}

/// Measures how long moves wait beside a game whose callers are in this runtime.
async fn beside(name: &str, callers: &Runtime) -> Outcome {
    let journal = Arc::new(MemoryJournal::new());
    let games = Games::start(Settings::default(), journal).await?;
    let sent = Arc::new(AtomicU64::new(0));
    let interference = || callers.spawn(bursts(games.clone(), Arc::clone(&sent)));
    neighbours::measure(name, &games, interference).await?;
    eprintln!("the busy game was sent {sent:?} commands");
    games.shut_down().await;
    Ok(())
}

/// Sends a game [`AT_ONCE`] commands at once, and again after each [`EVERY`].
async fn bursts(games: Games, sent: Arc<AtomicU64>) -> Outcome {
    let game = play::open_table(&games).await?;
    let at = Coordinate::all().next().ok_or("no cell")?;
    let start = Arc::new(Barrier::new(AT_ONCE + 1));
    let mut callers = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (games, sent, start) = (games.clone(), Arc::clone(&sent), Arc::clone(&start));
        callers.spawn(async move {
            loop {
                start.wait().await;
                // Answered or refused, it has cost the game and the runtime time.
                let _ = games
                    .command(game, Player::One, play::guess(at), None)
                    .await;
                sent.fetch_add(1, Ordering::Relaxed);
            }
        });
    }
    let mut clock = interval(EVERY);
    loop {
        clock.tick().await;
        start.wait().await;
    }
}

//! How long moves wait while other games panic at every command, until they are
//! quarantined, and are called all the same.

mod play;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use islands_engine::journal::MemoryJournal;
use islands_engine::{Games, Refusal, Settings};
use tokio::task::JoinSet;

use play::poisoned::{Poisoned, report_panics};
use play::{Outcome, neighbours};

/// Games that panic at the same time.
const POISONED: usize = 10;
/// How often a game is called that is quarantined, before the next one is opened.
const CALLS: usize = 100;

type Journal = Arc<Poisoned<MemoryJournal>>;

fn main() -> Outcome {
    report_panics();
    play::runtime()?.block_on(async {
        let journal = Arc::new(Poisoned::new(MemoryJournal::new()));
        let games = Games::start(Settings::default(), Arc::<Poisoned<_>>::clone(&journal)).await?;
        let quarantined = Arc::new(AtomicU64::new(0));
        let trouble = || {
            let (games, journal) = (games.clone(), Arc::clone(&journal));
            let quarantined = Arc::clone(&quarantined);
            tokio::spawn(async move {
                let mut poisoned = JoinSet::new();
                for _ in 0..POISONED {
                    let (games, journal) = (games.clone(), Arc::clone(&journal));
                    poisoned.spawn(crashes(games, journal, Arc::clone(&quarantined)));
                }
                poisoned.join_next().await.ok_or("no game is poisoned")??
            })
        };
        neighbours::measure("poisoned game", &games, trouble).await?;
        eprintln!("{quarantined:?} games were quarantined");
        games.shut_down().await;
        Ok(())
    })
}

/// Poisons a game, calls it until it is quarantined and beyond, and takes the
/// next one.
async fn crashes(games: Games, journal: Journal, quarantined: Arc<AtomicU64>) -> Outcome {
    loop {
        let (game, script) = play::open_tables(&games, 1).await?[0];
        journal.every_append(game);
        let (by, command) = &script.moves[0];
        let call = || games.command(game, *by, command.clone(), None);
        while !matches!(call().await, Err(Refusal::Quarantined { .. })) {}
        quarantined.fetch_add(1, Ordering::Relaxed);
        for _ in 0..CALLS {
            // Refused, as it was before.
            let _ = call().await;
        }
    }
}

//! Measures how long moves wait while other games panic at every command until they are
//! quarantined, and still receive calls.

mod play;

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use islands_core::GameId;
use islands_engine::testing::{AppendFault, FaultyJournal};
use islands_engine::{CallError, Games, Settings};
use tokio::task::JoinSet;

use play::{Outcome, install_panic_hook, neighbours};

/// Games that panic at the same time.
const POISONED: usize = 10;
/// Calls to a quarantined game before the next one is opened.
const CALLS: usize = 100;

fn main() -> Outcome {
    install_panic_hook();
    play::runtime()?.block_on(async {
        let poisoned = Arc::new(Mutex::new(HashSet::new()));
        let journal = FaultyJournal::default();
        let doomed = Arc::clone(&poisoned);
        journal.on_append(move |append| {
            let is_poisoned = doomed.lock().is_ok_and(|it| it.contains(&append.game));
            is_poisoned.then_some(AppendFault::PanicBefore)
        });
        let games = Games::start(Settings::default(), Arc::new(journal)).await?;
        let quarantined = Arc::new(AtomicU64::new(0));
        let interference = || {
            let (games, poisoned) = (games.clone(), Arc::clone(&poisoned));
            let quarantined = Arc::clone(&quarantined);
            tokio::spawn(async move {
                let mut crashing = JoinSet::new();
                for _ in 0..POISONED {
                    let (games, poisoned) = (games.clone(), Arc::clone(&poisoned));
                    crashing.spawn(crash_repeatedly(games, poisoned, Arc::clone(&quarantined)));
                }
                crashing.join_next().await.ok_or("no game is poisoned")??
            })
        };
        neighbours::measure("poisoned game", &games, interference).await?;
        eprintln!("{quarantined:?} games were quarantined");
        games.shut_down().await;
        Ok(())
    })
}

/// Poisons a game, calls it until it is quarantined and beyond, and takes the
/// next one.
async fn crash_repeatedly(
    games: Games,
    poisoned: Arc<Mutex<HashSet<GameId>>>,
    quarantined: Arc<AtomicU64>,
) -> Outcome {
    loop {
        let (game, script) = play::open_tables(&games, 1).await?[0];
        poisoned.lock().map_err(|_| "a lock")?.insert(game);
        let (by, command) = &script.moves[0];
        let call = || games.command(game, *by, command.clone(), None);
        while !matches!(call().await, Err(CallError::Quarantined { .. })) {}
        quarantined.fetch_add(1, Ordering::Relaxed);
        for _ in 0..CALLS {
            // Refused while the game is quarantined.
            let _ = call().await;
        }
    }
}

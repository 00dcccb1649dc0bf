//! Commands that append batches to a journal in memory and load them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::SystemTime;

use islands_core::{Event, GameId, Player};
use tokio::runtime::{Builder, Runtime};

use crate::journal::{AppendError, Batch, Journal, MemoryJournal};

/// Returns a function that answers commands. It keeps the journal between them.
pub fn start() -> impl FnMut(&str) -> String {
    let journal = MemoryJournal::new();
    let runtime = Builder::new_current_thread().build().expect("a runtime");
    move |command| answer(command, &journal, &runtime)
}

/// Answers `append COUNT to GAME at EXPECTED`, `load GAME after NUMBER`, or `two writers`.
fn answer(command: &str, journal: &MemoryJournal, runtime: &Runtime) -> String {
    let number = |text: &str| text.parse::<u64>().expect("a number");
    match command.split(' ').collect::<Vec<_>>()[..] {
        ["append", count, "to", game, "at", expected] => {
            let batch = batch(number(count));
            let appended = journal.append(id(game), number(expected), batch);
            match runtime.block_on(appended) {
                Ok(()) => "stored".to_owned(),
                Err(AppendError::Conflict { actual }) => format!("conflict: {actual} events"),
                Err(AppendError::Unavailable(_)) => "refused".to_owned(),
                Err(AppendError::OutcomeUnknown(_)) => "unknown".to_owned(),
            }
        }
        ["load", game, "after", after] => {
            let loaded = runtime.block_on(journal.load(id(game), number(after)));
            let sizes = loaded.expect("it can be read").into_iter();
            let sizes: Vec<String> = sizes.map(|batch| batch.events.len().to_string()).collect();
            match sizes.as_slice() {
                [] => "no batches".to_owned(),
                sizes => format!("batches of {} events", sizes.join(", ")),
            }
        }
        ["two", "writers"] => two_writers(),
        _ => "! unknown command".to_owned(),
    }
}

/// Two threads append to one game, in a hundred thousand rounds. In each, both have seen the same
/// last event. Says whether exactly one of them has succeeded.
fn two_writers() -> String {
    const ROUNDS: usize = 100_000;
    let (journal, game) = (MemoryJournal::new(), id("one"));
    let ready = AtomicUsize::new(0);
    let stored: Vec<AtomicUsize> = (0..ROUNDS).map(|_| AtomicUsize::new(0)).collect();
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let runtime = Builder::new_current_thread().build().expect("a runtime");
                for (round, stored) in stored.iter().enumerate() {
                    let append = journal.append(game, round as u64, batch(1));
                    ready.fetch_add(1, Ordering::SeqCst);
                    // Both go on in the same moment.
                    for waited in 0_u32.. {
                        if ready.load(Ordering::SeqCst) >= 2 * (round + 1) {
                            break;
                        }
                        match waited < 200 {
                            true => std::hint::spin_loop(),
                            false => thread::yield_now(),
                        }
                    }
                    if runtime.block_on(append).is_ok() {
                        stored.fetch_add(1, Ordering::SeqCst);
                    }
                }
            });
        }
    });
    match stored
        .iter()
        .all(|stored| stored.load(Ordering::SeqCst) == 1)
    {
        true => "one of the two has succeeded, in each round".to_owned(),
        false => "not exactly one of the two has succeeded".to_owned(),
    }
}

fn id(game: &str) -> GameId {
    let mut bytes = [0; 10];
    for (byte, letter) in bytes.iter_mut().zip(game.bytes()) {
        *byte = letter;
    }
    GameId::from_bytes(bytes)
}

fn batch(count: u64) -> Batch {
    let by = Player::One;
    Batch {
        at: SystemTime::UNIX_EPOCH,
        by,
        command_id: None,
        config: None,
        events: (0..count).map(|_| Event::PlayerResigned { by }).collect(),
    }
}

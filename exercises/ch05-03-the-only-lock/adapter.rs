//! Commands that append batches to a journal in memory and load them.

use std::sync::Arc;
use std::thread;
use std::time::SystemTime;

use islands_core::{Event, GameId, Player};
use tokio::runtime::{Builder, Runtime};

use crate::journal::{AppendError, Batch, Journal, MemoryJournal};

/// Returns a function that answers commands. It keeps the journal between them.
pub fn start() -> impl FnMut(&str) -> String {
    let journal = Arc::new(MemoryJournal::new());
    let runtime = Builder::new_current_thread().build().expect("a runtime");
    move |command| answer(command, &journal, &runtime)
}

/// Answers `append COUNT to GAME at EXPECTED`, `load GAME after NUMBER`, or `two writers of
/// GAME`.
fn answer(command: &str, journal: &Arc<MemoryJournal>, runtime: &Runtime) -> String {
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
        ["two", "writers", "of", game] => two_writers(journal, id(game)),
        _ => "! unknown command".to_owned(),
    }
}

/// Two threads append to a game, each with the number of events that it has seen last, a thousand
/// times. Says whether two appends succeeded that expected the same number.
fn two_writers(journal: &Arc<MemoryJournal>, game: GameId) -> String {
    let writers = [(); 2].map(|()| {
        let journal = Arc::clone(journal);
        thread::spawn(move || {
            let runtime = Builder::new_current_thread().build().expect("a runtime");
            let (mut seen, mut succeeded) = (0, Vec::new());
            for _ in 0..1000 {
                match runtime.block_on(journal.append(game, seen, batch(1))) {
                    Ok(()) => {
                        succeeded.push(seen);
                        seen += 1;
                    }
                    Err(AppendError::Conflict { actual }) => seen = actual,
                    Err(_) => {}
                }
            }
            succeeded
        })
    });
    let mut succeeded: Vec<u64> = writers
        .into_iter()
        .flat_map(|writer| writer.join().expect("a writer does not panic"))
        .collect();
    succeeded.sort_unstable();
    match succeeded.windows(2).all(|pair| pair[0] != pair[1]) {
        true => "each number was taken once".to_owned(),
        false => "two appends with the same number succeeded".to_owned(),
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

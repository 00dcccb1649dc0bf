//! What the journal guarantees on a disk that stalls, fails or loses data.

mod disk;
mod faults;
mod flips;
mod group;

use std::task::{Context, Waker};
use std::time::{Duration, SystemTime};

use islands_core::{Event, GameId, Player};

use self::disk::Disk;
use super::{Batch, BoxFuture, RedbJournal, Retention};
use islands_engine::CommandId;

/// Returns a batch of one event, different for each number.
fn batch(number: u64) -> Batch {
    Batch {
        at: SystemTime::UNIX_EPOCH + Duration::from_secs(number),
        by: Player::One,
        command_id: CommandId::new(&number.to_string()).ok(),
        opening: None,
        events: vec![Event::IslandsSet { by: Player::One }],
    }
}

/// Makes every game old whose last batch is earlier than `time`: the clock has been
/// steady for decades, so elapsed time does not matter.
fn before(time: SystemTime) -> Retention {
    let long = Duration::from_secs(1_000_000_000);
    Retention {
        period: long,
        now: time + long,
        steady: long,
    }
}
fn game(number: u64) -> GameId {
    let mut bytes = [0; 10];
    bytes[2..].copy_from_slice(&number.to_be_bytes());
    GameId::from_bytes(bytes)
}

fn journal(disk: &Disk) -> RedbJournal {
    disk.journal().unwrap()
}

/// Sends a request without waiting for its answer.
#[track_caller]
fn sent<T>(mut answer: BoxFuture<'_, T>) -> BoxFuture<'_, T> {
    let polled = answer
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()));
    assert!(polled.is_pending());
    answer
}

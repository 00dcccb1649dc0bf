//! What the journal promises when the disk does not keep its own promises.

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

/// A batch of one event, unlike every batch with another number.
fn batch(number: u64) -> Batch {
    Batch {
        at: SystemTime::UNIX_EPOCH + Duration::from_secs(number),
        by: Player::One,
        command_id: CommandId::new(&number.to_string()).ok(),
        opening: None,
        events: vec![Event::IslandsSet { by: Player::One }],
    }
}

/// Makes every game old whose last batch has an earlier time than this: the clock has been
/// steady for so long that nothing else matters.
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

//! What the journal guarantees on a disk that stalls, fails or loses data.

mod bit_flips;
mod disk;
mod faults;
mod group;

use std::task::{Context, Waker};

use self::disk::Disk;
use super::{BoxFuture, RedbJournal};

fn journal(disk: &Disk) -> RedbJournal {
    disk.journal().unwrap()
}

/// Polls a request once, which sends it to the writer, without waiting for the answer.
#[track_caller]
fn poll_once<T>(mut answer: BoxFuture<'_, T>) -> BoxFuture<'_, T> {
    let polled = answer
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()));
    assert!(polled.is_pending());
    answer
}

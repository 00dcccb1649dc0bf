//! Damaged files: a flipped bit, or a missing end.

use std::time::{Duration, SystemTime};

use islands_core::Rng;

use super::disk::Disk;
use super::journal;
use crate::record::{self, RecordKey};
use islands_engine::journal::{Batch, Journal, LoadError};
use islands_engine::testing::samples::{batch, game_id, retain_since};

const GAMES: u64 = 20;
const BATCHES: u64 = 6;

/// The length in bytes of what redb writes at the start of a file.
const HEADER_LEN: usize = 320;

/// The length of a page in bytes.
const PAGE_LEN: usize = 4096;

/// The number of bits behind the header that are flipped in each file, one at a time.
const FLIPS: usize = 60;

/// The step from one flipped bit of the header to the next.
const STEP: usize = 61;

/// Returns a disk with some games, and its journal, still open.
async fn filled() -> (Disk, impl Journal) {
    let disk = Disk::default();
    let journal = journal(&disk);
    for number in 0..BATCHES {
        for id in 0..GAMES {
            let appended = journal.append(game_id(id), number, batch(number)).await;
            assert_eq!(appended, Ok(()));
        }
    }
    (disk, journal)
}

/// Flips bits one at a time. Afterwards each game loads as written, or an error shows.
async fn check(disk: &Disk) {
    let bytes = disk.bytes().written.clone();
    let log: Vec<_> = (0..BATCHES).map(batch).collect();
    let mut rng = Rng::new(1);
    let used: Vec<_> = (HEADER_LEN..bytes.len())
        .filter(|at| bytes[*at] != 0)
        .collect();
    let in_pages = (0..FLIPS).map(|_| 8 * rng.pick(&used).unwrap() + rng.next_u64() as usize % 8);
    let in_header = (0..8 * HEADER_LEN).step_by(STEP);
    let mut noticed = 0;
    for bit in in_header.chain(in_pages.collect::<Vec<_>>()) {
        let mut damaged = bytes.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        noticed += usize::from(is_noticed(&Disk::with(damaged), &log, bit).await);
    }
    assert!(noticed > FLIPS / 4, "{noticed} flips were noticed");
}

/// Truncates the file at and within pages, or zeros the second half of its last page.
async fn check_cut_off(disk: &Disk) {
    let bytes = disk.bytes().written.clone();
    let log: Vec<_> = (0..BATCHES).map(batch).collect();
    let mut noticed = 0;
    let pages = bytes.len() / PAGE_LEN;
    for page in (1..pages).rev().take(8).chain((1..pages).step_by(61)) {
        let mut half = bytes[..(page + 1) * PAGE_LEN].to_vec();
        half[page * PAGE_LEN + PAGE_LEN / 2..].fill(0);
        let short = bytes[..page * PAGE_LEN + PAGE_LEN / 2].to_vec();
        let whole_pages = bytes[..page * PAGE_LEN].to_vec();
        for damaged in [half, short, whole_pages] {
            noticed +=
                usize::from(is_noticed(&Disk::with(damaged), &log, 8 * page * PAGE_LEN).await);
        }
    }
    assert!(noticed > 8, "{noticed} cuts were noticed");
}

async fn is_noticed(disk: &Disk, log: &[Batch], bit: usize) -> bool {
    let Ok(journal) = disk.journal() else {
        return true;
    };
    let mut noticed = false;
    for id in 0..GAMES {
        match journal.load(game_id(id), 0).await {
            Ok(there) => assert_eq!(there, log, "byte {}, bit {}", bit / 8, bit % 8),
            Err(LoadError::Damaged(_) | LoadError::Unavailable(_)) => noticed = true,
        }
    }
    noticed
}

#[tokio::test]
async fn no_damage_of_a_closed_file_hides_an_event() {
    let (disk, journal) = filled().await;
    drop(journal);
    check(&disk).await;
    check_cut_off(&disk).await;
}

#[tokio::test]
async fn no_damage_of_a_file_at_rest_hides_an_event() {
    let (disk, journal) = filled().await;
    let before = disk.syncs();
    super::faults::wait_until(async || disk.syncs() > before + 1).await;
    check(&disk.after_a_kill()).await;
    check_cut_off(&disk.after_a_kill()).await;
    drop(journal);
}

#[tokio::test]
async fn no_damage_of_a_file_in_use_hides_an_event() {
    let (disk, journal) = filled().await;
    check(&disk.after_a_kill()).await;
    check_cut_off(&disk.after_a_kill()).await;
    drop(journal);
}

#[tokio::test]
async fn a_page_that_cannot_be_read_keeps_its_game_from_being_forgotten_and_no_other() {
    const ROWS: u64 = 30;
    let disk = Disk::default();
    let filled = journal(&disk);
    // The neighbours of game 12 are young, so their rows stay where they are.
    let young = [10, 11, 13, 14];
    let time = |id, number| if young.contains(&id) { 500 } else { number };
    for id in 0..GAMES {
        for number in 0..ROWS {
            let batch = batch(time(id, number));
            assert_eq!(filled.append(game_id(id), number, batch).await, Ok(()));
        }
    }
    drop(filled);
    disk.disable_cache();
    let journal = journal(&disk);
    let key = RecordKey {
        game: game_id(12),
        last: ROWS / 2,
    };
    let record = record::encode(key, &batch(ROWS / 2 - 1)).unwrap();
    for page in disk.bytes().written.chunks_mut(PAGE_LEN) {
        if page.windows(record.len()).any(|bytes| bytes == record) {
            page[0] = 99;
        }
    }
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(500);
    let forgotten = journal.forget(retain_since(time)).await.unwrap();
    assert_eq!(forgotten.games, GAMES as usize - young.len() - 1);
    assert!(journal.load(game_id(12), 0).await.is_err());
    for id in 0..GAMES {
        let is_young = young.contains(&id);
        // The other games may have rows in the damaged page.
        if !(11..=13).contains(&id) {
            let log = journal.load(game_id(id), 0).await.unwrap();
            assert_eq!(log.len(), ROWS as usize * usize::from(is_young));
        }
    }
    let another = journal.append(game_id(GAMES), 0, batch(0)).await;
    assert_eq!(another, Ok(()));
}

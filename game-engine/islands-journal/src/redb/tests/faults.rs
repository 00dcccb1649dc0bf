//! Failing disks: one failed operation at every position, longer failures, failed reads.

use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use super::super::RedbJournal;
use super::super::store_error::{StoreError, catch_redb_panic};
use super::disk::{Disk, Fault};
use super::{journal, poll_once};
use islands_engine::journal::{AppendError, Batch, Journal, LoadError};
use islands_engine::testing::samples::{batch, game_id, retain_since};

/// The expected logs of two games after some appends, and the number of failures.
struct Expected {
    games: [Vec<Batch>; 2],
    failures: usize,
}

/// Appends five batches to two games in turn, and loads the game whenever an outcome is
/// unknown. In between, it provokes a conflict.
async fn play(journal: &RedbJournal) -> Expected {
    let mut known = Expected {
        games: [Vec::new(), Vec::new()],
        failures: 0,
    };
    for number in 0..5 {
        if number == 3 {
            let late = journal.append(game_id(0), 99, batch(99)).await;
            let conflict = matches!(late, Err(AppendError::Conflict { actual: 0..=2 }));
            known.failures += usize::from(!conflict);
        }
        let seat = number % 2;
        let log = &mut known.games[usize::from(seat > 0)];
        match journal
            .append(game_id(seat), log.len() as u64, batch(number))
            .await
        {
            Ok(()) => log.push(batch(number)),
            Err(AppendError::Conflict { actual }) => panic!("{actual} events of {}", log.len()),
            Err(AppendError::Unavailable(_)) => known.failures += 1,
            Err(AppendError::OutcomeUnknown(_)) => {
                known.failures += 1;
                let there = journal.load(game_id(seat), 0).await.unwrap();
                if there.len() > log.len() {
                    log.push(batch(number));
                }
                assert_eq!(there, *log);
            }
        }
    }
    known
}

async fn check_content(disk: &Disk, known: &Expected, when: &str) {
    let journal = disk
        .journal()
        .unwrap_or_else(|error| panic!("{when}: {error}"));
    for (seat, log) in known.games.iter().enumerate() {
        let loaded = journal.load(game_id(seat as u64), 0).await;
        assert_eq!(loaded.as_ref(), Ok(log), "{when}");
    }
}

/// Plays on a disk with this fault, and checks its content after a crash or a close.
async fn check(fault: Fault) {
    let when = &format!("{fault:?}");
    let disk = Disk::default();
    disk.set_fault(fault);
    let (journal, refused) = match disk.journal() {
        Ok(journal) => (journal, 0),
        Err(_) => (disk.journal().unwrap(), 1),
    };
    let known = play(&journal).await;
    assert!(
        known.failures + refused <= 1,
        "{when}: works again by itself"
    );
    assert!(journal.is_writable(), "{when}");
    check_content(&disk.after_a_kill(), &known, when).await;
    check_content(&disk.after_a_power_cut(), &known, when).await;
    drop(journal);
    check_content(&disk, &known, when).await;
}

#[tokio::test]
async fn after_any_failed_operation_the_journal_holds_every_acknowledged_batch() {
    let disk = Disk::default();
    drop(play(&journal(&disk)).await);
    for number in 0..disk.operations() {
        check(Fault::FailBefore(number)).await;
        check(Fault::FailAfter(number)).await;
    }
}

/// Forgets two of three games on a disk that fails once. Each game stays whole or
/// disappears. Returns whether forgetting failed.
async fn check_forgetting(fault: impl Fn(u64) -> Fault) -> bool {
    let disk = Disk::default();
    let journal = journal(&disk);
    // The young game comes last, in the order of time.
    for seat in [0, 2, 1] {
        for number in 0..4 {
            let time = if seat == 1 { 100 + number } else { number };
            let appended = journal.append(game_id(seat), number, batch(time)).await;
            assert_eq!(appended, Ok(()));
        }
    }
    let fault = fault(disk.operations());
    disk.set_fault(fault);
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(50);
    let forgotten = journal.forget(retain_since(time)).await;
    disk.set_fault(Fault::None);
    for disk in [disk.after_a_kill(), disk.after_a_power_cut()] {
        let journal = disk.journal().unwrap();
        for seat in [0, 2] {
            let length = journal.load(game_id(seat), 0).await.unwrap().len();
            match forgotten {
                Ok(ref games) => assert_eq!((games.games, length), (2, 0), "{fault:?}"),
                Err(_) => assert!([0, 4].contains(&length), "{fault:?}: {length}"),
            }
        }
        let young = journal.load(game_id(1), 0).await.unwrap();
        assert_eq!(
            young,
            (100..104).map(batch).collect::<Vec<_>>(),
            "{fault:?}"
        );
    }
    forgotten.is_err()
}

#[tokio::test]
async fn after_any_failed_operation_a_game_is_whole_or_forgotten() {
    for fault in [Fault::FailBefore, Fault::FailAfter] {
        let mut later = 0;
        while check_forgetting(|now| fault(now + later)).await {
            later += 1;
        }
        assert!(later > 2, "{later} operations");
    }
}

/// Appends one batch to each of these new games at once, and returns the games kept.
async fn append_to(journal: &Arc<RedbJournal>, games: Range<u64>) -> Vec<u64> {
    let appends = games.map(|number| {
        let journal = Arc::clone(journal);
        tokio::spawn(async move {
            match journal.append(game_id(number), 0, batch(number)).await {
                Ok(()) => Some(number),
                Err(refused) => {
                    assert!(refused.to_string().contains("space"), "{refused}");
                    None
                }
            }
        })
    });
    let mut kept = Vec::new();
    for append in appends.collect::<Vec<_>>() {
        kept.extend(append.await.unwrap());
    }
    kept
}

#[tokio::test]
async fn a_full_disk_loses_nothing_and_is_written_again_when_it_has_room() {
    let disk = Disk::default();
    let journal = Arc::new(journal(&disk));
    disk.set_fault(Fault::Full);
    let mut kept = Vec::new();
    let mut next = 0;
    while kept.len() == next as usize {
        kept.extend(append_to(&journal, next..next + 1000).await);
        next += 1000;
    }
    for number in &kept {
        let there = journal.load(game_id(*number), 0).await;
        assert_eq!(there, Ok(vec![batch(*number)]));
    }
    disk.set_fault(Fault::None);
    wait_until(async || journal.is_writable()).await;
    assert_eq!(append_to(&journal, next..next + 10).await.len(), 10);
}

/// Waits up to 20 seconds for a condition.
pub(super) async fn wait_until(happened: impl AsyncFn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !happened().await {
        assert!(Instant::now() < deadline);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn requests_fail_while_the_disk_is_broken() {
    let disk = Disk::default();
    let journal = journal(&disk);
    journal.append(game_id(1), 0, batch(1)).await.unwrap();
    disk.set_fault(Fault::Broken);
    assert!(journal.append(game_id(1), 1, batch(2)).await.is_err());
    assert!(!journal.is_writable());
    let refused = journal.append(game_id(1), 1, batch(2)).await;
    assert!(matches!(refused, Err(AppendError::Unavailable(_))));
    let refused = journal.load(game_id(1), 0).await;
    assert!(matches!(refused, Err(LoadError::Unavailable(_))));

    disk.set_fault(Fault::None);
    wait_until(async || journal.is_writable()).await;
    assert_eq!(journal.load(game_id(1), 0).await, Ok(vec![batch(1)]));
    assert_eq!(journal.append(game_id(1), 1, batch(2)).await, Ok(()));
}

#[tokio::test]
async fn a_failed_read_reopens_the_database() {
    let disk = Disk::default();
    disk.disable_cache();
    let filled = journal(&disk);
    disk.stall();
    let appends: Vec<_> = (0..500)
        .map(|number| poll_once(filled.append(game_id(number), 0, batch(number))))
        .collect();
    disk.resume();
    drop(appends);
    drop(filled);
    let journal = journal(&disk);
    disk.set_fault(Fault::FailBefore(disk.operations()));
    let refused = journal.load(game_id(250), 0).await;
    assert!(matches!(refused, Err(LoadError::Unavailable(_))));
    wait_until(async || journal.load(game_id(250), 0).await.is_ok()).await;
    assert_eq!(journal.load(game_id(250), 0).await, Ok(vec![batch(250)]));
}

#[tokio::test]
async fn a_panic_inside_redb_becomes_an_error() {
    let panic = catch_redb_panic::<()>(|| panic!("a page that leads astray"));
    let Err(StoreError::Damaged(what)) = panic else {
        panic!("{panic:?}");
    };
    assert_eq!(what, "redb failed: a page that leads astray");
}

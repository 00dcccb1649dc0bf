//! What the journal promises when the disk does not keep its own promises.

use std::sync::Arc;
use std::task::{Context, Waker};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use islands_core::{Event, GameId, Player};

use super::disk::{Disk, Fault};
use super::failure::Failure;
use super::writer::{GROUP, QUEUE};
use super::{Answer, AppendError, Batch, Journal, LoadError, RedbJournal};
use crate::command_id::CommandId;

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
fn sent<T>(mut answer: Answer<'_, T>) -> Answer<'_, T> {
    let polled = answer
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()));
    assert!(polled.is_pending());
    answer
}

#[tokio::test]
async fn appends_that_wait_for_the_disk_are_committed_together() {
    let disk = Disk::default();
    let journal = journal(&disk);
    let before = disk.syncs();
    journal.append(game(0), 0, batch(0)).await.unwrap();
    let one_commit = disk.syncs() - before;

    disk.stall();
    let before = disk.syncs();
    let answers: Vec<_> = (1..=100)
        .map(|number| sent(journal.append(game(number), 0, batch(number))))
        .collect();
    disk.resume();
    for answer in answers {
        assert_eq!(answer.await, Ok(()));
    }
    // One commit with whatever came first, one with all that came meanwhile.
    assert!(disk.syncs() - before <= 2 * one_commit);
}

#[tokio::test]
async fn appends_of_one_group_see_each_other() {
    let disk = Disk::default();
    let journal = journal(&disk);
    disk.stall();
    let first = sent(journal.append(game(1), 0, batch(1)));
    let second = sent(journal.append(game(1), 1, batch(2)));
    let late = sent(journal.append(game(1), 1, batch(3)));
    let other = sent(journal.append(game(2), 0, batch(4)));
    disk.resume();
    assert_eq!(first.await, Ok(()));
    assert_eq!(second.await, Ok(()));
    assert_eq!(late.await, Err(AppendError::Conflict { actual: 2 }));
    assert_eq!(other.await, Ok(()));
}

#[tokio::test]
async fn a_group_of_conflicts_does_not_go_to_the_disk() {
    let disk = Disk::default();
    let journal = journal(&disk);
    let before = disk.syncs();
    let late = journal.append(game(1), 7, batch(1)).await;
    assert_eq!(late, Err(AppendError::Conflict { actual: 0 }));
    assert_eq!(disk.syncs(), before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_appends_after_the_same_event_one_succeeds() {
    let journal = Arc::new(journal(&Disk::default()));
    let appends: Vec<_> = (0..50)
        .map(|number| {
            let journal = Arc::clone(&journal);
            tokio::spawn(async move { journal.append(game(1), 0, batch(number)).await })
        })
        .collect();
    let mut successes = 0;
    for append in appends {
        match append.await.unwrap() {
            Ok(()) => successes += 1,
            Err(refused) => assert_eq!(refused, AppendError::Conflict { actual: 1 }),
        }
    }
    assert_eq!(successes, 1);
    assert_eq!(journal.load(game(1), 0).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_full_queue_refuses_and_keeps_what_it_has_taken() {
    let disk = Disk::default();
    let journal = journal(&disk);
    disk.stall();
    let mut taken = Vec::new();
    let refused = loop {
        let number = taken.len() as u64;
        let mut answer = journal.append(game(number), 0, batch(number));
        let mut context = Context::from_waker(Waker::noop());
        match answer.as_mut().poll(&mut context) {
            std::task::Poll::Pending => taken.push(answer),
            std::task::Poll::Ready(answer) => break answer,
        }
    };
    assert!(matches!(refused, Err(AppendError::Unavailable(_))));
    assert!((QUEUE..=QUEUE + GROUP).contains(&taken.len()));
    disk.resume();
    for answer in taken {
        assert_eq!(answer.await, Ok(()));
    }
}

#[tokio::test]
async fn a_stalled_disk_holds_up_nobody_but_those_who_append() {
    let disk = Disk::default();
    let journal = journal(&disk);
    journal.append(game(1), 0, batch(1)).await.unwrap();
    disk.stall();
    let append = sent(journal.append(game(1), 1, batch(2)));
    assert_eq!(journal.load(game(1), 0).await, Ok(vec![batch(1)]));
    assert!(journal.is_writable());
    disk.resume();
    assert_eq!(append.await, Ok(()));
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_power_cut_at_once() {
    let disk = Disk::default();
    let journal = journal(&disk);
    for number in 0..20 {
        journal
            .append(game(1), number, batch(number))
            .await
            .unwrap();
        let after = disk.after_a_power_cut().journal().unwrap();
        let expected: Vec<_> = (0..=number).map(batch).collect();
        assert_eq!(after.load(game(1), 0).await, Ok(expected));
    }
}

#[tokio::test]
async fn closing_finishes_what_is_queued_and_takes_nothing_more() {
    let disk = Disk::default();
    let journal = journal(&disk);
    disk.stall();
    let queued: Vec<_> = (0..10)
        .map(|number| sent(journal.append(game(number), 0, batch(number))))
        .collect();
    thread::scope(|scope| {
        scope.spawn(|| journal.close());
        disk.resume();
    });
    for answer in queued {
        assert_eq!(answer.await, Ok(()));
    }
    journal.close();
    assert!(!journal.is_writable());
    let closed = journal.append(game(1), 1, batch(1)).await;
    assert!(matches!(closed, Err(AppendError::Unavailable(_))));
    let closed = journal.load(game(1), 0).await;
    assert!(matches!(closed, Err(LoadError::Unavailable(_))));
    let closed = journal.forget_before(SystemTime::now()).await;
    assert!(matches!(closed, Err(LoadError::Unavailable(_))));
}

/// What is known of two games after a number of appends, one of which may have
/// met a fault.
struct Known {
    games: [Vec<Batch>; 2],
    failures: usize,
}

/// Appends five batches to two games in turn, asking the journal what is true
/// whenever it does not say so itself. In between it is asked for a conflict.
async fn play(journal: &RedbJournal) -> Known {
    let mut known = Known {
        games: [Vec::new(), Vec::new()],
        failures: 0,
    };
    for number in 0..5 {
        if number == 3 {
            let late = journal.append(game(0), 99, batch(99)).await;
            let conflict = matches!(late, Err(AppendError::Conflict { actual: 0..=2 }));
            known.failures += usize::from(!conflict);
        }
        let seat = number % 2;
        let log = &mut known.games[usize::from(seat > 0)];
        match journal
            .append(game(seat), log.len() as u64, batch(number))
            .await
        {
            Ok(()) => log.push(batch(number)),
            Err(AppendError::Conflict { actual }) => panic!("{actual} events of {}", log.len()),
            Err(AppendError::Unavailable(_)) => known.failures += 1,
            Err(AppendError::Unknown(_)) => {
                known.failures += 1;
                let there = journal.load(game(seat), 0).await.unwrap();
                if there.len() > log.len() {
                    log.push(batch(number));
                }
                assert_eq!(there, *log);
            }
        }
    }
    known
}

async fn holds(disk: &Disk, known: &Known, when: &str) {
    let journal = disk
        .journal()
        .unwrap_or_else(|error| panic!("{when}: {error}"));
    for (seat, log) in known.games.iter().enumerate() {
        let loaded = journal.load(game(seat as u64), 0).await;
        assert_eq!(loaded.as_ref(), Ok(log), "{when}");
    }
}

/// Plays with a disk that fails once, and looks at what is left of it.
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
    holds(&disk.after_a_kill(), &known, when).await;
    holds(&disk.after_a_power_cut(), &known, when).await;
    drop(journal);
    holds(&disk, &known, when).await;
}

#[tokio::test]
async fn whichever_operation_fails_the_journal_has_what_it_said_and_goes_on() {
    let disk = Disk::default();
    drop(play(&journal(&disk)).await);
    for number in 0..disk.operations() {
        check(Fault::Refused(number)).await;
        check(Fault::Denied(number)).await;
    }
}

/// Waits for something that is to happen by itself.
async fn until(happened: impl AsyncFn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !happened().await {
        assert!(Instant::now() < deadline);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_broken_disk_makes_requests_fail_until_it_is_mended() {
    let disk = Disk::default();
    let journal = journal(&disk);
    journal.append(game(1), 0, batch(1)).await.unwrap();
    disk.set_fault(Fault::Broken);
    assert!(journal.append(game(1), 1, batch(2)).await.is_err());
    assert!(!journal.is_writable());
    let refused = journal.append(game(1), 1, batch(2)).await;
    assert!(matches!(refused, Err(AppendError::Unavailable(_))));
    let refused = journal.load(game(1), 0).await;
    assert!(matches!(refused, Err(LoadError::Unavailable(_))));

    disk.set_fault(Fault::None);
    until(async || journal.is_writable()).await;
    assert_eq!(journal.load(game(1), 0).await, Ok(vec![batch(1)]));
    assert_eq!(journal.append(game(1), 1, batch(2)).await, Ok(()));
}

#[tokio::test]
async fn a_read_that_fails_is_answered_and_the_next_one_finds_a_database_that_works() {
    let disk = Disk::default();
    disk.forbid_caches();
    let filled = journal(&disk);
    disk.stall();
    let appends: Vec<_> = (0..500)
        .map(|number| sent(filled.append(game(number), 0, batch(number))))
        .collect();
    disk.resume();
    drop(appends);
    drop(filled);
    let journal = journal(&disk);
    disk.set_fault(Fault::Refused(disk.operations()));
    let refused = journal.load(game(250), 0).await;
    assert!(matches!(refused, Err(LoadError::Unavailable(_))));
    until(async || journal.load(game(250), 0).await.is_ok()).await;
    assert_eq!(journal.load(game(250), 0).await, Ok(vec![batch(250)]));
}

#[tokio::test]
async fn a_panic_inside_redb_is_a_failure_like_any_other() {
    let panic = super::failure::guarded::<()>(|| panic!("a page that leads astray"));
    let Err(Failure::Damaged(what)) = panic else {
        panic!("{panic:?}");
    };
    assert_eq!(what, "redb panicked: a page that leads astray");
}

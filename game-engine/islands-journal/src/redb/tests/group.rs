//! Concurrent appends, and a disk that stalls.

use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::{Duration, SystemTime};

use prometheus_client::registry::Registry;

use super::super::commit_group::MAX_GROUP;
use super::super::writer::QUEUE;
use super::disk::{Disk, Fault};
use super::faults::until;
use super::{batch, before, game, journal, sent};
use islands_engine::journal::{AppendError, Journal, LoadError};

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
    // One commit with the first append, and one with all that arrived meanwhile. On a
    // busy machine the writer may also find time to settle the file.
    assert!(disk.syncs() - before <= 5 * one_commit);
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
            Poll::Pending => taken.push(answer),
            Poll::Ready(answer) => break answer,
        }
    };
    assert!(matches!(refused, Err(AppendError::Unavailable(_))));
    assert!((QUEUE..=QUEUE + MAX_GROUP).contains(&taken.len()));
    disk.resume();
    for answer in taken {
        assert_eq!(answer.await, Ok(()));
    }
}

#[tokio::test]
async fn a_stalled_disk_delays_only_games_with_pending_appends() {
    let disk = Disk::default();
    let journal = journal(&disk);
    for number in [1, 2] {
        journal
            .append(game(number), 0, batch(number))
            .await
            .unwrap();
    }
    disk.stall();
    let append = sent(journal.append(game(1), 1, batch(3)));
    assert_eq!(journal.load(game(2), 0).await, Ok(vec![batch(2)]));
    assert!(journal.is_writable());
    disk.resume();
    assert_eq!(append.await, Ok(()));
}

#[tokio::test]
async fn a_load_waits_for_pending_appends() {
    let disk = Disk::default();
    let journal = journal(&disk);
    disk.stall();
    // The callers are gone, as when a game's process was killed.
    drop(sent(journal.append(game(1), 0, batch(1))));
    drop(sent(journal.append(game(1), 1, batch(2))));
    let refused = sent(journal.append(game(2), 7, batch(3)));
    let log = sent(journal.load(game(1), 0));
    let nothing = sent(journal.load(game(2), 0));
    disk.resume();
    assert_eq!(log.await, Ok(vec![batch(1), batch(2)]));
    assert_eq!(nothing.await, Ok(vec![]));
    assert!(refused.await.is_err());
    // A refused append leaves nothing to wait for.
    assert_eq!(journal.load(game(2), 0).await, Ok(vec![]));
}

#[tokio::test]
async fn a_commit_that_does_not_come_back_shows_until_it_does() {
    let disk = Disk::default();
    let journal = disk.impatient_journal(Duration::from_millis(50)).unwrap();
    journal.append(game(1), 0, batch(1)).await.unwrap();
    until(async || journal.is_writable()).await;
    disk.stall();
    let append = sent(journal.append(game(1), 1, batch(2)));
    until(async || !journal.is_writable()).await;
    disk.resume();
    assert_eq!(append.await, Ok(()));
    until(async || journal.is_writable()).await;
}

#[tokio::test]
async fn the_writer_is_measured() {
    let disk = Disk::default();
    let journal = journal(&disk);
    let mut metrics = Registry::default();
    journal.register(&mut metrics);
    journal.append(game(1), 0, batch(1)).await.unwrap();
    disk.set_fault(Fault::Refused(disk.operations()));
    while journal.append(game(1), 1, batch(2)).await.is_ok() {}
    disk.set_fault(Fault::None);
    until(async || journal.is_writable()).await;
    let mut text = String::new();
    prometheus_client::encoding::text::encode(&mut text, &metrics).unwrap();
    for line in [
        "islands_journal_batch_size_count 2",
        "islands_journal_batch_size_sum 2.0",
        "islands_journal_commit_seconds_count 2",
        "islands_journal_failures_total 1",
        "islands_journal_reopenings_total 1",
    ] {
        assert!(text.lines().any(|it| it == line), "{line} is not in {text}");
    }
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
    let closed = journal.forget(before(SystemTime::now())).await;
    assert!(matches!(closed, Err(LoadError::Unavailable(_))));
}

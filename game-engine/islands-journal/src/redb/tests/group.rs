//! Concurrent appends, and a disk that stalls.

use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::{Duration, SystemTime};

use prometheus_client::registry::Registry;

use super::super::commit_group::MAX_GROUP;
use super::super::writer::QUEUE_LEN;
use super::disk::{Disk, Fault};
use super::faults::wait_until;
use super::{journal, poll_once};
use islands_engine::journal::{AppendError, Journal, LoadError};
use islands_engine::testing::samples::{batch, game_id, retain_since};

#[tokio::test]
async fn appends_that_wait_for_the_disk_are_committed_together() {
    let disk = Disk::default();
    let journal = journal(&disk);
    let before = disk.syncs();
    journal.append(game_id(0), 0, batch(0)).await.unwrap();
    let one_commit = disk.syncs() - before;

    disk.stall();
    let before = disk.syncs();
    let answers: Vec<_> = (1..=100)
        .map(|number| poll_once(journal.append(game_id(number), 0, batch(number))))
        .collect();
    disk.resume();
    for answer in answers {
        assert_eq!(answer.await, Ok(()));
    }
    // One commit with the first append, and one with all that arrived meanwhile. On a
    // busy machine the writer may also find time to save the allocator state.
    assert!(disk.syncs() - before <= 5 * one_commit);
}

#[tokio::test]
async fn appends_of_one_group_see_each_other() {
    let disk = Disk::default();
    let journal = journal(&disk);
    disk.stall();
    let first = poll_once(journal.append(game_id(1), 0, batch(1)));
    let second = poll_once(journal.append(game_id(1), 1, batch(2)));
    let late = poll_once(journal.append(game_id(1), 1, batch(3)));
    let other = poll_once(journal.append(game_id(2), 0, batch(4)));
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
    let late = journal.append(game_id(1), 7, batch(1)).await;
    assert_eq!(late, Err(AppendError::Conflict { actual: 0 }));
    assert_eq!(disk.syncs(), before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_appends_after_the_same_event_one_succeeds() {
    let journal = Arc::new(journal(&Disk::default()));
    let appends: Vec<_> = (0..50)
        .map(|number| {
            let journal = Arc::clone(&journal);
            tokio::spawn(async move { journal.append(game_id(1), 0, batch(number)).await })
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
    assert_eq!(journal.load(game_id(1), 0).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_full_queue_refuses_new_appends_and_keeps_the_queued_ones() {
    let disk = Disk::default();
    let journal = journal(&disk);
    disk.stall();
    let mut taken = Vec::new();
    let refused = loop {
        let number = taken.len() as u64;
        let mut answer = journal.append(game_id(number), 0, batch(number));
        let mut context = Context::from_waker(Waker::noop());
        match answer.as_mut().poll(&mut context) {
            Poll::Pending => taken.push(answer),
            Poll::Ready(answer) => break answer,
        }
    };
    assert!(matches!(refused, Err(AppendError::Unavailable(_))));
    assert!((QUEUE_LEN..=QUEUE_LEN + MAX_GROUP).contains(&taken.len()));
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
            .append(game_id(number), 0, batch(number))
            .await
            .unwrap();
    }
    disk.stall();
    let append = poll_once(journal.append(game_id(1), 1, batch(3)));
    assert_eq!(journal.load(game_id(2), 0).await, Ok(vec![batch(2)]));
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
    drop(poll_once(journal.append(game_id(1), 0, batch(1))));
    drop(poll_once(journal.append(game_id(1), 1, batch(2))));
    let refused = poll_once(journal.append(game_id(2), 7, batch(3)));
    let log = poll_once(journal.load(game_id(1), 0));
    let nothing = poll_once(journal.load(game_id(2), 0));
    disk.resume();
    assert_eq!(log.await, Ok(vec![batch(1), batch(2)]));
    assert_eq!(nothing.await, Ok(vec![]));
    assert!(refused.await.is_err());
    // A refused append leaves nothing to wait for.
    assert_eq!(journal.load(game_id(2), 0).await, Ok(vec![]));
}

#[tokio::test]
async fn a_stalled_commit_makes_the_journal_not_writable() {
    let disk = Disk::default();
    let journal = disk
        .journal_with_stall_timeout(Duration::from_millis(50))
        .unwrap();
    journal.append(game_id(1), 0, batch(1)).await.unwrap();
    wait_until(async || journal.is_writable()).await;
    disk.stall();
    let append = poll_once(journal.append(game_id(1), 1, batch(2)));
    wait_until(async || !journal.is_writable()).await;
    disk.resume();
    assert_eq!(append.await, Ok(()));
    wait_until(async || journal.is_writable()).await;
}

#[tokio::test]
async fn the_writer_updates_its_metrics() {
    let disk = Disk::default();
    let journal = journal(&disk);
    let mut metrics = Registry::default();
    journal.register(&mut metrics);
    journal.append(game_id(1), 0, batch(1)).await.unwrap();
    disk.set_fault(Fault::FailBefore(disk.operations()));
    while journal.append(game_id(1), 1, batch(2)).await.is_ok() {}
    disk.set_fault(Fault::None);
    wait_until(async || journal.is_writable()).await;
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
async fn an_acknowledged_batch_survives_a_power_cut() {
    let disk = Disk::default();
    let journal = journal(&disk);
    for number in 0..20 {
        journal
            .append(game_id(1), number, batch(number))
            .await
            .unwrap();
        let after = disk.after_a_power_cut().journal().unwrap();
        let expected: Vec<_> = (0..=number).map(batch).collect();
        assert_eq!(after.load(game_id(1), 0).await, Ok(expected));
    }
}

#[tokio::test]
async fn closing_finishes_queued_requests_and_refuses_new_ones() {
    let disk = Disk::default();
    let journal = journal(&disk);
    disk.stall();
    let queued: Vec<_> = (0..10)
        .map(|number| poll_once(journal.append(game_id(number), 0, batch(number))))
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
    let closed = journal.append(game_id(1), 1, batch(1)).await;
    assert!(matches!(closed, Err(AppendError::Unavailable(_))));
    let closed = journal.load(game_id(1), 0).await;
    assert!(matches!(closed, Err(LoadError::Unavailable(_))));
    let closed = journal.forget(retain_since(SystemTime::now())).await;
    assert!(matches!(closed, Err(LoadError::Unavailable(_))));
}

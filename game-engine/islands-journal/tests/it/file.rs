//! The durable journal's file: what survives in it, and which damage is noticed.

use std::path::PathBuf;
use std::sync::Arc;

use islands_core::GameId;
use islands_engine::journal::{AppendError, Journal, LoadError};
use islands_journal::RedbJournal;
use tempfile::TempDir;

use crate::tampering::{FIRSTS, HEADS, ROWS, change, tamper};
use islands_engine::testing::samples::must_append;
use islands_engine::testing::samples::{at_second, batch, count_forgotten, game_id, retain_since};

pub(crate) fn file() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("journal.redb");
    (folder, path)
}

fn open(path: &PathBuf) -> RedbJournal {
    RedbJournal::open(path).expect("a journal")
}

/// Fills a file with four batches of each of these games.
async fn filled(path: &PathBuf, games: u64) {
    let journal = open(path);
    for number in 0..4 {
        for id in 0..games {
            must_append(&journal, game_id(id), number, batch(number)).await;
        }
    }
}

#[track_caller]
fn check_damaged<T: std::fmt::Debug>(loaded: Result<T, LoadError>, what: &[&str]) {
    let Err(LoadError::Damaged(text)) = loaded else {
        panic!("{loaded:?}");
    };
    for part in what {
        assert!(text.contains(part), "{part:?} is not in {text:?}");
    }
}

#[tokio::test]
async fn a_reopened_file_holds_every_batch() {
    let (_folder, path) = file();
    for number in 0..4 {
        let journal = open(&path);
        assert_eq!(
            journal.append(game_id(1), number, batch(number)).await,
            Ok(())
        );
        drop(journal);
        let all: Vec<_> = (0..=number).map(batch).collect();
        assert_eq!(open(&path).load(game_id(1), 0).await, Ok(all));
    }
}

#[tokio::test]
async fn an_abandoned_append_is_carried_out() {
    let (_folder, path) = file();
    let journal = open(&path);
    let mut append = journal.append(game_id(1), 0, batch(1));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let _ = append.as_mut().poll(&mut context);
    drop(append);
    drop(journal);
    assert_eq!(open(&path).load(game_id(1), 0).await, Ok(vec![batch(1)]));
}

#[tokio::test]
async fn a_flipped_bit_damages_its_game_and_no_other() {
    let (_folder, path) = file();
    filled(&path, 3).await;
    tamper(&path, |tables| tables.flip(tables.back(game_id(1), 2)));
    let journal = open(&path);
    let id = game_id(1).to_string();
    check_damaged(
        journal.load(game_id(1), 0).await,
        &[&id, "event 2", "checksum"],
    );
    assert_eq!(
        journal.load(game_id(1), 2).await,
        Ok(vec![batch(2), batch(3)])
    );
    for other in [0, 2] {
        assert_eq!(journal.load(game_id(other), 0).await.unwrap().len(), 4);
    }
}

#[tokio::test]
async fn a_row_under_another_key_is_noticed() {
    let (_folder, path) = file();
    filled(&path, 2).await;
    tamper(&path, |tables| {
        let (_, record) = tables.row(tables.back(game_id(0), 1));
        tables.replace(tables.back(game_id(1), 1), &record);
    });
    let journal = open(&path);
    check_damaged(journal.load(game_id(1), 0).await, &["event 3", "checksum"]);
    assert_eq!(journal.load(game_id(0), 0).await.unwrap().len(), 4);
}

#[tokio::test]
async fn a_chain_that_leads_elsewhere_is_noticed() {
    let (_folder, path) = file();
    filled(&path, 5).await;
    tamper(&path, |tables| {
        // Into another game, past a row of its own, in a circle, and to a missing row.
        let ways = [
            tables.back(game_id(0), 3),
            tables.back(game_id(2), 2),
            tables.back(game_id(3), 0),
        ];
        for (number, before) in (1..).zip(ways) {
            let last = tables.back(game_id(number), 0);
            let (_, record) = tables.row(last);
            tables.rows.insert(last, (before, &*record)).unwrap();
        }
        tables.rows.remove(tables.back(game_id(0), 1)).unwrap();
    });
    let journal = open(&path);
    check_damaged(
        journal.load(game_id(0), 0).await,
        &["event 3", "the row is missing"],
    );
    check_damaged(
        journal.load(game_id(0), 2).await,
        &["event 3", "the row is missing"],
    );
    assert_eq!(journal.load(game_id(0), 3).await, Ok(vec![batch(3)]));
    for number in 1..4 {
        check_damaged(
            journal.load(game_id(number), 0).await,
            &["event 3", "checksum"],
        );
    }
    assert_eq!(journal.load(game_id(4), 0).await.unwrap().len(), 4);
}

#[tokio::test]
async fn forgetting_goes_through_all_games_in_passes() {
    let (_folder, path) = file();
    let journal = Arc::new(open(&path));
    // 333 old games take two passes of at most 200 rows; every third game is young.
    let appends = (0..500).map(|number| {
        let journal = Arc::clone(&journal);
        let at = if number % 3 == 0 { 100 } else { number % 90 };
        tokio::spawn(async move { journal.append(game_id(number), 0, batch(at)).await })
    });
    for append in appends.collect::<Vec<_>>() {
        append.await.unwrap().unwrap();
    }
    assert_eq!(
        count_forgotten(&*journal, retain_since(at_second(100))).await,
        333
    );
    for number in 0..500 {
        let there = journal.load(game_id(number), 0).await.unwrap().len();
        assert_eq!(there, usize::from(number % 3 == 0));
    }
}

#[tokio::test]
async fn a_damaged_game_is_not_forgotten() {
    let (_folder, path) = file();
    filled(&path, 3).await;
    tamper(&path, |tables| {
        tables.replace(tables.back(game_id(1), 0), b"nothing");
    });
    let journal = open(&path);
    assert_eq!(
        count_forgotten(&journal, retain_since(at_second(100))).await,
        2
    );
    check_damaged(journal.load(game_id(1), 0).await, &["event 4"]);
    let refused = journal.append(game_id(1), 0, batch(0)).await;
    assert_eq!(refused, Err(AppendError::Conflict { actual: 4 }));
}

#[tokio::test]
async fn a_log_whose_ends_disagree_is_damaged() {
    let (_folder, path) = file();
    filled(&path, 8).await;
    let id = |number| game_id(number).to_bytes();
    tamper(&path, |tables| {
        tables.rows.remove(tables.back(game_id(0), 0)).unwrap();
        let before = tables.back(game_id(1), 1);
        let ends_before = |head: &mut [u8; 28]| head[16..24].copy_from_slice(&before.to_le_bytes());
        tables.change_head(game_id(1), |head| sealed(game_id(1), head, ends_before));
        tables.heads.remove(&id(2)).unwrap();
        tables.firsts.remove(&id(3)).unwrap();
        tables.change_head(game_id(4), |head| head[8] ^= 1);
        tables.change_head(game_id(5), |head| {
            sealed(game_id(5), head, |head| head[8] ^= 1);
        });
        let second = tables.back(game_id(6), 2);
        tables.firsts.insert(&id(6), second).unwrap();
    });
    let journal = open(&path);
    for after in [0, 2] {
        let load = async |number| journal.load(game_id(number), after).await;
        check_damaged(load(0).await, &["event 4", "the row is missing"]);
        check_damaged(load(1).await, &["event 4", "checksum"]);
        check_damaged(load(2).await, &["head is missing"]);
        check_damaged(load(3).await, &["its first row is not recorded"]);
        check_damaged(load(4).await, &["checksum of its head"]);
        check_damaged(load(5).await, &["event 4", "another time"]);
        assert!(load(7).await.is_ok());
    }
    check_damaged(
        journal.load(game_id(6), 0).await,
        &["event 2", "begins with another"],
    );
    check_damaged(journal.load(game_id(2), 9).await, &["head is missing"]);
    // The caller must load after such an append, and nothing is replaced.
    for (number, expected) in [(2, 0), (4, 4)] {
        let refused = journal.append(game_id(number), expected, batch(9)).await;
        let there = journal.load(game_id(number), 0).await;
        assert!(
            matches!(refused, Err(AppendError::OutcomeUnknown(_))),
            "{number}: {refused:?}"
        );
        check_damaged(there, &[]);
    }
}

/// Changes a head and its checksum.
fn sealed(game: GameId, head: &mut [u8; 28], change: impl FnOnce(&mut [u8; 28])) {
    change(head);
    let covered = [&game.to_bytes()[..], &head[..24]].concat();
    head[24..].copy_from_slice(&crc32fast::hash(&covered).to_le_bytes());
}

#[tokio::test]
async fn a_row_keeps_its_number_when_the_rows_after_it_are_forgotten() {
    let (_folder, path) = file();
    let journal = open(&path);
    must_append(&journal, game_id(1), 0, batch(100)).await;
    must_append(&journal, game_id(2), 0, batch(1)).await;
    assert_eq!(
        count_forgotten(&journal, retain_since(at_second(100))).await,
        1
    );
    must_append(&journal, game_id(3), 0, batch(100)).await;
    drop(journal);
    tamper(&path, |tables| assert_eq!(tables.back(game_id(3), 0), 3));
}

#[tokio::test]
async fn a_file_without_one_of_its_tables_is_refused() {
    for name in ["heads", "rows", "firsts"] {
        let (_folder, path) = file();
        filled(&path, 1).await;
        change(&path, |transaction| {
            let deleted = match name {
                "heads" => transaction.delete_table(HEADS),
                "rows" => transaction.delete_table(ROWS),
                _ => transaction.delete_table(FIRSTS),
            };
            assert!(deleted.expect("a table"));
        });
        let refused = RedbJournal::open(&path)
            .expect_err("no journal")
            .to_string();
        assert!(refused.contains("damaged"), "{refused}");
    }
}

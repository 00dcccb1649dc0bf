//! The durable journal's file: what stays in it, and what is noticed when
//! something else has been at it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use islands_engine::journal::{AppendError, Journal, LoadError, RedbJournal};
use redb::{Database, ReadableTable, TableDefinition};
use tempfile::TempDir;

use crate::contract::keep;
use crate::games::{batch, game, seconds};

/// The table of all batches, as it lies in the file.
const BATCHES: TableDefinition<(&[u8; 10], u64), &[u8]> = TableDefinition::new("batches");

/// The table of all heads.
const HEADS: TableDefinition<&[u8; 10], &[u8; 20]> = TableDefinition::new("heads");

pub(crate) fn file() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("journal.redb");
    (folder, path)
}

fn open(path: &PathBuf) -> RedbJournal {
    RedbJournal::open(path).expect("a journal")
}

/// A file with four batches of each of these games.
async fn filled(path: &PathBuf, games: u64) {
    let journal = open(path);
    for number in 0..4 {
        for id in 0..games {
            keep(&journal, game(id), number, batch(number)).await;
        }
    }
}

/// Changes the rows of the table behind the journal's back.
pub(crate) fn tamper(path: &Path, change: impl FnOnce(&mut redb::Table<(&[u8; 10], u64), &[u8]>)) {
    let database = Database::open(path).expect("a database");
    let transaction = database.begin_write().expect("a transaction");
    change(&mut transaction.open_table(BATCHES).expect("a table"));
    transaction.commit().expect("a commit");
}

/// Changes the heads behind the journal's back.
pub(crate) fn tamper_heads(
    path: &Path,
    change: impl FnOnce(&mut redb::Table<&'static [u8; 10], &'static [u8; 20]>),
) {
    let database = Database::open(path).expect("a database");
    let transaction = database.begin_write().expect("a transaction");
    change(&mut transaction.open_table(HEADS).expect("a table"));
    transaction.commit().expect("a commit");
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
async fn everything_is_there_when_the_file_is_opened_again() {
    let (_folder, path) = file();
    for number in 0..4 {
        let journal = open(&path);
        assert_eq!(journal.append(game(1), number, batch(number)).await, Ok(()));
        drop(journal);
        let all: Vec<_> = (0..=number).map(batch).collect();
        assert_eq!(open(&path).load(game(1), 0).await, Ok(all));
    }
}

#[tokio::test]
async fn an_append_that_nobody_waits_for_is_carried_out() {
    let (_folder, path) = file();
    let journal = open(&path);
    let mut append = journal.append(game(1), 0, batch(1));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let _ = append.as_mut().poll(&mut context);
    drop(append);
    drop(journal);
    assert_eq!(open(&path).load(game(1), 0).await, Ok(vec![batch(1)]));
}

#[tokio::test]
async fn a_flipped_bit_damages_its_game_and_no_other() {
    let (_folder, path) = file();
    filled(&path, 3).await;
    tamper(&path, |batches| {
        let id = game(1).to_bytes();
        let mut record = batches.get((&id, 2)).unwrap().unwrap().value().to_vec();
        record[20] ^= 4;
        batches.insert((&id, 2), record.as_slice()).unwrap();
    });
    let journal = open(&path);
    let id = game(1).to_string();
    check_damaged(
        journal.load(game(1), 0).await,
        &[&id, "event 2", "checksum"],
    );
    assert_eq!(journal.load(game(1), 2).await, Ok(vec![batch(2), batch(3)]));
    for other in [0, 2] {
        assert_eq!(journal.load(game(other), 0).await.unwrap().len(), 4);
    }
}

#[tokio::test]
async fn a_row_at_the_place_of_another_one_is_noticed() {
    let (_folder, path) = file();
    filled(&path, 2).await;
    tamper(&path, |batches| {
        let (from, to) = (game(0).to_bytes(), game(1).to_bytes());
        let record = batches.get((&from, 3)).unwrap().unwrap().value().to_vec();
        batches.insert((&to, 3), record.as_slice()).unwrap();
    });
    let journal = open(&path);
    check_damaged(journal.load(game(1), 0).await, &["event 3", "checksum"]);
    assert_eq!(journal.load(game(0), 0).await.unwrap().len(), 4);
}

#[tokio::test]
async fn a_hole_in_the_numbers_is_noticed() {
    let (_folder, path) = file();
    filled(&path, 3).await;
    tamper(&path, |batches| {
        batches.remove((&game(0).to_bytes(), 1)).unwrap();
        batches.remove((&game(1).to_bytes(), 3)).unwrap();
    });
    let journal = open(&path);
    check_damaged(journal.load(game(0), 0).await, &["event 2", "event 0"]);
    check_damaged(journal.load(game(1), 0).await, &["event 4", "event 2"]);
    check_damaged(journal.load(game(1), 1).await, &["event 4", "event 2"]);
    check_damaged(journal.load(game(1), 2).await, &["event 4", "event 2"]);
    assert_eq!(journal.load(game(1), 3).await, Ok(vec![batch(3)]));
}

#[tokio::test]
async fn forgetting_goes_through_all_games_in_turns() {
    let (_folder, path) = file();
    let journal = Arc::new(open(&path));
    // More than two turns of 200 games, of which every third one is young.
    let appends = (0..500).map(|number| {
        let journal = Arc::clone(&journal);
        let at = if number % 3 == 0 { 100 } else { number % 90 };
        tokio::spawn(async move { journal.append(game(number), 0, batch(at)).await })
    });
    for append in appends.collect::<Vec<_>>() {
        append.await.unwrap().unwrap();
    }
    assert_eq!(journal.forget_before(seconds(100)).await, Ok(333));
    for number in 0..500 {
        let there = journal.load(game(number), 0).await.unwrap().len();
        assert_eq!(there, usize::from(number % 3 == 0));
    }
}

#[tokio::test]
async fn a_damaged_game_is_not_forgotten() {
    let (_folder, path) = file();
    filled(&path, 3).await;
    tamper(&path, |batches| {
        let id = game(1).to_bytes();
        batches.insert((&id, 4), b"nothing".as_slice()).unwrap();
    });
    let journal = open(&path);
    assert_eq!(journal.forget_before(seconds(100)).await, Ok(2));
    check_damaged(journal.load(game(1), 0).await, &["event 4"]);
    let refused = journal.append(game(1), 0, batch(0)).await;
    assert_eq!(refused, Err(AppendError::Conflict { actual: 4 }));
}

#[tokio::test]
async fn rows_and_head_that_disagree_are_noticed_whichever_is_missing() {
    let (_folder, path) = file();
    filled(&path, 6).await;
    let id = |number| game(number).to_bytes();
    tamper(&path, |batches| {
        batches.remove((&id(0), 4)).unwrap();
        let record = batches.get((&id(1), 4)).unwrap().unwrap().value().to_vec();
        batches.insert((&id(1), 5), record.as_slice()).unwrap();
        for last in 1..=4 {
            batches.remove((&id(2), last)).unwrap();
        }
    });
    tamper_heads(&path, |heads| {
        heads.remove(&id(3)).unwrap();
        let mut head = *heads.get(&id(4)).unwrap().unwrap().value();
        head[8] ^= 1;
        heads.insert(&id(4), &head).unwrap();
    });
    let journal = open(&path);
    for after in [0, 2] {
        let load = async |number| journal.load(game(number), after).await;
        check_damaged(load(0).await, &["event 3", "head of the game says 4"]);
        check_damaged(load(1).await, &["event 5", "checksum"]);
        check_damaged(load(2).await, &["event 4", "not there"]);
        check_damaged(load(3).await, &["event 4", "no head"]);
        check_damaged(load(4).await, &["event 4", "head is another one"]);
        assert!(load(5).await.is_ok());
    }
    check_damaged(journal.load(game(3), 9).await, &["no head"]);
    // Whoever appends is told to load, and nothing is replaced.
    for (number, expected) in [(1, 4), (3, 0), (4, 4)] {
        let refused = journal.append(game(number), expected, batch(9)).await;
        let there = journal.load(game(number), 0).await;
        assert!(
            matches!(refused, Err(AppendError::Unknown(_))),
            "{number}: {refused:?}"
        );
        check_damaged(there, &[]);
    }
}

#[tokio::test]
async fn a_file_without_one_of_its_tables_is_refused() {
    for name in ["heads", "batches"] {
        let (_folder, path) = file();
        filled(&path, 1).await;
        let database = Database::open(&path).expect("a database");
        let transaction = database.begin_write().expect("a transaction");
        match name {
            "heads" => transaction.delete_table(HEADS).expect("a table"),
            _ => transaction.delete_table(BATCHES).expect("a table"),
        };
        transaction.commit().expect("a commit");
        drop(database);
        let refused = RedbJournal::open(&path)
            .expect_err("no journal")
            .to_string();
        assert!(
            refused.contains(name) && refused.contains("damaged"),
            "{refused}"
        );
    }
}

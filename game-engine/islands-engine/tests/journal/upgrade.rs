//! A file of the second version, in which some games are damaged: they are when it
//! has become one of today's, and the others are as they were.

use islands_engine::journal::{Journal, LoadError, RedbJournal, upkeep};
use redb::{ReadableTable, Table, TableDefinition};

use crate::file::file;
use crate::first_version::{FILES, GAMES, games};
use crate::tampering::change;

/// The tables of that version: a record behind the game's id and the number of its
/// last event, and the heads.
const BATCHES: TableDefinition<(&[u8; 10], u64), &[u8]> = TableDefinition::new("batches");
const HEADS: TableDefinition<&[u8; 10], &[u8; 20]> = TableDefinition::new("heads");

type Batches<'t> = Table<'t, (&'static [u8; 10], u64), &'static [u8]>;
type Heads<'t> = Table<'t, &'static [u8; 10], &'static [u8; 20]>;

/// Damages the fourth game, of seven events in as many batches, and looks at what
/// becomes of all.
async fn check(damage: impl FnOnce(&[u8; 10], &mut Batches<'_>, &mut Heads<'_>)) {
    let (_folder, path) = file();
    std::fs::write(&path, FILES[1]).expect("as it was made");
    let hurt = games().swap_remove(3);
    assert_eq!(hurt.batches.len(), 7);
    change(&path, |transaction| {
        let mut batches = transaction.open_table(BATCHES).expect("as it was made");
        let mut heads = transaction.open_table(HEADS).expect("as it was made");
        damage(&hurt.id.to_bytes(), &mut batches, &mut heads);
    });
    let checked = upkeep::check(&path, &mut |_| {}).expect("as it was made");
    assert_eq!((checked.games, checked.damaged), (4, 1));
    for _ in 0..2 {
        let journal = RedbJournal::open(&path).expect("as it was made");
        for game in games() {
            match journal.load(game.id, 0).await {
                Ok(log) => assert_eq!((game.id != hurt.id, log), (true, game.batches)),
                Err(LoadError::Damaged(_)) => assert_eq!(game.id, hurt.id),
                Err(LoadError::Unavailable(why)) => panic!("{why}"),
            }
        }
    }
}

#[tokio::test]
async fn a_missing_row() {
    check(|id, batches, _| drop(batches.remove((id, 4)).expect("as it was made"))).await;
    check(|id, batches, _| drop(batches.remove((id, 1)).expect("as it was made"))).await;
    check(|id, batches, _| drop(batches.remove((id, 7)).expect("as it was made"))).await;
}

#[tokio::test]
async fn no_row_at_all() {
    check(|id, batches, _| {
        for last in 1..=7 {
            batches.remove((id, last)).expect("as it was made");
        }
    })
    .await;
}

#[tokio::test]
async fn nothing_but_a_head_that_cannot_be_read() {
    check(|id, batches, heads| {
        for last in 1..=7 {
            batches.remove((id, last)).expect("as it was made");
        }
        heads.insert(id, &[7; 20]).expect("as it was made");
    })
    .await;
}

#[tokio::test]
async fn a_row_behind_the_end() {
    check(|id, batches, _| {
        let record = batches
            .get((id, 7))
            .expect("as it was made")
            .expect("as it was made")
            .value()
            .to_vec();
        batches.insert((id, 8), &*record).expect("as it was made");
    })
    .await;
}

#[tokio::test]
async fn a_record_that_is_another_one() {
    check(|id, batches, _| {
        let mut record = batches
            .get((id, 5))
            .expect("as it was made")
            .expect("as it was made")
            .value()
            .to_vec();
        record[9] ^= 1;
        batches.insert((id, 5), &*record).expect("as it was made");
    })
    .await;
}

#[tokio::test]
async fn a_head_that_is_missing_or_another_one() {
    check(|id, _, heads| drop(heads.remove(id).expect("as it was made"))).await;
    for byte in [0, 9, 17] {
        check(|id, _, heads| {
            let mut head = *heads
                .get(id)
                .expect("as it was made")
                .expect("as it was made")
                .value();
            head[byte] ^= 1;
            heads.insert(id, &head).expect("as it was made");
        })
        .await;
    }
}

#[tokio::test]
async fn commits_that_are_gone() {
    let (_folder, path) = file();
    let mut bytes = FILES[1].to_vec();
    // The number of the last commit that was acknowledged, at the end of the page.
    let witness = u64::from_le_bytes(bytes[4084..4092].try_into().expect("as it was made")) + 1;
    bytes[4084..4092].copy_from_slice(&witness.to_le_bytes());
    let checksum = crc32fast::hash(&witness.to_le_bytes());
    bytes[4092..4096].copy_from_slice(&checksum.to_le_bytes());
    std::fs::write(&path, bytes).expect("as it was made");
    let checked = upkeep::check(&path, &mut |_| {}).expect("as it was made");
    assert_eq!((checked.games, checked.problems), (GAMES.len() as u64, 1));
    for _ in 0..2 {
        let refused = RedbJournal::open(&path).expect_err("no journal");
        assert!(refused.to_string().contains("are gone"), "{refused}");
    }
}

//! How a file of an older version becomes one of today's.
//!
//! In versions 1 and 2 a row lay at the place (game, number of its last event), and
//! version 1 had no heads. A game that was damaged there is damaged here, and the
//! others are not. A file whose tables cannot be gone through stays what it is: what
//! is left of it only the program that wrote it can export.

use std::collections::BTreeMap;

use islands_core::GameId;
use redb::{ReadTransaction, ReadableTable, TableDefinition, WriteTransaction};

use super::head::{self, Head};
use super::schema::{FIRSTS, HEADS, JOURNAL, ROWS};
use crate::journal::record::{self, Place};
use crate::journal::to_millis;

/// The first version. It had no heads.
pub(super) const OLDEST: u64 = 1;

/// Under this name the journal counted its commits.
const COMMITS: &str = "commits";

/// The records, each behind the game's id and the number of the last event.
const BATCHES: TableDefinition<(&[u8; 10], u64), &[u8]> = TableDefinition::new("batches");

/// The heads, which did not say where the last row is.
const OLD_HEADS: TableDefinition<&[u8; 10], &[u8; OLD_HEAD]> = TableDefinition::new("heads");
const OLD_HEAD: usize = 20;

/// How many commits with appends there were, if they were counted.
pub(super) fn commits(
    journal: &impl ReadableTable<&'static str, u64>,
) -> Result<u64, redb::StorageError> {
    Ok(journal.get(COMMITS)?.map_or(0, |commits| commits.value()))
}

/// Makes sure that the tables of this version are there.
pub(super) fn look(transaction: &ReadTransaction, version: u64) -> Result<(), redb::Error> {
    transaction.open_table(BATCHES)?;
    if version > OLDEST {
        transaction.open_table(OLD_HEADS)?;
    }
    Ok(())
}

/// Moves all games from the tables of this version to those of today. In memory it
/// holds some bytes a game.
pub(super) fn upgrade(transaction: &WriteTransaction, version: u64) -> Result<(), redb::Error> {
    let mut old_heads = match version {
        OLDEST => None,
        _ => Some(take_heads(transaction)?),
    };
    let games = move_rows(transaction, version)?;
    let mut heads = transaction.open_table(HEADS)?;
    for Moved { game, head } in games {
        let said = match &mut old_heads {
            None => Some(head),
            Some(old) => old.remove(&game.to_bytes()).flatten(),
        };
        // Without one the game is missed by its first row.
        if let Some(Head { last, at, .. }) = said {
            let head = Head { last, at, ..head };
            heads.insert(&game.to_bytes(), &head.to_bytes(game))?;
        }
    }
    // What is left has no row to point at. One that cannot be read leaves a game
    // without a head all the same.
    let mut firsts = transaction.open_table(FIRSTS)?;
    for (id, head) in old_heads.into_iter().flatten() {
        match head {
            Some(head) => drop(heads.insert(&id, &head.to_bytes(GameId::from_bytes(id)))?),
            None => drop(firsts.insert(&id, 0)?),
        }
    }
    Ok(())
}

/// A game whose rows have been moved, and the head that they make.
struct Moved {
    game: GameId,
    head: Head,
}

fn move_rows(transaction: &WriteTransaction, version: u64) -> Result<Vec<Moved>, redb::Error> {
    let mut games: Vec<Moved> = Vec::new();
    {
        let batches = transaction.open_table(BATCHES)?;
        let mut rows = transaction.open_table(ROWS)?;
        let mut firsts = transaction.open_table(FIRSTS)?;
        let mut journal = transaction.open_table(JOURNAL)?;
        // The witness in the file has the number of a commit. Rows go on from there:
        // so the number of the last one is never below it.
        let mut row = commits(&journal)?;
        journal.insert("rows", row)?;
        journal.remove(COMMITS)?;
        for batch in batches.iter()? {
            let (place, record) = batch?;
            let ((id, last), record) = (place.value(), record.value());
            let game = GameId::from_bytes(*id);
            let before = games.pop_if(|before| before.game == game);
            row += 1;
            rows.insert(row, (before.as_ref().map_or(0, |it| it.head.row), record))?;
            if before.is_none() {
                firsts.insert(id, row)?;
            }
            let at = match version {
                OLDEST => time(Place { game, last }, record),
                // Its head says so.
                _ => Head::UNKNOWN,
            };
            let head = Head { last, at, row };
            games.push(Moved { game, head });
        }
    }
    transaction.delete_table(BATCHES)?;
    Ok(games)
}

/// The time in a record. One that cannot be read is never old.
fn time(place: Place, record: &[u8]) -> u64 {
    let batch = record::decode(place, record);
    batch.map_or(Head::UNKNOWN, |batch| to_millis(batch.at))
}

/// What the heads say, those that can be read, by the id of their game.
type OldHeads = BTreeMap<[u8; 10], Option<Head>>;

/// Takes the heads of version 2 out of the file.
fn take_heads(transaction: &WriteTransaction) -> Result<OldHeads, redb::Error> {
    let mut heads = OldHeads::new();
    for head in transaction.open_table(OLD_HEADS)?.iter()? {
        let (id, head) = head?;
        let game = GameId::from_bytes(*id.value());
        heads.insert(*id.value(), read(game, head.value()));
    }
    transaction.delete_table(OLD_HEADS)?;
    Ok(heads)
}

/// A head of version 2, if it is what was written.
fn read(game: GameId, bytes: &[u8; OLD_HEAD]) -> Option<Head> {
    let (last, rest) = bytes.split_first_chunk()?;
    let (at, stored) = rest.split_first_chunk()?;
    (head::checksum(game, &bytes[..16]) == stored).then(|| Head {
        last: u64::from_le_bytes(*last),
        at: u64::from_le_bytes(*at),
        row: 0,
    })
}

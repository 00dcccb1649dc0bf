//! The tables of the file, and how an older file comes to have them.

use std::ops::{Bound, RangeInclusive};

use islands_core::GameId;
use redb::{
    Database, ReadableDatabase, ReadableTable, Table, TableDefinition, TableError, TableHandle,
};

use super::failure::{Failure, guarded};
use super::head::Head;
use crate::journal::record::{self, Place};
use crate::journal::to_millis;

/// Where a record lies: the ten bytes of the game's id, then the number of the
/// batch's last event.
pub(super) type Key = (&'static [u8; 10], u64);

/// The records of all batches.
pub(super) const BATCHES: TableDefinition<Key, &[u8]> = TableDefinition::new("batches");

/// The head of every game, written in the transaction that writes its last batch.
pub(super) const HEADS: TableDefinition<&[u8; 10], &[u8; Head::BYTES]> =
    TableDefinition::new("heads");

/// What is known of the file itself, by name: its `schema`, and how many
/// `commits` with appends there were.
pub(super) const JOURNAL: TableDefinition<&str, u64> = TableDefinition::new("journal");

/// The version of these tables that is written: the newest that can be read.
pub(super) const SCHEMA: u64 = 2;

/// The version before, which is read and becomes the newest.
const WITHOUT_HEADS: u64 = 1;

/// Makes sure that this is a journal, or makes it one; a file of an older version
/// becomes one of this version, all at once. It writes even if there is nothing to
/// change: a file that can be read, but not written, is found out now.
pub(super) fn prepare(database: &Database) -> Result<(), Failure> {
    let found = version(database)?;
    guarded(|| {
        let mut transaction = database.begin_write()?;
        // Who opens the file after a crash need not read all of it.
        transaction.set_quick_repair(true);
        {
            let batches = transaction.open_table(BATCHES)?;
            let mut heads = transaction.open_table(HEADS)?;
            if found == Some(WITHOUT_HEADS) {
                write_heads(&batches, &mut heads)?;
            }
            transaction.open_table(JOURNAL)?.insert("schema", SCHEMA)?;
        }
        Ok(transaction.commit()?)
    })
}

/// The version of a file's tables, all of which are there; `None` if it has none.
pub(super) fn version(database: &impl ReadableDatabase) -> Result<Option<u64>, Failure> {
    let found = guarded(|| {
        let transaction = database.begin_read()?;
        let journal = match transaction.open_table(JOURNAL) {
            Err(TableError::TableDoesNotExist(_)) => {
                return match transaction.list_tables()?.next() {
                    None => Ok(None),
                    Some(table) => Err(redb::Error::TableExists(table.name().into())),
                };
            }
            journal => journal?,
        };
        let unsaid = || redb::Error::Corrupted("it does not say which version it has".into());
        let version = journal.get("schema")?.ok_or_else(unsaid)?.value();
        if (WITHOUT_HEADS..=SCHEMA).contains(&version) {
            transaction.open_table(BATCHES)?;
        }
        if version == SCHEMA {
            transaction.open_table(HEADS)?;
        }
        Ok(Some(version))
    })?;
    match found {
        None | Some(WITHOUT_HEADS | SCHEMA) => Ok(found),
        Some(other) => Err(Failure::OtherVersion(other.to_string())),
    }
}

/// The number of the last commit that appended something.
pub(super) fn commits(database: &impl ReadableDatabase) -> Result<u64, Failure> {
    guarded(|| {
        let journal = database.begin_read()?.open_table(JOURNAL)?;
        Ok(journal.get("commits")?.map_or(0, |commits| commits.value()))
    })
}

/// Gives every game its head. Where the last batch cannot be read there is one all
/// the same: the game is found to be damaged when it is loaded.
fn write_heads(
    batches: &impl ReadableTable<Key, &'static [u8]>,
    heads: &mut Table<'_, &'static [u8; 10], &'static [u8; Head::BYTES]>,
) -> Result<(), redb::Error> {
    let mut game = first_after(batches, None)?;
    while let Some(id) = game {
        if let Some(head) = head_in(batches, id)? {
            heads.insert(&id.to_bytes(), &head.to_bytes(id))?;
        }
        game = first_after(batches, Some(id))?;
    }
    Ok(())
}

/// The head that a game's last row makes.
fn head_in(
    batches: &impl ReadableTable<Key, &'static [u8]>,
    game: GameId,
) -> Result<Option<Head>, redb::Error> {
    let row = batches.range(of(&game.to_bytes(), 0))?.next_back();
    Ok(row.transpose()?.map(|(key, record)| {
        let last = key.value().1;
        let batch = record::decode(Place { game, last }, record.value());
        let at = batch.map_or(Head::UNKNOWN, |batch| to_millis(batch.at));
        Head { last, at }
    }))
}

/// The first game with a batch that comes after this one; `None` is before all.
pub(super) fn first_after(
    batches: &impl ReadableTable<Key, &'static [u8]>,
    game: Option<GameId>,
) -> Result<Option<GameId>, redb::Error> {
    let game = game.map(GameId::to_bytes);
    let beyond = game
        .as_ref()
        .map_or(Bound::Unbounded, |game| Bound::Excluded((game, u64::MAX)));
    let first = batches.range((beyond, Bound::Unbounded))?.next();
    let key = first.transpose()?.map(|(key, _)| *key.value().0);
    Ok(key.map(GameId::from_bytes))
}

/// The places of a game from the event with this number on.
pub(super) fn of(game: &[u8; 10], first: u64) -> RangeInclusive<(&[u8; 10], u64)> {
    (game, first)..=(game, u64::MAX)
}

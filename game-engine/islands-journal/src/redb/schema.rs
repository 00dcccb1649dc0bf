//! The tables of the file.
//!
//! Rows lie in the order in which they came, whatever games they are of: so a
//! commit changes the pages at the end of one table, not one or two for each game.
//! The rows of a game are a chain. Its head says which one is the last, and each
//! row which one was the last before it.

use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition, TableError, TableHandle};

use super::chain::Chains;
use super::head::Head;
use super::store_error::{StoreError, guarded};

/// A row, by its number: the number of the game's row before it, or 0, and the
/// record of a batch.
pub(super) const ROWS: TableDefinition<u64, Row> = TableDefinition::new("rows");

/// See [`ROWS`].
pub(super) type Row = (u64, &'static [u8]);

/// The head of every game, written in the transaction that writes its last batch.
pub(super) const HEADS: TableDefinition<Id, HeadBytes> = TableDefinition::new("heads");

/// The number of every game's first row: written once, and held against the heads,
/// so that a head which has gone astray is missed.
pub(super) const FIRSTS: TableDefinition<Id, u64> = TableDefinition::new("firsts");

/// A game's id.
pub(super) type Id = &'static [u8; 10];

/// A game's head.
pub(super) type HeadBytes = &'static [u8; Head::BYTES];

/// What is known of the file itself, by name: its `schema`, and as `rows` a number
/// that no row is to have any more, since there was one.
pub(super) const JOURNAL: TableDefinition<&str, u64> = TableDefinition::new("journal");

/// The version of these tables: the only one that is written and read.
pub(super) const SCHEMA: u64 = 1;

/// Makes a journal of a file without one. It writes even if there is nothing to
/// change: a file that can be read, but not written, is found out now.
pub(super) fn prepare(database: &Database) -> Result<(), StoreError> {
    verify(database)?;
    guarded(|| {
        let mut transaction = database.begin_write()?;
        // Who opens the file after a crash need not read all of it.
        transaction.set_quick_repair(true);
        Chains::written(&transaction)?;
        transaction.open_table(JOURNAL)?.insert("schema", SCHEMA)?;
        Ok(transaction.commit()?)
    })
}

/// Makes sure that a file has all tables of this version, or none at all.
pub(super) fn verify(database: &impl ReadableDatabase) -> Result<(), StoreError> {
    let version = guarded(|| {
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
        if version == SCHEMA {
            Chains::read(&transaction)?;
        }
        Ok(Some(version))
    })?;
    match version {
        None | Some(SCHEMA) => Ok(()),
        Some(other) => Err(StoreError::OtherVersion(other.to_string())),
    }
}

/// The number of the last row that was ever appended: what the witness is held
/// against.
pub(super) fn last_row(database: &impl ReadableDatabase) -> Result<u64, StoreError> {
    guarded(|| {
        let transaction = database.begin_read()?;
        match transaction.open_table(JOURNAL) {
            Err(TableError::TableDoesNotExist(_)) => Ok(0),
            journal => Ok(last_row_in(&journal?, &transaction.open_table(ROWS)?)?),
        }
    })
}

/// The same in a transaction.
pub(super) fn last_row_in(
    journal: &impl ReadableTable<&'static str, u64>,
    rows: &impl ReadableTable<u64, Row>,
) -> Result<u64, redb::StorageError> {
    let gone = journal.get("rows")?.map_or(0, |row| row.value());
    let there = rows.last()?.map_or(0, |(row, _)| row.value());
    Ok(gone.max(there))
}

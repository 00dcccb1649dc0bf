//! The tables of the file.
//!
//! The rows of all games lie in the order in which they arrived, so a commit changes
//! the pages at the end of one table, not one or two pages for each game. The rows of
//! a game form a chain: the game's head names its last row, and each row names the one
//! before it.

use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition, TableError, TableHandle};

use super::chain::{ReadTables, WriteTables};
use super::head::Head;
use super::store_error::{StoreError, catch_redb_panic};

/// The rows by number: each holds the number of the game's previous row, or 0, and
/// the record of a batch.
pub(super) const ROWS: TableDefinition<u64, Row> = TableDefinition::new("rows");

/// See [`ROWS`].
pub(super) type Row = (u64, &'static [u8]);

/// The head of every game, written in the same transaction as its last batch.
pub(super) const HEADS: TableDefinition<Id, HeadBytes> = TableDefinition::new("heads");

/// The number of every game's first row, written once. A game with a first row and
/// without a head has lost its head.
pub(super) const FIRSTS: TableDefinition<Id, u64> = TableDefinition::new("firsts");

/// A game's id.
pub(super) type Id = &'static [u8; 10];

/// A game's head.
pub(super) type HeadBytes = &'static [u8; Head::LEN];

/// Metadata of the file, by name: `schema`, its version, and `rows`, the last row
/// number when games were last forgotten. New rows get higher numbers.
pub(super) const METADATA: TableDefinition<&str, u64> = TableDefinition::new("journal");

/// The version of these tables, the only one that is written or read.
pub(super) const SCHEMA_VERSION: u64 = 1;

/// Creates the tables in a new file. Commits even if nothing changes, so that a file
/// that can be read but not written is refused now.
pub(super) fn create_tables(database: &Database) -> Result<(), StoreError> {
    verify(database)?;
    catch_redb_panic(|| {
        let mut transaction = database.begin_write()?;
        // After a crash the file then opens without a scan of all its pages.
        transaction.set_quick_repair(true);
        WriteTables::open(&transaction)?;
        transaction
            .open_table(METADATA)?
            .insert("schema", SCHEMA_VERSION)?;
        Ok(transaction.commit()?)
    })
}

/// Checks that a file has all tables of this version, or no table at all.
pub(super) fn verify(database: &impl ReadableDatabase) -> Result<(), StoreError> {
    let version = catch_redb_panic(|| {
        let transaction = database.begin_read()?;
        let metadata = match transaction.open_table(METADATA) {
            Err(TableError::TableDoesNotExist(_)) => {
                return match transaction.list_tables()?.next() {
                    None => Ok(None),
                    Some(table) => Err(redb::Error::TableExists(table.name().into())),
                };
            }
            metadata => metadata?,
        };
        let missing = || redb::Error::Corrupted("the schema version is missing".into());
        let version = metadata.get("schema")?.ok_or_else(missing)?.value();
        if version == SCHEMA_VERSION {
            ReadTables::open(&transaction)?;
        }
        Ok(Some(version))
    })?;
    match version {
        None | Some(SCHEMA_VERSION) => Ok(()),
        Some(other) => Err(StoreError::OtherVersion(other.to_string())),
    }
}

/// Returns the highest row number ever appended, to compare with the watermark.
pub(super) fn last_row(database: &impl ReadableDatabase) -> Result<u64, StoreError> {
    catch_redb_panic(|| {
        let transaction = database.begin_read()?;
        match transaction.open_table(METADATA) {
            Err(TableError::TableDoesNotExist(_)) => Ok(0),
            metadata => Ok(last_row_in(&metadata?, &transaction.open_table(ROWS)?)?),
        }
    })
}

/// As [`last_row`], within a transaction.
pub(super) fn last_row_in(
    metadata: &impl ReadableTable<&'static str, u64>,
    rows: &impl ReadableTable<u64, Row>,
) -> Result<u64, redb::StorageError> {
    let gone = metadata.get("rows")?.map_or(0, |row| row.value());
    let there = rows.last()?.map_or(0, |(row, _)| row.value());
    Ok(gone.max(there))
}

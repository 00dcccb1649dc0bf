//! Appends rows to the logs of games.

use redb::{StorageError, WriteTransaction};

use super::chain::WriteTables;
use super::head::Head;
use super::schema::{METADATA, last_row_in};
use crate::record::RecordKey;
use islands_engine::journal::AppendError;

/// A record to append, and the end of the log that it follows.
pub(super) struct Append {
    pub(super) key: RecordKey,
    /// The number of the game's last event before this record.
    pub(super) expected: u64,
    /// The time of the batch, in milliseconds since 1970.
    pub(super) at: u64,
    pub(super) record: Vec<u8>,
}

/// Appends rows within a write transaction.
pub(super) struct Appender<'t> {
    tables: WriteTables<'t>,
    /// The number of the last row.
    row: u64,
}

impl<'t> Appender<'t> {
    /// Begins to append. Fails if the file ends before row `known`, which is lost then.
    pub(super) fn begin(
        transaction: &'t WriteTransaction,
        known: u64,
    ) -> Result<Appender<'t>, redb::Error> {
        let tables = WriteTables::open(transaction)?;
        let row = last_row_in(&transaction.open_table(METADATA)?, &tables.rows)?;
        if row < known {
            let what = format!("its last row is {row}, and was {known}");
            return Err(redb::Error::Corrupted(what));
        }
        Ok(Appender { tables, row })
    }

    /// Returns the tables of this transaction, to read from.
    pub(super) fn tables(&self) -> &WriteTables<'t> {
        &self.tables
    }

    /// Appends a row where the game's head says that the log ends. A conflict or a
    /// damaged head changes nothing. A damaged head is [`AppendError::OutcomeUnknown`], so
    /// that the caller loads the game, which says what is wrong with it.
    pub(super) fn add(&mut self, append: &Append) -> Result<Result<(), AppendError>, StorageError> {
        let RecordKey { game, last } = append.key;
        let id = game.to_bytes();
        let row = self.next_row()?;
        let head = Head {
            last,
            at: append.at,
            row,
        };
        // `insert` returns the old head: one search of the tree instead of two.
        let replaced = self.tables.heads.insert(&id, &head.to_bytes(game))?;
        let replaced = replaced.map(|head| *head.value());
        let before = match replaced {
            Some(bytes) => previous_row(append, Head::read(game, &bytes), row),
            None => self.begin_game(append, row)?,
        };
        match before {
            Ok(before) => {
                let there = self.tables.rows.insert(row, (before, &*append.record))?;
                if there.is_some() {
                    let what = format!("row {row} is there already");
                    return Err(StorageError::Corrupted(what));
                }
                self.row = row;
                Ok(Ok(()))
            }
            Err(refused) => {
                match replaced {
                    None => drop(self.tables.heads.remove(&id)?),
                    Some(head) => drop(self.tables.heads.insert(&id, &head)?),
                }
                Ok(Err(refused))
            }
        }
    }

    /// Begins a game without a head with this row. Returns 0: no row comes before it.
    fn begin_game(
        &mut self,
        append: &Append,
        row: u64,
    ) -> Result<Result<u64, AppendError>, StorageError> {
        if append.expected != 0 {
            return Ok(Err(AppendError::Conflict { actual: 0 }));
        }
        let id = append.key.game.to_bytes();
        let first = self.tables.firsts.insert(&id, row)?;
        let Some(first) = first.map(|first| first.value()) else {
            return Ok(Ok(0));
        };
        // A first row without a head: the game has lost its head.
        self.tables.firsts.insert(&id, first)?;
        Ok(Err(damaged(append)))
    }

    fn next_row(&self) -> Result<u64, StorageError> {
        let next = self.row.checked_add(1);
        next.ok_or_else(|| StorageError::Corrupted("there are no more rows".into()))
    }

    /// Ends the appends, and returns the number of the last row.
    pub(super) fn end(self) -> u64 {
        self.row
    }
}

/// Returns the row that an append follows, if the head is the one that it expects.
fn previous_row(append: &Append, head: Option<Head>, row: u64) -> Result<u64, AppendError> {
    match head {
        Some(head) if head.row < row => match head.last {
            actual if actual == append.expected => Ok(head.row),
            actual => Err(AppendError::Conflict { actual }),
        },
        _ => Err(damaged(append)),
    }
}

fn damaged(append: &Append) -> AppendError {
    AppendError::OutcomeUnknown(format!("game {} is damaged", append.key.game))
}

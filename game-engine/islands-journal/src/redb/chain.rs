//! The log of a game in the file: a chain of rows, from the row that the game's head
//! names back to the first.

use islands_core::GameId;
use redb::{
    ReadOnlyTable, ReadTransaction, ReadableTable, StorageError, Table, TableError,
    WriteTransaction,
};

use super::head::Head;
use super::schema::{FIRSTS, HEADS, HeadBytes, Id, ROWS, Row};
use crate::record::{self, RecordKey};
use islands_engine::journal::{Batch, LoadError, to_unix_millis};

/// The tables that hold the chains.
pub(super) struct ChainTables<R, H, F> {
    pub(super) rows: R,
    pub(super) heads: H,
    pub(super) firsts: F,
}

/// The tables, open in a read transaction.
pub(super) type ReadTables =
    ChainTables<ReadOnlyTable<u64, Row>, ReadOnlyTable<Id, HeadBytes>, ReadOnlyTable<Id, u64>>;

/// The tables, open in a write transaction.
pub(super) type WriteTables<'t> =
    ChainTables<Table<'t, u64, Row>, Table<'t, Id, HeadBytes>, Table<'t, Id, u64>>;

impl ReadTables {
    pub(super) fn open(transaction: &ReadTransaction) -> Result<ReadTables, TableError> {
        Ok(ChainTables {
            rows: transaction.open_table(ROWS)?,
            heads: transaction.open_table(HEADS)?,
            firsts: transaction.open_table(FIRSTS)?,
        })
    }
}

impl<'t> WriteTables<'t> {
    pub(super) fn open(transaction: &'t WriteTransaction) -> Result<WriteTables<'t>, TableError> {
        Ok(ChainTables {
            rows: transaction.open_table(ROWS)?,
            heads: transaction.open_table(HEADS)?,
            firsts: transaction.open_table(FIRSTS)?,
        })
    }
}

/// A row of a chain.
pub(super) struct Link<'a> {
    pub(super) row: u64,
    /// The number of the batch's last event.
    pub(super) last: u64,
    pub(super) record: &'a [u8],
}

/// A result with two errors: the outer one concerns the file, the inner one the game.
pub(super) type LoadResult<T> = Result<Result<T, LoadError>, StorageError>;

impl<R, H, F> ChainTables<R, H, F>
where
    R: ReadableTable<u64, Row>,
    H: ReadableTable<Id, HeadBytes>,
    F: ReadableTable<Id, u64>,
{
    /// Returns the batches of a game that hold an event with a number above `after`,
    /// in order; none if there is no such game. Calls `visit` with each row, from the
    /// last to the first.
    pub(super) fn load(
        &self,
        game: GameId,
        after: u64,
        mut visit: impl FnMut(Link<'_>),
    ) -> LoadResult<Vec<Batch>> {
        let (head, first) = match self.head_and_first_row(game)? {
            Ok(Some(head_and_first_row)) => head_and_first_row,
            Ok(None) => return Ok(Ok(Vec::new())),
            Err(damaged) => return Ok(Err(damaged)),
        };
        let (mut row, mut last) = (head.row, head.last);
        let mut batches = Vec::new();
        while last > after {
            let key = RecordKey { game, last };
            let damaged = |what| Ok(Err(key.damaged(what)));
            let Some(found) = self.rows.get(row)? else {
                return damaged("the row is missing");
            };
            let (before, record) = found.value();
            let batch = match record::decode(key, record) {
                Ok(batch) => batch,
                Err(damaged) => return Ok(Err(damaged)),
            };
            let Some(first_event) = last.checked_sub(batch.events.len() as u64) else {
                return damaged("there are more events in it than the game has");
            };
            if (first_event == 0) != (row == first) {
                return damaged("the game begins with another row");
            }
            visit(Link { row, last, record });
            batches.push(batch);
            (row, last) = (before, first_event);
        }
        match batches.first() {
            Some(latest) if to_unix_millis(latest.at) != head.at => {
                let key = RecordKey {
                    game,
                    last: head.last,
                };
                Ok(Err(key.damaged("the head of the game has another time")))
            }
            _ => {
                batches.reverse();
                Ok(Ok(batches))
            }
        }
    }

    /// Returns a game's head and the number of its first row; `None` if there is no
    /// such game.
    fn head_and_first_row(&self, game: GameId) -> LoadResult<Option<(Head, u64)>> {
        let id = game.to_bytes();
        let head = self.heads.get(&id)?.map(|head| *head.value());
        let first = self.firsts.get(&id)?.map(|first| first.value());
        let damaged = |what| Err(LoadError::Damaged(format!("game {game}: {what}")));
        Ok(match (head, first) {
            (None, None) => Ok(None),
            (None, Some(_)) => damaged("its head is missing"),
            (Some(_), None) => damaged("its first row is not recorded"),
            (Some(head), Some(first)) => match Head::read(game, &head) {
                Some(head) => Ok(Some((head, first))),
                None => damaged("the checksum of its head does not match"),
            },
        })
    }
}

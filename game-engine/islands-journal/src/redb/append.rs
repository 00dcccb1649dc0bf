//! Rows that are added to the logs of their games.

use redb::{StorageError, WriteTransaction};

use super::chain::{Chains, Written};
use super::head::Head;
use super::schema::{JOURNAL, last_row_in};
use crate::record::RecordKey;
use islands_engine::journal::AppendError;

/// A record and what it is appended to.
pub(super) struct Append {
    pub(super) key: RecordKey,
    /// The number of the game's last event before it.
    pub(super) expected: u64,
    /// The time of the batch, in milliseconds since 1970.
    pub(super) at: u64,
    pub(super) record: Vec<u8>,
}

/// A transaction that adds.
pub(super) struct Appender<'t> {
    chains: Written<'t>,
    /// The number of the last row.
    row: u64,
}

impl<'t> Appender<'t> {
    /// The last row is known to have this number, or a higher one.
    pub(super) fn begin(
        transaction: &'t WriteTransaction,
        known: u64,
    ) -> Result<Appender<'t>, redb::Error> {
        let chains = Chains::written(transaction)?;
        let row = last_row_in(&transaction.open_table(JOURNAL)?, &chains.rows)?;
        if row < known {
            let what = format!("its last row is {row}, and was {known}");
            return Err(redb::Error::Corrupted(what));
        }
        Ok(Appender { chains, row })
    }

    /// The logs that are added to.
    pub(super) fn chains(&self) -> &Written<'t> {
        &self.chains
    }

    /// Adds a row where the head of its game says that the log ends. Where that
    /// cannot be so, nothing is changed: who appends is to load the game, and is
    /// told there what is wrong with it.
    pub(super) fn add(&mut self, append: &Append) -> Result<Result<(), AppendError>, StorageError> {
        let RecordKey { game, last } = append.key;
        let id = game.to_bytes();
        let row = self.next_row()?;
        let head = Head {
            last,
            at: append.at,
            row,
        };
        // One search does for both, to write the new head and to see the old one.
        let replaced = self.chains.heads.insert(&id, &head.to_bytes(game))?;
        let replaced = replaced.map(|head| *head.value());
        let before = match replaced {
            Some(bytes) => follows(append, Head::read(game, &bytes), row),
            None => self.begins(append, row)?,
        };
        match before {
            Ok(before) => {
                let there = self.chains.rows.insert(row, (before, &*append.record))?;
                if there.is_some() {
                    let what = format!("row {row} is there already");
                    return Err(StorageError::Corrupted(what));
                }
                self.row = row;
                Ok(Ok(()))
            }
            Err(refused) => {
                match replaced {
                    None => drop(self.chains.heads.remove(&id)?),
                    Some(head) => drop(self.chains.heads.insert(&id, &head)?),
                }
                Ok(Err(refused))
            }
        }
    }

    /// Lets a game that has no head begin with this row: none comes before it.
    fn begins(
        &mut self,
        append: &Append,
        row: u64,
    ) -> Result<Result<u64, AppendError>, StorageError> {
        if append.expected != 0 {
            return Ok(Err(AppendError::Conflict { actual: 0 }));
        }
        let id = append.key.game.to_bytes();
        let first = self.chains.firsts.insert(&id, row)?;
        let Some(first) = first.map(|first| first.value()) else {
            return Ok(Ok(0));
        };
        // It had a head once.
        self.chains.firsts.insert(&id, first)?;
        Ok(Err(damaged(append)))
    }

    fn next_row(&self) -> Result<u64, StorageError> {
        let next = self.row.checked_add(1);
        next.ok_or_else(|| StorageError::Corrupted("there are no more rows".into()))
    }

    /// The number of the last row now.
    pub(super) fn end(self) -> u64 {
        self.row
    }
}

/// The row that an addition comes after, if this is the head that it expects.
fn follows(append: &Append, head: Option<Head>, row: u64) -> Result<u64, AppendError> {
    match head {
        Some(head) if head.row < row => match head.last {
            actual if actual == append.expected => Ok(head.row),
            actual => Err(AppendError::Conflict { actual }),
        },
        _ => Err(damaged(append)),
    }
}

fn damaged(append: &Append) -> AppendError {
    AppendError::Unknown(format!("game {} is damaged", append.key.game))
}

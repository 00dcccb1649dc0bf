//! Rows that are added to the logs of their games.

use redb::{StorageError, WriteTransaction};

use super::chain::{Chains, Written};
use super::head::Head;
use super::schema::{JOURNAL, last_row_in};
use crate::journal::AppendError;
use crate::journal::record::Place;

/// A record and what it is appended to.
pub(super) struct Addition {
    pub(super) place: Place,
    /// The number of the game's last event before it.
    pub(super) expected: u64,
    /// The time of the batch, in milliseconds since 1970.
    pub(super) at: u64,
    pub(super) record: Vec<u8>,
}

/// A transaction that adds.
pub(super) struct Additions<'t> {
    chains: Written<'t>,
    /// The number of the last row.
    row: u64,
}

impl<'t> Additions<'t> {
    pub(super) fn begin(transaction: &'t WriteTransaction) -> Result<Additions<'t>, redb::Error> {
        let chains = Chains::written(transaction)?;
        let row = last_row_in(&transaction.open_table(JOURNAL)?, &chains.rows)?;
        Ok(Additions { chains, row })
    }

    /// The logs that are added to.
    pub(super) fn chains(&self) -> &Written<'t> {
        &self.chains
    }

    /// Adds a row where the head of its game says that the log ends. A game that is
    /// damaged is not touched: who appends is to load it, and is told there.
    pub(super) fn add(
        &mut self,
        addition: &Addition,
    ) -> Result<Result<(), AppendError>, StorageError> {
        let Place { game, last } = addition.place;
        let id = game.to_bytes();
        let row = self.next_row()?;
        let head = Head {
            last,
            at: addition.at,
            row,
        };
        let damaged = || AppendError::Unknown(format!("game {game} is damaged"));
        // One search does for both, to write the new head and to see the old one.
        let before = self.chains.heads.insert(&id, &head.to_bytes(game))?;
        let before = before.map(|before| *before.value());
        let refused = match before.map(|before| Head::read(game, &before).ok_or(damaged())) {
            Some(Err(damaged)) => damaged,
            Some(Ok(Head { last: actual, .. })) if actual != addition.expected => {
                AppendError::Conflict { actual }
            }
            None if addition.expected != 0 => AppendError::Conflict { actual: 0 },
            // It had a head once.
            None if !self.begins(&id, row)? => damaged(),
            head => {
                let before = head.and_then(Result::ok).map_or(0, |head| head.row);
                let row_before = self.chains.rows.insert(row, (before, &*addition.record))?;
                if row_before.is_some() {
                    return Err(StorageError::Corrupted(format!(
                        "row {row} is there already"
                    )));
                }
                self.row = row;
                return Ok(Ok(()));
            }
        };
        match before {
            None => drop(self.chains.heads.remove(&id)?),
            Some(before) => drop(self.chains.heads.insert(&id, &before)?),
        }
        Ok(Err(refused))
    }

    fn next_row(&self) -> Result<u64, StorageError> {
        let next = self.row.checked_add(1);
        next.ok_or_else(|| StorageError::Corrupted("there are no more rows".into()))
    }

    /// Notes where a game begins, unless that is noted already.
    fn begins(&mut self, id: &[u8; 10], row: u64) -> Result<bool, StorageError> {
        let before = self.chains.firsts.insert(id, row)?;
        let Some(before) = before.map(|before| before.value()) else {
            return Ok(true);
        };
        self.chains.firsts.insert(id, before)?;
        Ok(false)
    }

    /// The number of the last row now.
    pub(super) fn end(self) -> u64 {
        self.row
    }
}

//! What is done with the rows in one transaction: append, load, settle.

use redb::{Database, ReadableDatabase, ReadableTable, Table, WriteTransaction};

use islands_core::GameId;

use super::failure::{Failure, guarded};
use super::head::Head;
use super::log::Log;
use super::open::Opened;
use super::schema::{BATCHES, HEADS, JOURNAL, Key, of};
use crate::journal::record::Place;
use crate::journal::{AppendError, Batch, LoadError};

/// A record and what it is appended to.
pub(super) struct Row {
    pub(super) place: Place,
    /// The number of the game's last event before it.
    pub(super) expected: u64,
    /// The time of the batch, in milliseconds since 1970.
    pub(super) at: u64,
    pub(super) record: Vec<u8>,
}

/// Whether a transaction can be begun: not after an input or output error, nor
/// after a panic that left something locked.
pub(super) fn probe(database: &Database) -> Result<(), Failure> {
    guarded(|| Ok(database.begin_write()?.abort()?))
}

/// Writes down what redb would otherwise have to read the whole file for, should
/// this process be killed before it appends again.
pub(super) fn settle(database: &Database) -> Result<(), Failure> {
    guarded(|| {
        let mut transaction = database.begin_write()?;
        transaction.set_quick_repair(true);
        Ok(transaction.commit()?)
    })
}

/// Appends a group of rows in one transaction that is on the disk when it
/// answers: for each row, whether it is there. A row sees those before it.
///
/// # Errors
/// When no row of the group is there, or when none or all of them are.
pub(super) fn append(
    opened: &Opened,
    group: &[Row],
) -> Result<Vec<Result<(), AppendError>>, AppendError> {
    let mut committing = false;
    let appended = guarded(|| {
        let transaction = opened.database.begin_write()?;
        let answers = add(&transaction, group)?;
        if answers.iter().any(Result::is_ok) {
            let number = count(&transaction)?;
            committing = true;
            transaction.commit()?;
            opened.witness.write(number)?;
        }
        Ok(answers)
    });
    appended.map_err(|failure| {
        let why = failure.to_string();
        if committing {
            AppendError::Unknown(why)
        } else {
            AppendError::Unavailable(why)
        }
    })
}

fn add(
    transaction: &WriteTransaction,
    group: &[Row],
) -> Result<Vec<Result<(), AppendError>>, redb::Error> {
    let mut batches = transaction.open_table(BATCHES)?;
    let mut heads = transaction.open_table(HEADS)?;
    let mut answers = Vec::with_capacity(group.len());
    for row in group {
        answers.push(add_row(&mut batches, &mut heads, row)?);
    }
    Ok(answers)
}

/// Counts this commit, and says which number it has.
pub(super) fn count(transaction: &WriteTransaction) -> Result<u64, redb::Error> {
    let mut journal = transaction.open_table(JOURNAL)?;
    let before = journal.get("commits")?.map_or(0, |commits| commits.value());
    let number = before.saturating_add(1);
    journal.insert("commits", number)?;
    Ok(number)
}

/// Adds a row where the head of its game says that the log ends. A game that is
/// damaged is not touched: who appends is to load it, and is told there.
fn add_row(
    batches: &mut Table<'_, Key, &'static [u8]>,
    heads: &mut Table<'_, &'static [u8; 10], &'static [u8; Head::BYTES]>,
    row: &Row,
) -> Result<Result<(), AppendError>, redb::Error> {
    let Place { game, last } = row.place;
    let damaged = || AppendError::Unknown(format!("game {game} is damaged"));
    let id = game.to_bytes();
    let head = Head { last, at: row.at };
    // One search does for both, to write the new head and to see the old one.
    let before = heads.insert(&id, &head.to_bytes(game))?;
    let before = before.map(|before| *before.value());
    let actual = match before.map(|before| Head::read(game, &before)) {
        None => Ok(0),
        Some(Some(head)) => Ok(head.last),
        Some(None) => Err(damaged()),
    };
    let refused = match actual {
        Err(damaged) => damaged,
        Ok(actual) if actual != row.expected => AppendError::Conflict { actual },
        Ok(_) => {
            let there = batches.insert((&id, last), row.record.as_slice())?;
            let Some(record) = there.map(|record| record.value().to_vec()) else {
                return Ok(Ok(()));
            };
            // Beyond the head: whatever it is, it is not for this row to replace.
            batches.insert((&id, last), record.as_slice())?;
            damaged()
        }
    };
    match before {
        None => drop(heads.remove(&id)?),
        Some(before) => drop(heads.insert(&id, &before)?),
    }
    Ok(Err(refused))
}

/// The batches of a game that hold an event with a number above `after`.
///
/// # Errors
/// The outer one when the file could not be read, the inner one when this game is
/// not what was written.
pub(super) fn load(
    database: &impl ReadableDatabase,
    game: GameId,
    after: u64,
) -> Result<Result<Vec<Batch>, LoadError>, Failure> {
    load_and_show(database, game, after, |_, _| {})
}

/// As [`load`], and shows each row: the number of its last event, and its record.
pub(super) fn load_and_show(
    database: &impl ReadableDatabase,
    game: GameId,
    after: u64,
    mut show: impl FnMut(u64, &[u8]),
) -> Result<Result<Vec<Batch>, LoadError>, Failure> {
    let Some(first) = after.checked_add(1) else {
        return Ok(Ok(Vec::new()));
    };
    guarded(|| {
        let transaction = database.begin_read()?;
        let id = game.to_bytes();
        let batches = transaction.open_table(BATCHES)?;
        let mut log = Log::new(game, after);
        for row in batches.range(of(&id, first))? {
            let (key, record) = row?;
            let (last, record) = (key.value().1, record.value());
            if let Err(damaged) = log.add(last, record) {
                return Ok(Err(damaged));
            }
            show(last, record);
        }
        let heads = transaction.open_table(HEADS)?;
        let head = heads.get(&id)?;
        if head.is_none()
            && log.is_empty()
            && let Some(row) = batches.range(of(&id, 0))?.next()
        {
            let (key, _) = row?;
            let last = key.value().1;
            return Ok(Err(Place { game, last }.damaged("the game has no head")));
        }
        Ok(log.end(head.map(|head| Head::read(game, head.value()))))
    })
}

//! What is done in one transaction: append, load, settle.

use redb::{Database, ReadableDatabase};

use islands_core::GameId;

use super::append::{Append, Appender};
use super::chain::{Chains, Link};
use super::open::Opened;
use super::store_error::{StoreError, guarded};
use islands_engine::journal::{AppendError, Batch, LoadError};

/// Whether a transaction can be begun: not after an input or output error, nor
/// after a panic that left something locked.
pub(super) fn probe(database: &Database) -> Result<(), StoreError> {
    guarded(|| Ok(database.begin_write()?.abort()?))
}

/// Writes down what redb would otherwise have to read the whole file for, should
/// this process be killed before it appends again.
pub(super) fn settle(database: &Database) -> Result<(), StoreError> {
    guarded(|| {
        let mut transaction = database.begin_write()?;
        transaction.set_quick_repair(true);
        Ok(transaction.commit()?)
    })
}

/// GameAppends a group in one transaction that is on the disk when it answers: for each
/// addition, whether it is there. Each sees those before it.
///
/// # Errors
/// When nothing of the group is there, or when none or all of it is.
pub(super) fn append(
    opened: &Opened,
    group: &[Append],
) -> Result<Vec<Result<(), AppendError>>, AppendError> {
    let mut committing = false;
    let appended = guarded(|| {
        let transaction = opened.database.begin_write()?;
        let mut appender = Appender::begin(&transaction, opened.watermark.row())?;
        let answers: Result<Vec<_>, _> = group.iter().map(|it| appender.add(it)).collect();
        let answers = answers?;
        if answers.iter().any(Result::is_ok) {
            let row = appender.end();
            committing = true;
            transaction.commit()?;
            opened.watermark.write(row)?;
        }
        Ok(answers)
    });
    appended.map_err(|error| {
        let why = error.to_string();
        if committing {
            AppendError::Unknown(why)
        } else {
            AppendError::Unavailable(why)
        }
    })
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
) -> Result<Result<Vec<Batch>, LoadError>, StoreError> {
    load_and_show(database, game, after, |_| {})
}

/// As [`load`], and shows each row, the last one first.
pub(super) fn load_and_show(
    database: &impl ReadableDatabase,
    game: GameId,
    after: u64,
    show: impl FnMut(Link<'_>),
) -> Result<Result<Vec<Batch>, LoadError>, StoreError> {
    guarded(|| {
        let transaction = database.begin_read()?;
        Ok(Chains::read(&transaction)?.load(game, after, show)?)
    })
}

//! The transactions of a journal: append, load, save the allocator state.

use redb::{Database, ReadableDatabase};

use islands_core::GameId;

use super::append::{Append, Appender};
use super::chain::{Link, ReadTables};
use super::open::OpenDatabase;
use super::store_error::{StoreError, catch_redb_panic};
use islands_engine::journal::{AppendError, Batch, LoadError};

/// Checks that a transaction can begin. It cannot after an I/O error, nor after a
/// panic that poisoned a lock.
pub(super) fn probe(database: &Database) -> Result<(), StoreError> {
    catch_redb_panic(|| Ok(database.begin_write()?.abort()?))
}

/// Saves redb's allocator state. Without it, redb scans the whole file when it opens
/// after a kill.
pub(super) fn save_allocator_state(database: &Database) -> Result<(), StoreError> {
    catch_redb_panic(|| {
        let mut transaction = database.begin_write()?;
        transaction.set_quick_repair(true);
        Ok(transaction.commit()?)
    })
}

/// Appends a group in one durable transaction, and returns an outcome for each append.
/// An append sees the earlier ones of its group.
///
/// # Errors
/// [`AppendError::Unavailable`] if nothing of the group was written,
/// [`AppendError::OutcomeUnknown`] if the commit failed: then all of it or nothing was.
pub(super) fn append(
    opened: &OpenDatabase,
    group: &[Append],
) -> Result<Vec<Result<(), AppendError>>, AppendError> {
    let mut committing = false;
    let appended = catch_redb_panic(|| {
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
            AppendError::OutcomeUnknown(why)
        } else {
            AppendError::Unavailable(why)
        }
    })
}

/// Returns the batches of a game that hold an event with a number above `after`.
///
/// # Errors
/// The outer error means that the file cannot be read, the inner one that this game
/// is damaged.
pub(super) fn load(
    database: &impl ReadableDatabase,
    game: GameId,
    after: u64,
) -> Result<Result<Vec<Batch>, LoadError>, StoreError> {
    load_and_visit(database, game, after, |_| {})
}

/// As [`load`], and calls `visit` with each row, from the last to the first.
pub(super) fn load_and_visit(
    database: &impl ReadableDatabase,
    game: GameId,
    after: u64,
    visit: impl FnMut(Link<'_>),
) -> Result<Result<Vec<Batch>, LoadError>, StoreError> {
    catch_redb_panic(|| {
        let transaction = database.begin_read()?;
        Ok(ReadTables::open(&transaction)?.load(game, after, visit)?)
    })
}

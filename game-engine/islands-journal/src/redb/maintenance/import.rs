//! Imports exported lines into a journal.

use std::io::BufRead;
use std::path::Path;

use islands_core::{Event, GameId, replay};
use redb::StorageError;
use thiserror::Error;

use super::super::append::{Append, Appender};
use super::super::chain::Link;
use super::super::open::{self, OpenDatabase};
use super::super::open_error::OpenError;
use super::super::store_error::{StoreError, catch_redb_panic};
use super::line::{ExportedGame, exported_games};
use crate::record::RecordKey;
use islands_engine::journal::to_unix_millis;

/// The number of batches after which a transaction is committed, at the end of a game.
const BATCHES_A_COMMIT: usize = 10_000;

/// Imports the games in these [lines](exported_games) into the journal in this file,
/// and returns how many are new. Creates the file if it does not exist. A game that the
/// journal already has with the same log stays as it is. Each transaction writes some
/// megabytes.
///
/// # Errors
/// [`ImportError`]. Games before the offending one may have been imported.
pub fn import(lines: impl BufRead, path: impl AsRef<Path>) -> Result<u64, ImportError> {
    let path = path.as_ref();
    let opened = open::open_without_writer(path).map_err(ImportError::Open)?;
    let imported = add_all(&opened, lines);
    let closed = catch_redb_panic(|| Ok(opened.database.close()?));
    let imported = imported?;
    closed.map_err(|error| ImportError::NotWritten(error.to_string()))?;
    Ok(imported)
}

fn add_all(opened: &OpenDatabase, lines: impl BufRead) -> Result<u64, ImportError> {
    let mut imported = 0;
    let mut waiting = Vec::new();
    let mut batches = 0;
    for game in exported_games(lines) {
        let game = game.map_err(ImportError::Line)?;
        let events: Vec<Event> = game
            .batches
            .iter()
            .flat_map(|batch| batch.events.clone())
            .collect();
        let played = replay(&events).map_err(|why| format!("game {}: {why}", game.id));
        played.map_err(ImportError::Line)?;
        batches += game.rows.len();
        waiting.push(game);
        if batches >= BATCHES_A_COMMIT {
            imported += add(opened, &waiting)?;
            waiting.clear();
            batches = 0;
        }
    }
    Ok(imported + add(opened, &waiting)?)
}

/// Adds games in one transaction. Fails if the journal has another log of one game.
fn add(opened: &OpenDatabase, games: &[ExportedGame]) -> Result<u64, ImportError> {
    let added = catch_redb_panic(|| {
        let transaction = opened.database.begin_write()?;
        let mut appender = Appender::begin(&transaction, opened.watermark.row())?;
        let mut imported = 0;
        for game in games {
            match existing(&appender, game)? {
                Existing::Nothing => insert(&mut appender, game)?,
                Existing::Same => continue,
                Existing::Other => return Ok(Err(ImportError::Taken(game.id))),
            }
            imported += 1;
        }
        let row = appender.end();
        transaction.commit()?;
        opened.watermark.write(row)?;
        Ok(Ok(imported))
    });
    added.unwrap_or_else(|error: StoreError| Err(ImportError::NotWritten(error.to_string())))
}

/// What the journal holds of a game: nothing, the same log, or another one.
enum Existing {
    Nothing,
    Same,
    Other,
}

fn existing(appender: &Appender<'_>, game: &ExportedGame) -> Result<Existing, StorageError> {
    let mut rows = Vec::new();
    let visit = |link: Link<'_>| rows.push((link.last, link.record.to_vec()));
    let log = appender.tables().load(game.id, 0, visit)?;
    rows.reverse();
    Ok(match log {
        Ok(log) if log.is_empty() => Existing::Nothing,
        Ok(_) if rows == game.rows => Existing::Same,
        _ => Existing::Other,
    })
}

fn insert(appender: &mut Appender<'_>, game: &ExportedGame) -> Result<(), redb::Error> {
    let mut expected = 0;
    for (batch, (last, record)) in game.batches.iter().zip(&game.rows) {
        let key = RecordKey {
            game: game.id,
            last: *last,
        };
        let added = appender.add(&Append {
            key,
            expected,
            at: to_unix_millis(batch.at),
            record: record.clone(),
        })?;
        added.map_err(|refused| redb::Error::Corrupted(refused.to_string()))?;
        expected = *last;
    }
    Ok(())
}

/// Why not all games were imported.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The journal cannot be opened.
    #[error(transparent)]
    Open(OpenError),
    /// A line is not as it was exported. Says which line, and what is wrong with it.
    #[error("not what was exported: {0}")]
    Line(String),
    /// The journal has a game with this id and another log.
    #[error("the journal has another game {0}: import into a new file")]
    Taken(GameId),
    /// The journal could not be written.
    #[error("the journal cannot be written: {0}")]
    NotWritten(String),
}

//! From lines to a journal.

use std::fmt;
use std::io::BufRead;
use std::path::Path;

use islands_core::{Event, GameId, replay};
use redb::{ReadableTable, WriteTransaction};

use super::super::failure::{Failure, guarded};
use super::super::open::{self, OpenError, Opened};
use super::super::schema::{BATCHES, HEADS, of};
use super::super::store;
use super::line::{ExportedGame, exported_games};

/// How many batches one transaction takes, and those of one game more.
const BATCHES_A_COMMIT: usize = 10_000;

/// Adds the games in these [lines](exported_games) to the journal in this file,
/// which is made if it is not there, and says how many are new. A game that is
/// there already, with the same log, stays as it is. One game at a time is read,
/// and some megabytes are written at a time.
///
/// # Errors
/// [`ImportError`]. The games before the one that it is about may be there.
pub fn import(lines: impl BufRead, path: impl AsRef<Path>) -> Result<u64, ImportError> {
    let path = path.as_ref();
    let opened = open::alone(path).map_err(ImportError::Open)?;
    let imported = add_all(&opened, lines);
    let closed = guarded(|| Ok(opened.database.close()?));
    let imported = imported?;
    closed.map_err(|failure| ImportError::NotWritten(failure.to_string()))?;
    Ok(imported)
}

fn add_all(opened: &Opened, lines: impl BufRead) -> Result<u64, ImportError> {
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

/// Adds these games in one transaction, unless one of them is another one here.
fn add(opened: &Opened, games: &[ExportedGame]) -> Result<u64, ImportError> {
    let added = guarded(|| {
        let transaction = opened.database.begin_write()?;
        let mut imported = 0;
        for game in games {
            match found(&transaction, game)? {
                Found::Nothing => insert(&transaction, game)?,
                Found::Same => continue,
                Found::Other => return Ok(Err(ImportError::Taken(game.id))),
            }
            imported += 1;
        }
        let number = store::count(&transaction)?;
        transaction.commit()?;
        opened.witness.write(number)?;
        Ok(Ok(imported))
    });
    added.unwrap_or_else(|failure: Failure| Err(ImportError::NotWritten(failure.to_string())))
}

/// What the journal has of a game.
enum Found {
    Nothing,
    Same,
    Other,
}

fn found(transaction: &WriteTransaction, game: &ExportedGame) -> Result<Found, redb::Error> {
    let id = game.id.to_bytes();
    let batches = transaction.open_table(BATCHES)?;
    let heads = transaction.open_table(HEADS)?;
    let head = heads.get(&id)?.map(|head| *head.value());
    let mut there = batches.range(of(&id, 0))?;
    if head.is_none() && batches.range(of(&id, 0))?.next().is_none() {
        return Ok(Found::Nothing);
    }
    for (last, record) in &game.rows {
        let row = there.next().transpose()?;
        if row.is_none_or(|(key, there)| key.value().1 != *last || there.value() != record) {
            return Ok(Found::Other);
        }
    }
    let ends = there.next().is_none() && head == Some(game.head().to_bytes(game.id));
    Ok(if ends { Found::Same } else { Found::Other })
}

fn insert(transaction: &WriteTransaction, game: &ExportedGame) -> Result<(), redb::Error> {
    let id = game.id.to_bytes();
    let mut batches = transaction.open_table(BATCHES)?;
    for (last, record) in &game.rows {
        batches.insert((&id, *last), record.as_slice())?;
    }
    let mut heads = transaction.open_table(HEADS)?;
    heads.insert(&id, &game.head().to_bytes(game.id))?;
    Ok(())
}

/// Why not all games were imported.
#[derive(Debug)]
pub enum ImportError {
    /// There is no journal to import them to.
    Open(OpenError),
    /// A line is not what was exported: which one, and what is wrong with it.
    Line(String),
    /// The journal has a game of this id with another log.
    Taken(GameId),
    /// The journal could not be written.
    NotWritten(String),
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ImportError::Open(error) => write!(f, "{error}"),
            ImportError::Line(what) => write!(f, "not what was exported: {what}"),
            ImportError::Taken(game) => write!(
                f,
                "the journal has another game {game}: import into a new file"
            ),
            ImportError::NotWritten(why) => write!(f, "the journal cannot be written: {why}"),
        }
    }
}

impl std::error::Error for ImportError {}

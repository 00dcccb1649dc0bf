//! Checks the journal against the history.

use std::io::BufReader;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use history::{Batch, Entry, History, Report};
use islands_core::GameId;
use islands_engine::journal::Journal;
use islands_journal::{OpenErrorKind, RedbJournal};
use tokio::time::sleep;

use crate::program::journal_in;

/// The file of a kept history, beside the journal.
const HISTORY: &str = "history.jsonl";

/// The entries of some games at some moment.
pub(crate) type EntriesByGame = Vec<(GameId, Vec<Entry>)>;

/// Copies the entries of these games.
pub(crate) fn entries_of(history: &History, games: Vec<GameId>) -> EntriesByGame {
    let entries = |game| (game, history.entries(game));
    games.into_iter().map(entries).collect()
}

/// Checks the entries against a journal that no server has open.
///
/// # Errors
/// If the journal cannot be read, or a log in it.
pub(crate) async fn check(journal: &Path, entries_by_game: EntriesByGame) -> Result<Report> {
    let journal = open(journal).await?;
    let mut logs = Vec::with_capacity(entries_by_game.len());
    for (game, entries) in entries_by_game {
        let log = journal.load(game, 0).await;
        let log = log.with_context(|| format!("the log of game {game} cannot be read"))?;
        let batches = log.into_iter().map(|batch| Batch {
            by: batch.by,
            command_id: batch.command_id.map(|id| id.as_str().to_owned()),
            events: batch.events,
        });
        logs.push((game, entries, batches.collect::<Vec<_>>()));
    }
    let checked = tokio::task::spawn_blocking(move || {
        journal.close();
        let mut report = Report::default();
        for (game, entries, log) in logs {
            report.add(history::check(game, &entries, &log));
        }
        report
    });
    Ok(checked.await?)
}

/// Opens a journal that no server has open.
///
/// Retries while the file is locked: a process that this program is starting holds
/// all its files, locks included, until it executes its own program.
async fn open(journal: &Path) -> Result<RedbJournal> {
    let mut tries = 50;
    loop {
        let path = journal.to_owned();
        let opened = tokio::task::spawn_blocking(move || RedbJournal::open(path)).await?;
        tries -= 1;
        match opened {
            Err(error) if tries > 0 && matches!(error.kind, OpenErrorKind::Locked) => {
                sleep(Duration::from_millis(20)).await;
            }
            opened => return Ok(opened?),
        }
    }
}

/// Writes the history into this folder.
///
/// # Errors
/// If it cannot be written.
pub(crate) fn save_history(history: &History, folder: &Path) -> Result<()> {
    let file = std::fs::File::create(folder.join(HISTORY))?;
    history.write(&mut std::io::BufWriter::new(file))?;
    Ok(())
}

/// Checks the history in a folder against the journal beside it.
///
/// # Errors
/// If the history or the journal cannot be read.
pub(crate) async fn check_saved(folder: &Path) -> Result<Report> {
    let path = folder.join(HISTORY);
    let file = std::fs::File::open(&path).with_context(|| path.display().to_string())?;
    let history = History::read(BufReader::new(file))?;
    check(&journal_in(folder), entries_of(&history, history.games())).await
}

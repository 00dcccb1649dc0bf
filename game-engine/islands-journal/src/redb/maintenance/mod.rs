//! Checks a journal's file, exports it as lines of text, and imports such lines, while
//! no server has the file.
//!
//! Only [`import()`] changes a file. In memory, [`check`] and [`export`] hold one game at
//! a time and some bytes of every game, [`import()`] some megabytes of games. redb adds a
//! cache of 64 MiB and the pages that it repairs.

mod as_test;
mod copy_on_write;
mod import;
mod line;
mod scanner;

use std::fmt;
use std::io::{self, Write};
use std::path::Path;

use islands_core::GameId;
use thiserror::Error;

pub use self::import::{ImportError, import};
pub use self::line::{ExportedGame, ExportedGames, exported_games};

use self::scanner::JournalScanner;
use super::open_error::OpenError;

/// The counts that a check or an export of a file returns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Number of sound games.
    pub games: u64,
    /// Number of events in these games.
    pub events: u64,
    /// Number of games that are damaged, or that the rules do not allow.
    pub damaged: u64,
    /// Number of problems of the file that concern no single game.
    pub problems: u64,
}

impl Summary {
    /// Whether no damage and no problem was found.
    pub fn is_sound(&self) -> bool {
        self.damaged == 0 && self.problems == 0
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Summary {
            games,
            events,
            damaged,
            ..
        } = self;
        let games = games + damaged;
        write!(f, "{games} games, {events} events, {damaged} damaged")
    }
}

/// Checks the whole file without changing it: every page's checksum, every record's
/// checksum and version, the numbers of all events, both ends of every log, whether the
/// rules allow each log, and whether every row belongs to a game. Calls `report` with one
/// line for each problem.
///
/// # Errors
/// [`OpenError`] if the file is no journal, or another process has it open.
pub fn check(path: impl AsRef<Path>, report: &mut dyn FnMut(&str)) -> Result<Summary, OpenError> {
    let mut scanner = JournalScanner::open(path.as_ref())?;
    let mut summary = Summary::default();
    for problem in scanner.file_problems()? {
        summary.problems += 1;
        report(&problem);
    }
    let mut rows = 0;
    let count = |game: &scanner::IntactGame| {
        rows += game.rows.len() as u64;
        Ok(())
    };
    scan_games(&mut scanner, &mut summary, report, count).ok();
    // In a damaged file, extra rows may belong to a game that was reported already.
    if summary.is_sound() {
        let problem = match scanner.rows() {
            Ok(all) if all == rows => return Ok(summary),
            Ok(all) => format!("of {all} rows {rows} are of a game"),
            Err(error) => error.to_string(),
        };
        summary.problems += 1;
        report(&problem);
    }
    Ok(summary)
}

/// Exports every sound game as [lines](exported_games), in the order of their ids.
/// Calls `report` with one line for each damaged game, and if no further game is found.
///
/// # Errors
/// [`ExportError`] if the file cannot be opened, or the lines cannot be written.
pub fn export(
    path: impl AsRef<Path>,
    out: &mut dyn Write,
    report: &mut dyn FnMut(&str),
) -> Result<Summary, ExportError> {
    let mut scanner = JournalScanner::open(path.as_ref()).map_err(ExportError::Open)?;
    let mut summary = Summary::default();
    scan_games(&mut scanner, &mut summary, report, |game| {
        line::write_game(out, game.id, &game.rows)
    })
    .and_then(|()| line::write_end(out, summary.games, summary.events))
    .and_then(|()| out.flush())
    .map_err(ExportError::NotWritten)?;
    Ok(summary)
}

/// Exports a game as a Rust test that replays it: the content of a file for this
/// crate's `tests` folder.
///
/// # Errors
/// [`ExportError`] if the game does not exist or is damaged, or if the file cannot be
/// opened or the test cannot be written.
pub fn export_as_test(
    path: impl AsRef<Path>,
    game: GameId,
    out: &mut dyn Write,
) -> Result<(), ExportError> {
    let mut scanner = JournalScanner::open(path.as_ref()).map_err(ExportError::Open)?;
    let game = scanner.game(game).map_err(ExportError::Game)?;
    as_test::write_test(out, &game)
        .and_then(|()| out.flush())
        .map_err(ExportError::NotWritten)
}

/// Calls `with` for each sound game, and reports and counts the others.
fn scan_games(
    scanner: &mut JournalScanner,
    summary: &mut Summary,
    report: &mut dyn FnMut(&str),
    mut with: impl FnMut(&scanner::IntactGame) -> io::Result<()>,
) -> io::Result<()> {
    while let Some(game) = scanner.next() {
        match game {
            Ok(game) => {
                with(&game)?;
                summary.games += 1;
                summary.events += game.game.seq();
            }
            Err(scanner::Problem::OfGame(what)) => {
                summary.damaged += 1;
                report(&what);
            }
            Err(scanner::Problem::OfFile(what)) => {
                summary.problems += 1;
                report(&what);
                break;
            }
        }
    }
    Ok(())
}

/// Why an export failed.
#[derive(Debug, Error)]
pub enum ExportError {
    /// The file is no journal, or another process has it open.
    #[error(transparent)]
    Open(OpenError),
    /// The game is damaged, or does not exist.
    #[error("{0}")]
    Game(String),
    /// The output could not be written.
    #[error("the lines cannot be written: {0}")]
    NotWritten(io::Error),
}

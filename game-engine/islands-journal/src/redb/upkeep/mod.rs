//! What can be done with the file of a journal while no server has it: look whether
//! it is sound, write it as lines of text, and make a journal of such lines.
//!
//! Only [`import`] changes a file. All of them hold one game at a time in memory,
//! some bytes of each, and what redb needs to read its file: 64 MB of it, and the
//! pages that it repairs.

mod as_test;
mod frozen;
mod import;
mod line;
mod survey;

use std::fmt;
use std::io::{self, Write};
use std::path::Path;

use islands_core::GameId;
use thiserror::Error;

pub use self::import::{ImportError, import};
pub use self::line::{ExportedGame, ExportedGames, exported_games};

use self::survey::Survey;
use super::open_error::OpenError;

/// What a file holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// The sound games.
    pub games: u64,
    /// The events of these games.
    pub events: u64,
    /// The games that are not as they were written, or could not have been played.
    pub damaged: u64,
    /// What is wrong with the file beside its games.
    pub problems: u64,
}

impl Contents {
    /// Whether everything is as it was written.
    pub fn is_sound(&self) -> bool {
        self.damaged == 0 && self.problems == 0
    }
}

impl fmt::Display for Contents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Contents {
            games,
            events,
            damaged,
            ..
        } = self;
        let games = games + damaged;
        write!(f, "{games} games, {events} events, {damaged} damaged")
    }
}

/// Reads the whole file without changing it: every page's checksum, every record's
/// checksum and version, the numbers of all events, both ends of every log, whether
/// each log could have been played, and whether a row is left over. Tells of each
/// problem in a line.
///
/// # Errors
/// [`OpenError`] when it is no journal at all, or another process has it.
pub fn check(path: impl AsRef<Path>, tell: &mut dyn FnMut(&str)) -> Result<Contents, OpenError> {
    let mut survey = Survey::open(path.as_ref())?;
    let mut contents = Contents::default();
    for problem in survey.problems_of_file()? {
        contents.problems += 1;
        tell(&problem);
    }
    let mut rows = 0;
    let count = |game: &survey::IntactGame| {
        rows += game.rows.len() as u64;
        Ok(())
    };
    walk(&mut survey, &mut contents, tell, count).ok();
    // Otherwise what is left over may be of a game that was told of.
    if contents.is_sound() {
        let problem = match survey.rows() {
            Ok(all) if all == rows => return Ok(contents),
            Ok(all) => format!("of {all} rows {rows} are of a game"),
            Err(error) => error.to_string(),
        };
        contents.problems += 1;
        tell(&problem);
    }
    Ok(contents)
}

/// Writes every sound game as [lines](exported_games), in the order of their ids,
/// and tells of each other one in a line.
///
/// # Errors
/// When the file cannot be read, or the lines not be written.
pub fn export(
    path: impl AsRef<Path>,
    out: &mut dyn Write,
    tell: &mut dyn FnMut(&str),
) -> Result<Contents, ExportError> {
    let mut survey = Survey::open(path.as_ref()).map_err(ExportError::Open)?;
    let mut contents = Contents::default();
    walk(&mut survey, &mut contents, tell, |game| {
        line::write_game(out, game.id, &game.rows)
    })
    .and_then(|()| line::write_end(out, contents.games, contents.events))
    .and_then(|()| out.flush())
    .map_err(ExportError::NotWritten)?;
    Ok(contents)
}

/// Writes a game as a test in Rust that plays it again: the content of a file for
/// the folder `tests` of this crate.
///
/// # Errors
/// When there is no such game, or it is damaged, or the test cannot be written.
pub fn export_as_test(
    path: impl AsRef<Path>,
    game: GameId,
    out: &mut dyn Write,
) -> Result<(), ExportError> {
    let mut survey = Survey::open(path.as_ref()).map_err(ExportError::Open)?;
    let game = survey.game(game).map_err(ExportError::Game)?;
    as_test::write_test(out, &game)
        .and_then(|()| out.flush())
        .map_err(ExportError::NotWritten)
}

/// Goes through all games, and does something with each one that is sound.
fn walk(
    survey: &mut Survey,
    contents: &mut Contents,
    tell: &mut dyn FnMut(&str),
    mut with: impl FnMut(&survey::IntactGame) -> io::Result<()>,
) -> io::Result<()> {
    while let Some(game) = survey.next() {
        match game {
            Ok(game) => {
                with(&game)?;
                contents.games += 1;
                contents.events += game.game.seq();
            }
            Err(survey::Problem::OfGame(what)) => {
                contents.damaged += 1;
                tell(&what);
            }
            Err(survey::Problem::OfFile(what)) => {
                contents.problems += 1;
                tell(&what);
                break;
            }
        }
    }
    Ok(())
}

/// Why there are no lines, or not all of them.
#[derive(Debug, Error)]
pub enum ExportError {
    /// It is no journal, or another process has it.
    #[error(transparent)]
    Open(OpenError),
    /// The game is damaged, or not there.
    #[error("{0}")]
    Game(String),
    /// What was to be written could not be.
    #[error("the lines cannot be written: {0}")]
    NotWritten(io::Error),
}

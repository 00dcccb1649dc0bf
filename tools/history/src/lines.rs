//! Stores a history as lines of JSON, one for each entry, so that a history that
//! shows a fault can be kept and checked again.

use std::fmt;
use std::io::{self, BufRead, Write};

use islands_core::GameId;

use crate::entry::Entry;
use crate::record::History;

impl History {
    /// Writes all entries, one a line: game after game, each in its order.
    ///
    /// # Errors
    /// An error of the writer.
    pub fn write(&self, to: &mut impl Write) -> io::Result<()> {
        for game in self.games() {
            for entry in &self.entries(game) {
                serde_json::to_writer(&mut *to, &(game, entry))?;
                writeln!(to)?;
            }
        }
        to.flush()
    }

    /// Reads a history that [`write`](History::write) wrote.
    ///
    /// # Errors
    /// [`Unreadable`], with the number of the first line that is no entry.
    pub fn read(from: impl BufRead) -> Result<History, Unreadable> {
        let history = History::new();
        for (place, line) in from.lines().enumerate() {
            let unreadable = |why: String| Unreadable {
                line: place + 1,
                why,
            };
            let line = line.map_err(|error| unreadable(error.to_string()))?;
            let (game, entry) = serde_json::from_str::<(String, Entry)>(&line)
                .map_err(|error| unreadable(error.to_string()))?;
            let game = game
                .parse::<GameId>()
                .map_err(|error| unreadable(error.to_string()))?;
            history.extend(game, [entry]);
        }
        Ok(history)
    }
}

/// The error for a file that is no history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The number of the first line that is no entry, counted from 1.
    pub line: usize,
    /// Why the line is no entry.
    pub why: String,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "line {} is no entry of a history: {}",
            self.line, self.why
        )
    }
}

impl std::error::Error for Unreadable {}

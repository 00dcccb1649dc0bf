//! The export format: a journal as lines of text, readable for ever.
//!
//! Each batch is a line of JSON. The batches of a game follow one another, and the
//! games are in the order of their ids:
//!
//! ```text
//! {"game":"ugq2dinbugq2dinb","last":1,"of":34,"crc":"9f3c00aa","record":{"v":1,"at":0,…}}
//! ```
//!
//! - `game`: the id of the game.
//! - `last`: the number of the batch's last event.
//! - `of`: the number of the game's last event, the same in all of its lines.
//! - `crc`: CRC-32 (IEEE) of the ten bytes of the id, the eight bytes of `last`
//!   (little-endian) and the text of the record, as eight hexadecimal digits.
//! - `record`: the record, byte for byte as the journal keeps it.
//!
//! After the last game a line counts the games and events before it, so that a
//! truncated export is noticed. Several exports may follow one another.
//!
//! ```text
//! {"games":5,"events":217}
//! ```

use std::io::{self, BufRead, Read, Write};

use islands_core::{GameId, InvalidGameId};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::record::{self, RecordKey};
use islands_engine::journal::{Batch, LoadError};

/// Maximum length of a line in bytes: a hundred times what a batch takes.
const MAX_LINE_LEN: u64 = 64 * 1024;

/// Maximum batches in a game: ten times what the rules allow.
const MAX_BATCHES: usize = 10_000;

/// A game that was read from lines and verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportedGame {
    /// The game's id.
    pub id: GameId,
    /// Its whole log.
    pub batches: Vec<Batch>,
    /// The records of the log, each with the number of its last event.
    pub(super) rows: Vec<(u64, Vec<u8>)>,
}

/// Writes the lines of a game.
pub(super) fn write_game(
    out: &mut dyn Write,
    id: GameId,
    rows: &[(u64, Vec<u8>)],
) -> io::Result<()> {
    let of = rows.last().map_or(0, |(last, _)| *last);
    for (last, record) in rows {
        let (crc, json) = record
            .split_first_chunk()
            .ok_or(io::ErrorKind::InvalidData)?;
        let crc = u32::from_le_bytes(*crc);
        write!(
            out,
            r#"{{"game":"{id}","last":{last},"of":{of},"crc":"{crc:08x}","record":"#
        )?;
        out.write_all(json)?;
        out.write_all(b"}\n")?;
    }
    Ok(())
}

/// Writes the end line of an export, which counts games and events.
pub(super) fn write_end(out: &mut dyn Write, games: u64, events: u64) -> io::Result<()> {
    writeln!(out, r#"{{"games":{games},"events":{events}}}"#)
}

/// Reads exported games from lines, one at a time, and stops after the first error.
/// An error is one line of text that names the offending line.
pub fn exported_games<R: BufRead>(lines: R) -> ExportedGames<R> {
    ExportedGames {
        lines,
        number: 0,
        games: 0,
        events: 0,
        ended: false,
    }
}

/// The iterator that [`exported_games`] returns.
#[derive(Debug)]
pub struct ExportedGames<R> {
    lines: R,
    /// The number of the last line read.
    number: u64,
    /// Games and events read since the last end line.
    games: u64,
    events: u64,
    ended: bool,
}

/// The line of a batch.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    game: String,
    last: u64,
    of: u64,
    crc: String,
    record: Box<RawValue>,
}

/// The end line of an export, which counts games and events.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct End {
    games: u64,
    events: u64,
}

/// The beginning of an end line.
const END: &[u8] = b"{\"games\":";

impl<R: BufRead> Iterator for ExportedGames<R> {
    type Item = Result<ExportedGame, String>;

    fn next(&mut self) -> Option<Result<ExportedGame, String>> {
        if self.ended {
            return None;
        }
        let game = self.game();
        self.ended = !matches!(game, Ok(Some(_)));
        game.map_err(|what| format!("line {}: {what}", self.number))
            .transpose()
    }
}

impl<R: BufRead> ExportedGames<R> {
    /// Reads the next game; `None` after the last one.
    fn game(&mut self) -> Result<Option<ExportedGame>, String> {
        let first = match self.line()? {
            Some(line) => line,
            None if self.games == 0 => return Ok(None),
            None => {
                let what = "the lines end without the one that says how many games there are";
                return Err(format!("{what}; {} came before", self.games));
            }
        };
        let mut game = PartialGame::begin(&first)?;
        game.add(&first)?;
        while game.last < game.of {
            match self.line()? {
                Some(line) if line.game == first.game && game.rows.len() < MAX_BATCHES => {
                    game.add(&line)?;
                }
                _ => return Err(game.cut_off()),
            }
        }
        let game = game.end()?;
        self.games += 1;
        self.events += first.of;
        Ok(Some(game))
    }

    /// Reads the next line of a batch; `None` at the end. Verifies the counts
    /// of each end line on the way.
    fn line(&mut self) -> Result<Option<Line>, String> {
        loop {
            let mut text = Vec::new();
            self.number += 1;
            let read = (&mut self.lines)
                .take(MAX_LINE_LEN)
                .read_until(b'\n', &mut text);
            match read.map_err(|error| error.to_string())? as u64 {
                0 => return Ok(None),
                MAX_LINE_LEN => return Err(format!("it is longer than {MAX_LINE_LEN} bytes")),
                _ if text.trim_ascii().is_empty() => {}
                _ if text.starts_with(END) => self.end(&text)?,
                _ => {
                    return serde_json::from_slice(&text)
                        .map_err(|e| e.to_string())
                        .map(Some);
                }
            }
        }
    }

    fn end(&mut self, text: &[u8]) -> Result<(), String> {
        let End { games, events } = serde_json::from_slice(text).map_err(|e| e.to_string())?;
        if (games, events) != (self.games, self.events) {
            return Err(format!(
                "{games} games with {events} events should come before it, and {} with {} do",
                self.games, self.events
            ));
        }
        (self.games, self.events) = (0, 0);
        Ok(())
    }
}

/// A game whose lines are being read and verified: checksums must match, event numbers
/// must have no gap from batch to batch, and the log must end where each line says.
struct PartialGame {
    id: GameId,
    batches: Vec<Batch>,
    rows: Vec<(u64, Vec<u8>)>,
    last: u64,
    of: u64,
}

impl PartialGame {
    fn begin(first: &Line) -> Result<PartialGame, String> {
        let name = &first.game;
        let id = name.parse();
        let id: GameId = id.map_err(|why: InvalidGameId| format!("game {name:?}: {why}"))?;
        Ok(PartialGame {
            id,
            batches: Vec::new(),
            rows: Vec::new(),
            last: 0,
            of: first.of,
        })
    }

    fn add(&mut self, line: &Line) -> Result<(), String> {
        let PartialGame { id, of, .. } = self;
        if line.of != *of {
            let other = line.of;
            return Err(format!(
                "game {id} has {of} events in one line and {other} in another"
            ));
        }
        let crc = match line.crc.len() {
            8 => u32::from_str_radix(&line.crc, 16).map_err(|why| why.to_string())?,
            _ => return Err("a crc has eight hexadecimal digits".into()),
        };
        let record = [&crc.to_le_bytes(), line.record.get().as_bytes()].concat();
        let key = RecordKey {
            game: self.id,
            last: line.last,
        };
        let batch = record::decode(key, &record).map_err(LoadError::into_text)?;
        if line.last.checked_sub(batch.events.len() as u64) != Some(self.last) {
            let what = format!("what is before it does not end with event {}", self.last);
            return Err(key.damaged(&what).into_text());
        }
        self.last = line.last;
        self.batches.push(batch);
        self.rows.push((line.last, record));
        Ok(())
    }

    fn cut_off(&self) -> String {
        let PartialGame { id, last, of, .. } = self;
        format!("game {id} is cut off: event {last} of {of} came before")
    }

    fn end(self) -> Result<ExportedGame, String> {
        let PartialGame { id, last, of, .. } = self;
        if last != of {
            return Err(format!("game {id} has {last} events and should have {of}"));
        }
        Ok(ExportedGame {
            id,
            batches: self.batches,
            rows: self.rows,
        })
    }
}

//! Encodes a batch as a record, and decodes records.
//!
//! A record is a checksum and a line of JSON. The line names its format version, so
//! that this program or another can read every record that was ever written:
//!
//! ```text
//! {"v":1,"at":1735689600000,"by":"player1","id":"9f3c","events":[{"islands_set":{"by":"player1"}}]}
//! ```
//!
//! The checksum covers the record's key as well as its JSON, so it detects an
//! altered row and also a row that is stored under another key.

mod event;
mod game_config;

use crc32fast::Hasher;
use islands_core::{Event, GameId, Player};
use islands_engine::journal::{Batch, LoadError, from_unix_millis, to_unix_millis};
use islands_engine::{CommandId, GameConfig};
use serde::{Deserialize, Serialize};

use self::event::EventRecord;
use self::game_config::GameConfigRecord;

/// The format version that is written, and the newest that can be read.
const VERSION: u32 = 1;

/// The beginning of every line of this version.
const BEGINNING: &[u8] = b"{\"v\":1,";

/// The length of a checksum in bytes.
const CHECKSUM_LEN: usize = size_of::<u32>();

/// The key of a record: its game and its last event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RecordKey {
    /// The game.
    pub(crate) game: GameId,
    /// The number of the last event in the batch.
    pub(crate) last: u64,
}

/// Encodes a batch as a record: CRC-32 (IEEE, little-endian), then JSON.
///
/// # Errors
/// Says why the batch cannot be stored: it has no event, or cannot be serialized.
pub(crate) fn encode(key: RecordKey, batch: &Batch) -> Result<Vec<u8>, String> {
    // Without an event, its key would be the key of the batch before it.
    if batch.events.is_empty() {
        return Err("a batch has at least one event".into());
    }
    let mut bytes = vec![0; CHECKSUM_LEN];
    serde_json::to_writer(&mut bytes, &BatchRecord::from(batch)).map_err(|e| e.to_string())?;
    let checksum = checksum(key, &bytes[CHECKSUM_LEN..]);
    bytes[..CHECKSUM_LEN].copy_from_slice(&checksum.to_le_bytes());
    Ok(bytes)
}

/// Decodes the record that is stored under `key`.
///
/// # Errors
/// [`LoadError::Damaged`] names the game, the event and what is wrong.
pub(crate) fn decode(key: RecordKey, bytes: &[u8]) -> Result<Batch, LoadError> {
    read(key, bytes).map_err(|what| key.damaged(&what))
}

fn read(key: RecordKey, bytes: &[u8]) -> Result<Batch, String> {
    let (stored, json) = bytes
        .split_first_chunk::<CHECKSUM_LEN>()
        .ok_or("the record is cut off")?;
    if u32::from_le_bytes(*stored) != checksum(key, json) {
        return Err("the checksum does not match".into());
    }
    // Most lines begin with the current version and need no separate parse of it.
    let version = match json.starts_with(BEGINNING) {
        true => VERSION,
        false => {
            let Version { v } = serde_json::from_slice(json).map_err(|e| e.to_string())?;
            v
        }
    };
    match version {
        VERSION => serde_json::from_slice::<BatchRecord>(json)
            .map_err(|e| e.to_string())?
            .try_into(),
        0 => Err("there is no version 0 of a record".into()),
        newer => Err(format!(
            "record version {newer} is newer than this program knows ({VERSION})"
        )),
    }
}

fn checksum(key: RecordKey, json: &[u8]) -> u32 {
    let mut hasher = Hasher::new();
    hasher.update(&key.game.to_bytes());
    hasher.update(&key.last.to_le_bytes());
    hasher.update(json);
    hasher.finalize()
}

impl RecordKey {
    /// Returns the error for a damaged record under this key.
    pub(crate) fn damaged(self, what: &str) -> LoadError {
        LoadError::Damaged(format!("event {} of game {}: {what}", self.last, self.game))
    }
}

/// The field that every version of a record has.
#[derive(Deserialize)]
struct Version {
    v: u32,
}

/// A record of version 1. An unknown field is an error: a newer program may have
/// added it without a new version, and ignoring it would silently lose data.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BatchRecord {
    v: u32,
    /// Milliseconds since 1970.
    at: u64,
    by: PlayerRecord,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    opening: Option<GameConfigRecord>,
    events: Vec<EventRecord>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum PlayerRecord {
    Player1,
    Player2,
}

impl From<&Batch> for BatchRecord {
    fn from(batch: &Batch) -> BatchRecord {
        BatchRecord {
            v: VERSION,
            at: to_unix_millis(batch.at),
            by: batch.by.into(),
            id: batch.command_id.as_ref().map(|id| id.as_str().to_owned()),
            opening: batch.config.as_ref().map(GameConfigRecord::from),
            events: batch.events.iter().map(EventRecord::from).collect(),
        }
    }
}

impl TryFrom<BatchRecord> for Batch {
    type Error = String;

    fn try_from(record: BatchRecord) -> Result<Batch, String> {
        if record.events.is_empty() {
            return Err("the record has no event".into());
        }
        let id = record.id.as_deref().map(CommandId::new).transpose();
        let events: Result<Vec<_>, _> = record.events.into_iter().map(Event::try_from).collect();
        Ok(Batch {
            at: from_unix_millis(record.at),
            by: record.by.into(),
            command_id: id.map_err(|why| why.to_string())?,
            config: record.opening.map(GameConfig::try_from).transpose()?,
            events: events?,
        })
    }
}

impl From<Player> for PlayerRecord {
    fn from(player: Player) -> PlayerRecord {
        match player {
            Player::One => PlayerRecord::Player1,
            Player::Two => PlayerRecord::Player2,
        }
    }
}

impl From<PlayerRecord> for Player {
    fn from(seat: PlayerRecord) -> Player {
        match seat {
            PlayerRecord::Player1 => Player::One,
            PlayerRecord::Player2 => Player::Two,
        }
    }
}

#[cfg(test)]
mod tests;

//! The record of an opening: what is decided when a game begins.

use islands_core::bot::{Strength, UnknownStrength};
use islands_core::{GameId, InvalidGameId};
use serde::{Deserialize, Serialize};

use super::PlayerRecord;
use islands_engine::{Bot, Opening};

/// An [`Opening`] as version 1 writes it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OpeningRecord {
    #[serde(skip_serializing_if = "Option::is_none")]
    bot: Option<BotRecord>,
    listed: bool,
    rematch: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BotRecord {
    seat: PlayerRecord,
    strength: String,
    seed: u64,
}

impl From<&Opening> for OpeningRecord {
    fn from(opening: &Opening) -> OpeningRecord {
        OpeningRecord {
            bot: opening.bot.map(BotRecord::from),
            listed: opening.listed,
            rematch: opening.rematch.to_string(),
        }
    }
}

impl TryFrom<OpeningRecord> for Opening {
    type Error = String;

    fn try_from(record: OpeningRecord) -> Result<Opening, String> {
        Ok(Opening {
            bot: record.bot.map(Bot::try_from).transpose()?,
            listed: record.listed,
            rematch: game_id(&record.rematch)?,
        })
    }
}

impl From<Bot> for BotRecord {
    fn from(bot: Bot) -> BotRecord {
        BotRecord {
            seat: bot.seat.into(),
            strength: bot.strength.name().to_owned(),
            seed: bot.seed,
        }
    }
}

impl TryFrom<BotRecord> for Bot {
    type Error = String;

    fn try_from(record: BotRecord) -> Result<Bot, String> {
        let strength: Result<Strength, UnknownStrength> = record.strength.parse();
        Ok(Bot {
            seat: record.seat.into(),
            strength: strength.map_err(|why| format!("strength {:?}: {why}", record.strength))?,
            seed: record.seed,
        })
    }
}

/// Parses a game id.
pub(super) fn game_id(text: &str) -> Result<GameId, String> {
    let id: Result<GameId, InvalidGameId> = text.parse();
    id.map_err(|why| format!("game {text:?}: {why}"))
}

//! The record of a game's configuration, the field `opening` of its first batch.

use islands_core::bot::{Strength, UnknownStrength};
use islands_core::{GameId, InvalidGameId};
use serde::{Deserialize, Serialize};

use super::PlayerRecord;
use islands_engine::{Bot, GameConfig};

/// A [`GameConfig`] as version 1 writes it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GameConfigRecord {
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

impl From<&GameConfig> for GameConfigRecord {
    fn from(config: &GameConfig) -> GameConfigRecord {
        GameConfigRecord {
            bot: config.bot.map(BotRecord::from),
            listed: config.listed,
            rematch: config.rematch.to_string(),
        }
    }
}

impl TryFrom<GameConfigRecord> for GameConfig {
    type Error = String;

    fn try_from(record: GameConfigRecord) -> Result<GameConfig, String> {
        Ok(GameConfig {
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

//! Opens a rematch.

use std::time::SystemTime;

use islands_core::{Event, Player};

use super::{GameProcess, ProcessError};
use crate::game_config::{Bot, GameConfig};
use crate::game_id::random_game_id;
use crate::journal::{AppendError, Batch};

impl GameProcess {
    /// Opens the game of a rematch, before the event that announces it is appended. After
    /// a crash in between, the game exists already: the append conflicts, which counts as
    /// success.
    pub(super) async fn open_rematch(&self, events: &[Event]) -> Result<(), ProcessError> {
        let started = events.iter().find_map(|event| match event {
            Event::RematchStarted { game } => Some(*game),
            _ => None,
        });
        let Some(next) = started else {
            return Ok(());
        };
        let Some(events) = self.game.rematch() else {
            return Ok(());
        };
        let bot = self.config.bot.map(|bot| Bot {
            seat: bot.seat.opponent(),
            seed: fastrand::u64(..),
            ..bot
        });
        let batch = Batch {
            at: SystemTime::now(),
            by: Player::One,
            command_id: None,
            config: Some(GameConfig {
                bot,
                listed: false,
                rematch: random_game_id()?,
            }),
            events: events.into(),
        };
        match self.shared.journal.append(next, 0, batch).await {
            Ok(()) | Err(AppendError::Conflict { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

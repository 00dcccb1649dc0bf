//! Written by `cargo x generate`; changes here are lost.
//!
//! The process of one game: decide, append, apply, publish, and only then reply.

#[path = "../command.rs"]
mod command;
#[path = "../../../../../game-engine/islands-engine/src/game_process/rematch.rs"]
mod rematch;
#[path = "../../../../../game-engine/islands-engine/src/game_process/subscribing.rs"]
mod subscribing;

use std::sync::Arc;
use std::time::Duration;

use islands_core::{Command, Facts, Game, GameId, Player, PlayerView, Rejection, Reply};
use ractor::ActorRef;
use tokio::time::Instant;

use crate::admission::Admission;
use crate::call_error::CallError;
use crate::command_id::CommandId;
use crate::game_actor::{GameMessage, Shared};
use crate::game_config::GameConfig;
use crate::journal::AppendError;
use crate::metrics::GaugeGuard;
use crate::receipts::Receipts;
use crate::recovery::Recovered;
use crate::subscribers::Subscribers;
use crate::testing::Failpoint;

/// The state of a game process. The game, its configuration and the receipts are a cache of
/// the log, rebuilt at every start; the rest lives only as long as the process.
pub(crate) struct GameProcess {
    id: GameId,
    game: Game,
    config: GameConfig,
    receipts: Receipts,
    subscribers: Subscribers,
    /// Counts the game in the gauge of its state.
    state_gauge: GaugeGuard,
    /// Bounds the waiting callers, and holds the idle clock.
    admission: Arc<Admission>,
    shared: Arc<Shared>,
    myself: ActorRef<GameMessage>,
}

/// An accepted command, stored in the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The number of the last event of the command.
    pub seq: u64,
    /// The reply to its sender.
    pub reply: Reply,
}

/// Why a game process did not carry out a message.
pub(crate) enum ProcessError {
    /// Nothing has changed.
    Refused(CallError),
    /// The game may have changed: its log must be loaded again.
    OutcomeUnknown,
}

impl From<CallError> for ProcessError {
    fn from(error: CallError) -> ProcessError {
        ProcessError::Refused(error)
    }
}

impl From<Rejection> for ProcessError {
    fn from(rejection: Rejection) -> ProcessError {
        ProcessError::Refused(rejection.into())
    }
}

impl From<AppendError> for ProcessError {
    fn from(error: AppendError) -> ProcessError {
        tracing::warn!(%error, "an append failed");
        match error {
            AppendError::Unavailable(_) => ProcessError::Refused(CallError::JournalUnavailable),
            // A conflict: the journal has events that this process has not seen.
            AppendError::Conflict { .. } | AppendError::OutcomeUnknown(_) => {
                ProcessError::OutcomeUnknown
            }
        }
    }
}

impl GameProcess {
    pub(crate) fn new(
        id: GameId,
        recovered: Recovered,
        admission: Arc<Admission>,
        shared: Arc<Shared>,
        myself: ActorRef<GameMessage>,
    ) -> GameProcess {
        let now = Instant::now();
        GameProcess {
            id,
            state_gauge: shared.metrics.count_in_state(recovered.game.state_name()),
            game: recovered.game,
            config: recovered.config,
            receipts: recovered.receipts,
            subscribers: Subscribers::new(now),
            admission,
            shared,
            myself,
        }
    }

    /// Carries out a command of the computer player, unless the game has changed since
    /// the computer saw it.
    pub(crate) async fn carry_out_bot(
        &mut self,
        seq: u64,
        command: Command,
    ) -> Result<(), ProcessError> {
        if let Some(bot) = self.config.bot
            && seq == self.game.seq()
        {
            let id = CommandId::random();
            self.carry_out(bot.seat, command, id).await?;
        }
        Ok(())
    }

    /// Lets the computer player, if there is one, choose its next command after a pause.
    pub(crate) fn let_bot_think(&self, pause: Duration) {
        let Some(bot) = self.config.bot else { return };
        let view = PlayerView::of(&self.game, bot.seat);
        let (seq, myself) = (self.game.seq(), self.myself.clone());
        self.shared.bots.think(bot, view, pause, move |command| {
            // A game that has stopped lets its bot think again when it starts.
            let _ = myself.cast(GameMessage::BotCommand { seq, command });
        });
    }

    /// Returns the facts that the process knows and the sender of a command does not.
    fn facts(&self, by: Player, now: Instant) -> Facts {
        let opponent = by.opponent();
        let away = match self.config.bot {
            Some(bot) if bot.seat == opponent => Duration::ZERO,
            _ => self.subscribers.away(opponent, now),
        };
        Facts {
            opponent_away_ms: u64::try_from(away.as_millis()).unwrap_or(u64::MAX),
            rematch: self.config.rematch,
        }
    }

    /// Runs the action that a test has set at this failpoint.
    pub(crate) async fn failpoint(&self, failpoint: Failpoint) {
        let failpoints = &self.shared.settings.failpoints;
        failpoints.run(self.id, failpoint).await;
    }
}

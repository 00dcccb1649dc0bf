//! The process of one game: decide, append, apply, publish, and only then reply.

mod rematch;
mod subscribing;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use islands_core::{
    Command, Event, Facts, Game, GameId, Player, PlayerView, Rejection, Reply, decide,
};
use ractor::ActorRef;
use tokio::time::Instant;
use tracing::{Instrument, debug_span};

use crate::admission::Admission;
use crate::call_error::CallError;
use crate::command_id::CommandId;
use crate::game_actor::{GameMessage, Shared};
use crate::game_config::GameConfig;
use crate::journal::{AppendError, Batch};
use crate::metrics::GaugeGuard;
use crate::published_event::PublishedEvent;
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

    /// Carries out a command. A repeat of an accepted command changes nothing, and gets the
    /// same reply again.
    pub(crate) async fn carry_out(
        &mut self,
        by: Player,
        command: Command,
        id: CommandId,
    ) -> Result<Accepted, ProcessError> {
        if let Some(seq) = self.receipts.find(by, &id) {
            return Ok(self.repeat(by, seq).await?);
        }
        let now = Instant::now();
        let events = decide(&self.game, by, command, &self.facts(by, now))?;
        self.append(by, &id, &events).await?;
        let published = self.apply(&events);
        self.publish(&published).await;
        Ok(self.reply(by, id, &events))
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

    /// Appends the events to the journal. If they start a rematch, opens its game first.
    async fn append(
        &self,
        by: Player,
        id: &CommandId,
        events: &[Event],
    ) -> Result<(), ProcessError> {
        self.failpoint(Failpoint::Decided).await;
        let journal = &self.shared.journal;
        // An append would only make the sender wait for a journal that cannot be written.
        if !journal.is_writable() {
            return Err(CallError::JournalUnavailable.into());
        }
        self.open_rematch(events).await?;
        let batch = Batch {
            at: SystemTime::now(),
            by,
            command_id: Some(id.clone()),
            config: None,
            events: events.into(),
        };
        let began = Instant::now();
        let appended = journal.append(self.id, self.game.seq(), batch);
        let appended = appended.instrument(debug_span!("append")).await;
        let ended = Instant::now();
        self.shared.metrics.record_append(ended - began);
        appended?;
        self.admission.touch(ended);
        self.failpoint(Failpoint::Appended).await;
        Ok(())
    }

    /// Applies the events to the game, and returns each as its viewers see it. Without
    /// subscribers, returns none.
    fn apply(&mut self, events: &[Event]) -> Vec<Arc<PublishedEvent>> {
        let mut published = Vec::new();
        let before = self.game.state_name();
        for event in events {
            self.game.apply(event);
            if !self.subscribers.is_empty() {
                published.push(Arc::new(PublishedEvent::new(&self.game, event)));
            }
        }
        let now = self.game.state_name();
        if now != before {
            self.state_gauge = self.shared.metrics.count_in_state(now);
        }
        published
    }

    async fn publish(&mut self, published: &[Arc<PublishedEvent>]) {
        self.failpoint(Failpoint::Applied).await;
        for event in published {
            self.subscribers.publish(event);
        }
        self.failpoint(Failpoint::Published).await;
    }

    /// Remembers the command, so that a repeat gets the same reply; lets the computer player
    /// choose its next command; and builds the reply.
    fn reply(&mut self, by: Player, id: CommandId, events: &[Event]) -> Accepted {
        let seq = self.game.seq();
        self.receipts.add(by, id, seq);
        self.let_bot_think(Duration::ZERO);
        let reply = Reply::of(&self.game, by, events);
        Accepted { seq, reply }
    }

    /// Builds the reply to a command that was accepted before, from its batch.
    async fn repeat(&self, by: Player, seq: u64) -> Result<Accepted, CallError> {
        let journal = &self.shared.journal;
        let log = journal.load(self.id, seq.saturating_sub(1)).await;
        let batch = log.ok().and_then(|log| log.into_iter().next());
        // The command was carried out, but its reply needs the log: `Timeout` makes the
        // sender repeat it under the same id.
        let events = batch.ok_or(CallError::Timeout)?.events;
        let reply = Reply::of(&self.game, by, &events);
        Ok(Accepted { seq, reply })
    }

    /// Runs the action that a test has set at this failpoint.
    pub(crate) async fn failpoint(&self, failpoint: Failpoint) {
        let failpoints = &self.shared.settings.failpoints;
        failpoints.run(self.id, failpoint).await;
    }
}

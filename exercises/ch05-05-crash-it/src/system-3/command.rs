//! Written by `cargo x generate`; changes here are lost.
//!
//! A command, from its arrival to its reply.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use islands_core::{Command, Event, Player, Reply, decide};
use tokio::time::Instant;
use tracing::{Instrument, debug_span};

use super::{Accepted, GameProcess, ProcessError};
use crate::call_error::CallError;
use crate::command_id::CommandId;
use crate::journal::Batch;
use crate::published_event::PublishedEvent;
use crate::testing::Failpoint;

impl GameProcess {
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
        let events = decide(&self.game, by, command, &self.facts(by, Instant::now()))?;
        let appended = self.append(by, &id, &events).await;
        let published = self.apply(&events);
        appended?;
        self.publish(&published).await;
        Ok(self.reply(by, id, &events))
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

    /// Publishes the events to the subscribers.
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
}

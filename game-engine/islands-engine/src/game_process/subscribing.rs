//! Subscriptions, views and events of a game.

use std::sync::Arc;
use std::time::Duration;

use islands_core::{Rejection, StateName, View, Viewer};
use tokio::time::Instant;

use super::{GameProcess, ProcessError};
use crate::call_error::CallError;
use crate::published_event::PublishedEvent;
use crate::recovery::{self, RecoveryError};
use crate::subscribers::{CatchUp, EventStream, Subscription};

impl GameProcess {
    /// Starts a subscription. The process handles no other message meanwhile, so no event
    /// falls between `catch_up` and the queue.
    pub(crate) async fn subscribe(
        &mut self,
        viewer: Viewer,
        since: Option<u64>,
    ) -> Result<Subscription, ProcessError> {
        if self.subscribers.len() >= self.shared.settings.max_subscribers {
            return Err(CallError::Busy.into());
        }
        let seq = self.game.seq();
        let catch_up = match since {
            Some(since) if since == seq => CatchUp::Missed(Vec::new()),
            Some(since) if since < seq => CatchUp::Missed(self.load_since(since).await?),
            _ => CatchUp::View(Box::new(self.view(viewer))),
        };
        let (id, receiver) = self.subscribers.add(viewer);
        let events = EventStream::new(id, receiver, self.myself.clone());
        Ok(Subscription {
            seq,
            listed: self.config.listed,
            catch_up,
            events,
        })
    }

    pub(crate) fn unsubscribe(&mut self, id: u64) {
        let now = Instant::now();
        self.subscribers.remove(id, now);
        self.admission.touch(now);
    }

    pub(crate) fn view(&self, viewer: Viewer) -> View {
        View::of(&self.game, viewer)
    }

    /// Returns the events after `since` of a game that is over.
    pub(crate) async fn events(
        &self,
        since: u64,
    ) -> Result<Vec<Arc<PublishedEvent>>, ProcessError> {
        if !self.game.is_over() {
            let actual = self.game.state_name();
            let expected = &[StateName::GameOver];
            return Err(Rejection::WrongState { expected, actual }.into());
        }
        self.load_since(since).await
    }

    /// Returns whether the game may leave memory: it has no subscribers, no waiting
    /// callers, and its idle clock has reached `idle_after`. Only a stored command or the
    /// end of a subscription restarts that clock.
    pub(crate) fn is_idle(&self, idle_after: Duration) -> bool {
        self.subscribers.is_empty()
            && self.admission.idle_for() >= idle_after
            && self.admission.waiting() == 0
    }

    /// Loads the events after `since`. If the journal has more events than the game, an
    /// append of an earlier process was stored late, and the game must reload its log.
    async fn load_since(&self, since: u64) -> Result<Vec<Arc<PublishedEvent>>, ProcessError> {
        let missed = recovery::load_missed_events(&*self.shared.journal, self.id, since).await;
        let missed = missed.map_err(|error| match error {
            RecoveryError::NoSuchGame => CallError::NoSuchGame,
            RecoveryError::Unavailable => CallError::JournalUnavailable,
            RecoveryError::Damaged(error) => CallError::Quarantined { error },
        })?;
        match missed.last() {
            Some(last) if last.seq() > self.game.seq() => Err(ProcessError::OutcomeUnknown),
            _ => Ok(missed),
        }
    }
}

//! Calls for operators: metrics, inspection, the end of a quarantine, shutdown.

use std::sync::Arc;

use islands_core::GameId;
use prometheus_client::registry::Registry as MetricsRegistry;
use serde::Serialize;
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::Games;
use crate::call_error::CallError;
use crate::journal::{Batch, LoadError};
use crate::recovery::{self, RecoveryError};
use crate::root::RootMessage;
use crate::supervisor::SupervisorMessage;
use crate::system::{GameStatus, PhaseCollector, System};

/// One game, as an operator may see it: without the players' islands.
#[derive(Clone, Debug, Serialize)]
pub struct Inspection {
    /// The game's id.
    pub game: GameId,
    /// The supervisor's view of the game; `None` if it is not in memory.
    pub process: Option<GameStatus>,
    /// Batches in its log; 0 if the log cannot be read.
    pub batches: usize,
    /// Events in these batches.
    pub events: u64,
    /// The game's state after these events.
    pub state: Option<String>,
    /// The damage to the log, if it cannot be folded into a game.
    pub damage: Option<String>,
}

impl Games {
    /// Returns the number of games that the supervisors hold, in any phase.
    pub fn running(&self) -> usize {
        self.registry.len()
    }

    /// Returns whether the journal can be written at this moment.
    pub fn is_writable(&self) -> bool {
        self.shared.journal.is_writable()
    }

    /// Registers the metrics of the games and of their journal.
    pub fn register(&self, metrics: &mut MetricsRegistry) {
        self.shared.metrics.register(metrics);
        self.shared.journal.register(metrics);
        let phases = PhaseCollector(Arc::clone(&self.registry));
        metrics.register_collector(Box::new(phases));
    }

    /// Returns the supervision tree as it is now. It is read from the registry, without a
    /// message to any process.
    pub fn system(&self) -> System {
        System::of(&self.registry, self.is_writable())
    }

    /// Inspects a game through the registry and the journal, without a message to it.
    ///
    /// # Errors
    /// [`CallError::NoSuchGame`], or [`CallError::JournalUnavailable`] if the log cannot
    /// be read before the deadline.
    pub async fn inspect(&self, game: GameId) -> Result<Inspection, CallError> {
        let process = {
            let children = self.registry.shard(game).children();
            let child = children.get(&game);
            child.map(|child| GameStatus::of(game, child))
        };
        let log = self.shared.journal.load(game, 0);
        let call_timeout = self.shared.settings.call_timeout;
        let log = match timeout(call_timeout, log).await {
            Ok(Ok(log)) => log,
            Ok(Err(LoadError::Damaged(damage))) => {
                return Ok(Inspection {
                    game,
                    process,
                    batches: 0,
                    events: 0,
                    state: None,
                    damage: Some(damage),
                });
            }
            Ok(Err(LoadError::Unavailable(_))) | Err(_) => {
                return Err(CallError::JournalUnavailable);
            }
        };
        let batches = log.len();
        let events = log.iter().map(|batch: &Batch| batch.events.len() as u64);
        let events = events.sum();
        let (state, damage) = match recovery::fold(log) {
            Ok(recovered) => (Some(recovered.game.state_name().to_string()), None),
            Err(RecoveryError::Damaged(damage)) => (None, Some(damage)),
            Err(_) => return Err(CallError::NoSuchGame),
        };
        Ok(Inspection {
            game,
            process,
            batches,
            events,
            state,
            damage,
        })
    }

    /// Ends the quarantine of a game: it starts when it is next called, with its whole
    /// restart budget. Returns whether it was quarantined.
    ///
    /// # Errors
    /// [`CallError::Busy`] while its supervisor restarts, and [`CallError::Timeout`].
    pub async fn clear_quarantine(&self, game: GameId) -> Result<bool, CallError> {
        let (reply, answer) = oneshot::channel();
        let clear = SupervisorMessage::ClearQuarantine { id: game, reply };
        let supervisor = self.registry.shard(game).supervisor();
        supervisor
            .and_then(|supervisor| supervisor.cast(clear).ok())
            .ok_or(CallError::Busy)?;
        match timeout(self.shared.settings.call_timeout, answer).await {
            Ok(cleared) => cleared.map_err(|_| CallError::Busy),
            Err(_) => Err(CallError::Timeout),
        }
    }

    /// Stops all games and waits until they have stopped or the deadline has passed.
    /// Nothing has to be saved: every acknowledged command is in the journal.
    pub async fn shut_down(&self) {
        // A root that is gone has stopped already.
        let _ = self.root.cast(RootMessage::Shutdown);
        let Some(stopped) = self.stopped.lock().await.take() else {
            return;
        };
        let call_timeout = self.shared.settings.call_timeout;
        if timeout(call_timeout, stopped).await.is_err() {
            tracing::warn!(games = self.running(), "some games did not stop in time");
        }
    }
}

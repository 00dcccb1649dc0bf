//! What those who run the server ask of the games: numbers, a look, a way out of
//! a quarantine, the end.

use std::sync::Arc;

use islands_core::GameId;
use prometheus_client::registry::Registry as MetricsRegistry;
use serde::Serialize;
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::Games;
use crate::call_error::CallError;
use crate::journal::{Batch, LoadError};
use crate::recovery::{self, StartError};
use crate::root::RootMessage;
use crate::supervisor::SupervisorMessage;
use crate::system::{GameSeen, PhaseCollector, System};

/// What can be said of one game to a person who has to see to it. It tells of no
/// player's islands.
#[derive(Clone, Debug, Serialize)]
pub struct Inspection {
    /// Its id.
    pub game: GameId,
    /// How its supervisor sees it; `None` for a game that is not in memory.
    pub process: Option<GameSeen>,
    /// How many batches the journal has of it, as far as they can be read.
    pub batches: usize,
    /// How many events are in them.
    pub events: u64,
    /// Where the game stands after them.
    pub state: Option<String>,
    /// What is wrong with the log, if the game cannot be folded from it.
    pub damage: Option<String>,
}

impl Games {
    /// How many games are in memory.
    pub fn running(&self) -> usize {
        self.registry.len()
    }

    /// Whether the journal can be written at this moment.
    pub fn is_writable(&self) -> bool {
        self.shared.journal.is_writable()
    }

    /// Names what the games and their journal count in this registry.
    pub fn register(&self, metrics: &mut MetricsRegistry) {
        self.shared.metrics.register(metrics);
        self.shared.journal.register(metrics);
        let phases = PhaseCollector(Arc::clone(&self.registry));
        metrics.register_collector(Box::new(phases));
    }

    /// The supervision tree as it is now. It is read where the supervisors write
    /// it down, so it sends no message to anyone and waits for nobody.
    pub fn system(&self) -> System {
        System::of(&self.registry, self.is_writable())
    }

    /// What can be said of this game without asking it: as its supervisor sees it,
    /// and as the journal has it.
    ///
    /// # Errors
    /// [`CallError::NoSuchGame`], or [`CallError::JournalUnavailable`] when it cannot
    /// be read.
    pub async fn inspect(&self, game: GameId) -> Result<Inspection, CallError> {
        let process = {
            let children = self.registry.shard(game).children();
            let child = children.get(&game);
            child.map(|child| GameSeen::of(game, child))
        };
        let log = self.shared.journal.load(game, 0);
        let deadline = self.shared.settings.deadline;
        let log = match timeout(deadline, log).await {
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
            Err(StartError::Damaged(damage)) => (None, Some(damage)),
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

    /// Ends the quarantine of a game: it starts when it is next called, and has
    /// its whole budget of restarts again. Says whether it was in quarantine.
    ///
    /// # Errors
    /// [`CallError::Busy`] while its supervisor is being started again, and
    /// [`CallError::Timeout`].
    pub async fn clear_quarantine(&self, game: GameId) -> Result<bool, CallError> {
        let (cleared, answer) = oneshot::channel();
        let clear = SupervisorMessage::ClearQuarantine { id: game, cleared };
        let supervisor = self.registry.shard(game).supervisor();
        supervisor
            .and_then(|supervisor| supervisor.cast(clear).ok())
            .ok_or(CallError::Busy)?;
        match timeout(self.shared.settings.deadline, answer).await {
            Ok(cleared) => cleared.map_err(|_| CallError::Busy),
            Err(_) => Err(CallError::Timeout),
        }
    }

    /// Stops all games and waits until they have, but no longer than the deadline.
    /// Nothing has to be saved: what was acknowledged is in the journal.
    pub async fn shut_down(&self) {
        // A root that is gone has stopped already.
        let _ = self.root.cast(RootMessage::Shutdown);
        let Some(stopped) = self.stopped.lock().await.take() else {
            return;
        };
        let deadline = self.shared.settings.deadline;
        if timeout(deadline, stopped).await.is_err() {
            tracing::warn!(games = self.running(), "some games did not stop in time");
        }
    }
}

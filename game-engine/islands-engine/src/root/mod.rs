//! The root of the supervision tree: the supervisor of the supervisors.
//!
//! ```text
//! Root                          restarts its supervisors, without a limit
//! ├── Supervisor of shard 0     restarts its games, each within a budget
//! │   ├── GameActor             holds one game
//! │   └── …
//! ├── Supervisor of shard 1
//! │   └── …
//! └── …
//! ```
//!
//! When a supervisor crashes, its games end with it. Its successor starts without
//! games, and each game starts from the journal when it is next called: callers and
//! subscribers see a pause, and nothing is lost. No process supervises the root: if it
//! crashes, calls are answered `Busy` until the program restarts.

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use ractor::{Actor, ActorCell, ActorId, ActorProcessingErr, ActorRef, SupervisionEvent};
use tokio::time::Instant;

use crate::game_actor::{SHUTDOWN, Shared};
use crate::registry::Registry;
use crate::restart::{Crashes, RestartDecision};
use crate::supervisor::{Supervisor, SupervisorMessage};

/// Pause before the restart of a supervisor that has exceeded its budget. A supervisor
/// is never given up: without one, the games of its shard cannot start.
const OVER_BUDGET_PAUSE: Duration = Duration::from_secs(1);

pub(crate) enum RootMessage {
    /// The pause after a crash of the supervisor with this number is over.
    Restart(usize),
    /// Stop all supervisors, then the root.
    Shutdown,
}

pub(crate) struct Root;

pub(crate) struct RootState {
    registry: Arc<Registry>,
    shared: Arc<Shared>,
    /// The supervisors, in the order of the registry's shards.
    supervisors: Vec<SupervisorSlot>,
    shutting_down: bool,
}

/// A supervisor, as the root sees it.
#[derive(Default)]
struct SupervisorSlot {
    actor: Option<ActorId>,
    crashes: Crashes,
}

impl Actor for Root {
    type Msg = RootMessage;
    type State = RootState;
    type Arguments = (Arc<Registry>, Arc<Shared>);

    async fn pre_start(
        &self,
        myself: ActorRef<RootMessage>,
        (registry, shared): Self::Arguments,
    ) -> Result<RootState, ActorProcessingErr> {
        let slots = registry.shards().iter().map(|_| SupervisorSlot::default());
        let mut state = RootState {
            supervisors: slots.collect(),
            registry,
            shared,
            shutting_down: false,
        };
        for number in 0..state.supervisors.len() {
            state.start(number, &myself).await?;
        }
        Ok(state)
    }

    async fn handle(
        &self,
        myself: ActorRef<RootMessage>,
        message: RootMessage,
        state: &mut RootState,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            RootMessage::Restart(number) if !state.shutting_down => {
                state.start(number, &myself).await?;
            }
            RootMessage::Restart(_) => {}
            RootMessage::Shutdown => state.shut_down(&myself),
        }
        Ok(())
    }

    async fn handle_supervisor_evt(
        &self,
        myself: ActorRef<RootMessage>,
        event: SupervisionEvent,
        state: &mut RootState,
    ) -> Result<(), ActorProcessingErr> {
        match event {
            SupervisionEvent::ActorFailed(cell, error) => {
                state.stopped(&cell, &error.to_string(), &myself);
            }
            SupervisionEvent::ActorTerminated(cell, _, reason) => {
                let reason = reason.unwrap_or_else(|| "stopped without a reason".into());
                state.stopped(&cell, &reason, &myself);
            }
            SupervisionEvent::ActorStarted(_) | SupervisionEvent::ProcessGroupChanged(_) => {}
        }
        Ok(())
    }
}

impl RootState {
    /// Starts a supervisor. Its start waits for nothing, so it does not delay the root.
    async fn start(
        &mut self,
        number: usize,
        myself: &ActorRef<RootMessage>,
    ) -> Result<(), ActorProcessingErr> {
        let shard = Arc::clone(&self.registry.shards()[number]);
        let arguments = (
            Arc::clone(&shard),
            Arc::clone(&self.registry),
            Arc::clone(&self.shared),
        );
        let (supervisor, _) = myself.spawn_linked(None, Supervisor, arguments).await?;
        self.supervisors[number].actor = Some(supervisor.get_id());
        shard.hand_over(supervisor);
        Ok(())
    }

    fn stopped(&mut self, cell: &ActorCell, reason: &str, myself: &ActorRef<RootMessage>) {
        let is_slot = |slot: &SupervisorSlot| slot.actor == Some(cell.get_id());
        let Some(number) = self.supervisors.iter().position(is_slot) else {
            return;
        };
        let slot = &mut self.supervisors[number];
        slot.actor = None;
        if self.shutting_down {
            return self.stop_if_done(myself);
        }
        let budget = self.shared.settings.budget;
        let decision = slot.crashes.record(budget, Instant::now().into_std());
        tracing::error!(supervisor = number, reason, "a supervisor has crashed");
        let pause = match decision {
            RestartDecision::Now => Duration::ZERO,
            RestartDecision::After(pause) => pause,
            RestartDecision::OverBudget => OVER_BUDGET_PAUSE,
        };
        let root = myself.clone();
        tokio::spawn(async move {
            tokio::time::sleep(pause).await;
            // A root that has stopped restarts nothing.
            let _ = root.cast(RootMessage::Restart(number));
        });
    }

    fn shut_down(&mut self, myself: &ActorRef<RootMessage>) {
        self.shutting_down = true;
        for shard in self.registry.shards() {
            if let Some(supervisor) = shard.supervisor() {
                // If it is dead, its supervision event follows.
                let _ = supervisor.cast(SupervisorMessage::Shutdown);
            }
        }
        self.stop_if_done(myself);
    }

    fn stop_if_done(&self, myself: &ActorRef<RootMessage>) {
        if self.supervisors.iter().all(|slot| slot.actor.is_none()) {
            myself.stop(Some(SHUTDOWN.into()));
        }
    }
}

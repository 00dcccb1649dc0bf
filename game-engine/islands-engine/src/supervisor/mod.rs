//! The supervisor of one shard: starts its games, and restarts them after a crash.
//!
//! A supervisor never waits for a game, not even while the game starts: it keeps the
//! callers of that game in a list. It starts games itself, so a caller that hangs up
//! interrupts no start.

mod starting;
mod state;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use islands_core::GameId;
use ractor::{Actor, ActorId, ActorProcessingErr, ActorRef, SupervisionEvent};
use tokio::sync::oneshot;

use crate::child::FindReply;
use crate::game_actor::{PLANNED_STOPS, Shared};
use crate::registry::{Registry, Shard};

use starting::StartError;
use state::SupervisorState;

/// Idle checks per `idle_after`: an idle game stays in memory for at most a fifteenth
/// longer.
const IDLE_CHECKS: u32 = 15;
const MIN_CHECK_INTERVAL: Duration = Duration::from_millis(100);

/// Idle time after which a game leaves memory while the games are at their limit.
const IDLE_AFTER_AT_LIMIT: Duration = Duration::from_secs(10);

pub(crate) enum SupervisorMessage {
    /// A caller needs this game. `dead` is the process in which the caller's
    /// last attempt failed.
    FindOrStart {
        id: GameId,
        dead: Option<ActorId>,
        reply: FindReply,
    },
    /// The process of a game could not start.
    StartFailed { actor: ActorId, error: StartError },
    /// The pause after a crash is over.
    Restart(GameId),
    /// It is time to look for idle games. One timer per supervisor costs less than
    /// one per game.
    PassivateIdle,
    /// The games are at their limit: ask idle ones to leave early.
    PassivateEarly,
    /// End the quarantine of this game. The answer says whether it was quarantined.
    ClearQuarantine {
        id: GameId,
        reply: oneshot::Sender<bool>,
    },
    /// Stop all games, then this supervisor.
    Shutdown,
    /// Count the processes in the supervisor's map.
    #[cfg(test)]
    CountActors(oneshot::Sender<usize>),
}

/// The supervisor as an actor. Its state is a [`SupervisorState`].
pub(crate) struct Supervisor;

impl Actor for Supervisor {
    type Msg = SupervisorMessage;
    type State = SupervisorState;
    type Arguments = (Arc<Shard>, Arc<Registry>, Arc<Shared>);

    async fn pre_start(
        &self,
        myself: ActorRef<SupervisorMessage>,
        (shard, registry, shared): Self::Arguments,
    ) -> Result<SupervisorState, ActorProcessingErr> {
        let every = shared.settings.idle_after / IDLE_CHECKS;
        myself.send_interval(every.max(MIN_CHECK_INTERVAL), || {
            SupervisorMessage::PassivateIdle
        });
        Ok(SupervisorState::new(shard, registry, shared, myself))
    }

    async fn handle(
        &self,
        _myself: ActorRef<SupervisorMessage>,
        message: SupervisorMessage,
        state: &mut SupervisorState,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            SupervisorMessage::FindOrStart { id, dead, reply } => {
                state.find_or_start(id, dead, reply);
            }
            SupervisorMessage::StartFailed { actor, error } => state.start_failed(actor, error),
            SupervisorMessage::Restart(id) => state.restart(id),
            SupervisorMessage::PassivateIdle => state.passivate_idle(),
            SupervisorMessage::PassivateEarly => state.passivate_early(),
            SupervisorMessage::ClearQuarantine { id, reply } => {
                // The caller may have hung up.
                let _ = reply.send(state.clear_quarantine(id));
            }
            SupervisorMessage::Shutdown => state.shut_down(),
            #[cfg(test)]
            SupervisorMessage::CountActors(reply) => reply.send(state.actor_count()).unwrap(),
        }
        Ok(())
    }

    /// Overrides ractor's default, which stops the supervisor, and with it every
    /// other game, when a child ends.
    async fn handle_supervisor_evt(
        &self,
        _myself: ActorRef<SupervisorMessage>,
        event: SupervisionEvent,
        state: &mut SupervisorState,
    ) -> Result<(), ActorProcessingErr> {
        match event {
            SupervisionEvent::ActorStarted(cell) => state.started(&cell),
            SupervisionEvent::ActorFailed(cell, error) => {
                state.stopped(&cell, Some(error.to_string()));
            }
            SupervisionEvent::ActorTerminated(cell, _, reason) => {
                let reason = reason.unwrap_or_else(|| "stopped without a reason".into());
                let crash = (!PLANNED_STOPS.contains(&reason.as_str())).then_some(reason);
                state.stopped(&cell, crash);
            }
            SupervisionEvent::ProcessGroupChanged(_) => {}
        }
        Ok(())
    }
}

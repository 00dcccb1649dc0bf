//! The supervisor of a share of the games: starts them, and starts them again.
//!
//! It never waits for a game, not even for one that is starting: whoever wants
//! the game is put on a list. And it starts games itself, so that a caller who
//! hangs up takes nothing with it.

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
use crate::game_actor::{LEAVES, Shared};
use crate::registry::{Registry, Shard};

use starting::StartFailure;
use state::SupervisorState;

/// How often idle games are looked for in the time that makes a game idle: one
/// stays in memory for at most a fifteenth longer.
const LOOKS: u32 = 15;
const SHORTEST_LOOK: Duration = Duration::from_millis(100);

/// What makes a game idle when memory is full of games.
const SHORT_IDLE: Duration = Duration::from_secs(10);

pub(crate) enum SupervisorMessage {
    /// Someone needs this game. `dead` is the process in which they have looked
    /// for it in vain.
    Find {
        id: GameId,
        dead: Option<ActorId>,
        found: FindReply,
    },
    /// A game's process could not start.
    StartFailed { actor: ActorId, error: StartFailure },
    /// The pause after a crash is over.
    Restart(GameId),
    /// It is time to let games go that are idle. One clock for all games of a
    /// supervisor costs less than one for each.
    LookForIdle,
    /// Someone has found memory full.
    MakeRoom,
    /// A person has looked at this game and wants it to be tried again. The answer
    /// says whether it was quarantined.
    ClearQuarantine {
        id: GameId,
        cleared: oneshot::Sender<bool>,
    },
    /// All games are to stop, and then this supervisor.
    Shutdown,
    /// A test asks of how many processes the games are known.
    #[cfg(test)]
    Census(oneshot::Sender<usize>),
}

/// The actor. What it knows is a [`SupervisorState`].
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
        let every = shared.settings.idle_after / LOOKS;
        myself.send_interval(every.max(SHORTEST_LOOK), || SupervisorMessage::LookForIdle);
        Ok(SupervisorState::new(shard, registry, shared, myself))
    }

    async fn handle(
        &self,
        _myself: ActorRef<SupervisorMessage>,
        message: SupervisorMessage,
        state: &mut SupervisorState,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            SupervisorMessage::Find { id, dead, found } => state.find(id, dead, found),
            SupervisorMessage::StartFailed { actor, error } => state.start_failed(actor, error),
            SupervisorMessage::Restart(id) => state.restart(id),
            SupervisorMessage::LookForIdle => state.look_for_idle(),
            SupervisorMessage::MakeRoom => state.make_room(),
            SupervisorMessage::ClearQuarantine { id, cleared } => {
                // Whoever has hung up has no use for an answer.
                let _ = cleared.send(state.clear_quarantine(id));
            }
            SupervisorMessage::Shutdown => state.shut_down(),
            #[cfg(test)]
            SupervisorMessage::Census(reply) => reply.send(state.remembered()).unwrap(),
        }
        Ok(())
    }

    /// Always overridden: ractor's own answer to a failing child is to stop the
    /// supervisor, and every other game with it.
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
                let crash = (!LEAVES.contains(&reason.as_str())).then_some(reason);
                state.stopped(&cell, crash);
            }
            SupervisionEvent::ProcessGroupChanged(_) => {}
        }
        Ok(())
    }
}

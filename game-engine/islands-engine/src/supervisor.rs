//! The supervisor of a share of the games: starts them, and starts them again.
//!
//! It never waits for a game, not even for one that is starting: whoever wants
//! the game is put on a list. And it starts games itself, so that a caller who
//! hangs up takes nothing with it.

mod share;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use islands_core::GameId;
use ractor::{Actor, ActorId, ActorProcessingErr, ActorRef, SupervisionEvent};
use tokio::sync::oneshot;

use crate::game_actor::{LEAVES, Surroundings};
use crate::recovery::StartError;
use crate::refusal::Refusal;
use crate::registry::{GameRef, Registry};

use share::Share;

/// How often idle games are looked for in the time that makes a game idle: one
/// stays in memory for at most a fifteenth longer.
const LOOKS: u32 = 15;
const SHORTEST_LOOK: Duration = Duration::from_millis(100);

/// What a caller who needs a game is told.
pub(crate) type Found = oneshot::Sender<Result<GameRef, Refusal>>;

pub(crate) enum SupervisorMessage {
    /// Someone needs this game. `dead` is the process in which they have looked
    /// for it in vain.
    Find {
        id: GameId,
        dead: Option<ActorId>,
        found: Found,
    },
    /// A game's process could not start.
    StartFailed { actor: ActorId, error: StartFailure },
    /// The pause after a crash is over.
    Restart(GameId),
    /// It is time to let games go that are idle. One clock for all games of a
    /// supervisor costs less than one for each.
    LookForIdle,
    /// All games are to stop, and then this supervisor.
    Shutdown,
}

/// How a start failed.
pub(crate) enum StartFailure {
    /// As starting a game can.
    Expected(StartError),
    /// By a crash.
    Crashed(String),
}

/// The actor. What it knows is a [`Share`].
pub(crate) struct Supervisor;

impl Actor for Supervisor {
    type Msg = SupervisorMessage;
    type State = Share;
    type Arguments = (Arc<Registry>, Arc<Surroundings>);

    async fn pre_start(
        &self,
        myself: ActorRef<SupervisorMessage>,
        (registry, surroundings): Self::Arguments,
    ) -> Result<Share, ActorProcessingErr> {
        let every = surroundings.settings.idle_after / LOOKS;
        myself.send_interval(every.max(SHORTEST_LOOK), || SupervisorMessage::LookForIdle);
        Ok(Share::new(registry, surroundings, myself))
    }

    async fn handle(
        &self,
        _myself: ActorRef<SupervisorMessage>,
        message: SupervisorMessage,
        share: &mut Share,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            SupervisorMessage::Find { id, dead, found } => share.find(id, dead, found),
            SupervisorMessage::StartFailed { actor, error } => share.start_failed(actor, error),
            SupervisorMessage::Restart(id) => share.restart(id),
            SupervisorMessage::LookForIdle => share.look_for_idle(),
            SupervisorMessage::Shutdown => share.shut_down(),
        }
        Ok(())
    }

    /// Always overridden: ractor's own answer to a failing child is to stop the
    /// supervisor, and every other game with it.
    async fn handle_supervisor_evt(
        &self,
        _myself: ActorRef<SupervisorMessage>,
        event: SupervisionEvent,
        share: &mut Share,
    ) -> Result<(), ActorProcessingErr> {
        match event {
            SupervisionEvent::ActorStarted(cell) => share.started(&cell),
            SupervisionEvent::ActorFailed(cell, error) => {
                share.stopped(&cell, Some(error.to_string()));
            }
            SupervisionEvent::ActorTerminated(cell, _, reason) => {
                let reason = reason.unwrap_or_else(|| "stopped without a reason".into());
                let crash = (!LEAVES.contains(&reason.as_str())).then_some(reason);
                share.stopped(&cell, crash);
            }
            SupervisionEvent::ProcessGroupChanged(_) => {}
        }
        Ok(())
    }
}

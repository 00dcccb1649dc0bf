//! How a call reaches its game, and what is known when it does not.

use std::time::Duration;

use islands_core::GameId;
use ractor::{ActorId, ActorStatus};
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

use super::Games;
use crate::admission::Permit;
use crate::call_error::CallError;
use crate::game_actor::{Call, GameMessage};
use crate::registry::GameRef;
use crate::supervisor::SupervisorMessage;

/// How often a call looks for its game: once more after it was lost in a crash,
/// which its id makes harmless. What crashes a game twice is not sent again.
const TRIES: usize = 2;

/// How long a call waits before it looks again for a supervisor that is being
/// started again.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// A call without the answer that was hoped for.
pub(super) struct Unserved {
    refusal: CallError,
    /// Whether it was sent before and lost in a crash, so that it may have been
    /// carried out.
    lost: bool,
}

impl Unserved {
    /// What the sender of a command is told. A refusal says that nothing has
    /// changed: of one that was lost only the game itself can say so, or the
    /// journal that has no such game.
    pub(super) fn of_command(self) -> CallError {
        match self.refusal {
            refusal @ (CallError::Rejected(_) | CallError::NoSuchGame) => refusal,
            _ if self.lost => CallError::Timeout,
            refusal => refusal,
        }
    }
}

impl From<Unserved> for CallError {
    fn from(unserved: Unserved) -> CallError {
        unserved.refusal
    }
}

impl Games {
    /// Sends a game a message and waits for its answer, no longer than the
    /// deadline. A call that was lost in a crash is made once more.
    pub(super) async fn call<T>(
        &self,
        game: GameId,
        message: impl Fn(Call<T>) -> GameMessage,
    ) -> Result<T, Unserved> {
        let mut lost = false;
        let tries = async {
            let mut dead = None;
            for _ in 0..TRIES {
                let found = self.find(game, dead).await?;
                let (call, answer) = Call::new(self.try_acquire(&found)?);
                dead = Some(found.id());
                if found.actor.cast(message(call)).is_ok() {
                    match answer.await {
                        Ok(answer) => return answer,
                        Err(_) => lost = true,
                    }
                }
            }
            Err(CallError::Timeout)
        };
        let deadline = self.shared.settings.deadline;
        let answer = timeout(deadline, tries).await;
        let answer = answer.unwrap_or(Err(CallError::Timeout));
        answer.map_err(|refusal| Unserved { refusal, lost })
    }

    /// A place among those who wait for this game, if there is one left.
    fn try_acquire(&self, game: &GameRef) -> Result<Permit, CallError> {
        let metrics = &self.shared.metrics;
        let try_acquire = game.admission.try_acquire();
        metrics.waiting(game.admission.waiting());
        try_acquire.ok_or_else(|| {
            metrics.busy();
            CallError::Busy
        })
    }

    /// A game's process: the running one, unless that is known to be dead. Should
    /// its supervisor have crashed, this waits for the next.
    async fn find(&self, id: GameId, dead: Option<ActorId>) -> Result<GameRef, CallError> {
        loop {
            if let Some(game) = self.registry.running(id)
                && dead != Some(game.id())
            {
                return Ok(game);
            }
            if self.root.get_status() >= ActorStatus::Stopping {
                return Err(CallError::Busy);
            }
            let (found, game) = oneshot::channel();
            if let Some(supervisor) = self.registry.shard(id).supervisor()
                && supervisor
                    .cast(SupervisorMessage::Find { id, dead, found })
                    .is_ok()
                && let Ok(found) = game.await
            {
                return found;
            }
            sleep(LOOK_AGAIN).await;
        }
    }
}

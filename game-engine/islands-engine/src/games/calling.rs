//! How a call reaches its game, and what is known when it does not.

use std::time::Duration;

use islands_core::GameId;
use ractor::{ActorId, ActorStatus};
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

use super::Games;
use crate::game_actor::{Call, GameMessage};
use crate::reception::Place;
use crate::refusal::Refusal;
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
    refusal: Refusal,
    /// Whether it was sent before and lost in a crash, so that it may have been
    /// carried out.
    lost: bool,
}

impl Unserved {
    /// What the sender of a command is told. A refusal says that nothing has
    /// changed: of one that was lost only the game itself can say so, or the
    /// journal that has no such game.
    pub(super) fn of_command(self) -> Refusal {
        match self.refusal {
            refusal @ (Refusal::Rejected(_) | Refusal::NoSuchGame) => refusal,
            _ if self.lost => Refusal::Timeout,
            refusal => refusal,
        }
    }
}

impl From<Unserved> for Refusal {
    fn from(unserved: Unserved) -> Refusal {
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
                let (call, answer) = Call::new(self.place(&found)?);
                dead = Some(found.id());
                if found.actor.cast(message(call)).is_ok() {
                    match answer.await {
                        Ok(answer) => return answer,
                        Err(_) => lost = true,
                    }
                }
            }
            Err(Refusal::Timeout)
        };
        let deadline = self.surroundings.settings.deadline;
        let answer = timeout(deadline, tries).await;
        let answer = answer.unwrap_or(Err(Refusal::Timeout));
        answer.map_err(|refusal| Unserved { refusal, lost })
    }

    /// A place among those who wait for this game, if there is one left.
    fn place(&self, game: &GameRef) -> Result<Place, Refusal> {
        let metrics = &self.surroundings.metrics;
        let place = game.reception.place();
        metrics.waiting(game.reception.waiting());
        place.ok_or_else(|| {
            metrics.busy();
            Refusal::Busy
        })
    }

    /// A game's process: the running one, unless that is known to be dead. Should
    /// its supervisor have crashed, this waits for the next.
    async fn find(&self, id: GameId, dead: Option<ActorId>) -> Result<GameRef, Refusal> {
        loop {
            if let Some(game) = self.registry.running(id)
                && dead != Some(game.id())
            {
                return Ok(game);
            }
            if self.root.get_status() >= ActorStatus::Stopping {
                return Err(Refusal::Busy);
            }
            let (found, game) = oneshot::channel();
            if let Some(supervisor) = self.registry.part(id).supervisor()
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

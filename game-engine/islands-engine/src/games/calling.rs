//! Sends a call to its game, retries it once after a crash, and classifies failures.

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

/// Attempts per call. A call that is lost because the process ends is sent once more: a
/// command's id makes that idempotent, and the other calls change no game. A call that
/// crashes a game twice is not sent a third time.
const ATTEMPTS: usize = 2;

/// Pause before the next look-up while a supervisor restarts.
const RETRY_PAUSE: Duration = Duration::from_millis(10);

/// A failed call.
pub(super) struct FailedCall {
    error: CallError,
    /// Whether the process ended without answering an attempt, which may therefore have been
    /// carried out.
    lost: bool,
}

impl FailedCall {
    /// Returns the error for the sender of a command. A refusal promises that nothing has
    /// changed. After a lost attempt, only a process that has loaded the log since can
    /// promise that: it finds a stored command among its receipts, so it rejects only a
    /// command that was not stored. Any other refusal becomes a timeout.
    pub(super) fn into_command_error(self) -> CallError {
        match self.error {
            error @ (CallError::Rejected(_) | CallError::NoSuchGame) => error,
            _ if self.lost => CallError::Timeout,
            error => error,
        }
    }
}

impl From<FailedCall> for CallError {
    fn from(failed: FailedCall) -> CallError {
        failed.error
    }
}

impl Games {
    /// Sends a message to a game and waits for the answer until the deadline. A call
    /// lost in a crash is sent once more.
    pub(super) async fn call<T>(
        &self,
        game: GameId,
        message: impl Fn(Call<T>) -> GameMessage,
    ) -> Result<T, FailedCall> {
        let mut lost = false;
        let tries = async {
            let mut dead = None;
            for _ in 0..ATTEMPTS {
                let found = self.find_or_start(game, dead).await?;
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
        let call_timeout = self.shared.settings.call_timeout;
        let answer = timeout(call_timeout, tries).await;
        let answer = answer.unwrap_or(Err(CallError::Timeout));
        answer.map_err(|error| FailedCall { error, lost })
    }

    /// Acquires a permit to wait for this game, if one is left.
    fn try_acquire(&self, game: &GameRef) -> Result<Permit, CallError> {
        let metrics = &self.shared.metrics;
        let permit = game.admission.try_acquire();
        metrics.record_waiting(game.admission.waiting());
        permit.ok_or_else(|| {
            metrics.count_busy();
            CallError::Busy
        })
    }

    /// Finds the running process of a game, or has its supervisor start one. `dead` is the
    /// process in which the last attempt failed. While the supervisor restarts, this waits.
    async fn find_or_start(&self, id: GameId, dead: Option<ActorId>) -> Result<GameRef, CallError> {
        loop {
            if let Some(game) = self.registry.running(id)
                && dead != Some(game.id())
            {
                return Ok(game);
            }
            // Without the root no supervisor is restarted, so waiting is pointless.
            if self.root.get_status() >= ActorStatus::Stopping {
                return Err(CallError::Busy);
            }
            let (reply, answer) = oneshot::channel();
            if let Some(supervisor) = self.registry.shard(id).supervisor()
                && supervisor
                    .cast(SupervisorMessage::FindOrStart { id, dead, reply })
                    .is_ok()
                && let Ok(found) = answer.await
            {
                return found;
            }
            sleep(RETRY_PAUSE).await;
        }
    }
}

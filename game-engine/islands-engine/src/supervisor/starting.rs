//! Reports a failed start to the supervisor.

use ractor::{ActorId, ActorRef, SpawnErr};
use tokio::task::JoinHandle;

use super::SupervisorMessage;
use crate::recovery::RecoveryError;

/// Why a start failed.
pub(crate) enum StartError {
    /// The game could not be rebuilt from its log.
    Recovery(RecoveryError),
    /// The process panicked or was killed.
    Crashed(String),
}

/// Waits for a start, and sends a failure to the supervisor as a message: ractor
/// raises no supervision event for a process that fails in `pre_start`.
pub(super) async fn watch_start(
    supervisor: ActorRef<SupervisorMessage>,
    actor: ActorId,
    started: JoinHandle<Result<JoinHandle<()>, SpawnErr>>,
) {
    let error = match started.await {
        Ok(Ok(_)) => return,
        Ok(Err(SpawnErr::StartupFailed(error))) => match error.downcast::<RecoveryError>() {
            Ok(error) => StartError::Recovery(*error),
            Err(error) => StartError::Crashed(error.to_string()),
        },
        Ok(Err(error)) => StartError::Crashed(error.to_string()),
        Err(error) => StartError::Crashed(error.to_string()),
    };
    // A supervisor that has stopped needs no report.
    let _ = supervisor.cast(SupervisorMessage::StartFailed { actor, error });
}

//! How a supervisor hears of a start that failed.

use ractor::{ActorId, ActorRef, SpawnErr};
use tokio::task::JoinHandle;

use super::SupervisorMessage;
use crate::recovery::StartError;

/// How a start failed.
pub(crate) enum StartFailure {
    /// As starting a game can.
    Expected(StartError),
    /// By a crash.
    Crashed(String),
}

/// ractor raises no event for a process that fails before it runs, so its start
/// is watched, and a failure is sent to the supervisor like any other news.
pub(super) async fn watch_start(
    supervisor: ActorRef<SupervisorMessage>,
    actor: ActorId,
    started: JoinHandle<Result<JoinHandle<()>, SpawnErr>>,
) {
    let error = match started.await {
        Ok(Ok(_)) => return,
        Ok(Err(SpawnErr::StartupFailed(error))) => match error.downcast::<StartError>() {
            Ok(error) => StartFailure::Expected(*error),
            Err(error) => StartFailure::Crashed(error.to_string()),
        },
        Ok(Err(error)) => StartFailure::Crashed(error.to_string()),
        Err(error) => StartFailure::Crashed(error.to_string()),
    };
    // A supervisor that has stopped has no use for the news.
    let _ = supervisor.cast(SupervisorMessage::StartFailed { actor, error });
}

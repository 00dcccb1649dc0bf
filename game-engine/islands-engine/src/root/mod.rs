//! The root of the supervision tree: the supervisor of the supervisors.
//!
//! Should one of them crash, its games end with it. It is started again with no
//! games at all, and each of them starts from the journal when it is next called:
//! their callers and listeners see a pause, and nothing is lost. Above the root
//! there is only whoever starts the program.

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use ractor::{Actor, ActorCell, ActorId, ActorProcessingErr, ActorRef, SupervisionEvent};
use tokio::time::Instant;

use crate::game_actor::{SHUTDOWN, Surroundings};
use crate::registry::Registry;
use crate::restart::{Crashes, Decision};
use crate::supervisor::{Supervisor, SupervisorMessage};

/// The pause before a supervisor is started again that crashes more often than a
/// game may. It is never given up: every game belongs to one.
const PATIENCE: Duration = Duration::from_secs(1);

pub(crate) enum RootMessage {
    /// The pause after the crash of the supervisor of this number is over.
    Restart(usize),
    /// All supervisors are to stop, and then the root.
    Shutdown,
}

pub(crate) struct Root;

pub(crate) struct Tree {
    registry: Arc<Registry>,
    surroundings: Arc<Surroundings>,
    /// The supervisors, in the order of the registry's parts.
    supervisors: Vec<Branch>,
    stopping: bool,
}

/// A supervisor, as the root sees it.
#[derive(Default)]
struct Branch {
    actor: Option<ActorId>,
    crashes: Crashes,
}

impl Actor for Root {
    type Msg = RootMessage;
    type State = Tree;
    type Arguments = (Arc<Registry>, Arc<Surroundings>);

    async fn pre_start(
        &self,
        myself: ActorRef<RootMessage>,
        (registry, surroundings): Self::Arguments,
    ) -> Result<Tree, ActorProcessingErr> {
        let branches = registry.parts().iter().map(|_| Branch::default());
        let mut tree = Tree {
            supervisors: branches.collect(),
            registry,
            surroundings,
            stopping: false,
        };
        for number in 0..tree.supervisors.len() {
            tree.start(number, &myself).await?;
        }
        Ok(tree)
    }

    async fn handle(
        &self,
        myself: ActorRef<RootMessage>,
        message: RootMessage,
        tree: &mut Tree,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            RootMessage::Restart(number) if !tree.stopping => tree.start(number, &myself).await?,
            RootMessage::Restart(_) => {}
            RootMessage::Shutdown => tree.shut_down(&myself),
        }
        Ok(())
    }

    async fn handle_supervisor_evt(
        &self,
        myself: ActorRef<RootMessage>,
        event: SupervisionEvent,
        tree: &mut Tree,
    ) -> Result<(), ActorProcessingErr> {
        match event {
            SupervisionEvent::ActorFailed(cell, error) => {
                tree.stopped(&cell, &error.to_string(), &myself);
            }
            SupervisionEvent::ActorTerminated(cell, _, reason) => {
                let reason = reason.unwrap_or_else(|| "stopped without a reason".into());
                tree.stopped(&cell, &reason, &myself);
            }
            SupervisionEvent::ActorStarted(_) | SupervisionEvent::ProcessGroupChanged(_) => {}
        }
        Ok(())
    }
}

impl Tree {
    /// Starts a supervisor; it is ready at once, since it waits for nothing.
    async fn start(
        &mut self,
        number: usize,
        myself: &ActorRef<RootMessage>,
    ) -> Result<(), ActorProcessingErr> {
        let part = Arc::clone(&self.registry.parts()[number]);
        let arguments = (
            Arc::clone(&part),
            Arc::clone(&self.registry),
            Arc::clone(&self.surroundings),
        );
        let (supervisor, _) = myself.spawn_linked(None, Supervisor, arguments).await?;
        self.supervisors[number].actor = Some(supervisor.get_id());
        part.hand_over(supervisor);
        Ok(())
    }

    fn stopped(&mut self, cell: &ActorCell, reason: &str, myself: &ActorRef<RootMessage>) {
        let is_it = |branch: &Branch| branch.actor == Some(cell.get_id());
        let Some(number) = self.supervisors.iter().position(is_it) else {
            return;
        };
        let branch = &mut self.supervisors[number];
        branch.actor = None;
        if self.stopping {
            return self.stop_if_done(myself);
        }
        let budget = self.surroundings.settings.budget;
        let decision = branch.crashes.record(budget, Instant::now().into_std());
        tracing::error!(supervisor = number, reason, "a supervisor has crashed");
        let pause = match decision {
            Decision::Now => Duration::ZERO,
            Decision::After(pause) => pause,
            Decision::Quarantine => PATIENCE,
        };
        let root = myself.clone();
        tokio::spawn(async move {
            tokio::time::sleep(pause).await;
            // A root that has stopped restarts nothing.
            let _ = root.cast(RootMessage::Restart(number));
        });
    }

    fn shut_down(&mut self, myself: &ActorRef<RootMessage>) {
        self.stopping = true;
        for part in self.registry.parts() {
            if let Some(supervisor) = part.supervisor() {
                // The news of the end of one that is gone is on the way here.
                let _ = supervisor.cast(SupervisorMessage::Shutdown);
            }
        }
        self.stop_if_done(myself);
    }

    fn stop_if_done(&self, myself: &ActorRef<RootMessage>) {
        if self.supervisors.iter().all(|branch| branch.actor.is_none()) {
            myself.stop(Some(SHUTDOWN.into()));
        }
    }
}

//! The state of a supervisor, and how it handles messages and crashes.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use islands_core::GameId;
use ractor::{ActorCell, ActorId, ActorRef, ActorRuntime};
use tokio::time::Instant;

use super::starting::{StartError, watch_start};
use super::{IDLE_AFTER_AT_LIMIT, SupervisorMessage};
use crate::admission::Admission;
use crate::call_error::CallError;
use crate::child::{Child, FindReply, Phase};
use crate::game_actor::{GameActor, GameMessage, SHUTDOWN, Shared};
use crate::recovery::RecoveryError;
use crate::registry::{GameRef, Registry, Shard};
use crate::restart::RestartDecision;

/// Maximum callers waiting for one game to start.
const MAX_WAITING_FOR_START: usize = 1_000;

/// The games of one supervisor. Their phases are in its shard of the registry,
/// which every task may read.
pub(crate) struct SupervisorState {
    shard: Arc<Shard>,
    /// The game of each process, until the end of the process is handled.
    actors: HashMap<ActorId, GameId>,
    shutting_down: bool,
    registry: Arc<Registry>,
    shared: Arc<Shared>,
    myself: ActorRef<SupervisorMessage>,
}

impl SupervisorState {
    pub(crate) fn new(
        shard: Arc<Shard>,
        registry: Arc<Registry>,
        shared: Arc<Shared>,
        myself: ActorRef<SupervisorMessage>,
    ) -> SupervisorState {
        SupervisorState {
            shard,
            actors: HashMap::new(),
            shutting_down: false,
            registry,
            shared,
            myself,
        }
    }

    pub(crate) fn find_or_start(&mut self, id: GameId, dead: Option<ActorId>, reply: FindReply) {
        if self.shutting_down {
            return answer(reply, Err(CallError::Busy));
        }
        let known = self.shard.children().contains_key(&id);
        let limit = self.shared.settings.max_games;
        if !known && self.registry.len() >= limit {
            self.registry.passivate_early();
            return answer(reply, Err(CallError::TooManyGames { limit }));
        }
        let mut children = self.shard.children_mut();
        let child = children.entry(id).or_insert_with(Child::new);
        match child.phase() {
            Phase::Running(game) if dead != Some(game.id()) => answer(reply, Ok(game.clone())),
            Phase::Quarantined(error) => {
                let error = error.clone();
                answer(reply, Err(CallError::Quarantined { error }));
            }
            _ if child.waiting() >= MAX_WAITING_FOR_START => answer(reply, Err(CallError::Busy)),
            // The game is starting or will start. If its process is dead, the
            // supervision event follows.
            _ => child.add_waiter(reply),
        }
        drop(children);
        if !known {
            self.start(id);
        }
    }

    fn start(&mut self, id: GameId) {
        let admission = Admission::new(self.shared.settings.max_waiting);
        let admission = Arc::new(admission);
        let arguments = (id, Arc::clone(&admission), Arc::clone(&self.shared));
        let supervisor = self.myself.get_cell();
        // This does not wait for `pre_start`, which loads the log.
        match ActorRuntime::spawn_linked_instant(None, GameActor, arguments, supervisor) {
            Ok((actor, started)) => {
                let game = GameRef { actor, admission };
                self.actors.insert(game.id(), id);
                tokio::spawn(watch_start(self.myself.clone(), game.id(), started));
                if let Some(child) = self.shard.children_mut().get_mut(&id) {
                    child.enter(Phase::Starting(game));
                }
            }
            Err(error) => self.crashed(id, error.to_string()),
        }
    }

    pub(crate) fn started(&mut self, cell: &ActorCell) {
        let Some(id) = self.actors.get(&cell.get_id()) else {
            return;
        };
        if let Some(child) = self.shard.children_mut().get_mut(id)
            && let Phase::Starting(game) = child.phase()
        {
            let game = game.clone();
            child.answer_waiters(&Ok(game.clone()));
            child.enter(Phase::Running(game));
        }
    }

    pub(crate) fn start_failed(&mut self, actor: ActorId, error: StartError) {
        let Some(id) = self.actors.remove(&actor) else {
            return;
        };
        match error {
            StartError::Recovery(RecoveryError::NoSuchGame) => {
                self.give_up(id, &CallError::NoSuchGame);
            }
            StartError::Recovery(RecoveryError::Unavailable) => {
                self.give_up(id, &CallError::JournalUnavailable);
            }
            StartError::Recovery(RecoveryError::Damaged(error)) => self.quarantine(id, error),
            StartError::Crashed(error) => self.crashed(id, error),
        }
        self.stop_if_done();
    }

    /// Handles the end of a process; `crash` is the cause, if it was a crash.
    pub(crate) fn stopped(&mut self, cell: &ActorCell, crash: Option<String>) {
        let Some(id) = self.actors.remove(&cell.get_id()) else {
            return;
        };
        match crash {
            Some(error) => self.crashed(id, error),
            None => self.planned_stop(id),
        }
        self.stop_if_done();
    }

    /// Handles a planned stop. A game with waiting callers starts again.
    fn planned_stop(&mut self, id: GameId) {
        let mut children = self.shard.children_mut();
        let wanted = children.get(&id).is_some_and(|it| it.waiting() > 0);
        if wanted && !self.shutting_down {
            drop(children);
            self.start(id);
        } else {
            children.remove(&id);
        }
    }

    fn crashed(&mut self, id: GameId, error: String) {
        let budget = self.shared.settings.budget;
        let decision = match self.shard.children_mut().get_mut(&id) {
            Some(child) => {
                child.enter(Phase::Down);
                child.crashes.record(budget, Instant::now().into_std())
            }
            None => return,
        };
        tracing::warn!(game = %id, error, ?decision, "a game has crashed");
        match decision {
            _ if self.shutting_down => return self.give_up(id, &CallError::Busy),
            RestartDecision::Now => self.start(id),
            RestartDecision::After(pause) => {
                let supervisor = self.myself.clone();
                tokio::spawn(async move {
                    tokio::time::sleep(pause).await;
                    // A supervisor that has stopped restarts nothing.
                    let _ = supervisor.cast(SupervisorMessage::Restart(id));
                });
            }
            RestartDecision::OverBudget => return self.quarantine(id, error),
        }
        self.shared.metrics.count_restart();
    }

    pub(crate) fn restart(&mut self, id: GameId) {
        let is_down = |child: &Child| matches!(child.phase(), Phase::Down);
        if !self.shutting_down && self.shard.children().get(&id).is_some_and(is_down) {
            self.start(id);
        }
    }

    fn quarantine(&mut self, id: GameId, error: String) {
        tracing::error!(game = %id, error, "a game is quarantined");
        if let Some(child) = self.shard.children_mut().get_mut(&id) {
            child.answer_waiters(&Err(CallError::Quarantined {
                error: error.clone(),
            }));
            child.enter(Phase::Quarantined(error));
        }
    }

    /// Ends a quarantine and forgets the crashes that led to it. The game starts
    /// when it is next called. Returns whether there was a quarantine.
    pub(crate) fn clear_quarantine(&mut self, id: GameId) -> bool {
        let mut children = self.shard.children_mut();
        let child = children.get(&id).map(Child::phase);
        let quarantined = matches!(child, Some(Phase::Quarantined(_)));
        if quarantined {
            children.remove(&id);
        }
        quarantined
    }

    fn give_up(&mut self, id: GameId, error: &CallError) {
        if let Some(mut child) = self.shard.children_mut().remove(&id) {
            child.answer_waiters(&Err(error.clone()));
        }
    }

    pub(crate) fn passivate_idle(&self) {
        self.stop_idle(self.shared.settings.idle_after);
    }

    /// Asks idle games to leave early, since the games are at their limit.
    pub(crate) fn passivate_early(&self) {
        let idle_after = self.shared.settings.idle_after;
        self.stop_idle(idle_after.min(IDLE_AFTER_AT_LIMIT));
    }

    fn stop_idle(&self, idle_after: Duration) {
        for child in self.shard.children().values() {
            if let Phase::Running(game) = child.phase()
                && game.admission.idle_for() >= idle_after
            {
                // If it is dead, its supervision event follows.
                let _ = game.actor.cast(GameMessage::StopIfIdle(idle_after));
            }
        }
    }

    pub(crate) fn shut_down(&mut self) {
        self.shutting_down = true;
        self.shard.children_mut().retain(|_, child| {
            child.answer_waiters(&Err(CallError::Busy));
            match child.phase() {
                Phase::Running(game) | Phase::Starting(game) => {
                    game.actor.stop(Some(SHUTDOWN.into()));
                    true
                }
                Phase::Down | Phase::Quarantined(_) => false,
            }
        });
        self.stop_if_done();
    }

    #[cfg(test)]
    pub(crate) fn actor_count(&self) -> usize {
        self.actors.len()
    }

    fn stop_if_done(&self) {
        if self.shutting_down && self.shard.children().is_empty() {
            self.myself.stop(Some(SHUTDOWN.into()));
        }
    }
}

fn answer(reply: FindReply, result: Result<GameRef, CallError>) {
    // The caller may have hung up.
    let _ = reply.send(result);
}

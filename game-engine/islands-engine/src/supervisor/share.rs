//! The games of one supervisor, and what it does about them.

use std::collections::HashMap;
use std::sync::Arc;

use islands_core::GameId;
use ractor::{ActorCell, ActorId, ActorRef, ActorRuntime, SpawnErr};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::{Found, StartFailure, SupervisorMessage};
use crate::game_actor::{GameActor, GameMessage, SHUTDOWN, Surroundings};
use crate::recovery::StartError;
use crate::refusal::Refusal;
use crate::registry::{GameRef, Registry};
use crate::restart::{Crashes, Decision};

/// How many callers may wait for one game to start.
const MAX_WAITING_FOR_START: usize = 1_000;

/// The games of one supervisor.
pub(crate) struct Share {
    games: HashMap<GameId, Child>,
    /// Which game a process is or was.
    actors: HashMap<ActorId, GameId>,
    stopping: bool,
    registry: Arc<Registry>,
    surroundings: Arc<Surroundings>,
    myself: ActorRef<SupervisorMessage>,
}

/// One game, as its supervisor sees it.
#[derive(Default)]
struct Child {
    phase: Phase,
    crashes: Crashes,
    waiting: Vec<Found>,
}

#[derive(Default)]
enum Phase {
    /// Between two processes, for a crash's pause or for no time at all.
    #[default]
    Down,
    Starting(GameRef),
    Running(GameRef),
    Quarantined(String),
}

impl Share {
    pub(crate) fn new(
        registry: Arc<Registry>,
        surroundings: Arc<Surroundings>,
        myself: ActorRef<SupervisorMessage>,
    ) -> Share {
        Share {
            games: HashMap::new(),
            actors: HashMap::new(),
            stopping: false,
            registry,
            surroundings,
            myself,
        }
    }

    pub(crate) fn find(&mut self, id: GameId, dead: Option<ActorId>, found: Found) {
        let limit = self.surroundings.settings.max_games;
        if self.stopping {
            return answer(found, Err(Refusal::Busy));
        }
        let new = !self.games.contains_key(&id);
        if new && self.registry.len() >= limit {
            return answer(found, Err(Refusal::TooManyGames { limit }));
        }
        let child = self.games.entry(id).or_default();
        child.waiting.retain(|found| !found.is_closed());
        match &child.phase {
            Phase::Running(game) if dead != Some(game.id()) => answer(found, Ok(game.clone())),
            Phase::Quarantined(error) => {
                let error = error.clone();
                answer(found, Err(Refusal::Quarantined { error }));
            }
            _ if child.waiting.len() >= MAX_WAITING_FOR_START => answer(found, Err(Refusal::Busy)),
            // It is starting or will be; or it is dead, and the news of that is on
            // the way here.
            _ => child.waiting.push(found),
        }
        if new {
            self.start(id);
        }
    }

    fn start(&mut self, id: GameId) {
        let Some(child) = self.games.get_mut(&id) else {
            return;
        };
        let arguments = (id, Arc::clone(&self.surroundings));
        let supervisor = self.myself.get_cell();
        match ActorRuntime::spawn_linked_instant(None, GameActor, arguments, supervisor) {
            Ok((actor, started)) => {
                let places = self.surroundings.settings.max_waiting;
                let game = GameRef {
                    places: Arc::new(Semaphore::new(places)),
                    actor,
                };
                self.actors.insert(game.id(), id);
                tokio::spawn(watch_start(self.myself.clone(), game.id(), started));
                child.phase = Phase::Starting(game);
            }
            Err(error) => self.crashed(id, error.to_string()),
        }
    }

    pub(crate) fn started(&mut self, cell: &ActorCell) {
        let Some(id) = self.actors.get(&cell.get_id()).copied() else {
            return;
        };
        let Some(child) = self.games.get_mut(&id) else {
            return;
        };
        if let Phase::Starting(game) = &child.phase {
            let game = game.clone();
            self.registry.insert(id, game.clone());
            for found in child.waiting.drain(..) {
                answer(found, Ok(game.clone()));
            }
            child.phase = Phase::Running(game);
        }
    }

    pub(crate) fn start_failed(&mut self, actor: ActorId, failure: StartFailure) {
        let Some(id) = self.actors.remove(&actor) else {
            return;
        };
        match failure {
            StartFailure::Expected(StartError::NoSuchGame) => {
                self.give_up(id, &Refusal::NoSuchGame);
            }
            StartFailure::Expected(StartError::Unavailable) => {
                self.give_up(id, &Refusal::JournalUnavailable);
            }
            StartFailure::Expected(StartError::Damaged(error)) => self.quarantine(id, error),
            StartFailure::Crashed(error) => self.crashed(id, error),
        }
        self.stop_if_done();
    }

    /// A process has ended: on its own account, or by a crash.
    pub(crate) fn stopped(&mut self, cell: &ActorCell, crash: Option<String>) {
        let Some(id) = self.actors.remove(&cell.get_id()) else {
            return;
        };
        self.registry.remove(id);
        match crash {
            Some(error) => self.crashed(id, error),
            None => match self.games.get_mut(&id) {
                Some(child) if !child.waiting.is_empty() && !self.stopping => self.start(id),
                _ => drop(self.games.remove(&id)),
            },
        }
        self.stop_if_done();
    }

    fn crashed(&mut self, id: GameId, error: String) {
        let Some(child) = self.games.get_mut(&id) else {
            return;
        };
        child.phase = Phase::Down;
        let budget = self.surroundings.settings.budget;
        let decision = child.crashes.record(budget, Instant::now().into_std());
        tracing::warn!(game = %id, error, ?decision, "a game has crashed");
        match decision {
            _ if self.stopping => self.give_up(id, &Refusal::Busy),
            Decision::Now => self.start(id),
            Decision::After(pause) => {
                let supervisor = self.myself.clone();
                tokio::spawn(async move {
                    tokio::time::sleep(pause).await;
                    // A supervisor that has stopped restarts nothing.
                    let _ = supervisor.cast(SupervisorMessage::Restart(id));
                });
            }
            Decision::Quarantine => self.quarantine(id, error),
        }
    }

    pub(crate) fn restart(&mut self, id: GameId) {
        let child = self.games.get(&id);
        if child.is_some_and(|child| matches!(child.phase, Phase::Down)) && !self.stopping {
            self.start(id);
        }
    }

    fn quarantine(&mut self, id: GameId, error: String) {
        tracing::error!(game = %id, error, "a game is quarantined");
        let Some(child) = self.games.get_mut(&id) else {
            return;
        };
        for found in child.waiting.drain(..) {
            let error = error.clone();
            answer(found, Err(Refusal::Quarantined { error }));
        }
        child.phase = Phase::Quarantined(error);
    }

    fn give_up(&mut self, id: GameId, refusal: &Refusal) {
        if let Some(child) = self.games.remove(&id) {
            for found in child.waiting {
                answer(found, Err(refusal.clone()));
            }
        }
    }

    pub(crate) fn look_for_idle(&self) {
        for child in self.games.values() {
            if let Phase::Running(game) = &child.phase {
                // The news of the end of one that is gone is on the way here.
                let _ = game.actor.cast(GameMessage::LeaveIfIdle);
            }
        }
    }

    pub(crate) fn shut_down(&mut self) {
        self.stopping = true;
        self.games.retain(|_, child| {
            for found in child.waiting.drain(..) {
                answer(found, Err(Refusal::Busy));
            }
            match &child.phase {
                Phase::Running(game) | Phase::Starting(game) => {
                    game.actor.stop(Some(SHUTDOWN.into()));
                    true
                }
                Phase::Down | Phase::Quarantined(_) => false,
            }
        });
        self.stop_if_done();
    }

    fn stop_if_done(&self) {
        if self.stopping && self.games.is_empty() {
            self.myself.stop(Some(SHUTDOWN.into()));
        }
    }
}

fn answer(found: Found, result: Result<GameRef, Refusal>) {
    // Whoever has hung up has no use for an answer.
    let _ = found.send(result);
}

/// ractor raises no event for a process that fails before it runs, so its start
/// is watched, and a failure is sent to the supervisor like any other news.
async fn watch_start(
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

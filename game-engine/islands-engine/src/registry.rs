//! What the supervisors know of their games, where anyone may read it.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use islands_core::GameId;
use parking_lot::{Mutex, RwLock, RwLockReadGuard, RwLockWriteGuard};
use ractor::{ActorId, ActorRef};
use tokio::time::Instant;

use crate::child::{Child, Phase};
use crate::game_actor::GameMessage;
use crate::reception::Reception;
use crate::supervisor::SupervisorMessage;

/// How often, at most, games are asked to make room for others.
const MAKE_ROOM_EVERY: Duration = Duration::from_secs(1);

/// A running game: its mailbox, and where its callers wait.
#[derive(Clone)]
pub(crate) struct GameRef {
    pub(crate) actor: ActorRef<GameMessage>,
    pub(crate) reception: Arc<Reception>,
}

impl GameRef {
    pub(crate) fn id(&self) -> ActorId {
        self.actor.get_id()
    }
}

/// A map from game ids to games, in parts that are locked by themselves: looking
/// a game up asks no process, and two look-ups seldom meet. Each part is written
/// by its supervisor and by nobody else.
pub(crate) struct Registry {
    parts: Box<[Arc<Part>]>,
    hasher: RandomState,
    made_room: Mutex<Option<Instant>>,
}

/// The games of one supervisor. It outlives the supervisor's process, so that
/// callers find the one that comes after it.
#[derive(Default)]
pub(crate) struct Part {
    children: RwLock<HashMap<GameId, Child>>,
    supervisor: RwLock<Option<ActorRef<SupervisorMessage>>>,
    /// How often the supervisor was started again.
    restarts: AtomicU64,
}

impl Registry {
    pub(crate) fn new(parts: usize) -> Registry {
        Registry {
            parts: (0..parts.max(1)).map(|_| Arc::default()).collect(),
            hasher: RandomState::new(),
            made_room: Mutex::default(),
        }
    }

    /// The part in which a game belongs.
    pub(crate) fn part(&self, id: GameId) -> &Part {
        let parts = self.parts.len() as u64;
        let number = usize::try_from(self.hasher.hash_one(id) % parts).unwrap_or(0);
        &self.parts[number]
    }

    pub(crate) fn parts(&self) -> &[Arc<Part>] {
        &self.parts
    }

    /// The process of a game, if it is running.
    pub(crate) fn running(&self, id: GameId) -> Option<GameRef> {
        match self.part(id).children().get(&id)?.phase() {
            Phase::Running(game) => Some(game.clone()),
            Phase::Down | Phase::Starting(_) | Phase::Quarantined(_) => None,
        }
    }

    /// Asks all games that are idle to make room for others. A second time within a
    /// second there is nothing more to ask for.
    pub(crate) fn make_room(&self) {
        let mut made = self.made_room.lock();
        let recent = |made: Instant| made.elapsed() < MAKE_ROOM_EVERY;
        if made.is_some_and(recent) {
            return;
        }
        *made = Some(Instant::now());
        for supervisor in self.parts.iter().filter_map(|part| part.supervisor()) {
            // One that has crashed has no games to ask.
            let _ = supervisor.cast(SupervisorMessage::MakeRoom);
        }
    }

    /// How many games the supervisors have in hand.
    pub(crate) fn len(&self) -> usize {
        self.parts.iter().map(|part| part.children().len()).sum()
    }
}

impl Part {
    /// The games, to be read.
    pub(crate) fn children(&self) -> RwLockReadGuard<'_, HashMap<GameId, Child>> {
        self.children.read()
    }

    /// The games, to be changed by their supervisor.
    pub(crate) fn children_mut(&self) -> RwLockWriteGuard<'_, HashMap<GameId, Child>> {
        self.children.write()
    }

    /// The supervisor of today.
    pub(crate) fn supervisor(&self) -> Option<ActorRef<SupervisorMessage>> {
        self.supervisor.read().clone()
    }

    /// Hands the part over to a supervisor that knows none of its games: with the
    /// one before it, its games have ended. They start again when they are asked
    /// for.
    pub(crate) fn hand_over(&self, supervisor: ActorRef<SupervisorMessage>) {
        self.children_mut().clear();
        let mut current = self.supervisor.write();
        if current.replace(supervisor).is_some() {
            self.restarts.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(crate) fn restarts(&self) -> u64 {
        self.restarts.load(Ordering::Relaxed)
    }
}

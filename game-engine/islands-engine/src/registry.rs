//! The registry: a sharded map from game ids to processes.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use islands_core::GameId;
use parking_lot::{Mutex, RwLock, RwLockReadGuard, RwLockWriteGuard};
use ractor::{ActorId, ActorRef};
use tokio::time::Instant;

use crate::admission::Admission;
use crate::child::{Child, Phase};
use crate::game_actor::GameMessage;
use crate::supervisor::SupervisorMessage;

/// Minimum time between two requests that idle games leave memory.
const MIN_PASSIVATION_INTERVAL: Duration = Duration::from_secs(1);

/// A running game: its mailbox and its admission.
#[derive(Clone)]
pub(crate) struct GameRef {
    pub(crate) actor: ActorRef<GameMessage>,
    pub(crate) admission: Arc<Admission>,
}

impl GameRef {
    pub(crate) fn id(&self) -> ActorId {
        self.actor.get_id()
    }
}

/// A map from game ids to games, in shards with a lock each. A look-up sends no message,
/// and a look-up seldom waits for a change. Only a shard's supervisor writes to its shard, and the
/// root when it replaces that supervisor.
pub(crate) struct Registry {
    shards: Box<[Arc<Shard>]>,
    hasher: RandomState,
    /// When idle games were last asked to leave.
    last_passivation: Mutex<Option<Instant>>,
}

/// The games of one supervisor. A shard outlives its supervisor's process, so callers find
/// the successor here.
#[derive(Default)]
pub(crate) struct Shard {
    children: RwLock<HashMap<GameId, Child>>,
    supervisor: RwLock<Option<ActorRef<SupervisorMessage>>>,
    /// How often the supervisor has been restarted.
    restarts: AtomicU64,
}

impl Registry {
    pub(crate) fn new(shards: usize) -> Registry {
        Registry {
            shards: (0..shards.max(1)).map(|_| Arc::default()).collect(),
            hasher: RandomState::new(),
            last_passivation: Mutex::default(),
        }
    }

    /// The shard of a game.
    pub(crate) fn shard(&self, id: GameId) -> &Shard {
        let shards = self.shards.len() as u64;
        let number = usize::try_from(self.hasher.hash_one(id) % shards).unwrap_or(0);
        &self.shards[number]
    }

    pub(crate) fn shards(&self) -> &[Arc<Shard>] {
        &self.shards
    }

    /// The process of a game, if it is running.
    pub(crate) fn running(&self, id: GameId) -> Option<GameRef> {
        match self.shard(id).children().get(&id)?.phase() {
            Phase::Running(game) => Some(game.clone()),
            Phase::Down | Phase::Starting(_) | Phase::Quarantined(_) => None,
        }
    }

    /// Asks idle games to leave memory, at most once a second.
    pub(crate) fn passivate_early(&self) {
        let mut last = self.last_passivation.lock();
        let recent = |last: Instant| last.elapsed() < MIN_PASSIVATION_INTERVAL;
        if last.is_some_and(recent) {
            return;
        }
        *last = Some(Instant::now());
        for supervisor in self.shards.iter().filter_map(|shard| shard.supervisor()) {
            // A crashed supervisor has no games to ask.
            let _ = supervisor.cast(SupervisorMessage::PassivateEarly);
        }
    }

    /// Games known to the supervisors, in any phase.
    pub(crate) fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.children().len()).sum()
    }
}

impl Shard {
    /// Locks the games for reading.
    pub(crate) fn children(&self) -> RwLockReadGuard<'_, HashMap<GameId, Child>> {
        self.children.read()
    }

    /// Locks the games for writing.
    pub(crate) fn children_mut(&self) -> RwLockWriteGuard<'_, HashMap<GameId, Child>> {
        self.children.write()
    }

    /// The present supervisor.
    pub(crate) fn supervisor(&self) -> Option<ActorRef<SupervisorMessage>> {
        self.supervisor.read().clone()
    }

    /// Hands the shard over to a new supervisor. The games of the old one ended with it,
    /// and start again when they are next called.
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

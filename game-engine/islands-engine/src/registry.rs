//! Which games are in memory, and how to reach them.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use islands_core::GameId;
use ractor::{ActorId, ActorRef};
use tokio::sync::Semaphore;

use crate::game_actor::GameMessage;

/// A running game: its mailbox, and its places for callers who wait. The mailbox
/// of an actor has no bound, so the bound is here.
#[derive(Clone)]
pub(crate) struct GameRef {
    pub(crate) actor: ActorRef<GameMessage>,
    pub(crate) places: Arc<Semaphore>,
}

impl GameRef {
    pub(crate) fn id(&self) -> ActorId {
        self.actor.get_id()
    }
}

type Part = RwLock<HashMap<GameId, GameRef>>;

/// A map from game ids to running games, in parts that are locked by themselves:
/// looking a game up asks no process, and two look-ups seldom meet.
pub(crate) struct Registry {
    parts: Box<[Part]>,
    hasher: RandomState,
}

impl Registry {
    pub(crate) fn new(parts: usize) -> Registry {
        Registry {
            parts: (0..parts.max(1)).map(|_| RwLock::default()).collect(),
            hasher: RandomState::new(),
        }
    }

    /// In which part a game belongs; its supervisor has the same number.
    pub(crate) fn part_of(&self, id: GameId) -> usize {
        let parts = self.parts.len() as u64;
        usize::try_from(self.hasher.hash_one(id) % parts).unwrap_or(0)
    }

    pub(crate) fn get(&self, id: GameId) -> Option<GameRef> {
        read(self.part(id)).get(&id).cloned()
    }

    pub(crate) fn insert(&self, id: GameId, game: GameRef) {
        write(self.part(id)).insert(id, game);
    }

    pub(crate) fn remove(&self, id: GameId) {
        write(self.part(id)).remove(&id);
    }

    /// How many games are running.
    pub(crate) fn len(&self) -> usize {
        self.parts.iter().map(|part| read(part).len()).sum()
    }

    fn part(&self, id: GameId) -> &Part {
        &self.parts[self.part_of(id)]
    }
}

// A lock is poisoned when its holder panics. Nothing here panics between two
// changes that belong together, so what a poisoned lock guards is still good.

fn read(part: &Part) -> RwLockReadGuard<'_, HashMap<GameId, GameRef>> {
    part.read().unwrap_or_else(PoisonError::into_inner)
}

fn write(part: &Part) -> RwLockWriteGuard<'_, HashMap<GameId, GameRef>> {
    part.write().unwrap_or_else(PoisonError::into_inner)
}

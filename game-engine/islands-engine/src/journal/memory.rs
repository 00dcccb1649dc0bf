//! A journal in memory: it outlives the processes of its games, not the program.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use islands_core::GameId;

use super::{Answer, AppendError, Batch, Journal, LoadError};

/// So many locks that two games seldom wait for each other.
const SHARDS: usize = 64;

/// Keeps the log of every game in memory, until it is
/// [forgotten](Journal::forget_before): as many games as are played, each with
/// as many batches as its rules allow.
///
/// ```
/// use islands_core::GameId;
/// use islands_engine::journal::{Journal, MemoryJournal};
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// let journal = MemoryJournal::new();
/// let nobody = GameId::from_bytes([0; 10]);
/// assert_eq!(journal.load(nobody, 0).await, Ok(vec![]));
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct MemoryJournal {
    shards: [Mutex<HashMap<GameId, Log>>; SHARDS],
}

/// The batches of one game, and the number of their last event.
#[derive(Debug, Default)]
struct Log {
    batches: Vec<Batch>,
    last: u64,
}

impl MemoryJournal {
    /// A journal without a game.
    pub fn new() -> MemoryJournal {
        MemoryJournal {
            shards: [(); SHARDS].map(|()| Mutex::default()),
        }
    }

    /// The games that share a lock with this one. An id is drawn at random, so
    /// any byte of it spreads games evenly. No lock is held across an await, and
    /// whoever panics while holding one leaves a whole log behind.
    fn shard(&self, game: GameId) -> MutexGuard<'_, HashMap<GameId, Log>> {
        let [.., byte] = game.to_bytes();
        lock(&self.shards[usize::from(byte) % SHARDS])
    }

    fn add(&self, game: GameId, expected: u64, batch: Batch) -> Result<(), AppendError> {
        if batch.events.is_empty() {
            let why = "a batch has at least one event".into();
            return Err(AppendError::Unavailable(why));
        }
        let mut shard = self.shard(game);
        let actual = shard.get(&game).map_or(0, |log| log.last);
        if actual != expected {
            return Err(AppendError::Conflict { actual });
        }
        let log = shard.entry(game).or_default();
        log.last += batch.events.len() as u64;
        log.batches.push(batch);
        Ok(())
    }

    fn batches(&self, game: GameId, after: u64) -> Vec<Batch> {
        let shard = self.shard(game);
        let Some(log) = shard.get(&game) else {
            return Vec::new();
        };
        let mut last = 0;
        let known = log.batches.iter().take_while(|batch| {
            last += batch.events.len() as u64;
            last <= after
        });
        let known = known.count();
        log.batches[known..].to_vec()
    }

    fn forget(&self, time: SystemTime) -> usize {
        let forget = |shard: &Mutex<HashMap<GameId, Log>>| {
            let mut games = lock(shard);
            let before = games.len();
            games.retain(|_, log| log.batches.last().is_some_and(|batch| batch.at >= time));
            before - games.len()
        };
        self.shards.iter().map(forget).sum()
    }
}

fn lock<T>(shard: &Mutex<T>) -> MutexGuard<'_, T> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Default for MemoryJournal {
    fn default() -> MemoryJournal {
        MemoryJournal::new()
    }
}

impl Journal for MemoryJournal {
    fn append(
        &self,
        game: GameId,
        expected: u64,
        batch: Batch,
    ) -> Answer<'_, Result<(), AppendError>> {
        Box::pin(async move { self.add(game, expected, batch) })
    }

    fn load(&self, game: GameId, after: u64) -> Answer<'_, Result<Vec<Batch>, LoadError>> {
        Box::pin(async move { Ok(self.batches(game, after)) })
    }

    fn forget_before(&self, time: SystemTime) -> Answer<'_, Result<usize, LoadError>> {
        Box::pin(async move { Ok(self.forget(time)) })
    }

    fn is_writable(&self) -> bool {
        true
    }
}

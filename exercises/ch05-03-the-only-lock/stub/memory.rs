//! A journal in memory, which outlives the processes of its games but not the program.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use islands_core::GameId;
use parking_lot::{Mutex, MutexGuard};

use super::retention::LastRow;
use super::{
    AppendError, Batch, BoxFuture, Forgotten, Journal, LoadError, Retention, to_unix_millis,
};

/// Number of locks: enough that two games seldom contend for one.
const SHARDS: usize = 64;

/// Keeps the log of every game in memory, until it is [forgotten](Journal::forget).
/// The rules bound each log; the number of games has no bound.
///
/// ```
/// use islands_core::GameId;
/// use islands_engine::journal::{Journal, MemoryJournal};
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// let journal = MemoryJournal::new();
/// let unknown = GameId::from_bytes([0; 10]);
/// assert_eq!(journal.load(unknown, 0).await, Ok(vec![]));
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct MemoryJournal {
    shards: [Mutex<HashMap<GameId, Log>>; SHARDS],
    /// Batches appended so far, of all games.
    rows: AtomicU64,
}

/// The batches of one game, the number of their last event, and the row number of the
/// last batch among the batches of all games.
#[derive(Debug, Default)]
struct Log {
    batches: Vec<Batch>,
    last: u64,
    row: u64,
}

impl Log {
    fn last_row(&self) -> Option<LastRow> {
        let (row, at) = (self.row, to_unix_millis(self.batches.last()?.at));
        Some(LastRow { row, at })
    }
}

impl MemoryJournal {
    /// Creates an empty journal.
    pub fn new() -> MemoryJournal {
        MemoryJournal {
            shards: [(); SHARDS].map(|()| Mutex::default()),
            rows: AtomicU64::new(0),
        }
    }

    /// Locks the shard of a game. Ids are random, so any byte of an id spreads games
    /// evenly. No lock is held across an await.
    fn shard(&self, game: GameId) -> MutexGuard<'_, HashMap<GameId, Log>> {
        let [.., byte] = game.to_bytes();
        self.shards[usize::from(byte) % SHARDS].lock()
    }

    fn add(&self, game: GameId, expected: u64, batch: Batch) -> Result<(), AppendError> {
        your_code!(self, game, expected, batch)
    }

    fn batches(&self, game: GameId, after: u64) -> Vec<Batch> {
        your_code!(self, game, after)
    }

    fn forget_old(&self, retention: Retention) -> Forgotten {
        let shards = || self.shards.iter().map(Mutex::lock);
        let rows = shards().flat_map(|shard| {
            let rows = shard.values().filter_map(Log::last_row);
            rows.collect::<Vec<_>>()
        });
        let mut forgotten = Forgotten::default();
        let Some(cutoff) = retention.cutoff(rows.collect()) else {
            return forgotten;
        };
        for mut shard in shards() {
            shard.retain(|_, log| match log.last_row() {
                Some(last) if cutoff.includes(last) => {
                    forgotten.add(last.at);
                    false
                }
                _ => true,
            });
        }
        forgotten
    }
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
    ) -> BoxFuture<'_, Result<(), AppendError>> {
        Box::pin(async move { self.add(game, expected, batch) })
    }

    fn load(&self, game: GameId, after: u64) -> BoxFuture<'_, Result<Vec<Batch>, LoadError>> {
        Box::pin(async move { Ok(self.batches(game, after)) })
    }

    fn forget(&self, retention: Retention) -> BoxFuture<'_, Result<Forgotten, LoadError>> {
        Box::pin(async move { Ok(self.forget_old(retention)) })
    }

    fn is_writable(&self) -> bool {
        true
    }
}

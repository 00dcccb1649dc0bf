//! Written by `cargo x generate`; changes here are lost.
//!
//! The journal: keeps the log of each game's events. A game is the fold of its log.

#[path = "../../memory.rs"]
mod memory;
#[path = "../../../../game-engine/islands-engine/src/journal/retention.rs"]
mod retention;

use std::pin::Pin;
use std::time::{Duration, SystemTime};

use islands_core::{Event, GameId, Player};
use prometheus_client::registry::Registry;
use thiserror::Error;

pub use memory::MemoryJournal;
pub use retention::{Cutoff, LastRow, Retention};

use crate::command_id::CommandId;
use crate::game_config::GameConfig;

/// The future of a [`Journal`] method: a trait with an `async fn` is not dyn-compatible.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// An event store: a log of events for each game.
///
/// [`append`](Journal::append) uses optimistic concurrency instead of a lock: of two
/// writers that pass the same `expected` version of a game, at most one succeeds. A game has
/// two writers when its killed process is still ending while the successor runs.
pub trait Journal: Send + Sync + 'static {
    /// Appends a batch to a game whose last event has the number `expected` (0 for a
    /// new game). After `Ok`, the batch is as durable as the implementation promises.
    ///
    /// # Errors
    /// See [`AppendError`], which says whether the batch may be stored.
    fn append(
        &self,
        game: GameId,
        expected: u64,
        batch: Batch,
    ) -> BoxFuture<'_, Result<(), AppendError>>;

    /// Returns, in order, every batch with an event numbered above `after`; 0 loads the
    /// whole log. The log of an unknown game is empty. Waits for pending
    /// appends, so the result is final: a restarted process knows whether the last
    /// append of its predecessor was stored.
    ///
    /// # Errors
    /// See [`LoadError`].
    fn load(&self, game: GameId, after: u64) -> BoxFuture<'_, Result<Vec<Batch>, LoadError>>;

    /// Forgets the games that are older than the retention period, both by the time of
    /// their last batch and by the time elapsed in the journal since: see [`Retention`].
    /// Returns how many.
    ///
    /// # Errors
    /// [`LoadError::Unavailable`] if the journal cannot be written.
    fn forget(&self, retention: Retention) -> BoxFuture<'_, Result<Forgotten, LoadError>>;

    /// Returns whether the journal can be written at this moment.
    fn is_writable(&self) -> bool;

    /// Registers the journal's own metrics, by default none. Call it once.
    fn register(&self, metrics: &mut Registry) {
        let _ = metrics;
    }
}

/// The events of one command, or of the opening of a game, stored together or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The time of the append by the machine's clock, to the millisecond.
    pub at: SystemTime,
    /// The player that sent the command; in the first batch, player 1.
    pub by: Player,
    /// The command's id, by which a repeat is recognised; `None` in the first batch.
    pub command_id: Option<CommandId>,
    /// The configuration of the game, in its first batch only.
    pub config: Option<GameConfig>,
    /// At least one event.
    pub events: Vec<Event>,
}

/// The result of [`Journal::forget`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// The number of games forgotten.
    pub games: usize,
    /// The earliest and the latest time of their last batches.
    pub last_batches: Option<(SystemTime, SystemTime)>,
}

impl Forgotten {
    /// Adds a game whose last batch has this time, in milliseconds since 1970.
    pub fn add(&mut self, at: u64) {
        let at = from_unix_millis(at);
        let last_batches = Some((at, at));
        self.extend(Forgotten {
            games: 1,
            last_batches,
        });
    }

    /// Adds the games of `more`.
    pub fn extend(&mut self, more: Forgotten) {
        self.games += more.games;
        self.last_batches = match (self.last_batches, more.last_batches) {
            (Some((earliest, latest)), Some((first, last))) => {
                Some((earliest.min(first), latest.max(last)))
            }
            (one, other) => one.or(other),
        };
    }
}

/// Why an append failed, and whether the batch may be stored.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AppendError {
    /// Not stored: the game's last event has another number.
    #[error("the journal has {actual} events of this game")]
    Conflict {
        /// The number of the last event in the journal.
        actual: u64,
    },
    /// Not stored: the journal does not accept it.
    #[error("the journal does not accept appends: {0}")]
    Unavailable(String),
    /// Perhaps stored: only a [`load`](Journal::load) can tell.
    #[error("the append may not be stored: {0}")]
    OutcomeUnknown(String),
}

/// Why a log could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LoadError {
    /// The journal does not answer at the moment.
    #[error("the journal cannot be read: {0}")]
    Unavailable(String),
    /// The log is damaged: it differs from what was written.
    #[error("the journal is damaged: {0}")]
    Damaged(String),
}

impl LoadError {
    /// Returns the text of the error, without its kind.
    pub fn into_text(self) -> String {
        let (LoadError::Unavailable(text) | LoadError::Damaged(text)) = self;
        text
    }
}

/// Converts a time to Unix time in milliseconds, the form that records store; 0 if it is
/// before 1970.
pub fn to_unix_millis(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| {
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    })
}

/// Converts Unix time in milliseconds to a time; 1970 if it is out of range.
pub fn from_unix_millis(millis: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH
        .checked_add(Duration::from_millis(millis))
        .unwrap_or(SystemTime::UNIX_EPOCH)
}

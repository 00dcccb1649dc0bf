//! Where the events are kept: the game is its log, and this is the log.

mod memory;
mod retention;

use std::pin::Pin;
use std::time::{Duration, SystemTime};

use islands_core::{Event, GameId, Player};
use prometheus_client::registry::Registry;
use thiserror::Error;

pub use memory::MemoryJournal;
pub use retention::{Cutoff, LastRow, Retention};

use crate::command_id::CommandId;
use crate::opening::Opening;

/// What an asynchronous method of a [`Journal`] returns: a trait object cannot have `async fn`.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A log of events for each game.
///
/// The optimistic [`append`](Journal::append) is the only lock there is: two
/// writers of one game cannot both succeed with the same expected number.
pub trait Journal: Send + Sync + 'static {
    /// Adds a batch to a game whose last event has the number `expected` (0 for
    /// a game that is not there yet). When it answers `Ok`, the batch outlives
    /// whatever the implementation promises to outlive.
    ///
    /// # Errors
    /// See [`AppendError`]: it says what is known of the batch.
    fn append(
        &self,
        game: GameId,
        expected: u64,
        batch: Batch,
    ) -> BoxFuture<'_, Result<(), AppendError>>;

    /// Every batch of a game that holds an event with a number above `after`,
    /// in order; 0 loads all of them. Empty if there is no such game. Each batch
    /// that was to be appended before is there, or never will be: so a process that
    /// takes the place of another knows what became of that one's last.
    ///
    /// # Errors
    /// See [`LoadError`].
    fn load(&self, game: GameId, after: u64) -> BoxFuture<'_, Result<Vec<Batch>, LoadError>>;

    /// Forgets the games that were left alone for longer than they are kept, by the
    /// time of their last batch and by the time that has passed in the journal since:
    /// see [`Retention`]. Says how many they were.
    ///
    /// # Errors
    /// [`LoadError::Unavailable`] when the journal cannot be written.
    fn forget(&self, retention: Retention) -> BoxFuture<'_, Result<Forgotten, LoadError>>;

    /// Whether the journal can be written at this moment.
    fn is_writable(&self) -> bool;

    /// Lets what the journal measures of itself be read in this registry; by
    /// default there is nothing. Call it once.
    fn register(&self, metrics: &mut Registry) {
        let _ = metrics;
    }
}

/// The events that one command made happen: kept together or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// When, by the clock of the machine, to the millisecond.
    pub at: SystemTime,
    /// Who sent the command.
    pub by: Player,
    /// The command's id, by which a repeat of it is known.
    pub command_id: Option<CommandId>,
    /// What a game needs to know beside its events: in its first batch only.
    pub opening: Option<Opening>,
    /// At least one event.
    pub events: Vec<Event>,
}

/// The games that a journal has forgotten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// How many they were.
    pub games: usize,
    /// The times of the earliest and of the latest of their last batches.
    pub last_batches: Option<(SystemTime, SystemTime)>,
}

impl Forgotten {
    /// One game more, whose last batch has this time in milliseconds since 1970.
    pub fn add(&mut self, at: u64) {
        let at = from_millis(at);
        let last_batches = Some((at, at));
        self.extend(Forgotten {
            games: 1,
            last_batches,
        });
    }

    /// Those games as well.
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

/// A batch that was not added, or perhaps was.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AppendError {
    /// It was not added: the game's last number is another one.
    #[error("the journal has {actual} events of this game")]
    Conflict {
        /// The number of the last event in the journal.
        actual: u64,
    },
    /// It was not added: the journal takes nothing at the moment.
    #[error("the journal takes nothing: {0}")]
    Unavailable(String),
    /// It may have been added: only a [`load`](Journal::load) tells.
    #[error("the journal may have missed this: {0}")]
    Unknown(String),
}

/// A log that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LoadError {
    /// The journal answers nothing at the moment.
    #[error("the journal cannot be read: {0}")]
    Unavailable(String),
    /// What is there is not what was written: the game is damaged.
    #[error("the journal is damaged: {0}")]
    Damaged(String),
}

impl LoadError {
    /// What it says, without what it is.
    pub fn into_text(self) -> String {
        let (LoadError::Unavailable(text) | LoadError::Damaged(text)) = self;
        text
    }
}

/// A clock reading in milliseconds since 1970, as records keep it; 0 for one before.
pub fn to_millis(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| {
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    })
}

/// The time that is this many milliseconds after 1970; 1970 if there is no such time.
pub fn from_millis(millis: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH
        .checked_add(Duration::from_millis(millis))
        .unwrap_or(SystemTime::UNIX_EPOCH)
}

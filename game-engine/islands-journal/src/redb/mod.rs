//! A journal in one redb file that survives `kill -9`.
//!
//! A batch is a row. Rows lie in the order in which they arrived, so a commit changes
//! few pages, however many games it appends to. The rows of a game form a chain, and
//! two more tables say where the chain ends and where it begins. redb does not verify
//! its pages when it reads them, so a damaged page can hide a game, but not from both
//! tables. One thread writes. It commits all appends that arrived during the previous
//! commit in one transaction (group commit), so that many games share the cost of an
//! fsync. No append is acknowledged before it is on the disk.
//!
//! Read in this order: `schema`, the tables; `head` and `chain`, the log of a game;
//! `append`, how a log grows; `store` and `forget`, the transactions; `store_error`,
//! their errors; `shared_database`, the open database; `pending_appends`, which a load waits
//! for; `writer`, the thread, with `commit_group` and `metrics`; `open` and
//! `open_error`, how a file is opened or refused; `watermark`, which detects a file
//! that has lost its end; [`maintenance`], which checks, exports and imports files.

mod append;
mod chain;
mod commit_group;
mod forget;
mod head;
pub mod maintenance;
mod metrics;
mod open;
mod open_error;
mod pending_appends;
mod schema;
mod shared_database;
mod store;
mod store_error;
mod watermark;
mod writer;

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, TrySendError};
use std::thread::JoinHandle;
use std::time::Duration;

use islands_core::GameId;
use islands_engine::journal::{
    AppendError, Batch, BoxFuture, Cutoff, Forgotten, Journal, LoadError, Retention, to_unix_millis,
};
use parking_lot::Mutex;
use prometheus_client::registry::Registry;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::{Semaphore, oneshot};
use tokio::task::block_in_place;

pub use self::open_error::{OpenError, OpenErrorKind};

use self::append::Append;
use self::commit_group::{AppendReply, Request};
use self::forget::ForgetPass;
use self::metrics::Metrics;
use self::open::DatabaseFactory;
use self::pending_appends::PendingAppends;
use self::shared_database::SharedDatabase;
use self::store_error::StoreError;
use crate::record::{self, RecordKey};

/// Maximum games read at once; further callers wait for a permit.
const MAX_READERS: usize = 8;

/// How long a commit may take before the disk counts as stalled.
const STALL_TIMEOUT: Duration = Duration::from_secs(2);

/// A journal in one file.
///
/// A batch for which [`append`](Journal::append) returned `Ok` is on the disk. An
/// `append` whose caller stops waiting is carried out all the same.
///
/// After an I/O error the file is closed and reopened: at once, then at growing
/// intervals of up to 5 seconds, until it can be written again. Meanwhile appends are
/// refused and [`is_writable`](Journal::is_writable) returns `false`, as it does while a
/// commit has taken more than 2 seconds. At most 4,096 requests wait for the disk; one
/// more is refused.
///
/// No event is read that was not written, and no acknowledged event is silently left
/// out: a game whose log is not whole from its first row to its head is
/// [damaged](LoadError::Damaged), and the other games are not. Loading a game misses
/// one kind of damage: an older page of heads, itself intact, in the place of the
/// current one. [`maintenance::check`] finds it.
pub struct RedbJournal {
    queue: SyncSender<Request>,
    database: Arc<SharedDatabase>,
    readers: Arc<Semaphore>,
    pending_appends: Arc<PendingAppends>,
    metrics: Metrics,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl RedbJournal {
    /// Opens the journal in this file, or creates the file; its folder must exist.
    /// Blocks while redb reads the file: all of it if the last process crashed within
    /// half a second of its last commit.
    ///
    /// # Errors
    /// [`OpenError`] says in one line which file is refused, why, and what to do
    /// about it.
    pub fn open(path: impl AsRef<Path>) -> Result<RedbJournal, OpenError> {
        open::open(path.as_ref())
    }

    /// Starts a journal on a database that `factory` can open again and again.
    fn start(
        mut factory: DatabaseFactory,
        stall_timeout: Duration,
    ) -> Result<RedbJournal, StoreError> {
        let database = Arc::new(SharedDatabase::new(
            open::open_for_writing(&mut factory)?,
            stall_timeout,
        ));
        let metrics = Metrics::new();
        let (queue, writer) = writer::start(Arc::clone(&database), factory, metrics.clone())?;
        Ok(RedbJournal {
            queue,
            database,
            readers: Arc::new(Semaphore::new(MAX_READERS)),
            pending_appends: Arc::default(),
            metrics,
            writer: Mutex::new(Some(writer)),
        })
    }

    /// Finishes the queued requests, then closes the file, which can be opened again
    /// at once. Blocks until the disk has answered. A second call does nothing.
    /// Dropping the journal closes it too.
    pub fn close(&self) {
        let mut writer = self.writer.lock();
        if let Some(thread) = writer.take() {
            // If the thread has ended already, it has closed the file.
            let _ = self.queue.send(Request::Close);
            let _ = thread.join();
        }
    }

    fn enqueue(&self, request: Request) -> Result<(), String> {
        self.queue.try_send(request).map_err(|refused| {
            match refused {
                TrySendError::Full(_) => "too many requests wait for the disk",
                TrySendError::Disconnected(_) => "it is closed",
            }
            .into()
        })
    }

    async fn add(&self, game: GameId, expected: u64, batch: Batch) -> Result<(), AppendError> {
        let last = expected.saturating_add(batch.events.len() as u64);
        let key = RecordKey { game, last };
        let record = record::encode(key, &batch).map_err(AppendError::Unavailable)?;
        let append = Append {
            key,
            expected,
            at: to_unix_millis(batch.at),
            record,
        };
        let (reply, answer) = AppendReply::new(self.pending_appends.begin(game));
        self.enqueue(Request::Append { append, reply })
            .map_err(AppendError::Unavailable)?;
        let no_answer =
            |_| AppendError::OutcomeUnknown("the writer ended without an answer".into());
        answer.await.map_err(no_answer)?
    }

    /// Loads a game once its pending appends have ended. Reading cached rows takes
    /// microseconds, less than handing the work to another thread and back; but a
    /// stalled disk must not block the other tasks of this thread. So this thread
    /// reads, and `block_in_place` moves its tasks to another one. A single-threaded
    /// runtime cannot do that and reads on a blocking thread.
    async fn read(&self, game: GameId, after: u64) -> Result<Vec<Batch>, LoadError> {
        let unavailable = |why: &str| LoadError::Unavailable(why.into());
        let runtime = Handle::try_current().map_err(|why| unavailable(&why.to_string()))?;
        self.pending_appends.wait_for_appends(game).await;
        let permit = Arc::clone(&self.readers).acquire_owned().await;
        let permit = permit.map_err(|_| unavailable("it is closed"))?;
        let database = Arc::clone(&self.database);
        let read = move || {
            // A read whose caller has left still occupies a thread, so it keeps its permit.
            let _permit = permit;
            database.with(|opened| store::load(&opened.database, game, after))
        };
        let batches = match runtime.runtime_flavor() {
            RuntimeFlavor::MultiThread => block_in_place(read),
            _ => {
                let batches = runtime.spawn_blocking(read).await;
                batches.map_err(|why| unavailable(&why.to_string()))?
            }
        };
        batches.unwrap_or_else(|error| {
            // A failed read can leave redb unusable, and only the writer may reopen
            // the file.
            let _ = self.queue.try_send(Request::Check);
            Err(error.into_load_error(game))
        })
    }

    /// Determines which games are old. Reads every game's head, on a blocking thread.
    async fn cutoff(&self, retention: Retention) -> Result<Option<Cutoff>, LoadError> {
        let unavailable = |why: String| LoadError::Unavailable(why);
        let runtime = Handle::try_current().map_err(|why| unavailable(why.to_string()))?;
        let database = Arc::clone(&self.database);
        let rows = runtime.spawn_blocking(move || {
            let rows = database.with(|opened| forget::last_rows(&opened.database));
            rows.map(|rows| retention.cutoff(rows))
        });
        let rows = rows.await.map_err(|why| unavailable(why.to_string()))?;
        rows.map_err(|error| {
            let _ = self.queue.try_send(Request::Check);
            unavailable(error.to_string())
        })
    }

    /// Forgets old games pass by pass, so that queued appends run in between. A game
    /// that is played meanwhile gets a newer row, and stays.
    async fn forget_old(&self, retention: Retention) -> Result<Forgotten, LoadError> {
        let mut forgotten = Forgotten::default();
        let Some(cutoff) = self.cutoff(retention).await? else {
            return Ok(forgotten);
        };
        let mut after = None;
        loop {
            let (reply, answer) = oneshot::channel();
            self.enqueue(Request::Forget {
                cutoff,
                after,
                reply,
            })
            .map_err(LoadError::Unavailable)?;
            let no_answer = |_| LoadError::Unavailable("the writer ended without an answer".into());
            let ForgetPass { games, next, .. } = answer.await.map_err(no_answer)??;
            forgotten.extend(games);
            if next.is_none() {
                return Ok(forgotten);
            }
            after = next;
        }
    }
}

impl Journal for RedbJournal {
    fn append(
        &self,
        game: GameId,
        expected: u64,
        batch: Batch,
    ) -> BoxFuture<'_, Result<(), AppendError>> {
        Box::pin(self.add(game, expected, batch))
    }

    /// Needs a tokio runtime. At most 8 games are read at once.
    fn load(&self, game: GameId, after: u64) -> BoxFuture<'_, Result<Vec<Batch>, LoadError>> {
        Box::pin(self.read(game, after))
    }

    /// Keeps damaged games for inspection.
    fn forget(&self, retention: Retention) -> BoxFuture<'_, Result<Forgotten, LoadError>> {
        Box::pin(self.forget_old(retention))
    }

    fn is_writable(&self) -> bool {
        self.database.is_writable()
    }

    fn register(&self, metrics: &mut Registry) {
        self.metrics.register(metrics);
    }
}

impl Drop for RedbJournal {
    fn drop(&mut self) {
        self.close();
    }
}

impl fmt::Debug for RedbJournal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedbJournal")
            .field("writable", &self.is_writable())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;

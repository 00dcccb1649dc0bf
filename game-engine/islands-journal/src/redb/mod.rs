//! The journal that outlives `kill -9`: one file, kept by the database redb.
//!
//! A batch is a row, and rows lie in the order in which they came: to add some is
//! to change few pages, however many games they are of. The rows of a game are a
//! chain, and two more tables say where it ends and where it begins: redb does not
//! verify its pages when it reads them, so a page gone bad can hide a game, but not
//! from both tables. One thread writes: it commits whatever has gathered while it
//! wrote the last time as one transaction, so that many games share the cost of
//! reaching the disk. Nothing is acknowledged before it is there.
//!
//! In the order in which they are best read: `schema`, the tables; `head` and
//! `chain`, the log of a game; `addition`, how one grows; `store` and `forget`, what
//! is done in one transaction; `failure`, what can go wrong in it; `current`, the
//! open database; `underway`, what a reader waits for; `writer`, the thread, with its
//! `turn`s and `metrics`; `open` and `open_error`, how a file becomes a journal or why
//! it does not; `witness`, how one is found out that has lost its end; [`upkeep`], what
//! can be done with a file that no journal has.

mod append;
mod chain;
mod commit_group;
mod current;
mod forget;
mod head;
mod metrics;
mod open;
mod open_error;
mod pending_appends;
mod schema;
mod store;
mod store_error;
pub mod upkeep;
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
    AppendError, Batch, BoxFuture, Cutoff, Forgotten, Journal, LoadError, Retention, to_millis,
};
use parking_lot::Mutex;
use prometheus_client::registry::Registry;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::{Semaphore, oneshot};
use tokio::task::block_in_place;

pub use self::open_error::{OpenError, OpenErrorKind};

use self::append::Append;
use self::commit_group::{AppendReply, Request};
use self::current::Current;
use self::forget::ForgetPass;
use self::metrics::Metrics;
use self::open::Source;
use self::pending_appends::PendingAppends;
use self::store_error::StoreError;
use crate::record::{self, RecordKey};

/// How many games are read at once. The others wait in the callers that ask.
const READERS: usize = 8;

/// How long a commit may be on its way to the disk before the disk is stalled.
const PATIENCE: Duration = Duration::from_secs(2);

/// A journal in one file.
///
/// A batch for which [`append`](Journal::append) answered `Ok` is on the disk. An
/// `append` that nobody waits for any longer is carried out all the same.
///
/// After an input or output error the file is closed and opened again, at once
/// and then ever more seldom, up to every 5 seconds, until it can be written
/// again; meanwhile nothing is added and [`is_writable`](Journal::is_writable)
/// says so, as it does while a commit has been on its way for more than 2 seconds.
/// At most 4,096 requests wait for the disk; one more is refused.
///
/// No event is ever read that was not written, and none that was acknowledged is
/// left out in silence: a game whose log is not whole from its first row to its head
/// is [damaged](LoadError::Damaged), and the other games are not. One kind of damage
/// takes more than a look at the game: a page of heads in whose place an older one
/// lies that was whole. [`upkeep::check`] finds it.
pub struct RedbJournal {
    queue: SyncSender<Request>,
    current: Arc<Current>,
    readers: Arc<Semaphore>,
    pending_appends: Arc<PendingAppends>,
    metrics: Metrics,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl RedbJournal {
    /// Opens the journal in this file, or begins one if there is no such file.
    /// Its folder has to be there. Blocks while the file is read; after a crash
    /// that is all of it.
    ///
    /// # Errors
    /// [`OpenError`] says in one line what is wrong with which file, and what to
    /// do about it.
    pub fn open(path: impl AsRef<Path>) -> Result<RedbJournal, OpenError> {
        open::open(path.as_ref())
    }

    /// The journal in a database that can be opened again and again.
    fn start(mut source: Source, patience: Duration) -> Result<RedbJournal, StoreError> {
        let current = Arc::new(Current::new(open::prepare(&mut source)?, patience));
        let metrics = Metrics::new();
        let (queue, writer) = writer::start(Arc::clone(&current), source, metrics.clone())?;
        Ok(RedbJournal {
            queue,
            current,
            readers: Arc::new(Semaphore::new(READERS)),
            pending_appends: Arc::default(),
            metrics,
            writer: Mutex::new(Some(writer)),
        })
    }

    /// Finishes what is queued, then closes the file, which can be opened again
    /// at once. A second time there is nothing to do. Dropping the journal does
    /// the same. Blocks until the disk has answered.
    pub fn close(&self) {
        let mut writer = self.writer.lock();
        if let Some(thread) = writer.take() {
            // If the thread is gone, so is the file that it closes as it goes.
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
            at: to_millis(batch.at),
            record,
        };
        let (reply, answer) = AppendReply::new(self.pending_appends.begin(game));
        self.enqueue(Request::Append { append, reply })
            .map_err(AppendError::Unavailable)?;
        let silent = |_| AppendError::Unknown("the writer ended without an answer".into());
        answer.await.map_err(silent)?
    }

    /// Reads what was asked to be appended before, whatever became of it. Rows that
    /// are cached take microseconds, less than to hand the work to another thread
    /// and back; but a disk that stalls is not to hold up every task of this one.
    /// So this thread reads and lets another have its tasks. In a runtime of one
    /// thread it is the other that reads.
    async fn read(&self, game: GameId, after: u64) -> Result<Vec<Batch>, LoadError> {
        let unavailable = |why: &str| LoadError::Unavailable(why.into());
        let runtime = Handle::try_current().map_err(|why| unavailable(&why.to_string()))?;
        self.pending_appends.settled(game).await;
        let permit = Arc::clone(&self.readers).acquire_owned().await;
        let permit = permit.map_err(|_| unavailable("it is closed"))?;
        let current = Arc::clone(&self.current);
        let read = move || {
            // Kept by a read that nobody waits for any longer: it holds up a thread.
            let _permit = permit;
            current.with(|opened| store::load(&opened.database, game, after))
        };
        let batches = match runtime.runtime_flavor() {
            RuntimeFlavor::MultiThread => block_in_place(read),
            _ => {
                let batches = runtime.spawn_blocking(read).await;
                batches.map_err(|why| unavailable(&why.to_string()))?
            }
        };
        batches.unwrap_or_else(|error| {
            // A read that fails can leave a database that answers nothing any
            // more, and only the writer may open it again.
            let _ = self.queue.try_send(Request::Check);
            Err(error.into_load_error(game))
        })
    }

    /// Which games are old. This reads the head of every game, in a thread of its own.
    async fn cutoff(&self, retention: Retention) -> Result<Option<Cutoff>, LoadError> {
        let unavailable = |why: String| LoadError::Unavailable(why);
        let runtime = Handle::try_current().map_err(|why| unavailable(why.to_string()))?;
        let current = Arc::clone(&self.current);
        let rows = runtime.spawn_blocking(move || {
            let rows = current.with(|opened| forget::last_rows(&opened.database));
            rows.map(|rows| retention.cutoff(rows))
        });
        let rows = rows.await.map_err(|why| unavailable(why.to_string()))?;
        rows.map_err(|error| {
            let _ = self.queue.try_send(Request::Check);
            unavailable(error.to_string())
        })
    }

    /// Goes through the games turn by turn, and lets appends go first each time. A game
    /// that is played in the meantime gets a newer row, and stays.
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
            let silent = |_| LoadError::Unavailable("the writer ended without an answer".into());
            let ForgetPass { games, next, .. } = answer.await.map_err(silent)??;
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

    /// A game that is damaged is kept: someone should look at it.
    fn forget(&self, retention: Retention) -> BoxFuture<'_, Result<Forgotten, LoadError>> {
        Box::pin(self.forget_old(retention))
    }

    fn is_writable(&self) -> bool {
        self.current.is_writable()
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

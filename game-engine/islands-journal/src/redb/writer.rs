//! The writer thread. It alone writes, and commits all appends that gathered while
//! the disk was busy as one group.

use std::iter;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvError, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use islands_core::GameId;

use super::append::Append;
use super::commit_group::{AppendReply, CommitGroup, Request};
use super::forget::{self, ForgetPass};
use super::metrics::Metrics;
use super::open::{DatabaseFactory, OpenDatabase};
use super::shared_database::SharedDatabase;
use super::store;
use super::store_error::StoreError;
use islands_engine::journal::Cutoff;
use islands_engine::journal::{AppendError, LoadError};

/// Maximum requests that wait for the writer. One more is refused.
pub(super) const QUEUE_LEN: usize = 4096;

/// The shortest and longest wait before reopening a file that keeps failing.
const RETRY_WAIT: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));

/// Idle time after which the writer saves redb's allocator state, so that the file opens
/// at once even if this process is killed.
const SAVE_ALLOCATOR_STATE_AFTER: Duration = Duration::from_millis(500);

/// Starts the writer thread.
pub(super) fn start(
    database: Arc<SharedDatabase>,
    factory: DatabaseFactory,
    metrics: Metrics,
) -> Result<(SyncSender<Request>, JoinHandle<()>), StoreError> {
    let (sender, queue) = sync_channel(QUEUE_LEN);
    let mut writer = Writer {
        queue,
        database,
        factory,
        metrics,
        backoff: None,
        wait: Duration::ZERO,
        allocator_state_saved: true,
    };
    let thread = thread::Builder::new().name("journal".into());
    let thread = thread.spawn(move || writer.run()).map_err(StoreError::Io)?;
    Ok((sender, thread))
}

struct Writer {
    queue: Receiver<Request>,
    database: Arc<SharedDatabase>,
    factory: DatabaseFactory,
    metrics: Metrics,
    /// Set while the file takes no writes after a failure.
    backoff: Option<Backoff>,
    /// How long to wait before reopening when the file fails next. Only a successful
    /// commit of appends resets it to zero, so a file that opens but fails every
    /// commit is not reopened ten times a second.
    wait: Duration,
    /// Whether the last commit saved redb's allocator state: then the file opens at once.
    allocator_state_saved: bool,
}

struct Backoff {
    why: String,
    until: Instant,
}

impl Writer {
    fn run(&mut self) {
        while let Ok(first) = self.next() {
            if self.backoff.as_ref().is_some_and(Backoff::is_past) {
                self.reopen();
            }
            if first.is_none() {
                self.save_allocator_state();
            }
            let group = CommitGroup::gather(first.into_iter().chain(self.queue.try_iter()));
            self.commit(&group.appends, group.replies);
            match group.last_request {
                Some(Request::Forget {
                    cutoff,
                    after,
                    reply,
                }) => {
                    // The caller may have left; the games are forgotten all the same.
                    let _ = reply.send(self.forget(cutoff, after));
                }
                Some(Request::Check) => self.check(),
                Some(Request::Close) => return,
                Some(Request::Append { .. }) | None => {}
            }
        }
    }

    /// Waits for the next request; `None` when it is time to reopen the file or to
    /// save its allocator state. An error when every sender is gone.
    fn next(&self) -> Result<Option<Request>, RecvError> {
        let wait = match &self.backoff {
            Some(backoff) => backoff.until.saturating_duration_since(Instant::now()),
            None if self.allocator_state_saved => return self.queue.recv().map(Some),
            None => SAVE_ALLOCATOR_STATE_AFTER,
        };
        match self.queue.recv_timeout(wait) {
            Ok(request) => Ok(Some(request)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err(RecvError),
        }
    }

    /// Commits appends, and answers them. After a failure it reopens the file before
    /// it answers, so that a caller can load its game at once.
    fn commit(&mut self, appends: &[Append], replies: Vec<AppendReply>) {
        if appends.is_empty() {
            return;
        }
        let appended = match &self.backoff {
            Some(backoff) => Err(AppendError::Unavailable(backoff.why.clone())),
            None => self.append(appends),
        };
        let answers = match appended {
            Ok(answers) => answers,
            Err(failed) => vec![Err(failed); appends.len()],
        };
        for (reply, answer) in iter::zip(replies, answers) {
            reply.send(answer);
        }
    }

    fn append(&mut self, appends: &[Append]) -> Result<Vec<Result<(), AppendError>>, AppendError> {
        self.allocator_state_saved = false;
        let began = Instant::now();
        let outcome = self.timed(|opened| Ok(store::append(opened, appends)));
        self.metrics.committed(appends.len(), began.elapsed());
        let appended =
            outcome.unwrap_or_else(|backoff| Err(AppendError::Unavailable(backoff.to_string())));
        match &appended {
            Ok(_) => self.wait = Duration::ZERO,
            Err(failed) => self.recover(failed.to_string()),
        }
        appended
    }

    fn forget(&mut self, cutoff: Cutoff, after: Option<GameId>) -> Result<ForgetPass, LoadError> {
        if let Some(backoff) = &self.backoff {
            return Err(LoadError::Unavailable(backoff.why.clone()));
        }
        self.allocator_state_saved = false;
        let pass = self.timed(|opened| forget::forget(&opened.database, cutoff, after));
        match pass {
            Ok(pass) => {
                if pass.failed {
                    self.check();
                }
                Ok(pass)
            }
            Err(error) => {
                self.recover(error.to_string());
                Err(LoadError::Unavailable(error.to_string()))
            }
        }
    }

    fn check(&mut self) {
        if self.backoff.is_none()
            && let Err(error) = self.timed(|opened| store::probe(&opened.database))
        {
            self.recover(error.to_string());
        }
    }

    fn save_allocator_state(&mut self) {
        if self.backoff.is_none() && !self.allocator_state_saved {
            self.allocator_state_saved = true;
            if let Err(error) = self.timed(|opened| store::save_allocator_state(&opened.database)) {
                self.recover(error.to_string());
            }
        }
    }

    /// Calls the database, timed for [`SharedDatabase::is_writable`].
    fn timed<T>(
        &self,
        call: impl FnOnce(&OpenDatabase) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.database.run_timed(|| self.database.with(call))
    }

    /// Closes a database that failed, since redb refuses all calls from then on.
    /// Reopens it at once; if that did not help the last time, only for reading, until
    /// the backoff ends.
    fn recover(&mut self, why: String) {
        self.metrics.failed();
        tracing::error!("the journal failed and is opened again: {why}");
        let at_once = self.wait.is_zero();
        self.back_off(why);
        if at_once {
            self.reopen();
        } else {
            self.database.reopen_for_reading(&mut self.factory);
        }
    }

    fn reopen(&mut self) {
        match self.database.reopen(&mut self.factory) {
            Ok(()) => {
                tracing::info!("the journal is open again");
                self.metrics.reopened();
                self.backoff = None;
                self.allocator_state_saved = true;
            }
            Err(error) => {
                tracing::warn!("the journal cannot be opened and written: {error}");
                self.back_off(error.to_string());
            }
        }
    }

    fn back_off(&mut self, why: String) {
        let until = Instant::now() + self.wait;
        self.backoff = Some(Backoff { why, until });
        let (shortest, longest) = RETRY_WAIT;
        self.wait = (2 * self.wait).clamp(shortest, longest);
    }
}

impl Backoff {
    fn is_past(&self) -> bool {
        self.until <= Instant::now()
    }
}

/// Closes the file and refuses the requests that still wait, however the thread ends.
impl Drop for Writer {
    fn drop(&mut self) {
        self.database.close();
        for request in self.queue.try_iter() {
            let closed = "it is closed".to_owned();
            match request {
                Request::Append { reply, .. } => reply.send(Err(AppendError::Unavailable(closed))),
                Request::Forget { reply, .. } => {
                    // The caller may have left.
                    let _ = reply.send(Err(LoadError::Unavailable(closed)));
                }
                Request::Check | Request::Close => {}
            }
        }
    }
}

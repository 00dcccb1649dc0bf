//! The thread that writes: alone, so that what has gathered while the disk was
//! busy is committed together.

use std::iter;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvError, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use islands_core::GameId;
use tokio::sync::oneshot;

use super::current::Current;
use super::failure::Failure;
use super::open::{self, Source};
use super::store::{self, Row, Swept};
use crate::journal::{AppendError, LoadError};

/// How many requests wait for the writer. One more is refused.
pub(super) const QUEUE: usize = 4096;

/// How many requests one turn takes: some milliseconds besides the disk's own.
pub(super) const GROUP: usize = 1024;

/// How long the writer waits before it opens a file that failed again and again.
const RETRY: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));

/// What the writer is asked for.
pub(super) enum Request {
    /// Append a row.
    Append {
        row: Row,
        reply: oneshot::Sender<Result<(), AppendError>>,
    },
    /// Forget old games, one turn of it: see [`store::forget`].
    Forget {
        before: u64,
        after: Option<GameId>,
        reply: oneshot::Sender<Result<Swept, LoadError>>,
    },
    /// Find out whether the database still works.
    Check,
    /// Close the file and end.
    Close,
}

/// Starts the thread.
pub(super) fn start(
    current: Arc<Current>,
    source: Source,
) -> Result<(SyncSender<Request>, JoinHandle<()>), Failure> {
    let (sender, queue) = sync_channel(QUEUE);
    let mut writer = Writer {
        queue,
        current,
        source,
        shut: None,
        wait: Duration::ZERO,
    };
    let thread = thread::Builder::new().name("journal".into());
    let thread = thread.spawn(move || writer.run()).map_err(Failure::Io)?;
    Ok((sender, thread))
}

struct Writer {
    queue: Receiver<Request>,
    current: Arc<Current>,
    source: Source,
    /// Set while the file is closed since it failed.
    shut: Option<Shut>,
    /// How long to wait before the file is opened again when it fails next. Only
    /// a commit that succeeds takes it back to zero: a disk that can be opened
    /// and not written is not opened ten times a second.
    wait: Duration,
}

struct Shut {
    why: String,
    until: Instant,
}

/// What the writer does before it looks at its queue again.
#[derive(Default)]
struct Turn {
    rows: Vec<Row>,
    replies: Vec<oneshot::Sender<Result<(), AppendError>>>,
    /// What comes after the appends, and ends the turn.
    then: Option<Request>,
}

impl Writer {
    fn run(&mut self) {
        while let Ok(first) = self.next() {
            if self.shut.as_ref().is_some_and(Shut::is_past) {
                self.reopen();
            }
            let turn = Turn::gather(first.into_iter().chain(self.queue.try_iter()));
            self.commit(&turn.rows, turn.replies);
            match turn.then {
                Some(Request::Forget {
                    before,
                    after,
                    reply,
                }) => {
                    // Who asked may have left; the others are forgotten all the same.
                    let _ = reply.send(self.forget(before, after));
                }
                Some(Request::Check) => self.check(),
                Some(Request::Close) => return,
                Some(Request::Append { .. }) | None => {}
            }
        }
    }

    /// The next request; `None` when it is time to open the file again. An error
    /// when there can be none any more.
    fn next(&self) -> Result<Option<Request>, RecvError> {
        let Some(shut) = &self.shut else {
            return self.queue.recv().map(Some);
        };
        let wait = shut.until.saturating_duration_since(Instant::now());
        match self.queue.recv_timeout(wait) {
            Ok(request) => Ok(Some(request)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err(RecvError),
        }
    }

    /// Answers when the file has been opened again, should that be needed, so
    /// that who is told of a failure can ask at once what is true.
    fn commit(&mut self, rows: &[Row], replies: Vec<oneshot::Sender<Result<(), AppendError>>>) {
        if rows.is_empty() {
            return;
        }
        let appended = match &self.shut {
            Some(shut) => Err(AppendError::Unavailable(shut.why.clone())),
            None => self.append(rows),
        };
        let answers = match appended {
            Ok(answers) => answers,
            Err(failed) => vec![Err(failed); rows.len()],
        };
        for (reply, answer) in iter::zip(replies, answers) {
            // Who asked may have left; the batch is there all the same.
            let _ = reply.send(answer);
        }
    }

    fn append(&mut self, rows: &[Row]) -> Result<Vec<Result<(), AppendError>>, AppendError> {
        let outcome = self
            .current
            .with(|database| Ok(store::append(database, rows)));
        let appended =
            outcome.unwrap_or_else(|shut| Err(AppendError::Unavailable(shut.to_string())));
        match &appended {
            Ok(_) => self.wait = Duration::ZERO,
            Err(failed) => self.recover(failed.to_string()),
        }
        appended
    }

    fn forget(&mut self, before: u64, after: Option<GameId>) -> Result<Swept, LoadError> {
        if let Some(shut) = &self.shut {
            return Err(LoadError::Unavailable(shut.why.clone()));
        }
        let current = Arc::clone(&self.current);
        let swept = current.with(|database| store::forget(database, before, after));
        swept.map_err(|failure| {
            self.recover(failure.to_string());
            LoadError::Unavailable(failure.to_string())
        })
    }

    fn check(&mut self) {
        if self.shut.is_none()
            && let Err(failure) = self.current.with(store::probe)
        {
            self.recover(failure.to_string());
        }
    }

    /// Closes a database that failed; redb takes nothing more until then. It is
    /// opened again at once, or after a while if that did not help the last time.
    fn recover(&mut self, why: String) {
        tracing::error!("the journal failed and is opened again: {why}");
        let at_once = self.wait.is_zero();
        self.shut_until_later(why);
        if at_once {
            self.reopen();
        } else {
            self.current.shut();
        }
    }

    fn reopen(&mut self) {
        let source = &mut self.source;
        match self.current.reopen(|| open::prepare(source)) {
            Ok(()) => {
                tracing::info!("the journal is open again");
                self.shut = None;
            }
            Err(failure) => {
                tracing::warn!("the journal cannot be opened: {failure}");
                self.shut_until_later(failure.to_string());
            }
        }
    }

    fn shut_until_later(&mut self, why: String) {
        let until = Instant::now() + self.wait;
        self.shut = Some(Shut { why, until });
        let (shortest, longest) = RETRY;
        self.wait = (2 * self.wait).clamp(shortest, longest);
    }
}

impl Shut {
    fn is_past(&self) -> bool {
        self.until <= Instant::now()
    }
}

impl Turn {
    /// Takes appends, until there are enough or something else comes.
    fn gather(requests: impl Iterator<Item = Request>) -> Turn {
        let mut turn = Turn::default();
        for request in requests.take(GROUP) {
            match request {
                Request::Append { row, reply } => {
                    turn.rows.push(row);
                    turn.replies.push(reply);
                }
                other => {
                    turn.then = Some(other);
                    break;
                }
            }
        }
        turn
    }
}

/// However the thread ends, the file is closed, and what still waits is told that
/// it was not added.
impl Drop for Writer {
    fn drop(&mut self) {
        self.current.shut();
        for request in self.queue.try_iter() {
            let closed = || "it is closed".to_owned();
            let _ = match request {
                Request::Append { reply, .. } => {
                    reply.send(Err(AppendError::Unavailable(closed()))).is_ok()
                }
                Request::Forget { reply, .. } => {
                    reply.send(Err(LoadError::Unavailable(closed()))).is_ok()
                }
                Request::Check | Request::Close => true,
            };
        }
    }
}

//! The open database, which is closed and reopened when the disk fails.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::open::{self, Opened, Source};
use super::store_error::{StoreError, guarded};
use parking_lot::RwLock;

/// The database, while it is open.
///
/// Reads and writes share the lock; only reopening takes it exclusively. So a reader
/// waits for an attempt to reopen, and finds a working database if that succeeds.
pub(super) struct Current {
    database: RwLock<Option<Opened>>,
    /// Outside the lock, so that a health check does not wait for the disk.
    writable: AtomicBool,
    /// When the writer began its current call, in milliseconds after `epoch`; [`IDLE`]
    /// between calls.
    busy_since: AtomicU64,
    epoch: Instant,
    /// How long a call may take before the disk counts as stalled.
    patience: Duration,
}

/// The value of `busy_since` between calls: later than any time, so never too long ago.
const IDLE: u64 = u64::MAX;

impl Current {
    pub(super) fn new(opened: Opened, patience: Duration) -> Current {
        Current {
            database: RwLock::new(Some(opened)),
            writable: AtomicBool::new(true),
            busy_since: AtomicU64::new(IDLE),
            epoch: Instant::now(),
            patience,
        }
    }

    /// Runs the writer's work, timed for [`Current::is_writable`].
    pub(super) fn timed<T>(&self, work: impl FnOnce() -> T) -> T {
        self.busy_since.store(self.now(), Ordering::Relaxed);
        let done = work();
        self.busy_since.store(IDLE, Ordering::Relaxed);
        done
    }

    /// Returns the milliseconds since `epoch`.
    fn now(&self) -> u64 {
        u64::try_from(self.epoch.elapsed().as_millis()).unwrap_or(IDLE)
    }

    /// Calls the database, if it is open.
    pub(super) fn with<T>(
        &self,
        call: impl FnOnce(&Opened) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let current = self.database.read();
        match &*current {
            Some(opened) => call(opened),
            None => Err(StoreError::Closed("the file is closed".into())),
        }
    }

    /// Whether the database is open for writing, and the writer has not waited for
    /// the disk longer than `patience`.
    pub(super) fn is_writable(&self) -> bool {
        let since = self.busy_since.load(Ordering::Relaxed);
        let busy = Duration::from_millis(self.now().saturating_sub(since));
        self.writable.load(Ordering::Relaxed) && busy < self.patience
    }

    /// Closes the database. If closing fails, redb repairs the file when it next opens.
    pub(super) fn shut(&self) {
        self.replace(|| None);
    }

    /// Closes the database if it is open, and reopens it. If it cannot be written, it
    /// is opened for reading: a full disk need not hide its games. The lock is held
    /// throughout, so no reader finds the database closed in between.
    pub(super) fn reopen(&self, source: &mut Source) -> Result<(), StoreError> {
        let mut outcome = Ok(());
        self.replace(|| {
            open::prepare(source)
                .map_err(|error| outcome = Err(error))
                .or_else(|()| open::for_reading(source))
                .ok()
        });
        self.writable.store(outcome.is_ok(), Ordering::Relaxed);
        outcome
    }

    /// Closes the database if it is open, and reopens it for reading.
    pub(super) fn reopen_for_reading(&self, source: &mut Source) {
        self.replace(|| open::for_reading(source).ok());
    }

    /// Replaces the database. It counts as not writable until `reopen` succeeds.
    fn replace(&self, next: impl FnOnce() -> Option<Opened>) {
        self.writable.store(false, Ordering::Relaxed);
        let mut current = self.database.write();
        if let Some(Opened { database, .. }) = current.take() {
            // The cause of a failure is known already, or reopening finds it.
            let _ = guarded(|| Ok(database.close()?));
        }
        *current = next();
    }
}

//! The open database, which is closed and reopened when the disk fails.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::open::{self, DatabaseFactory, OpenDatabase};
use super::store_error::{StoreError, catch_redb_panic};
use parking_lot::RwLock;

/// The database, while it is open.
///
/// Reads and writes share the lock; only reopening takes it exclusively. So a reader
/// waits for an attempt to reopen, and finds a working database if that succeeds.
pub(super) struct SharedDatabase {
    database: RwLock<Option<OpenDatabase>>,
    /// Outside the lock, so that a health check does not wait for the disk.
    writable: AtomicBool,
    /// When the writer began its current call, in milliseconds after `epoch`; [`IDLE`]
    /// between calls.
    busy_since: AtomicU64,
    epoch: Instant,
    /// How long a call may take before the disk counts as stalled.
    stall_timeout: Duration,
}

/// The value of `busy_since` between calls: later than any time, so never too long ago.
const IDLE: u64 = u64::MAX;

impl SharedDatabase {
    pub(super) fn new(opened: OpenDatabase, stall_timeout: Duration) -> SharedDatabase {
        SharedDatabase {
            database: RwLock::new(Some(opened)),
            writable: AtomicBool::new(true),
            busy_since: AtomicU64::new(IDLE),
            epoch: Instant::now(),
            stall_timeout,
        }
    }

    /// Runs the writer's work, timed for [`SharedDatabase::is_writable`].
    pub(super) fn run_timed<T>(&self, work: impl FnOnce() -> T) -> T {
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
        call: impl FnOnce(&OpenDatabase) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let open_database = self.database.read();
        match &*open_database {
            Some(opened) => call(opened),
            None => Err(StoreError::Closed("the file is closed".into())),
        }
    }

    /// Whether the database is open for writing, and the writer has not waited for
    /// the disk longer than `stall_timeout`.
    pub(super) fn is_writable(&self) -> bool {
        let since = self.busy_since.load(Ordering::Relaxed);
        let busy = Duration::from_millis(self.now().saturating_sub(since));
        self.writable.load(Ordering::Relaxed) && busy < self.stall_timeout
    }

    /// Closes the database. If closing fails, redb repairs the file when it next opens.
    pub(super) fn close(&self) {
        self.replace(|| None);
    }

    /// Closes the database if it is open, and reopens it. If it cannot be written, it
    /// is opened for reading: a full disk need not hide its games. The lock is held
    /// throughout, so no reader finds the database closed in between.
    pub(super) fn reopen(&self, factory: &mut DatabaseFactory) -> Result<(), StoreError> {
        let mut outcome = Ok(());
        self.replace(|| {
            open::open_for_writing(factory)
                .map_err(|error| outcome = Err(error))
                .or_else(|()| open::open_for_reading(factory))
                .ok()
        });
        self.writable.store(outcome.is_ok(), Ordering::Relaxed);
        outcome
    }

    /// Closes the database if it is open, and reopens it for reading.
    pub(super) fn reopen_for_reading(&self, factory: &mut DatabaseFactory) {
        self.replace(|| open::open_for_reading(factory).ok());
    }

    /// Replaces the database. It counts as not writable until `reopen` succeeds.
    fn replace(&self, next: impl FnOnce() -> Option<OpenDatabase>) {
        self.writable.store(false, Ordering::Relaxed);
        let mut open_database = self.database.write();
        if let Some(OpenDatabase { database, .. }) = open_database.take() {
            // The cause of a failure is known already, or reopening finds it.
            let _ = catch_redb_panic(|| Ok(database.close()?));
        }
        *open_database = next();
    }
}

//! The open database, which is closed and opened again when the disk fails.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::open::{self, Opened, Source};
use super::store_error::{StoreError, guarded};
use parking_lot::RwLock;

/// The database, while it is open.
///
/// Reading and writing share the lock; only opening again takes it alone. So a
/// reader waits while that is tried once, and finds a database that works.
pub(super) struct Current {
    database: RwLock<Option<Opened>>,
    /// Beside the lock, since whoever asks should not wait for a disk.
    writable: AtomicBool,
    /// When the writer began what it does, in milliseconds after `epoch`; `IDLE`
    /// if it does nothing.
    busy_since: AtomicU64,
    epoch: Instant,
    /// How long the writer may be busy before the disk counts as stalled.
    patience: Duration,
}

/// No time.
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

    /// Does something that should not take long: see [`Current::is_writable`].
    pub(super) fn timed<T>(&self, work: impl FnOnce() -> T) -> T {
        self.busy_since.store(self.now(), Ordering::Relaxed);
        let done = work();
        self.busy_since.store(IDLE, Ordering::Relaxed);
        done
    }

    /// Milliseconds after the epoch.
    fn now(&self) -> u64 {
        u64::try_from(self.epoch.elapsed().as_millis()).unwrap_or(IDLE)
    }

    /// Does something with the database, if it is open.
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

    /// Whether the database is open, took what it was given last, and has not
    /// been waiting for the disk for too long.
    pub(super) fn is_writable(&self) -> bool {
        let since = self.busy_since.load(Ordering::Relaxed);
        let busy = Duration::from_millis(self.now().saturating_sub(since));
        self.writable.load(Ordering::Relaxed) && busy < self.patience
    }

    /// Closes the database, which may fail: then the next one to open the file
    /// repairs it.
    pub(super) fn shut(&self) {
        self.replace(|| None);
    }

    /// Closes the database if it is open, and opens it anew. If it cannot be
    /// written it is opened for those who read: a disk without room need not hide
    /// the games on it. Nobody finds it closed in between.
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

    /// Closes the database if it is open, and opens it for those who read.
    pub(super) fn reopen_for_reading(&self, source: &mut Source) {
        self.replace(|| open::for_reading(source).ok());
    }

    /// Nothing can be written until it is said that something can.
    fn replace(&self, next: impl FnOnce() -> Option<Opened>) {
        self.writable.store(false, Ordering::Relaxed);
        let mut current = self.database.write();
        if let Some(Opened { database, .. }) = current.take() {
            // What is wrong with it is known, or it is found out by opening it.
            let _ = guarded(|| Ok(database.close()?));
        }
        *current = next();
    }
}

//! The open database, which is closed and opened again when the disk fails.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock};

use redb::Database;

use super::failure::{Failure, guarded};

/// The database, while it is open.
///
/// Reading and writing share the lock; only opening again takes it alone. So a
/// reader waits while that is tried once, and finds a database that works.
pub(super) struct Current {
    database: RwLock<Option<Database>>,
    /// Beside the lock, since whoever asks should not wait for a disk.
    writable: AtomicBool,
}

impl Current {
    pub(super) fn new(database: Database) -> Current {
        Current {
            database: RwLock::new(Some(database)),
            writable: AtomicBool::new(true),
        }
    }

    /// Does something with the database, if it is open.
    pub(super) fn with<T>(
        &self,
        call: impl FnOnce(&Database) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let current = self.database.read().unwrap_or_else(PoisonError::into_inner);
        match &*current {
            Some(database) => call(database),
            None => Err(Failure::Shut("the file is closed".into())),
        }
    }

    /// Whether the database is open and took what it was given last.
    pub(super) fn is_writable(&self) -> bool {
        self.writable.load(Ordering::Relaxed)
    }

    /// Closes the database, which may fail: then the next one to open the file
    /// repairs it.
    pub(super) fn shut(&self) {
        self.replace(|| Ok(None)).ok();
    }

    /// Closes the database if it is open, and opens it anew.
    pub(super) fn reopen(
        &self,
        open: impl FnOnce() -> Result<Database, Failure>,
    ) -> Result<(), Failure> {
        self.replace(|| open().map(Some))
    }

    fn replace(
        &self,
        next: impl FnOnce() -> Result<Option<Database>, Failure>,
    ) -> Result<(), Failure> {
        self.writable.store(false, Ordering::Relaxed);
        let mut current = self
            .database
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(database) = current.take() {
            // What is wrong with it is known, or it is found out by opening it.
            let _ = guarded(|| Ok(database.close()?));
        }
        *current = next()?;
        self.writable.store(current.is_some(), Ordering::Relaxed);
        Ok(())
    }
}

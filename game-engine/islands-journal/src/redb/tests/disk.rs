//! A simulated disk for tests: it counts operations, fails, stalls and loses power.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Duration;

use redb::StorageBackend;

use super::super::open::{builder, is_half_created};
use super::super::store_error::StoreError;
use super::super::{RedbJournal, STALL_TIMEOUT};

/// A file in memory that can be opened again and again.
#[derive(Clone, Debug, Default)]
pub(super) struct Disk(Arc<State>);

#[derive(Debug, Default)]
struct State {
    bytes: Mutex<Bytes>,
    operations: AtomicU64,
    syncs: AtomicU64,
    uncached: AtomicBool,
    fault: Mutex<Fault>,
    stalled: Mutex<bool>,
    resumed: Condvar,
}

#[derive(Debug, Default)]
pub(super) struct Bytes {
    pub(super) written: Vec<u8>,
    synced: Vec<u8>,
}

/// The fault that the disk simulates.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Fault {
    /// Nothing.
    #[default]
    None,
    /// The operation with this number, counted from 0, fails and has no effect.
    FailBefore(u64),
    /// The operation with this number takes effect, and still returns an error.
    FailAfter(u64),
    /// Every operation fails.
    Broken,
    /// The file cannot grow: the disk is full.
    Full,
}

impl Disk {
    /// Opens a journal on this disk, as [`open`](super::super::open::open) does in a file.
    pub(super) fn journal(&self) -> Result<RedbJournal, StoreError> {
        self.journal_with_stall_timeout(STALL_TIMEOUT)
    }

    /// Opens a journal that counts the disk as stalled after `stall_timeout`.
    pub(super) fn journal_with_stall_timeout(
        &self,
        stall_timeout: Duration,
    ) -> Result<RedbJournal, StoreError> {
        let disk = self.clone();
        if is_half_created(self.bytes().written.as_slice()).map_err(StoreError::Io)? {
            self.bytes().written.clear();
        }
        let factory = move || {
            let mut builder = builder();
            if disk.0.uncached.load(Ordering::SeqCst) {
                builder.set_cache_size(0);
            }
            let database = builder.create_with_backend(disk.clone())?;
            Ok((database, Box::new(disk.clone()) as _))
        };
        RedbJournal::start(Box::new(factory), stall_timeout)
    }

    /// Returns a disk with all bytes written here, as they are after `kill -9`.
    pub(super) fn after_a_kill(&self) -> Disk {
        Disk::with(self.bytes().written.clone())
    }

    /// Returns a disk with the bytes synced here, without any later writes.
    pub(super) fn after_a_power_cut(&self) -> Disk {
        Disk::with(self.bytes().synced.clone())
    }

    pub(super) fn with(bytes: Vec<u8>) -> Disk {
        let disk = Disk::default();
        disk.bytes().written.clone_from(&bytes);
        disk.bytes().synced = bytes;
        disk
    }

    pub(super) fn set_fault(&self, fault: Fault) {
        *self.0.fault.lock().unwrap() = fault;
    }

    /// Returns the number of operations so far.
    pub(super) fn operations(&self) -> u64 {
        self.0.operations.load(Ordering::SeqCst)
    }

    /// Returns the number of syncs so far.
    pub(super) fn syncs(&self) -> u64 {
        self.0.syncs.load(Ordering::SeqCst)
    }

    /// Disables redb's cache, so that every read of a journal reaches the disk.
    pub(super) fn disable_cache(&self) {
        self.0.uncached.store(true, Ordering::SeqCst);
    }

    /// Makes every sync wait until the disk is resumed.
    pub(super) fn stall(&self) {
        *self.0.stalled.lock().unwrap() = true;
    }

    pub(super) fn resume(&self) {
        *self.0.stalled.lock().unwrap() = false;
        self.0.resumed.notify_all();
    }

    pub(super) fn bytes(&self) -> MutexGuard<'_, Bytes> {
        self.0.bytes.lock().unwrap()
    }

    fn operate<T>(&self, operation: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        let number = self.0.operations.fetch_add(1, Ordering::SeqCst);
        let fault = *self.0.fault.lock().unwrap();
        if fault == Fault::Broken || fault == Fault::FailBefore(number) {
            return Err(io::Error::other("the disk refused"));
        }
        let outcome = operation()?;
        if fault == Fault::FailAfter(number) {
            return Err(io::Error::other("the disk denied what it did"));
        }
        Ok(outcome)
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        self.operate(|| Ok(self.bytes().written.len() as u64))
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.operate(|| {
            let from = usize::try_from(offset).map_err(io::Error::other)?;
            let bytes = self.bytes();
            let found = bytes.written.get(from..from + out.len());
            out.copy_from_slice(found.ok_or(io::ErrorKind::UnexpectedEof)?);
            Ok(())
        })
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.operate(|| {
            let len = usize::try_from(len).map_err(io::Error::other)?;
            let mut bytes = self.bytes();
            if *self.0.fault.lock().unwrap() == Fault::Full && len > bytes.written.len() {
                return Err(io::ErrorKind::StorageFull.into());
            }
            bytes.written.resize(len, 0);
            Ok(())
        })
    }

    fn sync_data(&self) -> io::Result<()> {
        let stalled = self.0.stalled.lock().unwrap();
        drop(self.0.resumed.wait_while(stalled, |stalled| *stalled));
        self.operate(|| {
            let Bytes { written, synced } = &mut *self.bytes();
            synced.clone_from(written);
            self.0.syncs.fetch_add(1, Ordering::SeqCst);
            Ok(())
        })
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.operate(|| {
            let from = usize::try_from(offset).map_err(io::Error::other)?;
            let mut bytes = self.bytes();
            let place = bytes.written.get_mut(from..from + data.len());
            place
                .ok_or(io::ErrorKind::UnexpectedEof)?
                .copy_from_slice(data);
            Ok(())
        })
    }
}

//! A disk for tests: it counts, fails, stalls and loses its power when told to.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Duration;

use redb::StorageBackend;

use super::super::open::{builder, is_unborn};
use super::super::store_error::StoreError;
use super::super::{PATIENCE, RedbJournal};

/// A file in memory, which can be opened again and again.
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

/// What goes wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Fault {
    /// Nothing.
    #[default]
    None,
    /// The operation with this number, counted from 0, is not carried out.
    Refused(u64),
    /// The operation with this number is carried out, and said to have failed.
    Denied(u64),
    /// No operation is carried out.
    Broken,
    /// There is no room for a longer file.
    Full,
}

impl Disk {
    /// A journal on this disk, as [`open`](super::super::open::open) makes it in a file.
    pub(super) fn journal(&self) -> Result<RedbJournal, StoreError> {
        self.impatient_journal(PATIENCE)
    }

    /// A journal on this disk that counts it as stalled after so long.
    pub(super) fn impatient_journal(&self, patience: Duration) -> Result<RedbJournal, StoreError> {
        let disk = self.clone();
        if is_unborn(self.bytes().written.as_slice()).map_err(StoreError::Io)? {
            self.bytes().written.clear();
        }
        let source = move || {
            let mut builder = builder();
            if disk.0.uncached.load(Ordering::SeqCst) {
                builder.set_cache_size(0);
            }
            let database = builder.create_with_backend(disk.clone())?;
            Ok((database, Box::new(disk.clone()) as _))
        };
        RedbJournal::start(Box::new(source), patience)
    }

    /// A disk with what was written here, as another process finds it when this
    /// one was killed.
    pub(super) fn after_a_kill(&self) -> Disk {
        Disk::with(self.bytes().written.clone())
    }

    /// A disk with what was synced here, and nothing that was written since.
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

    /// How many operations there have been.
    pub(super) fn operations(&self) -> u64 {
        self.0.operations.load(Ordering::SeqCst)
    }

    /// How often something was put on the disk for good.
    pub(super) fn syncs(&self) -> u64 {
        self.0.syncs.load(Ordering::SeqCst)
    }

    /// Makes every read of a journal an operation of the disk.
    pub(super) fn forbid_caches(&self) {
        self.0.uncached.store(true, Ordering::SeqCst);
    }

    /// Lets every sync wait until the disk is resumed.
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
        if fault == Fault::Broken || fault == Fault::Refused(number) {
            return Err(io::Error::other("the disk refused"));
        }
        let outcome = operation()?;
        if fault == Fault::Denied(number) {
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

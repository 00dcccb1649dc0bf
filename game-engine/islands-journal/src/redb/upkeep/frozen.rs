//! A file that is read as a database and never changed.

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use parking_lot::{Mutex, MutexGuard};
use redb::StorageBackend;

use super::super::open::{check_is_file, is_unborn};
use super::super::store_error::StoreError;

/// The unit in which changes are kept.
const PAGE: usize = 4096;

/// A file, and in memory what was written to it since: redb repairs what it opens,
/// which takes some pages, and leaves the file as it is.
#[derive(Debug)]
pub(super) struct Frozen(Mutex<Layers>);

#[derive(Debug)]
struct Layers {
    file: File,
    /// How much of the file still counts.
    visible: u64,
    length: u64,
    changed: BTreeMap<u64, Box<[u8; PAGE]>>,
}

impl Frozen {
    /// Opens a file. Until it is closed no server can start with it.
    pub(super) fn open(path: &Path) -> Result<Frozen, StoreError> {
        check_is_file(path)?;
        let file = File::open(path).map_err(StoreError::Io)?;
        // Where there are no locks, a server has none either.
        if let Err(TryLockError::WouldBlock) = file.try_lock_shared() {
            return Err(StoreError::Locked);
        }
        let length = file.metadata().map_err(StoreError::Io)?.len();
        let length = match is_unborn(&file).map_err(StoreError::Io)? {
            true => 0,
            false => length,
        };
        Ok(Frozen(Mutex::new(Layers {
            file,
            visible: length,
            length,
            changed: BTreeMap::new(),
        })))
    }

    fn layers(&self) -> MutexGuard<'_, Layers> {
        self.0.lock()
    }
}

impl Layers {
    /// A page as it is now.
    fn page(&mut self, number: u64) -> io::Result<[u8; PAGE]> {
        if let Some(page) = self.changed.get(&number) {
            return Ok(**page);
        }
        let mut page = [0; PAGE];
        let from = number * PAGE as u64;
        let there = self.visible.saturating_sub(from).min(PAGE as u64);
        if there > 0 {
            self.file.seek(SeekFrom::Start(from))?;
            self.file.read_exact(&mut page[..there as usize])?;
        }
        Ok(page)
    }

    /// Goes through the pages that hold these bytes: for each its number, where
    /// in it they begin, and which of them it holds.
    fn parts(&self, offset: u64, length: usize) -> io::Result<Vec<Part>> {
        let end = offset.checked_add(length as u64);
        if end.is_none_or(|end| end > self.length) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mut parts = Vec::new();
        let mut done = 0;
        while done < length {
            let at = offset + done as u64;
            let begin = (at % PAGE as u64) as usize;
            let count = (PAGE - begin).min(length - done);
            parts.push((at / PAGE as u64, begin, done..done + count));
            done += count;
        }
        Ok(parts)
    }
}

/// See [`Layers::parts`].
type Part = (u64, usize, std::ops::Range<usize>);

impl StorageBackend for Frozen {
    fn len(&self) -> io::Result<u64> {
        Ok(self.layers().length)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let mut layers = self.layers();
        for (number, begin, bytes) in layers.parts(offset, out.len())? {
            let page = layers.page(number)?;
            let count = bytes.len();
            out[bytes].copy_from_slice(&page[begin..begin + count]);
        }
        Ok(())
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        let mut layers = self.layers();
        layers.visible = layers.visible.min(length);
        layers.length = length;
        // What is cut off in the middle of a page does not come back.
        let first_gone = length.div_ceil(PAGE as u64);
        layers.changed.split_off(&first_gone);
        let last = length / PAGE as u64;
        if let Some(page) = layers.changed.get_mut(&last) {
            page[(length % PAGE as u64) as usize..].fill(0);
        }
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut layers = self.layers();
        for (number, begin, bytes) in layers.parts(offset, data.len())? {
            let mut page = layers.page(number)?;
            page[begin..begin + bytes.len()].copy_from_slice(&data[bytes]);
            layers.changed.insert(number, Box::new(page));
        }
        Ok(())
    }
}

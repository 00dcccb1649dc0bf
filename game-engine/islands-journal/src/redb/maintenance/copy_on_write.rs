//! A storage backend that reads a file and keeps all changes in memory.

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use parking_lot::{Mutex, MutexGuard};
use redb::StorageBackend;

use super::super::open::{check_is_file, is_half_created};
use super::super::store_error::StoreError;

/// The unit in bytes in which changes are kept.
const PAGE_LEN: usize = 4096;

/// A read-only file with changed pages in memory (copy on write). redb repairs a file
/// when it opens it; here the repair changes only memory.
#[derive(Debug)]
pub(super) struct CopyOnWriteBackend(Mutex<Layers>);

#[derive(Debug)]
struct Layers {
    file: File,
    /// How many bytes of the file still count, after it was truncated in memory.
    visible: u64,
    length: u64,
    changed: BTreeMap<u64, Box<[u8; PAGE_LEN]>>,
}

impl CopyOnWriteBackend {
    /// Opens a file and locks it, so that no server can open it meanwhile.
    pub(super) fn open(path: &Path) -> Result<CopyOnWriteBackend, StoreError> {
        check_is_file(path)?;
        let file = File::open(path).map_err(StoreError::Io)?;
        // On a platform without file locks, a server takes none either.
        if let Err(TryLockError::WouldBlock) = file.try_lock_shared() {
            return Err(StoreError::Locked);
        }
        let length = file.metadata().map_err(StoreError::Io)?.len();
        let length = match is_half_created(&file).map_err(StoreError::Io)? {
            true => 0,
            false => length,
        };
        Ok(CopyOnWriteBackend(Mutex::new(Layers {
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
    /// Returns a page with its changes.
    fn page(&mut self, number: u64) -> io::Result<[u8; PAGE_LEN]> {
        if let Some(page) = self.changed.get(&number) {
            return Ok(**page);
        }
        let mut page = [0; PAGE_LEN];
        let from = number * PAGE_LEN as u64;
        let there = self.visible.saturating_sub(from).min(PAGE_LEN as u64);
        if there > 0 {
            self.file.seek(SeekFrom::Start(from))?;
            self.file.read_exact(&mut page[..there as usize])?;
        }
        Ok(page)
    }

    /// Splits a byte range by page: for each page its number, the offset at which the
    /// bytes begin in it, and which of the bytes it holds.
    fn parts(&self, offset: u64, length: usize) -> io::Result<Vec<PagePart>> {
        let end = offset.checked_add(length as u64);
        if end.is_none_or(|end| end > self.length) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mut parts = Vec::new();
        let mut done = 0;
        while done < length {
            let at = offset + done as u64;
            let begin = (at % PAGE_LEN as u64) as usize;
            let count = (PAGE_LEN - begin).min(length - done);
            parts.push((at / PAGE_LEN as u64, begin, done..done + count));
            done += count;
        }
        Ok(parts)
    }
}

/// See [`Layers::parts`].
type PagePart = (u64, usize, std::ops::Range<usize>);

impl StorageBackend for CopyOnWriteBackend {
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
        // Bytes that were cut off must read as zeros if the file grows again.
        let first_gone = length.div_ceil(PAGE_LEN as u64);
        layers.changed.split_off(&first_gone);
        let last = length / PAGE_LEN as u64;
        if let Some(page) = layers.changed.get_mut(&last) {
            page[(length % PAGE_LEN as u64) as usize..].fill(0);
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

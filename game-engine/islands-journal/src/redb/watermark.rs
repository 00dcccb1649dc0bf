//! The watermark: the last acknowledged row, stored where redb does not look.
//!
//! After a crash redb rolls back to the previous commit if a page of the last one is
//! damaged. That is right for a commit that was cut off. But a commit that was
//! acknowledged, and whose page was damaged later, must not be lost silently. So the
//! number of the last durable row lies at the end of the file's first page, of which
//! redb uses 320 bytes. It is written after the row is on the disk and before the
//! append is acknowledged. It is not synced: it survives a kill, and may be an older
//! one after a power cut.

use std::sync::atomic::{AtomicU64, Ordering};

use redb::StorageBackend;

use super::store_error::StoreError;

/// Where the watermark lies: the last bytes of the first page.
const OFFSET: u64 = 4096 - LEN as u64;

/// The length in bytes of a row number and its CRC-32, both little-endian.
const LEN: usize = 12;

/// The number of the last durable row, in memory and in the file.
pub(super) struct Watermark {
    file: Box<dyn StorageBackend>,
    row: AtomicU64,
}

impl Watermark {
    pub(super) fn new(file: Box<dyn StorageBackend>) -> Watermark {
        let row = AtomicU64::new(0);
        Watermark { file, row }
    }

    /// Returns the number of the last row known to be on the disk.
    pub(super) fn row(&self) -> u64 {
        self.row.load(Ordering::Relaxed)
    }

    /// Records that this row and all rows before it are on the disk.
    pub(super) fn write(&self, row: u64) -> Result<(), redb::Error> {
        self.row.store(row, Ordering::Relaxed);
        Ok(self.file.write(OFFSET, &to_bytes(row))?)
    }

    /// Compares the last row in the file with the stored watermark, and remembers the
    /// former. A watermark with a wrong checksum is ignored.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if acknowledged rows are missing.
    pub(super) fn check(&self, found: u64) -> Result<(), StoreError> {
        let mut bytes = [0; LEN];
        self.file.read(OFFSET, &mut bytes).map_err(StoreError::Io)?;
        self.row.store(found, Ordering::Relaxed);
        match from_bytes(&bytes) {
            Some(acknowledged) if acknowledged > found => Err(StoreError::Damaged(format!(
                "its last rows are gone: it ends with row {found} of {acknowledged}"
            ))),
            _ => Ok(()),
        }
    }
}

fn to_bytes(row: u64) -> [u8; LEN] {
    let mut bytes = [0; LEN];
    let (number, checksum) = bytes.split_at_mut(8);
    number.copy_from_slice(&row.to_le_bytes());
    checksum.copy_from_slice(&crc32fast::hash(number).to_le_bytes());
    bytes
}

fn from_bytes(bytes: &[u8; LEN]) -> Option<u64> {
    let (number, checksum) = bytes.split_first_chunk()?;
    let sound = checksum == crc32fast::hash(number).to_le_bytes();
    sound.then(|| u64::from_le_bytes(*number))
}

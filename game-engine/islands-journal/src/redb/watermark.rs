//! What was acknowledged last, written down where redb does not look.
//!
//! After a crash redb goes back to the commit before the last one if a page of
//! the last one is not what it should be. That is right for a commit which was cut
//! off. But one that was acknowledged, and whose page went bad since, must not be
//! lost in silence. So the number of the last row that is on the disk lies at the
//! end of the file's first page, of which redb uses 320 bytes. It is written when
//! the row is on the disk and before anyone is told, and is not synced: it outlives
//! a kill, and after a power cut it may be an older one.

use std::sync::atomic::{AtomicU64, Ordering};

use redb::StorageBackend;

use super::store_error::StoreError;

/// Where the number lies: the last bytes of the first page.
const OFFSET: u64 = 4096 - BYTES as u64;

/// The number and its CRC-32, both little-endian.
const BYTES: usize = 12;

/// The bytes of the file, beside redb, and what they say.
pub(super) struct Watermark {
    file: Box<dyn StorageBackend>,
    row: AtomicU64,
}

impl Watermark {
    pub(super) fn new(file: Box<dyn StorageBackend>) -> Watermark {
        let row = AtomicU64::new(0);
        Watermark { file, row }
    }

    /// The last row that this was told of.
    pub(super) fn row(&self) -> u64 {
        self.row.load(Ordering::Relaxed)
    }

    /// Remembers that this row, and each before it, is on the disk.
    pub(super) fn write(&self, row: u64) -> Result<(), redb::Error> {
        self.row.store(row, Ordering::Relaxed);
        Ok(self.file.write(OFFSET, &to_bytes(row))?)
    }

    /// Holds the last row that is in the file against the last one that was
    /// acknowledged, as far as that is known.
    pub(super) fn check(&self, found: u64) -> Result<(), StoreError> {
        let mut bytes = [0; BYTES];
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

fn to_bytes(row: u64) -> [u8; BYTES] {
    let mut bytes = [0; BYTES];
    let (number, checksum) = bytes.split_at_mut(8);
    number.copy_from_slice(&row.to_le_bytes());
    checksum.copy_from_slice(&crc32fast::hash(number).to_le_bytes());
    bytes
}

fn from_bytes(bytes: &[u8; BYTES]) -> Option<u64> {
    let (number, checksum) = bytes.split_first_chunk()?;
    let sound = checksum == crc32fast::hash(number).to_le_bytes();
    sound.then(|| u64::from_le_bytes(*number))
}

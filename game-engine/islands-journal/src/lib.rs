//! A durable journal for Islands: all games in one redb file.
//!
//! [`RedbJournal`] implements [`Journal`](islands_engine::journal::Journal) and adds
//! durability: a batch that `append` acknowledged is on the disk.
//!
//! ```
//! use islands_core::GameId;
//! use islands_engine::journal::Journal;
//! use islands_journal::RedbJournal;
//!
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("games.redb");
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! let journal = RedbJournal::open(&path)?;
//! let unknown = GameId::from_bytes([0; 10]);
//! assert_eq!(journal.load(unknown, 0).await, Ok(vec![]));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Read in this order: `record` encodes a batch as bytes; `redb` stores the rows of
//! all games in one file, which one thread writes; [`maintenance`] checks, exports and
//! imports a file that no server uses.

mod record;
mod redb;

pub use self::redb::{OpenError, OpenErrorKind, RedbJournal, maintenance};

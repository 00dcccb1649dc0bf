//! The journal of Islands that outlives the program: one file, kept by redb.
//!
//! [`RedbJournal`] keeps the promises of [`Journal`](islands_engine::journal::Journal),
//! and one more: a batch that was acknowledged is on the disk.
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
//! let nobody = GameId::from_bytes([0; 10]);
//! assert_eq!(journal.load(nobody, 0).await, Ok(vec![]));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! In the order in which it is best read: `record`, a batch as bytes; `redb`, the
//! rows of all games in one file, and the thread that writes them; [`upkeep`], what
//! can be done with a file that no server has.

mod record;
mod redb;

pub use self::redb::{OpenError, OpenErrorKind, RedbJournal, upkeep};

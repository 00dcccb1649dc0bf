//! Errors of the storage, with redb's panics among them.

use std::any::Any;

use islands_core::GameId;

use islands_engine::catch_panic;
use islands_engine::journal::LoadError;
use thiserror::Error;

/// Why a call into redb failed.
#[derive(Debug, Error)]
pub(super) enum StoreError {
    /// Another process has the file open.
    #[error("another process has the file")]
    Locked,
    /// The path is not a regular file. Says what it is.
    #[error("it is {0} and not a file")]
    NotAFile(&'static str),
    /// Another version of this program, or of redb, wrote the file.
    #[error("the file has the format {0}")]
    OtherVersion(String),
    /// The file is damaged.
    #[error("the file is damaged: {0}")]
    Damaged(String),
    /// The operating system reports an error.
    #[error("{0}")]
    Io(std::io::Error),
    /// The database refuses all calls until it is opened again.
    #[error("{0}")]
    Closed(String),
}

/// Calls redb, and turns a panic into an error: redb trusts the pages of its file,
/// so a flipped bit can make it panic.
///
/// After a failed read the writer checks that a transaction can still begin, and
/// reopens the database if not. After a failed write it always reopens.
pub(super) fn catch_redb_panic<T>(
    call: impl FnOnce() -> Result<T, redb::Error>,
) -> Result<T, StoreError> {
    match catch_panic(call) {
        Ok(outcome) => outcome.map_err(StoreError::from),
        Err(panic) => Err(panic_to_error(panic.as_ref())),
    }
}

fn panic_to_error(panic: &(dyn Any + Send)) -> StoreError {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no reason given");
    // A lock that an earlier panic poisoned says nothing about this game.
    if text.contains("Poison") {
        StoreError::Closed(text.into())
    } else {
        StoreError::Damaged(format!("redb failed: {text}"))
    }
}

impl StoreError {
    /// Converts the error for a caller that loads this game.
    pub(super) fn into_load_error(self, game: GameId) -> LoadError {
        match self {
            StoreError::Damaged(what) => LoadError::Damaged(format!("game {game}: {what}")),
            error => LoadError::Unavailable(error.to_string()),
        }
    }
}

impl From<redb::Error> for StoreError {
    fn from(error: redb::Error) -> StoreError {
        use std::io::ErrorKind;
        match error {
            redb::Error::DatabaseAlreadyOpen | redb::Error::LockProtocolMismatch => {
                StoreError::Locked
            }
            redb::Error::UpgradeRequired(version) => {
                StoreError::OtherVersion(format!("redb {version}"))
            }
            redb::Error::Corrupted(what) => StoreError::Damaged(what),
            // The file ends too early, or does not begin as a redb file.
            redb::Error::Io(error)
                if matches!(
                    error.kind(),
                    ErrorKind::UnexpectedEof | ErrorKind::InvalidData
                ) =>
            {
                StoreError::Damaged(error.to_string())
            }
            redb::Error::Io(error) => StoreError::Io(error),
            redb::Error::TableDoesNotExist(name) => {
                StoreError::Damaged(format!("its table {name:?} is not there"))
            }
            // Another program's tables, in the place of the journal's.
            redb::Error::TableExists(_)
            | redb::Error::TableTypeMismatch { .. }
            | redb::Error::TableIsMultimap(_)
            | redb::Error::TypeDefinitionChanged { .. } => {
                StoreError::Damaged("it is the file of another program".into())
            }
            other => StoreError::Closed(other.to_string()),
        }
    }
}

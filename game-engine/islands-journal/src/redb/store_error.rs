//! What can go wrong inside redb, panics included.

use std::any::Any;

use islands_core::GameId;

use islands_engine::caught;
use islands_engine::journal::LoadError;
use thiserror::Error;

/// Why a call into redb came to nothing.
#[derive(Debug, Error)]
pub(super) enum StoreError {
    /// Another process has the file.
    #[error("another process has the file")]
    Locked,
    /// There is something else than a file, and what.
    #[error("it is {0} and not a file")]
    NotAFile(&'static str),
    /// Another version of this program, or of redb, wrote the file.
    #[error("the file has the format {0}")]
    OtherVersion(String),
    /// The file is not what was written.
    #[error("the file is damaged: {0}")]
    Damaged(String),
    /// The machine does not do what it is asked.
    #[error("{0}")]
    Io(std::io::Error),
    /// The database takes nothing until it is opened again.
    #[error("{0}")]
    Closed(String),
}

/// Calls redb, and makes of a panic a failure like any other: redb trusts the
/// pages of its file, and a flipped bit in one of them can lead it astray.
///
/// What a panic leaves behind is not used again unless a transaction can still be
/// begun, which the writer finds out.
pub(super) fn guarded<T>(call: impl FnOnce() -> Result<T, redb::Error>) -> Result<T, StoreError> {
    match caught(call) {
        Ok(outcome) => outcome.map_err(StoreError::from),
        Err(panic) => Err(after(panic.as_ref())),
    }
}

fn after(panic: &(dyn Any + Send)) -> StoreError {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no reason given");
    // A lock that an earlier panic left poisoned says nothing of this game.
    if text.contains("Poison") {
        StoreError::Closed(text.into())
    } else {
        StoreError::Damaged(format!("redb gave up: {text}"))
    }
}

impl StoreError {
    /// The failure as the reader of this game is told of it.
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
            // A file that ends too early, and one that does not begin as it should.
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
            // Another program's tables, where the journal's should be.
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

//! Why a file cannot be opened as a journal, in words for operators.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::schema;
use super::store_error::StoreError;

/// A file that cannot be opened as a journal, and why.
#[derive(Debug, Error)]
#[error("the journal {} {kind}", path.display())]
pub struct OpenError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong.
    pub kind: OpenErrorKind,
}

/// What is wrong with a file, and what to do about it.
#[derive(Debug, Error)]
pub enum OpenErrorKind {
    /// Another process has the file open.
    #[error("is in use by another process: stop that one, or choose another file")]
    Locked,
    /// The file is no journal, or is damaged. Says what was found.
    #[error(
        "is damaged ({0}): put a copy in its place; or export what is left of it, and move it away to begin anew"
    )]
    Damaged(String),
    /// Another version of this program wrote the file, probably a newer one. Names its
    /// format.
    #[error(
        "has the format {0} and this program knows {known}: start the version that wrote it, or choose another file",
        known = schema::SCHEMA_VERSION
    )]
    OtherVersion(String),
    /// The path is not a regular file. Says what it is.
    #[error("is {0}: choose a file, which is made if it is not there")]
    NotAFile(&'static str),
    /// The file's folder does not exist.
    #[error("has no folder to lie in: create the folder, or choose another file")]
    NoFolder,
    /// The file may not be written or, if it does not exist yet, its folder.
    #[error("may not be written: allow it for the file and its folder, or choose another file")]
    NotWritable,
    /// The operating system reports another error, in its own words.
    #[error("cannot be opened: {0}")]
    Io(String),
}

impl OpenError {
    pub(super) fn new(path: &Path, error: StoreError) -> OpenError {
        let kind = match error {
            StoreError::Locked => OpenErrorKind::Locked,
            StoreError::NotAFile(found) => OpenErrorKind::NotAFile(found),
            StoreError::OtherVersion(found) => OpenErrorKind::OtherVersion(found),
            StoreError::Damaged(cause) => OpenErrorKind::Damaged(cause),
            StoreError::Io(error) => match error.kind() {
                ErrorKind::NotFound | ErrorKind::NotADirectory => OpenErrorKind::NoFolder,
                ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                    OpenErrorKind::NotWritable
                }
                _ => OpenErrorKind::Io(error.to_string()),
            },
            StoreError::Closed(cause) => OpenErrorKind::Io(cause),
        };
        let path = path.to_owned();
        OpenError { path, kind }
    }
}

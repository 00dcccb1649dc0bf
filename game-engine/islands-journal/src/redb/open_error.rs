//! Why a file cannot be opened as a journal, in words for an operator.

use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::failure::Failure;
use super::schema;

/// Why there is no journal.
#[derive(Debug)]
pub enum OpenError {
    /// Another process has the file.
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// The file is no journal, or is not what was written.
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        cause: String,
    },
    /// Another version of this program wrote the file, most likely a newer one.
    OtherVersion {
        /// The file.
        path: PathBuf,
        /// The format it has.
        found: String,
    },
    /// There is something else than a file.
    NotAFile {
        /// The place.
        path: PathBuf,
        /// What is there.
        found: &'static str,
    },
    /// The folder in which the file should lie is not there.
    NoFolder {
        /// The file.
        path: PathBuf,
    },
    /// The file, or the folder if there is no file yet, may not be written.
    NotWritable {
        /// The file.
        path: PathBuf,
    },
    /// The machine does not do what it is asked.
    Io {
        /// The file.
        path: PathBuf,
        /// In the words of the machine.
        cause: String,
    },
}

impl OpenError {
    pub(super) fn new(path: &Path, failure: Failure) -> OpenError {
        let path = path.to_owned();
        match failure {
            Failure::Locked => OpenError::Locked { path },
            Failure::NotAFile(found) => OpenError::NotAFile { path, found },
            Failure::OtherVersion(found) => OpenError::OtherVersion { path, found },
            Failure::Damaged(cause) => OpenError::Damaged { path, cause },
            Failure::Io(error) => match error.kind() {
                ErrorKind::NotFound | ErrorKind::NotADirectory => OpenError::NoFolder { path },
                ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                    OpenError::NotWritable { path }
                }
                _ => OpenError::Io {
                    path,
                    cause: error.to_string(),
                },
            },
            Failure::Shut(cause) => OpenError::Io { path, cause },
        }
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OpenError::Locked { path } => write!(
                f,
                "the journal {} is in use by another process: stop that one, or choose another file",
                path.display()
            ),
            OpenError::Damaged { path, cause } => write!(
                f,
                "the journal {} is damaged ({cause}): put a copy in its place; or export what is left of it, and move it away to begin anew",
                path.display()
            ),
            OpenError::OtherVersion { path, found } => write!(
                f,
                "the journal {} has the format {found} and this program knows {}: start the version that wrote it, or choose another file",
                path.display(),
                schema::SCHEMA
            ),
            OpenError::NotAFile { path, found } => write!(
                f,
                "the journal {} is {found}: choose a file, which is made if it is not there",
                path.display()
            ),
            OpenError::NoFolder { path } => write!(
                f,
                "the journal {} has no folder to lie in: create the folder, or choose another file",
                path.display()
            ),
            OpenError::NotWritable { path } => write!(
                f,
                "the journal {} may not be written: allow it for the file and its folder, or choose another file",
                path.display()
            ),
            OpenError::Io { path, cause } => {
                write!(
                    f,
                    "the journal {} cannot be opened: {cause}",
                    path.display()
                )
            }
        }
    }
}

impl std::error::Error for OpenError {}

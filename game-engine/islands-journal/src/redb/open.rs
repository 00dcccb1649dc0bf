//! How a file becomes a journal, and everything that may be wrong with it.

use std::fs::{self, File, FileType, OpenOptions, TryLockError};
use std::io::{self, BufReader, ErrorKind, Read};
use std::path::Path;

use redb::backends::FileBackend;
use redb::{Builder, Database, DatabaseError, StorageBackend};

use super::open_error::OpenError;
use super::schema;
use super::store_error::{StoreError, guarded};
use super::watermark::Watermark;
use super::{PATIENCE, RedbJournal};

/// What redb may keep in memory of the file, in bytes. Its own default is 1 GiB.
const CACHE: usize = 64 * 1024 * 1024;

/// The length in bytes of the mark that redb's files begin with, and of the page
/// that it lies in.
const MARK: usize = 9;
const HEADER: usize = 4096;

/// Opens the database, the first time and after every failure, and the bytes in
/// which it lies.
pub(super) type Source =
    Box<dyn FnMut() -> Result<(Database, Box<dyn StorageBackend>), DatabaseError> + Send>;

/// A journal that can be written.
pub(super) struct Opened {
    pub(super) database: Database,
    pub(super) watermark: Watermark,
}

/// The database as a journal that can be written.
pub(super) fn prepare(source: &mut Source) -> Result<Opened, StoreError> {
    begin(source, schema::prepare)
}

/// The database of a journal that cannot be written at the moment, since there is
/// no room for instance, and is not changed.
pub(super) fn for_reading(source: &mut Source) -> Result<Opened, StoreError> {
    begin(source, |_| Ok(()))
}

fn begin(
    source: &mut Source,
    prepare: impl FnOnce(&Database) -> Result<(), StoreError>,
) -> Result<Opened, StoreError> {
    let (database, bytes) = guarded(|| Ok(source()?))?;
    let watermark = Watermark::new(bytes);
    // Before anything is changed.
    let prepared = schema::verify(&database)
        .and_then(|()| schema::last_row(&database))
        .and_then(|row| watermark.check(row))
        .and_then(|()| prepare(&database));
    match prepared {
        Ok(()) => Ok(Opened {
            database,
            watermark,
        }),
        Err(error) => {
            // Closing writes, and what is written to may be damaged.
            let _ = guarded(|| Ok(database.close()?));
            Err(error)
        }
    }
}

/// How redb is set up wherever the bytes lie.
pub(super) fn builder() -> Builder {
    let mut builder = Builder::new();
    builder.set_cache_size(CACHE);
    builder
}

/// The journal in this file, which is created if it is not there.
pub(super) fn open(path: &Path) -> Result<RedbJournal, OpenError> {
    let (source, is_new) = source(path)?;
    let opened = RedbJournal::start(source, PATIENCE).and_then(|journal| {
        if is_new {
            sync_folder(path).map_err(StoreError::Io)?;
        }
        Ok(journal)
    });
    opened.map_err(|error| OpenError::new(path, error))
}

/// The same for who does without a writer.
pub(super) fn alone(path: &Path) -> Result<Opened, OpenError> {
    let (mut source, is_new) = source(path)?;
    let opened = prepare(&mut source).and_then(|opened| {
        if is_new {
            sync_folder(path).map_err(StoreError::Io)?;
        }
        Ok(opened)
    });
    opened.map_err(|error| OpenError::new(path, error))
}

/// How this file is opened, and whether it is a new one.
fn source(path: &Path) -> Result<(Source, bool), OpenError> {
    let is_new = check_is_file(path).and_then(|()| clear_unborn(path));
    let is_new = is_new.map_err(|error| OpenError::new(path, error))?;
    let file = path.to_owned();
    let mut first = true;
    let source = move || {
        // Only the first time may the file be missing: later that would mean
        // that the games are lost, and not that there are none yet.
        let database = match std::mem::take(&mut first) {
            true => builder().create(&file)?,
            false => builder().open(&file)?,
        };
        let bytes = OpenOptions::new().read(true).write(true).open(&file)?;
        Ok((database, Box::new(FileBackend::new(bytes)?) as _))
    };
    Ok((Box::new(source), is_new))
}

/// Refuses what is there and is no file: a pipe is waited for without an end, and a
/// device may have no end.
pub(super) fn check_is_file(path: &Path) -> Result<(), StoreError> {
    match fs::metadata(path) {
        Ok(found) if !found.is_file() => Err(StoreError::NotAFile(kind(found.file_type()))),
        // What else may be wrong is found out by opening it.
        _ => Ok(()),
    }
}

fn kind(found: FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if found.is_fifo() {
            return "a pipe";
        } else if found.is_char_device() || found.is_block_device() {
            return "a device";
        } else if found.is_socket() {
            return "a socket";
        }
    }
    if found.is_dir() {
        "a folder"
    } else {
        "something else"
    }
}

/// Makes a file empty whose creation was interrupted, and says whether there is a
/// journal to begin.
///
/// redb writes its mark when all else is on the disk. A crash before that leaves
/// a file which it takes for someone else's ever after, although there is nothing
/// in it: no mark, and not a byte behind the header.
fn clear_unborn(path: &Path) -> Result<bool, StoreError> {
    let file = match OpenOptions::new().read(true).write(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(StoreError::Io(error)),
    };
    // Someone else may be creating it at this moment.
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(StoreError::Locked),
        // Where there are no locks, redb has none either.
        Err(TryLockError::Error(_)) => return Ok(false),
    }
    let unborn = is_unborn(&file).map_err(StoreError::Io)?;
    if unborn {
        file.set_len(0).map_err(StoreError::Io)?;
    }
    Ok(unborn)
}

pub(super) fn is_unborn(file: impl Read) -> io::Result<bool> {
    for (place, byte) in BufReader::new(file).bytes().enumerate() {
        if byte? != 0 && !(MARK..HEADER).contains(&place) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Puts the file's name on the disk; its content alone could not be found again.
fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(not(unix)) {
        // Elsewhere a folder cannot be opened, and its names need no help.
        return Ok(());
    }
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

//! Opens a file as a journal, and detects files that are none.

use std::fs::{self, File, FileType, OpenOptions, TryLockError};
use std::io::{self, BufReader, ErrorKind, Read};
use std::path::Path;

use redb::backends::FileBackend;
use redb::{Builder, Database, DatabaseError, StorageBackend};

use super::open_error::OpenError;
use super::schema;
use super::store_error::{StoreError, catch_redb_panic};
use super::watermark::Watermark;
use super::{RedbJournal, STALL_TIMEOUT};

/// The size of redb's page cache in bytes. Its default is 1 GiB.
const CACHE_BYTES: usize = 64 * 1024 * 1024;

/// The length in bytes of the magic number at the start of a redb file, and of the
/// page that holds it.
const MAGIC_LEN: usize = 9;
const HEADER_LEN: usize = 4096;

/// Opens the database and its raw bytes, at the start and after every failure.
pub(super) type DatabaseFactory =
    Box<dyn FnMut() -> Result<(Database, Box<dyn StorageBackend>), DatabaseError> + Send>;

/// An open database and its watermark.
pub(super) struct OpenDatabase {
    pub(super) database: Database,
    pub(super) watermark: Watermark,
}

/// Opens the database for writing, and creates its tables if there are none.
pub(super) fn open_for_writing(factory: &mut DatabaseFactory) -> Result<OpenDatabase, StoreError> {
    open_database(factory, schema::create_tables)
}

/// Opens the database without changing its tables, for a file that cannot be written
/// at the moment: the disk is full, for instance.
pub(super) fn open_for_reading(factory: &mut DatabaseFactory) -> Result<OpenDatabase, StoreError> {
    open_database(factory, |_| Ok(()))
}

/// Opens the database, checks it, and only then lets `create_tables` change it.
fn open_database(
    factory: &mut DatabaseFactory,
    create_tables: impl FnOnce(&Database) -> Result<(), StoreError>,
) -> Result<OpenDatabase, StoreError> {
    let (database, bytes) = catch_redb_panic(|| Ok(factory()?))?;
    let watermark = Watermark::new(bytes);
    // Every check comes before the first change.
    let prepared = schema::verify(&database)
        .and_then(|()| schema::last_row(&database))
        .and_then(|row| watermark.check(row))
        .and_then(|()| create_tables(&database));
    match prepared {
        Ok(()) => Ok(OpenDatabase {
            database,
            watermark,
        }),
        Err(error) => {
            // Closing writes to a file that may be damaged, so it may fail as well.
            let _ = catch_redb_panic(|| Ok(database.close()?));
            Err(error)
        }
    }
}

/// The settings of redb, for any storage.
pub(super) fn builder() -> Builder {
    let mut builder = Builder::new();
    builder.set_cache_size(CACHE_BYTES);
    builder
}

/// Opens the journal in this file, and creates a missing file.
pub(super) fn open(path: &Path) -> Result<RedbJournal, OpenError> {
    let (factory, is_new) = database_factory(path)?;
    let opened = RedbJournal::start(factory, STALL_TIMEOUT).and_then(|journal| {
        if is_new {
            sync_folder(path).map_err(StoreError::Io)?;
        }
        Ok(journal)
    });
    opened.map_err(|error| OpenError::new(path, error))
}

/// As [`open`], without the writer thread: for an import.
pub(super) fn open_without_writer(path: &Path) -> Result<OpenDatabase, OpenError> {
    let (mut factory, is_new) = database_factory(path)?;
    let opened = open_for_writing(&mut factory).and_then(|opened| {
        if is_new {
            sync_folder(path).map_err(StoreError::Io)?;
        }
        Ok(opened)
    });
    opened.map_err(|error| OpenError::new(path, error))
}

/// Returns a factory that opens this file, and whether the file is new.
fn database_factory(path: &Path) -> Result<(DatabaseFactory, bool), OpenError> {
    let is_new = check_is_file(path).and_then(|()| clear_half_created(path));
    let is_new = is_new.map_err(|error| OpenError::new(path, error))?;
    let file = path.to_owned();
    let mut first = true;
    let factory = move || {
        // The file may be missing the first time only. Later that means lost games,
        // which a new empty file would hide.
        let database = match std::mem::take(&mut first) {
            true => builder().create(&file)?,
            false => builder().open(&file)?,
        };
        let bytes = OpenOptions::new().read(true).write(true).open(&file)?;
        Ok((database, Box::new(FileBackend::new(bytes)?) as _))
    };
    Ok((Box::new(factory), is_new))
}

/// Refuses a path that is not a regular file: opening a pipe may wait for ever, and
/// a device may have no end.
pub(super) fn check_is_file(path: &Path) -> Result<(), StoreError> {
    match fs::metadata(path) {
        Ok(found) if !found.is_file() => Err(StoreError::NotAFile(kind(found.file_type()))),
        // Opening the file reports every other error.
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

/// Empties a half-created file, whose creation was interrupted, and returns whether the journal
/// is new.
///
/// redb writes its magic number when all else is on the disk. A crash before that
/// leaves a file that redb refuses ever after, although it holds nothing: no magic
/// number, and only zeros behind the header.
fn clear_half_created(path: &Path) -> Result<bool, StoreError> {
    let file = match OpenOptions::new().read(true).write(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(StoreError::Io(error)),
    };
    // Another process may be creating the file at this moment.
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(StoreError::Locked),
        // On a platform without file locks, redb takes none either.
        Err(TryLockError::Error(_)) => return Ok(false),
    }
    let half_created = is_half_created(&file).map_err(StoreError::Io)?;
    if half_created {
        file.set_len(0).map_err(StoreError::Io)?;
    }
    Ok(half_created)
}

pub(super) fn is_half_created(file: impl Read) -> io::Result<bool> {
    for (place, byte) in BufReader::new(file).bytes().enumerate() {
        if byte? != 0 && !(MAGIC_LEN..HEADER_LEN).contains(&place) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Syncs the folder, so that the name of a new file survives a power cut.
fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(not(unix)) {
        // Other systems cannot open a folder as a file, and need no such sync.
        return Ok(());
    }
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

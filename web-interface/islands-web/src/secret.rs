//! The key of the seat tokens, and the file that keeps it across restarts.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::config::{Config, JournalAt};

/// Returns the key of the seat tokens: from its file, which is made if it does not
/// exist, or drawn anew if the journal is in memory too.
///
/// # Errors
/// The file cannot be read or made, or does not hold a key.
pub(crate) fn load_or_create_key(config: &Config) -> Result<[u8; 32]> {
    match (&config.secret_file, &config.journal) {
        (Some(file), _) => from_file(file),
        (None, JournalAt::File(journal)) => from_file(&beside(journal)),
        (None, JournalAt::Memory) => draw(),
    }
}

/// `islands.redb.secret` beside `islands.redb`.
fn beside(journal: &Path) -> PathBuf {
    let mut name = journal.as_os_str().to_owned();
    name.push(".secret");
    name.into()
}

fn from_file(path: &Path) -> Result<[u8; 32]> {
    // Reading a pipe or a device may block or never end.
    if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        bail!(
            "the secret file {} is no file: choose one with --secret-file, which is made if it is not there",
            path.display()
        );
    }
    match fs::read(path) {
        Ok(bytes) => match bytes.try_into() {
            Ok(key) => Ok(key),
            Err(bytes) => bail!(
                "the secret file {} has {} bytes and should have 32; if it is lost, remove it: a new one is made, and the seats of games under way are lost with it",
                path.display(),
                bytes.len(),
            ),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => make(path),
        Err(error) => {
            Err(error).with_context(|| format!("cannot read the secret file {}", path.display()))
        }
    }
}

/// Makes the file with a new key. It is written under another name first, so that a
/// crash leaves either all of it or none.
fn make(path: &Path) -> Result<[u8; 32]> {
    let key = draw()?;
    let mut new = path.as_os_str().to_owned();
    new.push(".new");
    write(Path::new(&new), &key)
        .and_then(|()| fs::rename(&new, path))
        .with_context(|| format!("cannot make the secret file {}", path.display()))?;
    // Normal at a first start. Later it means that the old key was lost, and all seats
    // with it.
    tracing::info!(file = %path.display(), "made a new secret: no seat from before is valid");
    Ok(key)
}

fn write(path: &Path, key: &[u8]) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(key)?;
    file.sync_all()
}

fn draw() -> Result<[u8; 32]> {
    let mut key = [0; 32];
    getrandom::fill(&mut key).context("the system gives no random bytes")?;
    Ok(key)
}

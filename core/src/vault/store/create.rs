//! Making a file: whole under a name of its own, then given the name that was asked for. A crash in between leaves
//! a file `NAME.new-…`, which is no vault to anybody, and never half a vault.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::open::{beside, io_failure, remove, settings};
use super::{APPLICATION_ID, Store, Tx, failure, schema};
use crate::entropy::{Entropy, random};
use crate::vault::VaultError;

impl Store {
    /// Makes a file that holds what `fill` writes, and opens it.
    pub(in super::super) fn create(
        path: &Path,
        entropy: &mut dyn Entropy,
        fill: impl FnOnce(&Tx<'_>, &mut dyn Entropy) -> Result<(), VaultError>,
    ) -> Result<Self, VaultError> {
        // A log left by a vault that is gone would be replayed into the new one.
        if ["", "-wal", "-journal"].iter().any(|end| fs::symlink_metadata(beside(path, end)).is_ok()) {
            return Err(VaultError::Exists);
        }
        let number = u64::from_be_bytes(random(entropy)?);
        let unfinished = beside(path, &format!(".new-{number:016x}"));
        let made = write(&unfinished, entropy, fill).and_then(|()| name(&unfinished, path));
        if made.is_err() {
            // What could not be finished is of no use to anybody; another run makes a name of its own.
            let _ = remove(&unfinished);
            let _ = remove(&beside(&unfinished, "-journal"));
        }
        made?;
        Self::open(path)
    }
}

fn write(
    path: &Path,
    entropy: &mut dyn Entropy,
    fill: impl FnOnce(&Tx<'_>, &mut dyn Entropy) -> Result<(), VaultError>,
) -> Result<(), VaultError> {
    // SQLite gives its log files the permissions of the file itself.
    private(OpenOptions::new().write(true).create_new(true))
        .open(path)
        .map_err(|error| io_failure(&error))?;
    let mut db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(failure)?;
    settings(&db)?;
    let tx = db.transaction().map_err(failure)?;
    tx.pragma_update(None, "application_id", APPLICATION_ID).map_err(failure)?;
    schema::migrate(&tx, 0)?;
    let tx = Tx(tx);
    fill(&tx, entropy)?;
    tx.commit()?;
    db.close().map_err(|(_, error)| failure(error))
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

/// Gives the finished file its name; never takes one that is in use.
fn name(unfinished: &Path, path: &Path) -> Result<(), VaultError> {
    match fs::hard_link(unfinished, path) {
        Ok(()) => drop(remove(unfinished)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(VaultError::Exists),
        // Some systems have no second names; Android forbids them.
        Err(_) => take(unfinished, path)?,
    }
    sync_folder(path);
    Ok(())
}

/// Takes the name with an empty file of our own, then puts the finished one in its place. A crash in between leaves
/// the empty file, which is no vault.
fn take(unfinished: &Path, path: &Path) -> Result<(), VaultError> {
    private(OpenOptions::new().write(true).create_new(true))
        .open(path)
        .map_err(|error| io_failure(&error))?;
    fs::rename(unfinished, path).map_err(|error| {
        let _ = remove(path);
        io_failure(&error)
    })
}

/// So that the name survives a power loss. Not every system can; those that can't do it by themselves.
fn sync_folder(path: &Path) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_taken_once_with_and_without_links() {
        for give in [name, take] {
            let folder = tempfile::tempdir().unwrap();
            let [first, second, path] = ["first", "second", "vault.db"].map(|name| folder.path().join(name));
            fs::write(&first, "first").unwrap();
            fs::write(&second, "second").unwrap();
            assert_eq!(give(&first, &path), Ok(()));
            assert_eq!(give(&second, &path), Err(VaultError::Exists));
            assert_eq!(fs::read(&path).unwrap(), b"first");
            assert!(!first.exists() && second.exists());
        }
    }
}

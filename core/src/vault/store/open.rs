//! Opening: nothing is written to a file before it is known to be a vault.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::{APPLICATION_ID, Store, failure, schema};
use crate::vault::{Part, VaultError};

/// Largest value in the file, in bytes: a page of the manifest of a hundred thousand accounts with long names.
const MAX_CELL: i32 = 16 * 1024 * 1024;

/// How long a change waits for another process.
const PATIENCE: Duration = Duration::from_secs(5);

impl Store {
    pub(in super::super) fn open(path: &Path) -> Result<Self, VaultError> {
        let is_cut = check_header(path)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut db =
            Connection::open_with_flags(path, flags).map_err(|error| refused(path, failure(error)))?;
        let opened = prepare(&mut db, path).map_err(|error| refused(path, error));
        let mut store = opened.map(|()| Self { db })?;
        // The size alone may be that of another process's work in progress: looked at again under SQLite's locks.
        if is_cut && !store.read()?.is_sound()? {
            return Err(VaultError::Damaged(Part::File));
        }
        Ok(store)
    }
}

fn prepare(db: &mut Connection, path: &Path) -> Result<(), VaultError> {
    settings(db)?;
    // SQLite falls back to reading alone without a word.
    if db.is_readonly("main").map_err(failure)? {
        return Err(VaultError::ReadOnly);
    }
    let version = schema::version(db)?;
    if version > schema::VERSION {
        return Err(VaultError::NewerVersion(version));
    }
    // Reads the log and so needs a folder that can be written: told here, not at the first change.
    let mode: String =
        db.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0)).map_err(failure)?;
    if mode != "wal" {
        return Err(not_writable(path).unwrap_or(VaultError::System));
    }
    if version < schema::VERSION {
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failure)?;
        // Another process may have been quicker.
        let version = schema::version(&tx)?;
        schema::migrate(&tx, version)?;
        tx.commit().map_err(failure)?;
    }
    schema::check(db)
}

/// Settings of the connection; none of them writes to the file.
pub(super) fn settings(db: &Connection) -> Result<(), VaultError> {
    db.busy_timeout(PATIENCE).map_err(failure)?;
    // A file from elsewhere may claim a value of any size: it is refused before memory is taken for it.
    db.set_limit(Limit::SQLITE_LIMIT_LENGTH, MAX_CELL).map_err(failure)?;
    for (name, on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
    ] {
        db.set_db_config(name, on).map_err(failure)?;
    }
    for (name, value) in [
        ("synchronous", "FULL"),
        ("secure_delete", "ON"),
        ("cell_size_check", "ON"),
        ("temp_store", "MEMORY"),
    ] {
        db.pragma_update(None, name, value).map_err(failure)?;
    }
    Ok(())
}

/// Looks at the first 100 bytes (SQLite file format, 1.3) before SQLite does: opening alone may replay a log into
/// what is not ours. Says whether the file is shorter than it says, without a log that could hold the rest.
fn check_header(path: &Path) -> Result<bool, VaultError> {
    let has_log = fs::metadata(beside(path, "-wal")).is_ok_and(|log| log.len() > 0);
    let kind = fs::metadata(path).map_err(|error| io_failure(&error))?;
    if !kind.is_file() {
        return Err(VaultError::NotAVault);
    }
    let mut header = Vec::new();
    let file = File::open(path).map_err(|error| io_failure(&error))?;
    file.take(100).read_to_end(&mut header).map_err(|error| io_failure(&error))?;
    let application_id = header.get(68..72);
    if !header.starts_with(b"SQLite format 3\0") || application_id != Some(&APPLICATION_ID.to_be_bytes()) {
        return Err(VaultError::NotAVault);
    }
    let size = size_told(&header).ok_or(VaultError::Damaged(Part::File))?;
    Ok(!has_log && kind.len() < size)
}

/// Page size times number of pages, from a whole header.
fn size_told(header: &[u8]) -> Option<u64> {
    let number = |from: usize, to: usize| {
        header.get(from..to).map(|bytes| bytes.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte)))
    };
    // 1 stands for 65,536.
    let page = number(16, 18).map(|size| if size == 1 { 65_536 } else { size })?;
    (header.len() == 100).then_some(page * number(28, 32)?)
}

/// SQLite says "can't open" where its log can't be made: told as what it is.
fn refused(path: &Path, error: VaultError) -> VaultError {
    match error {
        VaultError::System => not_writable(path).unwrap_or(error),
        _ => error,
    }
}

/// `ReadOnly` when the file or its folder can't be written.
fn not_writable(path: &Path) -> Option<VaultError> {
    let file = OpenOptions::new().append(true).open(path);
    let probe = beside(path, ".probe");
    let folder = OpenOptions::new().write(true).create_new(true).open(&probe);
    if folder.is_ok() {
        let _ = remove(&probe);
    }
    [file, folder]
        .into_iter()
        .filter_map(Result::err)
        .map(|error| io_failure(&error))
        .find(|error| *error == VaultError::ReadOnly)
}

/// The same path with something appended to its last part.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

pub(super) fn remove(path: &Path) -> io::Result<()> {
    fs::remove_file(path)
}

/// Each failure of the system by what it means for a vault.
pub(super) fn io_failure(error: &io::Error) -> VaultError {
    match error.kind() {
        io::ErrorKind::NotFound => VaultError::NotFound,
        io::ErrorKind::NotADirectory => VaultError::NotFound,
        io::ErrorKind::IsADirectory => VaultError::NotAVault,
        io::ErrorKind::AlreadyExists => VaultError::Exists,
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            VaultError::DiskFull
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => VaultError::ReadOnly,
        _ => VaultError::System,
    }
}

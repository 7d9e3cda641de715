//! The file: SQLite with sealed content in it. The only place of the vault that knows SQL and files.
#![expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "the one place with files")]

mod create;
mod open;
mod schema;

use rusqlite::{
    Connection, ErrorCode, OptionalExtension as _, Params, Transaction, TransactionBehavior, ffi,
};

use super::{Part, VaultError};

/// `PRAGMA application_id` of a vault: "CSgn".
const APPLICATION_ID: i32 = 0x4353_676e;

/// One open file.
pub(super) struct Store {
    db: Connection,
}

/// Name of the key and sealed root of a book.
type SealedRoot = ([u8; 16], Vec<u8>);

/// One transaction. Dropped without `commit`, nothing happened.
pub(super) struct Tx<'a>(Transaction<'a>);

impl Store {
    /// A consistent view for reading.
    pub(super) fn read(&mut self) -> Result<Tx<'_>, VaultError> {
        self.begin(TransactionBehavior::Deferred)
    }

    /// The one writer. Waits up to 5 s for another process, then `InUse`.
    pub(super) fn write(&mut self) -> Result<Tx<'_>, VaultError> {
        self.begin(TransactionBehavior::Immediate)
    }

    fn begin(&mut self, behavior: TransactionBehavior) -> Result<Tx<'_>, VaultError> {
        self.db.transaction_with_behavior(behavior).map(Tx).map_err(failure)
    }

    /// Moves everything from the write-ahead log into the file and empties the log. Readers elsewhere may hold it
    /// back, which harms nothing.
    pub(super) fn checkpoint(&self) {
        let _ = self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.checkpoint();
    }
}

impl Tx<'_> {
    pub(super) fn commit(self) -> Result<(), VaultError> {
        self.0.commit().map_err(failure)
    }

    pub(super) fn vault_id(&self) -> Result<Option<[u8; 16]>, VaultError> {
        self.one("SELECT id FROM vault", [], |row| row.get(0))
    }

    pub(super) fn set_vault_id(&self, id: &[u8; 16]) -> Result<(), VaultError> {
        self.run("INSERT INTO vault (one, id) VALUES (1, ?1)", [id.as_slice()]).map(drop)
    }

    pub(super) fn slot(&self, way: u8) -> Result<Option<Vec<u8>>, VaultError> {
        self.one("SELECT content FROM slot WHERE way = ?1", [way], |row| row.get(0))
    }

    /// The numbers of the ways in.
    pub(super) fn slots(&self) -> Result<Vec<u8>, VaultError> {
        self.all("SELECT way FROM slot ORDER BY way", [], |row| row.get(0))
    }

    pub(super) fn set_slot(&self, way: u8, content: &[u8]) -> Result<(), VaultError> {
        self.run("INSERT OR REPLACE INTO slot (way, content) VALUES (?1, ?2)", (way, content)).map(drop)
    }

    pub(super) fn remove_slot(&self, way: u8) -> Result<(), VaultError> {
        self.run("DELETE FROM slot WHERE way = ?1", [way]).map(drop)
    }

    pub(super) fn root(&self, book: u8) -> Result<Option<SealedRoot>, VaultError> {
        let sql = "SELECT key_id, sealed FROM root WHERE book = ?1";
        self.one(sql, [book], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    pub(super) fn set_root(&self, book: u8, key_id: &[u8; 16], sealed: &[u8]) -> Result<(), VaultError> {
        let sql = "INSERT OR REPLACE INTO root (book, key_id, sealed) VALUES (?1, ?2, ?3)";
        self.run(sql, (book, key_id.as_slice(), sealed)).map(drop)
    }

    pub(super) fn page(&self, book: u8, number: u8) -> Result<Option<Vec<u8>>, VaultError> {
        self.one("SELECT sealed FROM page WHERE number = ?1", [page_key(book, number)], |row| row.get(0))
    }

    pub(super) fn set_page(&self, book: u8, number: u8, sealed: &[u8]) -> Result<(), VaultError> {
        let sql = "INSERT OR REPLACE INTO page (number, sealed) VALUES (?1, ?2)";
        self.run(sql, (page_key(book, number), sealed)).map(drop)
    }

    pub(super) fn remove_page(&self, book: u8, number: u8) -> Result<(), VaultError> {
        self.run("DELETE FROM page WHERE number = ?1", [page_key(book, number)]).map(drop)
    }

    pub(super) fn row(&self, book: u8, locator: &[u8; 16]) -> Result<Option<Vec<u8>>, VaultError> {
        let sql = "SELECT sealed FROM row WHERE book = ?1 AND locator = ?2";
        self.one(sql, (book, locator.as_slice()), |row| row.get(0))
    }

    pub(super) fn set_row(&self, book: u8, locator: &[u8; 16], sealed: &[u8]) -> Result<(), VaultError> {
        let sql = "INSERT OR REPLACE INTO row (book, locator, sealed) VALUES (?1, ?2, ?3)";
        self.run(sql, (book, locator.as_slice(), sealed)).map(drop)
    }

    /// Whether the row was there.
    pub(super) fn remove_row(&self, book: u8, locator: &[u8; 16]) -> Result<bool, VaultError> {
        let sql = "DELETE FROM row WHERE book = ?1 AND locator = ?2";
        self.run(sql, (book, locator.as_slice())).map(|changed| changed > 0)
    }

    pub(super) fn count_rows(&self, book: u8) -> Result<u64, VaultError> {
        let sql = "SELECT count(*) FROM row WHERE book = ?1";
        let count: Option<i64> = self.one(sql, [book], |row| row.get(0))?;
        Ok(count.unwrap_or_default().unsigned_abs())
    }

    /// Removes every row and page of a book.
    pub(super) fn clear(&self, book: u8) -> Result<(), VaultError> {
        self.run("DELETE FROM row WHERE book = ?1", [book])?;
        let pages = (page_key(book, 0), page_key(book, u8::MAX));
        self.run("DELETE FROM page WHERE number BETWEEN ?1 AND ?2", pages).map(drop)
    }

    /// Whether the file is sound as a database (every page and index).
    pub(super) fn is_sound(&self) -> Result<bool, VaultError> {
        let found: Option<String> = self.one("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        Ok(found.as_deref() == Some("ok"))
    }

    fn run(&self, sql: &str, params: impl Params) -> Result<usize, VaultError> {
        self.0.prepare_cached(sql).and_then(|mut statement| statement.execute(params)).map_err(failure)
    }

    fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, VaultError> {
        let mut statement = self.0.prepare_cached(sql).map_err(failure)?;
        statement.query_row(params, read).optional().map_err(failure)
    }

    fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, VaultError> {
        let mut statement = self.0.prepare_cached(sql).map_err(failure)?;
        let rows = statement.query_map(params, read).map_err(failure)?;
        rows.collect::<Result<_, _>>().map_err(failure)
    }
}

fn page_key(book: u8, number: u8) -> u32 {
    u32::from(book) * 256 + u32::from(number)
}

/// Each failure of SQLite by what it means for a vault.
fn failure(error: rusqlite::Error) -> VaultError {
    // The memory that processes share is a file that grows at the first opening: for want of room it can't.
    if error.sqlite_error().is_some_and(|error| error.extended_code == ffi::SQLITE_IOERR_SHMSIZE) {
        return VaultError::DiskFull;
    }
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => VaultError::InUse,
        Some(ErrorCode::DiskFull) => VaultError::DiskFull,
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => VaultError::ReadOnly,
        Some(
            ErrorCode::CannotOpen
            | ErrorCode::SystemIoFailure
            | ErrorCode::OutOfMemory
            | ErrorCode::FileLockingProtocolFailed
            | ErrorCode::NoLargeFileSupport,
        ) => VaultError::System,
        // A wrong schema, a value of another type, a broken page: the file is not as it was written.
        _ => VaultError::Damaged(Part::File),
    }
}

#[cfg(test)]
mod tests {
    use crate::clock::{Now, UnixTime};
    use crate::entropy::SystemEntropy;
    use crate::vault::{NewWays, ValueKind, Vault, VaultError};

    const NOW: Now = Now { wall: UnixTime(0), steady_ms: 0 };

    fn vault(folder: &tempfile::TempDir) -> Vault {
        let ways = NewWays { recovery: true, ..NewWays::default() };
        let path = folder.path().join("vault.db");
        Vault::create(&path, &ways, &mut SystemEntropy::new(), NOW).unwrap().0
    }

    #[test]
    fn no_room_for_the_shared_memory_is_a_full_disk() {
        let of = |code| super::failure(rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None));
        assert_eq!(of(rusqlite::ffi::SQLITE_IOERR_SHMSIZE), VaultError::DiskFull);
        assert_eq!(of(rusqlite::ffi::SQLITE_IOERR_READ), VaultError::System);
    }

    #[test]
    fn a_full_disk_fails_whole_changes_only() {
        let folder = tempfile::tempdir().unwrap();
        let mut vault = vault(&folder);
        let mut entropy = SystemEntropy::new();
        vault.change(&mut entropy, NOW, |change| change.put(ValueKind::Host, "a", "old")).unwrap();
        let code = vault.new_recovery_code(&mut entropy, NOW).unwrap();
        let pages: u32 = vault.store.db.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        // What SQLite says where the system has no space left.
        vault.store.db.pragma_update(None, "max_page_count", pages).unwrap();
        let put = vault.change(&mut entropy, NOW, |change| {
            change.put(ValueKind::Host, "a", "new")?;
            change.put(ValueKind::Host, "b", &"x".repeat(60_000))
        });
        assert_eq!(put, Err(VaultError::DiskFull));
        for _ in 0..2 {
            assert_eq!(vault.get::<String>(ValueKind::Host, "a", NOW).unwrap().as_deref(), Some("old"));
            assert_eq!(vault.ids(ValueKind::Host, NOW).unwrap(), ["a"]);
            assert_eq!(vault.check_recovery(code.text().expose_str().unwrap()), Ok(true));
            assert_eq!(vault.verify(NOW).unwrap(), []);
        }
        vault.store.db.pragma_update(None, "max_page_count", pages * 2).unwrap();
        let put = vault.change(&mut entropy, NOW, |change| change.put(ValueKind::Host, "a", "new"));
        assert_eq!(put, Ok(()));
    }

    #[test]
    fn every_commit_is_synced_and_what_is_deleted_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let vault = vault(&folder);
        let db = &vault.store.db;
        let setting = |name| db.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!((setting("synchronous"), setting("secure_delete")), (2, 1));
        let mode: String = db.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
        assert_eq!(mode, "wal");
    }
}

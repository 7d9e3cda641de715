//! Other apps' databases: bytes of a stranger, which SQLite reads in memory and never writes or runs.
//!
//! Only tables are read, and only as they lie in the file. Views, virtual tables and generated columns would run what
//! the file says, so a file with one is none of these apps'; triggers can't run where nothing is written.

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, OpenFlags, Row};

use super::json::{Number, cap};
use super::{MAX_ENTRIES, Refused};
use crate::reason::Reason;
use crate::secret::Secret;

/// The first bytes of every database.
pub(super) const MAGIC: &[u8] = b"SQLite format 3\0";
/// Where a file says how it is written and read: 1 is a rollback journal, 2 a write-ahead log (file format, 1.3).
const FORMATS: std::ops::Range<usize> = 18..20;
const JOURNAL: u8 = 1;
/// Where a file says how large its pages are, how often it was changed, how many pages there are, and at which change
/// they were counted (file format, 1.3).
const PAGE_SIZE: usize = 16;
const CHANGES: usize = 24;
const PAGES: usize = 28;
const COUNTED_AT: usize = 92;
/// Most tables, indexes and triggers of a file.
const MAX_SCHEMA: usize = 200;
/// Instructions of SQLite's machine between two looks at what was done, and how many looks: 50 for each cell of the
/// largest table.
const LOOK: i32 = 10_000;
const LOOKS: u32 = 1_000;

/// An opened database.
pub(super) struct Database {
    db: Connection,
    /// A file has no more content than bytes; one that says so repeats itself without an end.
    size: usize,
}

/// One cell of a row.
#[derive(Default)]
pub(super) enum Cell {
    #[default]
    Null,
    Number(i64),
    /// Text or bytes.
    Bytes(Secret),
    /// A fraction.
    Other,
}

/// Whether a file begins as a database.
pub(super) fn is_database(file: &[u8]) -> bool {
    file.starts_with(MAGIC)
}

/// Whether a file has fewer pages than it says. SQLite reads such a file as far as it goes, and rows are missing.
fn is_cut(file: &[u8]) -> bool {
    let number = |at: usize| Some(u64::from(u32::from_be_bytes(*file.get(at..)?.first_chunk()?)));
    let page = match file.get(PAGE_SIZE..).and_then(<[u8]>::first_chunk) {
        Some([0, 1]) => 65_536,
        Some(size) => u64::from(u16::from_be_bytes(*size)),
        None => return true,
    };
    // A version before 3.7.0 counts the changes and leaves the number of pages as it was.
    let is_counted = number(CHANGES) == number(COUNTED_AT);
    number(PAGES)
        .is_none_or(|pages| is_counted && pages * page > u64::try_from(file.len()).unwrap_or(u64::MAX))
}

impl Database {
    /// Opens a copy of the file in memory. `triggers` are those that the app makes.
    ///
    /// # Errors
    /// `ImportDamaged`; `NotAnImport` for a schema that none of the apps has.
    pub(super) fn open(file: &[u8], triggers: &[&str]) -> Result<Self, Refused> {
        if !is_database(file) || is_cut(file) {
            return Err(Reason::ImportDamaged.into());
        }
        let database = Self { db: loaded(file).map_err(failure)?, size: file.len() };
        database.check_schema(triggers)?;
        Ok(database)
    }

    fn check_schema(&self, triggers: &[&str]) -> Result<(), Refused> {
        let mut statement = self.db.prepare("SELECT type, name, sql FROM sqlite_schema").map_err(failure)?;
        let mut rows = statement.query([]).map_err(failure)?;
        let mut count = 0;
        while let Some(row) = rows.next().map_err(failure)? {
            count += 1;
            let text = |at| Cell::of(row, at).map(|cell| cell.text());
            let (kind, name, sql) = (text(0)?, text(1)?, text(2)?);
            let is_plain = match kind.as_str() {
                "table" => !is_virtual(&sql),
                "index" => true,
                "trigger" => triggers.contains(&name.as_str()),
                _ => false,
            };
            if !is_plain || count > MAX_SCHEMA {
                return Err(Reason::NotAnImport.into());
            }
        }
        Ok(())
    }

    /// Whether there is such a table with these columns.
    pub(super) fn has(&self, table: &str, columns: &[&str]) -> Result<bool, Refused> {
        let there = self.columns(table)?;
        Ok(!there.is_empty() && columns.iter().all(|name| there.iter().any(|other| other == name)))
    }

    /// The columns of a table that are kept as they are; none where there is no such table.
    fn columns(&self, table: &str) -> Result<Vec<String>, Refused> {
        let mut names = Vec::new();
        let mut is_generated = false;
        self.db
            .pragma(None, "table_xinfo", table, |row| {
                is_generated |= row.get::<_, i64>("hidden")? != 0;
                names.push(row.get::<_, String>("name")?.to_lowercase());
                Ok(())
            })
            .map_err(failure)?;
        if is_generated { Err(Reason::NotAnImport.into()) } else { Ok(names) }
    }

    /// The rows of a table in the file's order, none where it is not there; a column that is not there is null.
    ///
    /// # Errors
    /// `ImportDamaged`, `ImportTooLarge` for more than [`MAX_ENTRIES`] rows.
    pub(super) fn rows<const N: usize>(
        &self,
        table: &str,
        columns: [&str; N],
    ) -> Result<Vec<[Cell; N]>, Refused> {
        let there = self.columns(table)?;
        if there.is_empty() {
            return Ok(Vec::new());
        }
        let chosen = columns.map(|name| match there.iter().any(|other| other == name) {
            true => format!("\"{name}\""),
            false => "NULL".to_owned(),
        });
        // An index may hold anything: the table is what the app reads.
        let sql =
            format!("SELECT {} FROM \"{table}\" NOT INDEXED LIMIT {}", chosen.join(","), MAX_ENTRIES + 1);
        let mut statement = self.db.prepare(&sql).map_err(failure)?;
        let mut rows = statement.query([]).map_err(failure)?;
        let (mut read, mut bytes) = (Vec::new(), 0_usize);
        while let Some(row) = rows.next().map_err(failure)? {
            let mut cells = std::array::from_fn(|_| Cell::Null);
            for (at, cell) in cells.iter_mut().enumerate() {
                *cell = Cell::of(row, at)?;
                bytes = bytes.saturating_add(cell.size());
            }
            if bytes > self.size {
                return Err(Reason::ImportDamaged.into());
            }
            read.push(cells);
            cap(read.len())?;
        }
        Ok(read)
    }
}

/// A connection to a copy of the file in memory, with nothing of SQLite that a file could make use of.
fn loaded(file: &[u8]) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut db = Connection::open_in_memory_with_flags(flags)?;
    // A claim of more is refused before memory is taken for it.
    let largest = i32::try_from(file.len()).unwrap_or(i32::MAX);
    for (limit, most) in [
        (Limit::SQLITE_LIMIT_LENGTH, largest),
        (Limit::SQLITE_LIMIT_SQL_LENGTH, 65_536),
        (Limit::SQLITE_LIMIT_COLUMN, 200),
        (Limit::SQLITE_LIMIT_EXPR_DEPTH, 20),
        (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 2),
        (Limit::SQLITE_LIMIT_VDBE_OP, 25_000),
        (Limit::SQLITE_LIMIT_ATTACHED, 0),
        (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
    ] {
        db.set_limit(limit, most)?;
    }
    for (name, on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
        // A name that is not there is an error, not a text.
        (DbConfig::SQLITE_DBCONFIG_DQS_DML, false),
    ] {
        db.set_db_config(name, on)?;
    }
    // A write-ahead log lies in a file of its own, and what can't have one does not open as such.
    let formats = file.get(FORMATS).unwrap_or_default().iter().map(|format| (*format).min(JOURNAL));
    let head: Vec<u8> =
        MAGIC.iter().chain(file.get(16..18).unwrap_or_default()).copied().chain(formats).collect();
    let rest = file.get(head.len()..).unwrap_or_default();
    db.deserialize_read_exact("main", std::io::Read::chain(head.as_slice(), rest), file.len(), true)?;
    let mut looks = 0;
    db.progress_handler(
        LOOK,
        Some(move || {
            looks += 1;
            looks > LOOKS
        }),
    )?;
    for (name, value) in [("cell_size_check", "ON"), ("query_only", "ON"), ("temp_store", "MEMORY")] {
        db.pragma_update(None, name, value)?;
    }
    Ok(db)
}

/// The statement behind a table: `CREATE VIRTUAL TABLE`, however it is spaced.
fn is_virtual(sql: &str) -> bool {
    sql.split_ascii_whitespace().nth(1).is_some_and(|word| word.eq_ignore_ascii_case("virtual"))
}

#[expect(clippy::needless_pass_by_value, reason = "as `map_err` gives it")]
fn failure(error: rusqlite::Error) -> Refused {
    match error.sqlite_error_code() {
        Some(ErrorCode::OperationInterrupted | ErrorCode::TooBig) => Reason::ImportTooLarge.into(),
        Some(ErrorCode::OutOfMemory) => Reason::SystemFailed.into(),
        _ => Reason::ImportDamaged.into(),
    }
}

impl Cell {
    fn of(row: &Row<'_>, at: usize) -> Result<Self, Refused> {
        Ok(match row.get_ref(at).map_err(failure)? {
            ValueRef::Null => Self::Null,
            ValueRef::Integer(number) => Self::Number(number),
            ValueRef::Real(_) => Self::Other,
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Self::Bytes(Secret::copy_of(bytes)),
        })
    }

    fn size(&self) -> usize {
        if let Self::Bytes(bytes) = self { bytes.len() } else { 0 }
    }

    /// As text; bytes that are none are replaced, as other apps' names are.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Null | Self::Other => String::new(),
            Self::Number(number) => number.to_string(),
            // EXPOSE: a name.
            Self::Bytes(bytes) => String::from_utf8_lossy(bytes.expose()).into_owned(),
        }
    }

    pub(super) fn number(&self) -> Number {
        match self {
            Self::Null => Number::Missing,
            Self::Number(number) => Number::Is(*number),
            // EXPOSE: a number.
            Self::Bytes(bytes) => bytes.expose_str().map_or(Number::Unreadable, Number::of_text),
            Self::Other => Number::Unreadable,
        }
    }

    pub(super) fn secret(&self) -> Secret {
        if let Self::Bytes(bytes) = self { bytes.clone() } else { Secret::default() }
    }
}

/// The file that such statements make.
#[cfg(test)]
pub(super) fn made(sql: &str) -> Vec<u8> {
    let mut db = Connection::open_in_memory().unwrap();
    db.execute_batch(&format!("PRAGMA page_size=4096;{sql}")).unwrap();
    db.serialize("main").unwrap().to_vec()
}

#[cfg(test)]
mod tests {
    use super::made as file;
    use super::*;

    const TABLE: &str = "CREATE TABLE accounts (email TEXT, secret TEXT, type INTEGER)";

    fn read(file: &[u8]) -> Result<usize, Reason> {
        let database = Database::open(file, &["tidy"]).map_err(|refused| refused.reason)?;
        let rows = database.rows("accounts", ["email", "secret"]).map_err(|refused| refused.reason)?;
        Ok(rows.len())
    }

    #[test]
    fn what_a_file_could_run_is_refused() {
        let secrets = "CREATE TABLE t (a TEXT)";
        let in_schema = |sql: &str| {
            format!(
                "{TABLE};PRAGMA writable_schema=ON;INSERT INTO sqlite_schema VALUES('table','v','v',0,'{sql}')"
            )
        };
        let many = (0..MAX_SCHEMA).map(|n| format!("CREATE TABLE t{n} (a)")).collect::<Vec<_>>().join(";");
        for (sql, result) in [
            (TABLE.to_owned(), Ok(0)),
            (format!("{TABLE};CREATE INDEX i ON accounts(email)"), Ok(0)),
            (
                format!("{secrets};CREATE VIEW accounts AS SELECT a email, a secret FROM t"),
                Err(Reason::NotAnImport),
            ),
            (format!("{TABLE};CREATE VIEW other AS SELECT 1"), Err(Reason::NotAnImport)),
            (
                format!("{TABLE};CREATE TRIGGER evil AFTER INSERT ON accounts BEGIN SELECT 1; END"),
                Err(Reason::NotAnImport),
            ),
            (format!("{TABLE};CREATE TRIGGER tidy AFTER INSERT ON accounts BEGIN SELECT 1; END"), Ok(0)),
            (in_schema("CREATE VIRTUAL TABLE v USING fts5(a)"), Err(Reason::NotAnImport)),
            (in_schema("create\n\tvirtual table v using x"), Err(Reason::NotAnImport)),
            (in_schema("CREATE TABLE"), Err(Reason::ImportDamaged)),
            (
                "CREATE TABLE accounts (email TEXT, secret AS (hex(zeroblob(9))))".to_owned(),
                Err(Reason::NotAnImport),
            ),
            (format!("{TABLE};{many}"), Err(Reason::NotAnImport)),
            (secrets.to_owned(), Ok(0)),
        ] {
            assert_eq!(read(&file(&sql)), result, "{}", &sql[..sql.len().min(200)]);
        }
    }

    #[test]
    fn columns_that_are_not_there_are_null_and_cells_are_of_any_kind() {
        let file =
            file(&format!("{TABLE};INSERT INTO accounts VALUES (1, x'00ff', 2.5), (NULL, 'ABC', ' 7 ')"));
        let database = Database::open(&file, &[]).unwrap();
        let rows = database.rows("accounts", ["email", "secret", "type", "isencrypted"]).unwrap();
        let numbers: Vec<_> =
            rows.iter().map(|[.., kind, sealed]| (kind.number(), sealed.number())).collect();
        assert_eq!(numbers, [(Number::Unreadable, Number::Missing), (Number::Is(7), Number::Missing)]);
        let texts: Vec<_> = rows.iter().map(|[email, secret, ..]| (email.text(), secret.secret())).collect();
        let secret = |bytes: &[u8]| Secret::copy_of(bytes);
        assert_eq!(texts, [("1".to_owned(), secret(b"\0\xff")), (String::new(), secret(b"ABC"))]);
    }

    /// With a write-ahead log, as Android's apps keep theirs: the file alone opens, without what is in the log.
    #[test]
    fn a_file_that_had_a_log() {
        let mut file = file(&format!("{TABLE};INSERT INTO accounts VALUES ('a', 'b', 0)"));
        file[FORMATS].fill(2);
        assert_eq!(read(&file), Ok(1));
    }

    #[test]
    fn a_file_that_was_cut() {
        let whole = file(&format!("{TABLE};INSERT INTO accounts VALUES ('a', 'b', 0)"));
        assert_eq!(read(&whole), Ok(1));
        assert_eq!(read(&[whole.as_slice(), &[0; 100]].concat()), Ok(1));
        for length in [whole.len() - 1, 4096, 4095, 95, 17] {
            assert_eq!(read(&whole[..length]), Err(Reason::ImportDamaged), "{length}");
        }
        // Written by a version that does not count pages.
        let mut old = whole;
        old[CHANGES..CHANGES + 4].fill(9);
        old[PAGES..PAGES + 4].fill(9);
        assert_eq!(read(&old), Ok(1));
    }

    #[test]
    fn counts_and_sizes_end() {
        let rows = |count: usize| {
            format!(
                "{TABLE};WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<{count})
                 INSERT INTO accounts SELECT 'a', 'b', 0 FROM n"
            )
        };
        assert_eq!(read(&file(&rows(MAX_ENTRIES))), Ok(MAX_ENTRIES));
        assert_eq!(read(&file(&rows(MAX_ENTRIES + 1))), Err(Reason::ImportTooLarge));
        let long = format!("{TABLE};INSERT INTO accounts VALUES ('a', hex(zeroblob(100000)), 0)");
        assert_eq!(read(&file(&long)), Ok(1));
    }

    /// Every branch of a tree leads to the same leaf: a small file with content without an end.
    #[test]
    fn a_file_that_repeats_itself() {
        const PAGE: usize = 4096;
        let mut file = file(&format!(
            "{TABLE};WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<300)
             INSERT INTO accounts SELECT 'a', hex(zeroblob(1900)), 0 FROM n"
        ));
        assert_eq!(read(&file), Ok(300));
        let root = file[PAGE..2 * PAGE].to_vec();
        assert_eq!(root[0], 5, "a page of branches");
        for cell in root[12..12 + 2 * 299].as_chunks::<2>().0 {
            let at = PAGE + usize::from(u16::from_be_bytes(*cell));
            file[at..at + 4].copy_from_slice(&3_u32.to_be_bytes());
        }
        file.truncate(3 * PAGE);
        file[28..32].copy_from_slice(&3_u32.to_be_bytes());
        assert_eq!(read(&file), Err(Reason::ImportDamaged));
    }
}

//! The tables, and how an older file gets those of today.

use rusqlite::{Connection, Transaction};

use super::failure;
use crate::vault::{Part, VaultError};

/// Each step from one version to the next. A step is never edited once released: kept files of each version are
/// opened by a test.
const MIGRATIONS: [&str; 1] = [include_str!("migrations/0001.sql")];

/// The version that this release writes.
#[expect(clippy::as_conversions, reason = "a list of a few")]
pub(super) const VERSION: u32 = MIGRATIONS.len() as u32;

/// `PRAGMA user_version`.
pub(super) fn version(db: &Connection) -> Result<u32, VaultError> {
    db.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(failure)
}

/// Runs the steps after `from`.
pub(super) fn migrate(tx: &Transaction<'_>, from: u32) -> Result<(), VaultError> {
    let done = usize::try_from(from).map_err(|_| VaultError::NewerVersion(from))?;
    for step in MIGRATIONS.iter().skip(done) {
        tx.execute_batch(step).map_err(failure)?;
    }
    tx.pragma_update(None, "user_version", VERSION).map_err(failure)
}

/// Whether the tables are exactly ours: no trigger, view or column that somebody put in.
pub(super) fn check(db: &Connection) -> Result<(), VaultError> {
    let mut expected = Connection::open_in_memory().map_err(failure)?;
    let tx = expected.transaction().map_err(failure)?;
    migrate(&tx, 0)?;
    if objects(db)? == objects(&tx)? { Ok(()) } else { Err(VaultError::Damaged(Part::File)) }
}

type Object = (String, String, Option<String>);

fn objects(db: &Connection) -> Result<Vec<Object>, VaultError> {
    let sql = "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name LIMIT 1000";
    let mut statement = db.prepare(sql).map_err(failure)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).map_err(failure)?;
    rows.collect::<Result<_, _>>().map_err(failure)
}

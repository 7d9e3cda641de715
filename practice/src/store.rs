//! The site's own SQLite file: reads a realm when the site starts, writes each change in one transaction.

use std::io;
use std::path::Path;

use rusqlite::{Connection, Transaction, params};

use crate::realm::{Change, CodeApp, DeviceKey, Phone, User};

const SCHEMA: &str = include_str!("schema.sql");
const VERSION: i64 = 1;

/// An open database.
pub(crate) struct Store {
    connection: Connection,
}

/// What the realm keeps about itself.
pub(crate) struct RealmRecord {
    pub(crate) key: Vec<u8>,
    pub(crate) client_secret: String,
}

impl Store {
    /// Opens the file, or a database in memory; makes the tables if they aren't there.
    pub(crate) fn open(file: Option<&Path>) -> io::Result<Self> {
        let connection = match file {
            None => Connection::open_in_memory(),
            Some(file) => {
                make_private(file)?;
                Connection::open(file)
            }
        };
        let connection = connection.map_err(io::Error::other)?;
        let store = Self { connection };
        store.prepare().map_err(|flaw| match flaw.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DatabaseBusy) => {
                io::Error::new(io::ErrorKind::ResourceBusy, "another practice site uses this database")
            }
            _ => io::Error::other(flaw),
        })?;
        store.check_version()?;
        Ok(store)
    }

    fn prepare(&self) -> rusqlite::Result<()> {
        // The state lives in memory: a second site on the same file would overwrite what it doesn't know.
        self.connection.execute_batch(
            "PRAGMA busy_timeout = 1000; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; \
             PRAGMA foreign_keys = ON; BEGIN IMMEDIATE; COMMIT;",
        )?;
        if self.version()? == 0 {
            self.connection.execute_batch(&format!("BEGIN; {SCHEMA} COMMIT;"))?;
        }
        Ok(())
    }

    fn version(&self) -> rusqlite::Result<i64> {
        self.connection.query_row("PRAGMA user_version", [], |row| row.get(0))
    }

    fn check_version(&self) -> io::Result<()> {
        match self.version().map_err(io::Error::other)? {
            VERSION => Ok(()),
            other => Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("the practice database has version {other}, this program knows {VERSION}"),
            )),
        }
    }

    /// The realm's record, or `None` in a new database.
    pub(crate) fn realm(&self) -> io::Result<Option<RealmRecord>> {
        let read = |row: &rusqlite::Row<'_>| Ok(RealmRecord { key: row.get(0)?, client_secret: row.get(1)? });
        match self.connection.query_row("SELECT key, client_secret FROM realm", [], read) {
            Ok(record) => Ok(Some(record)),
            Err(rusqlite::Error::QueryReturnedNoRows) => Ok(None),
            Err(flaw) => Err(io::Error::other(flaw)),
        }
    }

    pub(crate) fn keep_realm(&self, record: &RealmRecord) -> io::Result<()> {
        self.connection
            .execute(
                "INSERT INTO realm (id, key, client_secret) VALUES (1, ?1, ?2)",
                params![record.key, record.client_secret],
            )
            .map_err(io::Error::other)?;
        Ok(())
    }

    /// All users with their methods.
    pub(crate) fn users(&self) -> io::Result<Vec<User>> {
        self.read_users().map_err(io::Error::other)
    }

    fn read_users(&self) -> rusqlite::Result<Vec<User>> {
        let mut statement = self.connection.prepare("SELECT id, name, password, enabled FROM users")?;
        let users = statement.query_map([], |row| {
            Ok(User {
                id: row.get(0)?,
                name: row.get(1)?,
                password: row.get(2)?,
                enabled: row.get(3)?,
                phones: Vec::new(),
                codes: Vec::new(),
            })
        })?;
        let mut users = users.collect::<rusqlite::Result<Vec<User>>>()?;
        for user in &mut users {
            user.phones = self.phones(&user.id)?;
            user.codes = self.code_apps(&user.id)?;
        }
        Ok(users)
    }

    fn phones(&self, user: &str) -> rusqlite::Result<Vec<Phone>> {
        let mut statement = self.connection.prepare(
            "SELECT id, label, device_type, credential_id, device_id, push_type, push_id, key, created_at \
             FROM phones WHERE user = ?1 ORDER BY place",
        )?;
        let phones = statement.query_map([user], |row| {
            let key: String = row.get(7)?;
            Ok(Phone {
                id: row.get(0)?,
                label: row.get(1)?,
                device_type: row.get(2)?,
                credential_id: row.get(3)?,
                device_id: row.get(4)?,
                push_type: row.get(5)?,
                push_id: row.get(6)?,
                key: DeviceKey::from_json(&key).ok_or(rusqlite::Error::InvalidQuery)?,
                created_at: row.get::<_, i64>(8)?.try_into().unwrap_or_default(),
            })
        })?;
        phones.collect()
    }

    fn code_apps(&self, user: &str) -> rusqlite::Result<Vec<CodeApp>> {
        let mut statement = self.connection.prepare(
            "SELECT id, secret, last_period, created_at FROM code_apps WHERE user = ?1 ORDER BY created_at",
        )?;
        let apps = statement.query_map([user], |row| {
            Ok(CodeApp {
                id: row.get(0)?,
                secret: row.get(1)?,
                last_period: row.get::<_, i64>(2)?.try_into().unwrap_or_default(),
                created_at: row.get::<_, i64>(3)?.try_into().unwrap_or_default(),
            })
        })?;
        apps.collect()
    }

    /// Writes what of the changes outlives a restart: all of it or nothing.
    pub(crate) fn write(&mut self, changes: &[Change]) -> io::Result<()> {
        if !changes.iter().any(outlives_restart) {
            return Ok(());
        }
        self.write_all(changes).map_err(io::Error::other)
    }

    fn write_all(&mut self, changes: &[Change]) -> rusqlite::Result<()> {
        let transaction = self.connection.transaction()?;
        for change in changes {
            write_one(&transaction, change)?;
        }
        transaction.commit()
    }
}

fn outlives_restart(change: &Change) -> bool {
    !matches!(
        change,
        Change::ProofUsed { .. }
            | Change::EnrolmentStarted(_)
            | Change::EnrolmentSettled { .. }
            | Change::ChallengeStarted(_)
            | Change::ChallengeSettled { .. }
            | Change::ChallengeDropped { .. }
    )
}

fn write_one(to: &Transaction<'_>, change: &Change) -> rusqlite::Result<()> {
    match change {
        Change::ProofUsed { .. }
        | Change::EnrolmentStarted(_)
        | Change::EnrolmentSettled { .. }
        | Change::ChallengeStarted(_)
        | Change::ChallengeSettled { .. }
        | Change::ChallengeDropped { .. } => Ok(()),
        Change::UserAdded(user) => add_user(to, user),
        Change::UserRemoved { user } => run(to, "DELETE FROM users WHERE id = ?1", params![user]),
        Change::UserEnabled { user, enabled } => {
            run(to, "UPDATE users SET enabled = ?2 WHERE id = ?1", params![user, enabled])
        }
        Change::PhoneAdded { user, phone } => add_phone(to, user, phone),
        Change::PhoneRemoved { user, phone } => {
            run(to, "DELETE FROM phones WHERE user = ?1 AND id = ?2", params![user, phone])
        }
        Change::PhoneFirst { user, phone } => run(
            to,
            "UPDATE phones SET place = (SELECT min(place) - 1 FROM phones WHERE user = ?1) \
             WHERE user = ?1 AND id = ?2",
            params![user, phone],
        ),
        Change::PushAddress { user, phone, push_type, push_id } => run(
            to,
            "UPDATE phones SET push_type = ?3, push_id = ?4 WHERE user = ?1 AND id = ?2",
            params![user, phone, push_type, push_id],
        ),
        Change::KeyRotated { user, phone, key, at } => run(
            to,
            "UPDATE phones SET key = ?3, created_at = ?4 WHERE user = ?1 AND id = ?2",
            params![user, phone, key.json(), whole(*at)],
        ),
        Change::CodeAppAdded { user, app } => add_code_app(to, user, app),
        Change::CodeAppRemoved { user, app } => {
            run(to, "DELETE FROM code_apps WHERE user = ?1 AND id = ?2", params![user, app])
        }
        Change::CodeUsed { user, app, period } => run(
            to,
            "UPDATE code_apps SET last_period = ?3 WHERE user = ?1 AND id = ?2",
            params![user, app, whole(*period)],
        ),
    }
}

fn add_user(to: &Transaction<'_>, user: &User) -> rusqlite::Result<()> {
    run(
        to,
        "INSERT INTO users (id, name, password, enabled) VALUES (?1, ?2, ?3, ?4)",
        params![user.id, user.name, user.password, user.enabled],
    )?;
    for phone in &user.phones {
        add_phone(to, &user.id, phone)?;
    }
    for app in &user.codes {
        add_code_app(to, &user.id, app)?;
    }
    Ok(())
}

fn add_phone(to: &Transaction<'_>, user: &str, phone: &Phone) -> rusqlite::Result<()> {
    run(
        to,
        "INSERT INTO phones (id, user, place, label, device_type, credential_id, device_id, push_type, push_id, \
         key, created_at) \
         VALUES (?1, ?2, (SELECT coalesce(max(place), 0) + 1 FROM phones WHERE user = ?2), ?3, ?4, ?5, ?6, ?7, ?8, \
         ?9, ?10)",
        params![
            phone.id,
            user,
            phone.label,
            phone.device_type,
            phone.credential_id,
            phone.device_id,
            phone.push_type,
            phone.push_id,
            phone.key.json(),
            whole(phone.created_at)
        ],
    )
}

fn add_code_app(to: &Transaction<'_>, user: &str, app: &CodeApp) -> rusqlite::Result<()> {
    run(
        to,
        "INSERT INTO code_apps (id, user, secret, last_period, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![app.id, user, app.secret, whole(app.last_period), whole(app.created_at)],
    )
}

fn run(to: &Transaction<'_>, sql: &str, values: impl rusqlite::Params) -> rusqlite::Result<()> {
    to.execute(sql, values).map(|_| ())
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The file holds the realm's private key: nobody else on this machine may read it.
fn make_private(file: &Path) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(drop)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{RealmRecord, Store};
    use crate::realm::{Change, CodeApp, DeviceKey, Phone, User};

    fn phone(id: &str) -> Phone {
        let x = "nDTCuwnpl7TMcpSnvn4qVdvgZfTuGos_sqlcL1vvK-w";
        let key = json!({"kty": "EC", "crv": "P-256", "x": x, "y": x});
        Phone {
            id: id.to_owned(),
            label: format!("Phone {id}"),
            device_type: "test".to_owned(),
            credential_id: "c".to_owned(),
            device_id: "d".to_owned(),
            push_type: "none".to_owned(),
            push_id: None,
            key: DeviceKey::from_json(&key.to_string()).expect("a key"),
            created_at: 7,
        }
    }

    #[test]
    fn everything_is_there_after_a_restart() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("practice.db");
        let mut store = Store::open(Some(&file)).expect("a new file");
        assert!(store.realm().expect("readable").is_none());
        store.keep_realm(&RealmRecord { key: vec![1, 2], client_secret: "s".to_owned() }).expect("kept");
        let user = User {
            id: "u".to_owned(),
            name: "alice".to_owned(),
            password: vec![3],
            enabled: true,
            phones: vec![phone("1")],
            codes: vec![CodeApp { id: "k".to_owned(), secret: vec![9], last_period: 4, created_at: 5 }],
        };
        let id = || "u".to_owned();
        store
            .write(&[
                Change::UserAdded(user),
                Change::PhoneAdded { user: id(), phone: phone("2") },
                Change::PhoneFirst { user: id(), phone: "2".to_owned() },
                Change::PushAddress {
                    user: id(),
                    phone: "1".to_owned(),
                    push_type: "fcm".to_owned(),
                    push_id: "token".to_owned(),
                },
                Change::CodeUsed { user: id(), app: "k".to_owned(), period: 6 },
                Change::UserEnabled { user: id(), enabled: false },
            ])
            .expect("written");
        drop(store);

        let mut store = Store::open(Some(&file)).expect("the same file");
        assert_eq!(store.realm().expect("readable").expect("kept").key, [1, 2]);
        let users = store.users().expect("users");
        let user = users.first().expect("alice");
        assert!(!user.enabled);
        assert_eq!(user.phones.iter().map(|phone| phone.id.as_str()).collect::<Vec<_>>(), ["2", "1"]);
        assert_eq!(user.phones[1].push_id.as_deref(), Some("token"));
        assert_eq!(user.codes[0].last_period, 6);

        store.write(&[Change::UserRemoved { user: id() }]).expect("removed");
        assert!(store.users().expect("users").is_empty());
    }

    #[test]
    fn one_site_at_a_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("practice.db");
        let first = Store::open(Some(&file)).expect("a new file");
        let flaw = Store::open(Some(&file)).err().expect("refused");
        assert_eq!(flaw.kind(), std::io::ErrorKind::ResourceBusy);
        drop(first);
        assert!(Store::open(Some(&file)).is_ok());
    }

    #[test]
    fn a_newer_file_is_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("practice.db");
        let store = Store::open(Some(&file)).expect("a new file");
        store.connection.execute_batch("PRAGMA user_version = 2").expect("set");
        drop(store);
        assert!(Store::open(Some(&file)).err().expect("refused").to_string().contains("version 2"));
    }
}

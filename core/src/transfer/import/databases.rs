//! SQLite databases as apps keep them on a phone: Google Authenticator's, Microsoft Authenticator's, Stratum's.

use super::entry::{Entry, Raw, Seed};
use super::json::Number;
use super::sealing::base64;
use super::sqlite::{Cell, Database};
use super::{App, Batch, Refused, stratum};
use crate::reason::Reason;
use crate::secret::Secret;

/// Google's and those made after it have this table, Microsoft's has another of that name.
pub(super) const ACCOUNTS: &str = "accounts";

/// Reads a database, by the tables that are in it.
pub(super) fn read(file: &[u8]) -> Result<Batch, Refused> {
    let database = Database::open(file, &[])?;
    if database.has(ACCOUNTS, &["oath_secret_key", "account_type"])? {
        microsoft(&database)
    } else if database.has(ACCOUNTS, &["email", "secret", "type"])? {
        google(&database)
    } else if database.has("authenticator", &["secret", "type"])? {
        stratum::read_database(&database)
    } else {
        Err(Reason::NotAnImport.into())
    }
}

/// Google Authenticator. It has no columns for algorithm, digits and period.
fn google(database: &Database) -> Result<Batch, Refused> {
    let columns = ["email", "issuer", "secret", "counter", "type", "isencrypted"];
    let rows = database.rows(ACCOUNTS, columns)?;
    let entries = rows.iter().map(|[email, issuer, secret, counter, kind, is_sealed]| {
        let raw = Raw {
            kind: kind_of(kind),
            issuer: issuer.text(),
            name: email.text(),
            seed: Seed::Base32(secret.secret()),
            counter: counter.number(),
            ..Raw::default()
        };
        match is_sealed.number() {
            Number::Missing | Number::Is(0) => Entry::of(raw),
            Number::Is(_) | Number::Unreadable => Entry::without_seed(&raw, Reason::EntrySealed),
        }
    });
    Ok(Batch::new(App::GoogleAuthenticator, "google_authenticator_sqlite", entries.collect()))
}

/// The kinds of Google's table.
pub(super) fn kind_of(kind: &Cell) -> String {
    match kind.number() {
        Number::Missing | Number::Is(0) => "totp".to_owned(),
        Number::Is(1) => "hotp".to_owned(),
        other => format!("type {}", other.shown().unwrap_or_default()),
    }
}

/// Microsoft Authenticator: codes of anybody's, codes of a personal account at Microsoft, work and school accounts.
fn microsoft(database: &Database) -> Result<Batch, Refused> {
    let columns = ["name", "username", "oath_secret_key", "encrypted_oath_secret_key", "account_type"];
    let rows = database.rows(ACCOUNTS, columns)?;
    let entries = rows.iter().map(|[name, username, secret, sealed, kind]| {
        let raw = |seed, digits| Raw {
            kind: "totp".to_owned(),
            issuer: name.text(),
            name: username.text(),
            seed,
            digits,
            ..Raw::default()
        };
        let seed = secret.secret();
        let refused = |reason| Entry::without_seed(&raw(Seed::Missing, Number::Missing), reason);
        match kind.number() {
            Number::Is(0 | 1) if seed.is_empty() && !sealed.secret().is_empty() => {
                refused(Reason::EntrySealed)
            }
            Number::Is(0) => Entry::of(raw(Seed::Base32(seed), Number::Missing)),
            // A personal account that is signed in to without a code has none.
            Number::Is(1) if seed.is_empty() => refused(Reason::AccountNotPortable),
            Number::Is(1) => match seed_of_personal(&seed) {
                Some(seed) => Entry::of(raw(Seed::Bytes(seed), Number::Is(8))),
                None => refused(Reason::EntryDamaged),
            },
            Number::Is(2) => refused(Reason::AccountNotPortable),
            _ => refused(Reason::CodeKindUnsupported),
        }
    });
    Ok(Batch::new(App::MicrosoftAuthenticator, "microsoft_authenticator_sqlite", entries.collect()))
}

fn seed_of_personal(seed: &Secret) -> Option<Secret> {
    // EXPOSE: written in another way.
    base64(seed.expose_str()?).ok().map(Secret::from)
}

#[cfg(test)]
mod tests {
    use super::super::sqlite::made;
    use super::*;

    const S: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    fn reasons(sql: &str) -> Result<Vec<Option<Reason>>, Reason> {
        let batch = read(&made(sql)).map_err(|refused| refused.reason)?;
        Ok(batch.entries.iter().map(|entry| entry.otp.as_ref().err().copied()).collect())
    }

    #[test]
    fn one_row_of_google_spoils_no_other() {
        let sql = format!(
            "CREATE TABLE accounts (email TEXT, secret TEXT, counter INTEGER, type INTEGER, issuer TEXT, isencrypted INTEGER);
             INSERT INTO accounts VALUES ('a', '{S}', 0, 0, 'A', 0), ('b', '0189', 0, 0, 'A', 0), ('c', NULL, 0, 0, NULL, 0),
             ('d', '{S}', 0, 7, 'A', 0), ('e', '{S}', 'x', 1, 'A', 0), ('f', x'00', 0, 0, 'A', 1), ('g', '{S}', 3, 1, 'A', NULL)"
        );
        let expected = [
            None,
            Some(Reason::SecretNotBase32),
            Some(Reason::SecretMissing),
            Some(Reason::CodeKindUnsupported),
            Some(Reason::CounterUnreadable),
            Some(Reason::EntrySealed),
            None,
        ];
        assert_eq!(reasons(&sql).unwrap(), expected);
    }

    #[test]
    fn kinds_of_accounts_at_microsoft() {
        let sql = format!(
            "CREATE TABLE accounts (name TEXT, username TEXT, oath_secret_key TEXT, account_type INTEGER,
             encrypted_oath_secret_key TEXT);
             INSERT INTO accounts VALUES ('a', 'a', '{S}', 0, ''), ('b', 'b', 'AAECAwQFBgcICQoLDA0ODw==', 1, ''),
             ('c', 'c', '*', 1, ''), ('d', 'd', '', 1, ''), ('e', 'e', '', 1, 'x'), ('f', 'f', '{S}', 2, ''), ('g', 'g', '', 9, '')"
        );
        let expected = [
            None,
            None,
            Some(Reason::EntryDamaged),
            Some(Reason::AccountNotPortable),
            Some(Reason::EntrySealed),
            Some(Reason::AccountNotPortable),
            Some(Reason::CodeKindUnsupported),
        ];
        assert_eq!(reasons(&sql).unwrap(), expected);
    }

    #[test]
    fn databases_of_others() {
        for sql in
            ["CREATE TABLE t (a)", "CREATE TABLE accounts (email)", "CREATE TABLE authenticator (secret)"]
        {
            assert_eq!(reasons(sql), Err(Reason::NotAnImport), "{sql}");
        }
        let damaged = b"SQLite format 3\0 and nothing like it";
        assert_eq!(read(damaged).unwrap_err().reason, Reason::ImportDamaged);
    }
}

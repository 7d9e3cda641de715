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
            Number::Is(0 | 1) if seed.is_empty() && !sealed.secret().is_empty() => refused(Reason::EntrySealed),
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

//! Stratum, formerly Authenticator Pro: its backup, plain, under a password, and under a password as before version 1.21;
//! its page to print; its database.

use std::collections::HashMap;

use serde::Deserialize;

use super::derive::{Derivation, Function, Hash};
use super::entry::{Entry, Extra, Raw, Seed};
use super::json::{Elements, Number, SecretText, Text, cap, element, frame};
use super::locked::{Locked, Password, Sealed};
use super::sealing::{cbc, gcm, mark};
use super::shared::{Tags, tag};
use super::sqlite::{Cell, Database};
use super::{App, Batch, Refused, text};
use crate::reason::Reason;
use crate::secret::Secret;

const STRONG: &[u8] = b"AUTHENTICATORPRO";
const LEGACY: &[u8] = b"AuthenticatorPro";
/// Of the strong form; the file does not say it.
const ARGON2: Function = Function::Argon2id { memory_kib: 65_536, passes: 3, lanes: 4 };
/// Of the legacy form.
const ROUNDS: u64 = 64_000;

/// Whether a file is a backup under a password.
pub(super) fn is_locked(file: &[u8]) -> bool {
    file.starts_with(STRONG) || file.starts_with(LEGACY)
}

pub(super) fn locked(file: &[u8]) -> Result<Locked, Refused> {
    let damaged = || Refused::from(Reason::ImportDamaged);
    let (sealed, derivation, format) = if let Some(rest) = file.strip_prefix(STRONG) {
        let (salt, rest) = rest.split_first_chunk::<16>().ok_or_else(damaged)?;
        let (nonce, sealed) = rest.split_first_chunk::<12>().ok_or_else(damaged)?;
        let derivation = Derivation { function: ARGON2, salt: salt.to_vec() };
        (Backup::Strong { nonce: *nonce, sealed: sealed.to_vec() }, derivation, "stratum_encrypted")
    } else {
        let rest = file.strip_prefix(LEGACY).ok_or_else(damaged)?;
        let (salt, rest) = rest.split_first_chunk::<20>().ok_or_else(damaged)?;
        let (iv, sealed) = rest.split_first_chunk::<16>().ok_or_else(damaged)?;
        let derivation = Derivation { function: Function::pbkdf2(Hash::Sha1, ROUNDS), salt: salt.to_vec() };
        (Backup::Legacy { iv: *iv, sealed: sealed.to_vec() }, derivation, "stratum_encrypted_legacy")
    };
    Ok(Locked::new(App::Stratum, format, vec![(derivation, Password::Plain)], sealed))
}

enum Backup {
    Strong {
        nonce: [u8; 12],
        sealed: Vec<u8>,
    },
    /// Without a MAC: a wrong password is told by what comes out.
    Legacy {
        iv: [u8; 16],
        sealed: Vec<u8>,
    },
}

impl Sealed for Backup {
    fn open(&self, _: usize, key: &Secret) -> Result<Batch, Refused> {
        match self {
            Self::Strong { nonce, sealed } => {
                let json = gcm(key, nonce, &[], sealed).ok_or(Reason::ImportWrongPassword)?;
                // EXPOSE: read as JSON.
                read(json.expose(), "stratum_encrypted")
            }
            Self::Legacy { iv, sealed } => {
                let json = cbc(key, iv, sealed).ok_or(Reason::ImportWrongPassword)?;
                // EXPOSE: read as JSON.
                read(json.expose(), "stratum_encrypted_legacy").map_err(|refused| match refused.reason {
                    Reason::ImportDamaged => Reason::ImportWrongPassword.into(),
                    _ => refused,
                })
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct File<'a> {
    #[serde(borrow)]
    authenticators: Elements<'a>,
    #[serde(borrow, default)]
    categories: Option<Elements<'a>>,
    #[serde(borrow, default)]
    authenticator_categories: Option<Elements<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Row {
    #[serde(rename = "Type")]
    kind: Number,
    issuer: Text,
    username: Text,
    secret: SecretText,
    pin: SecretText,
    algorithm: Number,
    digits: Number,
    period: Number,
    counter: Number,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Category {
    id: String,
    name: Text,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Binding {
    category_id: String,
    authenticator_secret: SecretText,
}

/// Reads the plain form.
pub(super) fn read(json: &[u8], format: &'static str) -> Result<Batch, Refused> {
    let file: File<'_> = frame(json)?;
    cap(file.authenticators.len())?;
    let bindings = file.authenticator_categories.unwrap_or_default();
    cap(bindings.len())?;
    let categories: HashMap<_, _> = file
        .categories
        .unwrap_or_default()
        .iter()
        .filter_map(|category| element::<Category>(category))
        .map(|category| (category.id, tag(&category.name.0)))
        .collect();
    // A secret is the key of an account there.
    let mut tags = Tags::default();
    for binding in bindings.iter().filter_map(|binding| element::<Binding>(binding)) {
        if let Some(name) = categories.get(&binding.category_id) {
            tags.add(mark(&binding.authenticator_secret.0), name);
        }
    }
    let entries = file.authenticators.iter().map(|row| match element::<Row>(row) {
        Some(row) => {
            let tags = tags.of(&mark(&row.secret.0)).collect();
            Entry::of(raw_of(row, tags))
        }
        None => Entry::refused(Reason::EntryDamaged),
    });
    Ok(Batch::new(App::Stratum, format, entries.collect()))
}

fn raw_of(row: Row, tags: Vec<String>) -> Raw {
    let kind = match row.kind {
        Number::Is(1) => "hotp".to_owned(),
        Number::Is(2) => "totp".to_owned(),
        Number::Is(3) => "motp".to_owned(),
        Number::Is(4) => "steam".to_owned(),
        Number::Is(5) => "yandex".to_owned(),
        other => format!("type {}", other.shown().unwrap_or_default()),
    };
    let algorithm = match row.algorithm {
        Number::Missing | Number::Is(0) => "SHA1".to_owned(),
        Number::Is(1) => "SHA256".to_owned(),
        Number::Is(2) => "SHA512".to_owned(),
        other => format!("algorithm {}", other.shown().unwrap_or_default()),
    };
    let seed = if kind == "motp" { Seed::Text(row.secret.0) } else { Seed::Base32(row.secret.0) };
    Raw {
        kind,
        issuer: row.issuer.0,
        name: row.username.0,
        seed,
        algorithm,
        digits: row.digits,
        period: row.period,
        counter: row.counter,
        pin: row.pin.0,
        extra: Extra { tags, ..Extra::default() },
    }
}

/// Reads the app's own database: the same rows as those of a backup.
pub(super) fn read_database(database: &Database) -> Result<Batch, Refused> {
    let columns = ["type", "issuer", "username", "secret", "pin", "algorithm", "digits", "period", "counter"];
    let rows = database.rows("authenticator", columns)?;
    let categories = database.rows("category", ["id", "name"])?;
    let categories: HashMap<_, _> =
        categories.iter().map(|[id, name]| (id.text(), tag(&name.text()))).collect();
    let mut tags = Tags::default();
    for [secret, category] in database.rows("authenticatorcategory", ["authenticatorsecret", "categoryid"])? {
        if let Some(name) = categories.get(&category.text()) {
            tags.add(mark(&secret.secret()), name);
        }
    }
    let entries = rows.iter().map(|cells| {
        let row = Row::of_cells(cells);
        let tags = tags.of(&mark(&row.secret.0)).collect();
        Entry::of(raw_of(row, tags))
    });
    Ok(Batch::new(App::Stratum, "stratum_sqlite", entries.collect()))
}

impl Row {
    fn of_cells(cells: &[Cell; 9]) -> Self {
        let [kind, issuer, username, secret, pin, algorithm, digits, period, counter] = cells;
        Self {
            kind: kind.number(),
            issuer: Text(issuer.text()),
            username: Text(username.text()),
            secret: SecretText(secret.secret()),
            pin: SecretText(pin.secret()),
            algorithm: algorithm.number(),
            digits: digits.number(),
            period: period.number(),
            counter: counter.number(),
        }
    }
}

/// Whether a text is its page to print: a link in a `code` element for each account.
pub(super) fn is_page(text: &str) -> bool {
    let start = text.get(..64).unwrap_or(text).to_ascii_lowercase();
    (start.starts_with("<!doctype html") || start.starts_with("<html")) && links(text).next().is_some()
}

pub(super) fn read_page(page: &str) -> Result<Batch, Refused> {
    let links: Vec<_> = links(page).map(unescaped).collect();
    cap(links.len())?;
    // EXPOSE: read as set-up codes.
    let batch = text::of_lines(links.iter().filter_map(Secret::expose_str))?;
    Ok(Batch { app: App::Stratum, format: "stratum_html", ..batch })
}

fn links(page: &str) -> impl Iterator<Item = &str> {
    let codes = page.split("<code>").skip(1).filter_map(|rest| rest.split_once("</code>"));
    codes.map(|(link, _)| link.trim()).filter(|link| link.contains("://"))
}

/// The entities that such a page has.
fn unescaped(link: &str) -> Secret {
    const ENTITIES: [(&str, char); 6] =
        [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&#39;", '\''), ("&#x27;", '\'')];
    // Never longer than it was: no second block.
    let mut text = zeroize::Zeroizing::new(String::with_capacity(link.len()));
    let mut rest = link;
    while let Some(first) = rest.chars().next() {
        let entity = ENTITIES.iter().find_map(|(name, c)| Some((rest.strip_prefix(name)?, *c)));
        let (after, c) = entity.unwrap_or((rest.get(first.len_utf8()..).unwrap_or_default(), first));
        text.push(c);
        rest = after;
    }
    Secret::copy_of(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page() {
        let page = "<!DOCTYPE html><code>otpauth://totp/A%26B:a?secret=GEZDGNBV&amp;issuer=A%26B</code><code>x</code>";
        assert!(is_page(page) && !is_page("<html><code>x</code>"));
        let batch = read_page(page).unwrap();
        assert_eq!((batch.entries.len(), batch.entries[0].issuer.as_str()), (1, "A&B"));
    }

    #[test]
    fn one_broken_entry_spoils_no_other() {
        let json =
            br#"{"Authenticators":[7,{"Type":9,"Secret":"A"},{"Type":2,"Algorithm":7,"Secret":"GEZDGNBV"},
            {"Type":3,"Issuer":"VPN","Secret":"7ac61d4736f51a2b","Pin":"5239","Digits":6,"Period":30}],
            "Categories":[{"Id":"c","Name":"Work"}],
            "AuthenticatorCategories":[{"CategoryId":"c","AuthenticatorSecret":"7ac61d4736f51a2b"}]}"#;
        let batch = read(json, "stratum_json").unwrap();
        let reasons: Vec<_> = batch.entries.iter().map(|entry| entry.otp.as_ref().err().copied()).collect();
        assert_eq!(
            reasons,
            [
                Some(Reason::EntryDamaged),
                Some(Reason::CodeKindUnsupported),
                Some(Reason::AlgorithmUnsupported),
                None
            ]
        );
        let motp = batch.entries[3].otp.as_ref().unwrap().codes_at(crate::clock::UnixTime(1_700_000_000));
        assert_eq!(motp.unwrap().current.as_str(), "e0f8b0");
        assert_eq!(batch.entries[3].tags, ["Work"]);
    }
}

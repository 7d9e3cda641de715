//! TOTP Authenticator (BinaryBoot): Base64 of AES-256-CBC under a hash of the password, without a MAC.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::digest;
use serde::Deserialize;

use super::derive::{Derivation, Function};
use super::entry::{Entry, Raw, Seed};
use super::json::{Elements, FirstName, Number, SecretText, Text, cap, element, frame};
use super::locked::{Locked, Password, Sealed};
use super::sealing::cbc;
use super::{App, Batch, Opened, Refused};
use crate::reason::Reason;
use crate::secret::Secret;

/// What the app takes where no password was chosen.
const NO_PASSWORD: &[u8] = b"TotpAuthenticator";
/// The list, among the app's preferences.
pub(super) const LIST: &str = "STATIC_TOTP_CODES_LIST";
const FORMAT: &str = "totp_authenticator";
const BLOCK: usize = 16;

/// Reads what may be such a file: Base64 and nothing else.
pub(super) fn read(text: &str) -> Option<Opened> {
    let is_base64 =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=') || c.is_ascii_whitespace();
    if !text.chars().all(is_base64) {
        return None;
    }
    // A secret alone, in Base32 or hexadecimal: ciphertext of a block has letters of both cases all but certainly.
    if !text.contains(|c: char| c.is_ascii_uppercase()) || !text.contains(|c: char| c.is_ascii_lowercase()) {
        return None;
    }
    let packed: String = text.split_ascii_whitespace().collect();
    let sealed =
        STANDARD.decode(packed).ok().filter(|sealed| !sealed.is_empty() && sealed.len() % BLOCK == 0)?;
    let file = File(sealed);
    let key = Secret::copy_of(digest::digest(&digest::SHA256, NO_PASSWORD).as_ref());
    if let Ok(batch) = file.open(0, &key) {
        return Some(Opened::Entries(batch));
    }
    let derivation = Derivation { function: Function::Sha256, salt: Vec::new() };
    let derivations = vec![(derivation, Password::Plain)];
    Some(Opened::Locked(Locked::new(App::TotpAuthenticator, FORMAT, derivations, file)))
}

struct File(Vec<u8>);

impl Sealed for File {
    fn open(&self, _: usize, key: &Secret) -> Result<Batch, Refused> {
        let json = cbc(key, &[0; BLOCK], &self.0).ok_or(Reason::ImportWrongPassword)?;
        // EXPOSE: read as JSON.
        of_plain(json.expose())
    }
}

/// What is in a file: the list as the name of an object's first member.
pub(super) fn of_plain(json: &[u8]) -> Result<Batch, Refused> {
    // What is none is the work of a wrong password.
    let FirstName(list) = serde_json::from_slice(json).map_err(|_| Reason::ImportWrongPassword)?;
    // EXPOSE: read as JSON.
    rows(list.expose(), FORMAT)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Row {
    issuer: Text,
    name: Text,
    key: SecretText,
    base: Number,
    digits: Number,
    period: Number,
}

/// The list of accounts.
pub(super) fn rows(json: &[u8], format: &'static str) -> Result<Batch, Refused> {
    let rows: Elements<'_> = frame(json)?;
    cap(rows.len())?;
    let entries = rows.iter().map(|row| match element::<Row>(row) {
        Some(row) => Entry::of(raw_of(row)),
        None => Entry::refused(Reason::EntryDamaged),
    });
    Ok(Batch::new(App::TotpAuthenticator, format, entries.collect()))
}

fn raw_of(row: Row) -> Raw {
    // EXPOSE: read as hexadecimal digits or as Base64.
    let key = row.key.0.expose_str().unwrap_or_default();
    let seed = match row.base {
        Number::Is(16) => super::sealing::hex_bytes(key).map(Secret::from),
        Number::Is(64) => STANDARD.decode(key).ok().map(Secret::from),
        _ => None,
    };
    let seed = match (seed, row.base) {
        (Some(bytes), _) => Seed::Bytes(bytes),
        (None, Number::Is(16 | 64)) => Seed::Missing,
        (None, _) => Seed::Base32(row.key.0),
    };
    Raw {
        kind: "totp".to_owned(),
        issuer: row.issuer.0,
        name: row.name.0,
        seed,
        digits: row.digits,
        period: row.period,
        ..Raw::default()
    }
}

//! andOTP: its JSON, plain, under a password, and under a password as before version 0.6.3.

use serde::Deserialize;

use super::derive::{Derivation, Function, Hash};
use super::entry::{Entry, Extra, Raw, Seed, decoded};
use super::json::{Elements, Number, SecretText, Text, cap, element, frame};
use super::sealing::gcm;
use super::{App, Batch, Refused};
use crate::reason::Reason;
use crate::secret::Secret;

/// Rounds that are believed; the app chooses 140,000 to 160,000 at random. Other figures are bytes of the old form.
const ROUNDS: std::ops::RangeInclusive<u32> = 1_000..=10_000_000;
/// Of the form that the app writes now.
pub(super) const FORMAT: &str = "andotp_encrypted";
const SALT: usize = 12;
/// The smallest file: a nonce, `[]` and a tag.
const SMALLEST: usize = 12 + 2 + 16;

/// Reads the plain form.
pub(super) fn read(json: &[u8], format: &'static str) -> Result<Batch, Refused> {
    let rows: Elements<'_> = frame(json)?;
    cap(rows.len())?;
    let entries = rows.iter().map(|row| match element::<Row>(row) {
        Some(row) => Entry::of(raw_of(row)),
        None => Entry::refused(Reason::EntryDamaged),
    });
    Ok(Batch::new(App::AndOtp, format, entries.collect()))
}

/// The forms under a password that a file may be, with how each makes its key; nothing in it says which, if any.
pub(super) fn forms(file: &[u8]) -> Vec<(Derivation, Form)> {
    let mut forms = Vec::new();
    if file.len() < SMALLEST {
        return forms;
    }
    if let Some((rounds, rest)) = file.split_first_chunk::<4>()
        && let Some((salt, sealed)) = rest.split_first_chunk::<SALT>()
    {
        let rounds = u32::from_be_bytes(*rounds);
        if ROUNDS.contains(&rounds) {
            let function = Function::pbkdf2(Hash::Sha1, rounds.into());
            let form = Form { format: FORMAT, sealed: sealed.to_vec() };
            forms.push((Derivation { function, salt: salt.to_vec() }, form));
        }
    }
    let old = Derivation { function: Function::Sha256, salt: Vec::new() };
    forms.push((old, Form { format: "andotp_encrypted_old", sealed: file.to_vec() }));
    forms
}

/// Nonce and ciphertext of a form.
pub(super) struct Form {
    format: &'static str,
    sealed: Vec<u8>,
}

impl Form {
    pub(super) fn open(&self, key: &Secret) -> Result<Batch, Refused> {
        let (nonce, sealed) = self.sealed.split_first_chunk::<12>().ok_or(Reason::ImportDamaged)?;
        let json = gcm(key, nonce, &[], sealed).ok_or(Reason::ImportWrongPassword)?;
        // EXPOSE: read as JSON.
        read(json.expose(), self.format)
    }
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Row {
    secret: SecretText,
    issuer: Text,
    label: Text,
    digits: Number,
    #[serde(rename = "type")]
    kind: Text,
    algorithm: Text,
    period: Number,
    counter: Number,
    pin: SecretText,
    tags: Vec<Text>,
}

fn raw_of(row: Row) -> Raw {
    let kind = if row.kind.0.is_empty() { "totp".to_owned() } else { row.kind.0.to_lowercase() };
    // The hexadecimal text of mOTP is in Base32 there.
    let seed = match kind.as_str() {
        "motp" => decoded(&row.secret.0).map_or(Seed::Missing, Seed::Text),
        _ => Seed::Base32(row.secret.0),
    };
    Raw {
        kind,
        issuer: row.issuer.0,
        name: row.label.0,
        seed,
        algorithm: row.algorithm.0,
        digits: row.digits,
        period: row.period,
        counter: row.counter,
        pin: row.pin.0,
        extra: Extra { tags: row.tags.into_iter().map(|tag| tag.0).collect(), ..Extra::default() },
    }
}

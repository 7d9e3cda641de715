//! Proton Authenticator: its JSON, plain and encrypted.

use serde::Deserialize;

use super::derive::{Derivation, Function};
use super::entry::{Entry, Extra};
use super::json::{Elements, Number, SecretText, Text, cap, element, frame};
use super::locked::{Locked, Password, Sealed};
use super::sealing::{base64, gcm};
use super::{App, Batch, Opened, Refused};
use crate::reason::Reason;
use crate::secret::Secret;

/// What the sealed content is bound to.
const AAD: &[u8] = b"proton.authenticator.export.v1";
/// Of version 1; the file does not say it.
const DERIVATION: Function = Function::Argon2id { memory_kib: 19_456, passes: 2, lanes: 1 };

#[derive(Deserialize)]
struct File<'a> {
    #[serde(default)]
    version: Number,
    #[serde(borrow, default)]
    entries: Option<Elements<'a>>,
    #[serde(default)]
    salt: Text,
    #[serde(default)]
    content: Text,
}

pub(super) fn read(json: &[u8]) -> Result<Opened, Refused> {
    let file: File<'_> = frame(json)?;
    match file.version {
        Number::Is(1) => {}
        Number::Is(_) => return Err(Reason::NewerFormat.into()),
        _ => return Err(Reason::NotAnImport.into()),
    }
    if let Some(entries) = file.entries {
        return batch(&entries, "proton_json").map(Opened::Entries);
    }
    let content = base64(&file.content.0)?;
    let (nonce, sealed) = content.split_first_chunk::<12>().ok_or(Reason::ImportDamaged)?;
    let content = Content { nonce: *nonce, sealed: sealed.to_vec() };
    let derivation = Derivation { function: DERIVATION, salt: base64(&file.salt.0)? };
    let derivations = vec![(derivation, Password::Plain)];
    Ok(Opened::Locked(Locked::new(App::ProtonAuthenticator, "proton_json_encrypted", derivations, content)))
}

struct Content {
    nonce: [u8; 12],
    sealed: Vec<u8>,
}

impl Sealed for Content {
    fn open(&self, _: usize, key: &Secret) -> Result<Batch, Refused> {
        let json = gcm(key, &self.nonce, AAD, &self.sealed).ok_or(Reason::ImportWrongPassword)?;
        // EXPOSE: read as JSON.
        let file: File<'_> = frame(json.expose())?;
        batch(&file.entries.ok_or(Reason::ImportDamaged)?, "proton_json_encrypted")
    }
}

#[derive(Deserialize)]
struct Row {
    content: RowContent,
    #[serde(default)]
    note: Text,
}

#[derive(Deserialize)]
struct RowContent {
    #[serde(default)]
    uri: SecretText,
    #[serde(default)]
    name: Text,
}

fn batch(rows: &Elements<'_>, format: &'static str) -> Result<Batch, Refused> {
    cap(rows.len())?;
    let entries = rows.iter().map(|row| match element::<Row>(row) {
        Some(row) => {
            let extra = Extra { note: row.note.0, ..Extra::default() };
            // EXPOSE: read as a set-up code.
            let uri = row.content.uri.0.expose_str().unwrap_or_default();
            Entry::of_field(uri, "", &row.content.name.0, extra)
        }
        None => Entry::refused(Reason::EntryDamaged),
    });
    Ok(Batch::new(App::ProtonAuthenticator, format, entries.collect()))
}

//! Aegis: its JSON vault, plain and encrypted.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::derive::{Derivation, Function};
use super::entry::{Entry, Extra, Raw, Seed};
use super::json::{Elements, Number, SecretText, Text, cap, element, frame};
use super::locked::{Locked, Password, Sealed};
use super::sealing::{base64, gcm, hex};
use super::shared::{Tag, tag};
use super::{App, Batch, Opened, Refused};
use crate::reason::Reason;
use crate::secret::Secret;

/// The newest version of a database that is known.
const NEWEST: i64 = 3;
/// Most passwords of one file.
const MAX_SLOTS: usize = 16;
/// A slot that is opened by a password.
const PASSWORD_SLOT: i64 = 1;

#[derive(Deserialize)]
struct File<'a> {
    #[serde(default)]
    version: Number,
    #[serde(borrow)]
    header: Header<'a>,
    #[serde(borrow)]
    db: &'a RawValue,
}

#[derive(Deserialize)]
struct Header<'a> {
    #[serde(borrow, default)]
    slots: Option<Elements<'a>>,
    #[serde(default)]
    params: Option<Nonce>,
}

/// Nonce and tag of AES-256-GCM, hexadecimal.
#[derive(Deserialize)]
struct Nonce {
    nonce: String,
    tag: String,
}

#[derive(Deserialize)]
struct Slot {
    #[serde(rename = "type")]
    kind: i64,
    key: String,
    key_params: Nonce,
    n: Option<u64>,
    r: Option<u64>,
    p: Option<u64>,
    salt: Option<String>,
    #[serde(default)]
    repaired: bool,
}

pub(super) fn read(json: &[u8]) -> Result<Opened, Refused> {
    let file: File<'_> = frame(json)?;
    match file.version {
        Number::Is(1) | Number::Missing => {}
        Number::Is(_) => return Err(Reason::NewerFormat.into()),
        Number::Unreadable => return Err(Reason::ImportDamaged.into()),
    }
    match (file.header.slots, file.header.params) {
        (Some(slots), Some(params)) => locked(&slots, &params, file.db).map(Opened::Locked),
        (None, None) => database(file.db.get().as_bytes(), "aegis_json").map(Opened::Entries),
        _ => Err(Reason::ImportDamaged.into()),
    }
}

/// The master key as one password opens it, then the database.
struct Vault {
    keys: Vec<(Secret, [u8; 12])>,
    database: Vec<u8>,
    nonce: [u8; 12],
}

fn locked(slots: &Elements<'_>, params: &Nonce, db: &RawValue) -> Result<Locked, Refused> {
    let damaged = Reason::ImportDamaged;
    // Java writes `/` as `\/`, so the text can't be borrowed.
    let text: String = serde_json::from_slice(db.get().as_bytes()).map_err(|_| damaged)?;
    let mut database = base64(&text)?;
    database.extend_from_slice(&hex::<16>(&params.tag)?);
    let (mut keys, mut derivations) = (Vec::new(), Vec::new());
    let slots =
        slots.iter().filter_map(|slot| element::<Slot>(slot)).filter(|slot| slot.kind == PASSWORD_SLOT);
    for slot in slots.take(MAX_SLOTS) {
        let (Some(n), Some(r), Some(p), Some(salt)) = (slot.n, slot.r, slot.p, &slot.salt) else { continue };
        let key =
            Secret::from([hex::<32>(&slot.key)?.as_slice(), &hex::<16>(&slot.key_params.tag)?].concat());
        let sealed = (key, hex::<12>(&slot.key_params.nonce)?);
        let derivation =
            Derivation { function: Function::Scrypt { n, r, p }, salt: hex::<32>(salt)?.to_vec() };
        if !slot.repaired {
            keys.push(sealed.clone());
            derivations.push((derivation.clone(), Password::JavaBuffer));
        }
        keys.push(sealed);
        derivations.push((derivation, Password::Plain));
    }
    // Right passwords first: the old way is rare.
    let (plain, java): (Vec<_>, Vec<_>) =
        derivations.into_iter().zip(keys).partition(|((_, password), _)| *password == Password::Plain);
    let (derivations, keys): (Vec<_>, Vec<_>) = plain.into_iter().chain(java).unzip();
    if derivations.is_empty() {
        return Err(Reason::NoPasswordSlot.into());
    }
    let vault = Vault { keys, database, nonce: hex(&params.nonce)? };
    Ok(Locked::new(App::Aegis, "aegis_json_encrypted", derivations, vault))
}

impl Sealed for Vault {
    fn open(&self, at: usize, key: &Secret) -> Result<Batch, Refused> {
        let (sealed, nonce) = self.keys.get(at).ok_or(Reason::ImportDamaged)?;
        // EXPOSE: unsealed here.
        let master = gcm(key, nonce, &[], sealed.expose()).ok_or(Reason::ImportWrongPassword)?;
        // The key is right, so what does not open is damaged.
        let json = gcm(&master, &self.nonce, &[], &self.database).ok_or(Reason::ImportDamaged)?;
        // EXPOSE: read as JSON.
        database(json.expose(), "aegis_json_encrypted")
    }
}

#[derive(Deserialize)]
struct Database<'a> {
    #[serde(default)]
    version: Number,
    #[serde(borrow)]
    entries: Elements<'a>,
    #[serde(borrow, default)]
    groups: Option<Elements<'a>>,
}

#[derive(Deserialize)]
struct Group {
    uuid: String,
    name: Text,
}

#[derive(Deserialize)]
struct Row {
    #[serde(rename = "type", default)]
    kind: Text,
    #[serde(default)]
    name: Text,
    #[serde(default)]
    issuer: Text,
    #[serde(default)]
    note: Text,
    #[serde(default)]
    favorite: bool,
    /// Of versions 1 and 2.
    #[serde(default)]
    group: Text,
    #[serde(default)]
    groups: Vec<String>,
    #[serde(default)]
    info: Info,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Info {
    secret: SecretText,
    algo: Text,
    digits: Number,
    period: Number,
    counter: Number,
    pin: SecretText,
}

fn database(json: &[u8], format: &'static str) -> Result<Batch, Refused> {
    let database: Database<'_> = frame(json)?;
    if matches!(database.version, Number::Is(version) if version > NEWEST) {
        return Err(Reason::NewerFormat.into());
    }
    cap(database.entries.len())?;
    let groups = database.groups.unwrap_or_default();
    let groups: HashMap<_, _> = groups
        .iter()
        .filter_map(|group| element::<Group>(group))
        .map(|group| (group.uuid, tag(&group.name.0)))
        .collect();
    let entries = database.entries.iter().map(|row| match element::<Row>(row) {
        Some(row) => Entry::of(raw_of(row, &groups)),
        None => Entry::refused(Reason::EntryDamaged),
    });
    Ok(Batch::new(App::Aegis, format, entries.collect()))
}

fn raw_of(row: Row, groups: &HashMap<String, Tag>) -> Raw {
    let mut tags: Vec<_> =
        row.groups.iter().filter_map(|group| groups.get(group)).map(ToString::to_string).collect();
    tags.push(row.group.0);
    Raw {
        kind: row.kind.0.to_lowercase(),
        issuer: row.issuer.0,
        name: row.name.0,
        seed: Seed::Base32(row.info.secret.0),
        algorithm: row.info.algo.0,
        digits: row.info.digits,
        period: row.info.period,
        counter: row.info.counter,
        pin: row.info.pin.0,
        extra: Extra { note: row.note.0, favourite: row.favorite, tags, in_trash: false, unique_id: None },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(json: &str) -> Reason {
        read(json.as_bytes()).unwrap_err().reason
    }

    #[test]
    fn versions_and_slots() {
        assert_eq!(refused(r#"{"version":2,"header":{},"db":{}}"#), Reason::NewerFormat);
        assert_eq!(
            refused(r#"{"version":1,"header":{},"db":{"version":4,"entries":[]}}"#),
            Reason::NewerFormat
        );
        assert_eq!(refused(r#"{"version":1,"header":{"slots":[]},"db":{}}"#), Reason::ImportDamaged);
        let params = r#"{"nonce":"000000000000000000000000","tag":"00000000000000000000000000000000"}"#;
        let slot = format!(r#"{{"type":2,"uuid":"u","key":"00","key_params":{params}}}"#);
        let sealed = |slots: &str| {
            format!(r#"{{"version":1,"header":{{"slots":[{slots}],"params":{params}}},"db":"AA=="}}"#)
        };
        // A biometric slot, which only the phone opens.
        assert_eq!(refused(&sealed(&slot)), Reason::NoPasswordSlot);
        assert_eq!(refused(&sealed("")), Reason::NoPasswordSlot);
    }

    #[test]
    fn one_broken_entry_spoils_no_other() {
        let json = r#"{"version":1,"header":{"slots":null,"params":null},"db":{"version":2,"entries":[
            7,
            {"type":"totp","name":"a","issuer":"A","group":"Work","info":{"secret":"GEZDGNBVGY3TQOJQ"},"icon":{}},
            {"type":"motp","name":"b","issuer":"B","info":{"secret":"4MKSV7XGEWM4Q===","algo":"MD5","digits":6,"period":10,"pin":"1234"}},
            {"type":"hotp","name":"c","issuer":"C","info":{"secret":"GEZDGNBVGY3TQOJQ","digits":10,"counter":3}}]}}"#;
        let Opened::Entries(batch) = read(json.as_bytes()).unwrap() else { panic!() };
        let [broken, a, b, c] = batch.entries.as_slice() else { panic!("{batch:?}") };
        assert_eq!(broken.otp, Err(Reason::EntryDamaged));
        assert_eq!(a.tags, ["Work"]);
        let motp = b.otp.as_ref().unwrap();
        let code = motp.codes_at(crate::clock::UnixTime(123_456_789)).unwrap().current;
        assert_eq!(code.as_str(), "4ebfb2");
        assert_eq!(c.otp, Err(Reason::DigitsUnsupported));
        assert_eq!((c.parameters.digits, c.parameters.counter), (Some(10), Some(3)));
    }
}

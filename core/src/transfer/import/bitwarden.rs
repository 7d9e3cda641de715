//! Bitwarden, the password manager and its authenticator: JSON, plain and under a password.

use std::collections::HashMap;

use ring::{digest, hkdf, hmac};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::derive::{Derivation, Function, Hash};
use super::entry::{Entry, Extra};
use super::json::{Elements, Number, SecretText, Text, cap, element, frame};
use super::locked::{Locked, Password, Sealed};
use super::sealing::{base64, base64_of, cbc};
use super::shared::{Tag, tag};
use super::{App, Batch, Opened, Refused};
use crate::reason::Reason;
use crate::secret::Secret;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File<'a> {
    #[serde(default)]
    encrypted: bool,
    #[serde(default)]
    password_protected: bool,
    #[serde(borrow, default)]
    folders: Elements<'a>,
    #[serde(borrow, default)]
    items: Elements<'a>,
    #[serde(default)]
    salt: String,
    #[serde(default)]
    kdf_type: Number,
    kdf_iterations: Option<u64>,
    /// MiB.
    kdf_memory: Option<u64>,
    kdf_parallelism: Option<u64>,
    #[serde(rename = "encKeyValidation_DO_NOT_EDIT", default)]
    validation: String,
    #[serde(default)]
    data: String,
}

pub(super) fn read(json: &[u8]) -> Result<Opened, Refused> {
    let file: File<'_> = frame(json)?;
    if !file.encrypted {
        return items(&file, "bitwarden_json").map(Opened::Entries);
    }
    if !file.password_protected {
        // Sealed with a key that only the account at Bitwarden has.
        return Err(Reason::AccountRestricted.into());
    }
    let rounds = file.kdf_iterations.ok_or(Reason::ImportDamaged)?;
    let (function, salt) = match file.kdf_type {
        Number::Is(0) => (Function::pbkdf2(Hash::Sha256, rounds), file.salt.into_bytes()),
        Number::Is(1) => {
            let memory_kib = file.kdf_memory.ok_or(Reason::ImportDamaged)?.saturating_mul(1024);
            let lanes = file.kdf_parallelism.ok_or(Reason::ImportDamaged)?;
            let salt = digest::digest(&digest::SHA256, file.salt.as_bytes());
            (Function::Argon2id { memory_kib, passes: rounds, lanes }, salt.as_ref().to_vec())
        }
        Number::Is(_) => return Err(Reason::NewerFormat.into()),
        _ => return Err(Reason::ImportDamaged.into()),
    };
    let vault = Vault { validation: EncString::read(&file.validation)?, data: EncString::read(&file.data)? };
    let derivations = vec![(Derivation { function, salt }, Password::Plain)];
    Ok(Opened::Locked(Locked::new(App::Bitwarden, "bitwarden_json_encrypted", derivations, vault)))
}

struct Vault {
    validation: EncString,
    data: EncString,
}

impl Sealed for Vault {
    fn open(&self, _: usize, key: &Secret) -> Result<Batch, Refused> {
        let keys = Keys::of(key).ok_or(Reason::ImportDamaged)?;
        self.validation.open(&keys).ok_or(Reason::ImportWrongPassword)?;
        let json = self.data.open(&keys).ok_or(Reason::ImportDamaged)?;
        // EXPOSE: read as JSON.
        items(&frame(json.expose())?, "bitwarden_json_encrypted")
    }
}

/// One key for the cipher, one for the MAC (HKDF-Expand of RFC 5869).
struct Keys {
    cipher: Secret,
    mac: Secret,
}

impl Keys {
    fn of(key: &Secret) -> Option<Self> {
        // EXPOSE: two keys are made of it.
        let key = hkdf::Prk::new_less_safe(hkdf::HKDF_SHA256, key.expose());
        let expand = |info: &[u8]| {
            let mut bytes = Zeroizing::new([0; 32]);
            key.expand(&[info], hkdf::HKDF_SHA256).ok()?.fill(&mut *bytes).ok()?;
            Some(Secret::copy_of(&*bytes))
        };
        Some(Self { cipher: expand(b"enc")?, mac: expand(b"mac")? })
    }
}

/// `2.iv|ciphertext|mac`: AES-256-CBC, and HMAC-SHA-256 of IV and ciphertext.
struct EncString {
    iv: [u8; 16],
    ciphertext: Vec<u8>,
    mac: [u8; 32],
}

impl EncString {
    fn read(text: &str) -> Result<Self, Reason> {
        let mut parts = text.strip_prefix("2.").ok_or(Reason::ImportDamaged)?.split('|');
        let mut part = || parts.next().ok_or(Reason::ImportDamaged);
        Ok(Self { iv: base64_of(part()?)?, ciphertext: base64(part()?)?, mac: base64_of(part()?)? })
    }

    fn open(&self, keys: &Keys) -> Option<Secret> {
        let signed = [&self.iv[..], &self.ciphertext].concat();
        // EXPOSE: the key of the MAC.
        hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, keys.mac.expose()), &signed, &self.mac).ok()?;
        cbc(&keys.cipher, &self.iv, &self.ciphertext)
    }
}

#[derive(Deserialize)]
struct Folder {
    id: String,
    name: Text,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    #[serde(default)]
    name: Text,
    #[serde(default)]
    notes: Text,
    #[serde(default)]
    favorite: bool,
    #[serde(default)]
    folder_id: Text,
    #[serde(default)]
    deleted_date: Text,
    #[serde(default)]
    login: Option<Login>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Login {
    totp: SecretText,
    username: Text,
}

/// Logins without codes, cards and notes are not what an authenticator is for: they are no entries.
fn items(file: &File<'_>, format: &'static str) -> Result<Batch, Refused> {
    cap(file.items.len())?;
    let folders: HashMap<_, _> = file
        .folders
        .iter()
        .filter_map(|folder| element::<Folder>(folder))
        .map(|folder| (folder.id, tag(&folder.name.0)))
        .collect();
    let entries = file.items.iter().filter_map(|item| match element::<Item>(item) {
        Some(item) => entry_of(item, &folders),
        None => Some(Entry::refused(Reason::EntryDamaged)),
    });
    Ok(Batch::new(App::Bitwarden, format, entries.collect()))
}

fn entry_of(item: Item, folders: &HashMap<String, Tag>) -> Option<Entry> {
    let login = item.login.filter(|login| !login.totp.0.is_empty())?;
    let extra = Extra {
        note: item.notes.0,
        favourite: item.favorite,
        tags: folders.get(&item.folder_id.0).into_iter().map(ToString::to_string).collect(),
        in_trash: !item.deleted_date.0.is_empty(),
        unique_id: None,
    };
    // EXPOSE: read as a set-up code.
    let totp = login.totp.0.expose_str().unwrap_or_default();
    Some(Entry::of_field(totp, &item.name.0, &login.username.0, extra))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_the_account_opens_is_said() {
        let reason = |json: &str| read(json.as_bytes()).unwrap_err().reason;
        assert_eq!(reason(r#"{"encrypted":true,"items":[]}"#), Reason::AccountRestricted);
        let protected = |rest: &str| format!(r#"{{"encrypted":true,"passwordProtected":true{rest}}}"#);
        assert_eq!(reason(&protected("")), Reason::ImportDamaged);
        assert_eq!(reason(&protected(r#","kdfType":2,"kdfIterations":1"#)), Reason::NewerFormat);
    }

    #[test]
    fn logins_without_codes_are_no_entries_and_broken_ones_are() {
        let json = r#"{"encrypted":false,"folders":[{"id":"f","name":"Work"},7],"items":[
            {"type":1,"name":"A","folderId":"f","favorite":true,"notes":"n","login":{"totp":"GEZDGNBVGY3TQOJQ","username":"u"}},
            {"type":1,"name":"B","login":{"totp":null}},{"type":2,"name":"note"},{"name":"C","login":7},
            {"name":"D","login":{"totp":"steam://GEZDGNBVGY3TQOJQ"},"deletedDate":"2024-01-01"}]}"#;
        let Opened::Entries(batch) = read(json.as_bytes()).unwrap() else { panic!() };
        let [a, broken, d] = batch.entries.as_slice() else { panic!("{batch:?}") };
        assert_eq!((a.issuer.as_str(), a.name.as_str(), a.note.as_str(), a.favourite), ("A", "u", "n", true));
        assert_eq!(a.tags, ["Work"]);
        assert_eq!(broken.otp, Err(Reason::EntryDamaged));
        assert_eq!(
            (d.parameters.kind.as_str(), d.notes.as_slice()),
            ("steam", &[super::super::Note::InTrash][..])
        );
    }
}

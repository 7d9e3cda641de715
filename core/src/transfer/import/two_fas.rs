//! 2FAS: `.2fas`, plain and encrypted, schemas 1 to 4.

use std::collections::HashMap;

use serde::Deserialize;

use super::derive::{Derivation, Function, Hash};
use super::entry::{Entry, Extra, Raw, Seed};
use super::json::{Elements, Number, SecretText, Text, cap, element, frame};
use super::locked::{Locked, Password, Sealed};
use super::sealing::{base64, base64_of, gcm};
use super::shared::{Tag, tag};
use super::{App, Batch, Opened, Refused};
use crate::reason::Reason;
use crate::secret::Secret;

/// The newest schema that is known.
const NEWEST: i64 = 4;
/// The file does not say it; all versions have it.
const ROUNDS: u64 = 10_000;
/// Of the form under a password.
const FORMAT: &str = "2fas_encrypted";

#[derive(Deserialize)]
struct File<'a> {
    #[serde(rename = "schemaVersion", default)]
    schema: Number,
    #[serde(borrow, default)]
    services: Elements<'a>,
    #[serde(rename = "servicesEncrypted", default)]
    encrypted: Text,
    #[serde(default)]
    reference: Text,
    #[serde(borrow, default)]
    groups: Elements<'a>,
}

#[derive(Deserialize)]
struct Group {
    id: String,
    name: Text,
}

pub(super) fn read(json: &[u8]) -> Result<Opened, Refused> {
    let file: File<'_> = frame(json)?;
    match file.schema {
        Number::Is(schema) if schema > NEWEST => return Err(Reason::NewerFormat.into()),
        Number::Is(_) => {}
        _ => return Err(Reason::ImportDamaged.into()),
    }
    let groups: HashMap<_, _> = file
        .groups
        .iter()
        .filter_map(|group| element::<Group>(group))
        .map(|group| (group.id, tag(&group.name.0)))
        .collect();
    if file.encrypted.0.is_empty() {
        return services(&file.services, &groups, "2fas").map(Opened::Entries);
    }
    let (derivation, services) = triple(&file.encrypted.0)?;
    let mut derivations = vec![(derivation, Password::Plain)];
    // The app checks the password by it; here it tells a damaged file from a wrong password, and may be missing.
    let reference = triple(&file.reference.0).ok().map(|(derivation, reference)| {
        derivations.push((derivation, Password::Plain));
        reference
    });
    let sealed = Services { services, reference, groups };
    Ok(Opened::Locked(Locked::new(App::TwoFas, FORMAT, derivations, sealed)))
}

/// Ciphertext, salt and nonce, with colons between.
fn triple(text: &str) -> Result<(Derivation, Sealing), Reason> {
    let mut parts = text.split(':');
    let (Some(sealed), Some(salt), Some(nonce), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(Reason::ImportDamaged);
    };
    let derivation = Derivation { function: Function::pbkdf2(Hash::Sha256, ROUNDS), salt: base64(salt)? };
    Ok((derivation, Sealing { sealed: base64(sealed)?, nonce: base64_of(nonce)? }))
}

struct Sealing {
    sealed: Vec<u8>,
    nonce: [u8; 12],
}

impl Sealing {
    fn open(&self, key: &Secret) -> Result<Secret, Reason> {
        gcm(key, &self.nonce, &[], &self.sealed).ok_or(Reason::ImportWrongPassword)
    }
}

struct Services {
    services: Sealing,
    reference: Option<Sealing>,
    groups: HashMap<String, Tag>,
}

impl Sealed for Services {
    fn open(&self, at: usize, key: &Secret) -> Result<Batch, Refused> {
        if at > 0 {
            let reference = self.reference.as_ref().ok_or(Reason::ImportWrongPassword)?;
            // The password is right, and has not opened the services.
            return Err(reference.open(key).err().unwrap_or(Reason::ImportDamaged).into());
        }
        let json = self.services.open(key)?;
        // EXPOSE: read as JSON.
        let rows: Elements<'_> = frame(json.expose())?;
        services(&rows, &self.groups, FORMAT)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Service {
    #[serde(default)]
    name: Text,
    #[serde(default)]
    secret: SecretText,
    #[serde(default)]
    otp: Otp,
    #[serde(default)]
    group_id: Text,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Otp {
    account: Text,
    label: Text,
    issuer: Text,
    digits: Number,
    period: Number,
    algorithm: Text,
    counter: Number,
    token_type: Text,
}

fn services(
    rows: &Elements<'_>,
    groups: &HashMap<String, Tag>,
    format: &'static str,
) -> Result<Batch, Refused> {
    cap(rows.len())?;
    let entries = rows.iter().map(|row| match element::<Service>(row) {
        Some(service) => Entry::of(raw_of(service, groups)),
        None => Entry::refused(Reason::EntryDamaged),
    });
    Ok(Batch::new(App::TwoFas, format, entries.collect()))
}

/// Never from `otp.link`: 2FAS for iOS hides the secret there.
fn raw_of(service: Service, groups: &HashMap<String, Tag>) -> Raw {
    let otp = service.otp;
    let kind = if otp.token_type.0.is_empty() { "totp".to_owned() } else { otp.token_type.0.to_lowercase() };
    // A service without an issuer is called by its account, as ours are when we write them.
    let is_by_account = otp.issuer.0.is_empty() && service.name.0 == otp.account.0;
    let issuer = if otp.issuer.0.is_empty() && !is_by_account { service.name.0 } else { otp.issuer.0 };
    let name = if otp.account.0.is_empty() { account_of_label(&otp.label.0, &issuer) } else { otp.account.0 };
    Raw {
        kind,
        issuer,
        name,
        seed: Seed::Base32(service.secret.0),
        algorithm: otp.algorithm.0,
        digits: otp.digits,
        period: otp.period,
        counter: otp.counter,
        pin: Secret::default(),
        extra: Extra {
            tags: groups.get(&service.group_id.0).map(ToString::to_string).into_iter().collect(),
            ..Extra::default()
        },
    }
}

fn account_of_label(label: &str, issuer: &str) -> String {
    label
        .split_once(':')
        .filter(|(prefix, _)| *prefix == issuer)
        .map_or(label, |(_, account)| account)
        .to_owned()
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
    use ring::pbkdf2;

    use super::super::{Limits, Progress};
    use super::*;

    fn refused(json: &str, password: &str) -> Reason {
        let Ok(Opened::Locked(locked)) = read(json.as_bytes()) else { panic!() };
        let mut unlocking = locked.unlock(password.as_bytes(), Limits::default()).unwrap();
        loop {
            match unlocking.step() {
                Ok(Progress::Working { .. }) => {}
                other => return other.unwrap_err().reason,
            }
        }
    }

    fn sealed(content: &[u8], password: &str, salt: &[u8]) -> String {
        let mut key = [0; 32];
        let rounds = u32::try_from(ROUNDS).ok().and_then(NonZeroU32::new).unwrap();
        pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, rounds, salt, password.as_bytes(), &mut key);
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &key).unwrap());
        let (nonce, mut bytes) = ([7; 12], content.to_vec());
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut bytes).unwrap();
        [&bytes[..], salt, &nonce].map(|part| STANDARD.encode(part)).join(":")
    }

    #[test]
    fn damaged_services_are_told_from_a_wrong_password() {
        let services = sealed(b"[]", "right", b"salt of the services");
        let other = if services.starts_with('A') { 'B' } else { 'A' };
        let damaged = format!("{other}{}", &services[1..]);
        let file = |reference: &str| {
            format!(
                r#"{{"services":[],"schemaVersion":4,"servicesEncrypted":"{damaged}","reference":"{reference}"}}"#
            )
        };
        let reference = sealed(b"tRViSsLK", "right", b"salt of the reference");
        assert_eq!(refused(&file(&reference), "right"), Reason::ImportDamaged);
        assert_eq!(refused(&file(&reference), "wrong"), Reason::ImportWrongPassword);
        // Without it nothing tells them apart.
        assert_eq!(refused(&file(""), "right"), Reason::ImportWrongPassword);
    }
}

//! 2FAS: `.2fas`, plain and encrypted, schemas 1 to 4.

use std::collections::HashMap;

use serde::Deserialize;

use super::derive::{Derivation, Function, Hash};
use super::entry::{Entry, Extra, Raw, Seed};
use super::json::{Elements, Number, SecretText, Text, cap, element, frame};
use super::locked::{Locked, Password, Sealed};
use super::sealing::{base64, base64_of, gcm};
use super::{App, Batch, Opened, Refused};
use crate::reason::Reason;
use crate::secret::Secret;

/// The newest schema that is known.
const NEWEST: i64 = 4;
/// The file does not say it; all versions have it.
const ROUNDS: u64 = 10_000;

#[derive(Deserialize)]
struct File<'a> {
    #[serde(rename = "schemaVersion", default)]
    schema: Number,
    #[serde(borrow, default)]
    services: Elements<'a>,
    #[serde(rename = "servicesEncrypted", default)]
    encrypted: Text,
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
        .map(|group| (group.id, group.name.0))
        .collect();
    if file.encrypted.0.is_empty() {
        return services(&file.services, &groups, "2fas").map(Opened::Entries);
    }
    let mut parts = file.encrypted.0.split(':');
    let (Some(sealed), Some(salt), Some(nonce), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(Reason::ImportDamaged.into());
    };
    let derivation = Derivation { function: Function::pbkdf2(Hash::Sha256, ROUNDS), salt: base64(salt)? };
    let services = Services { sealed: base64(sealed)?, nonce: base64_of(nonce)?, groups };
    let derivations = vec![(derivation, Password::Plain)];
    Ok(Opened::Locked(Locked::new(App::TwoFas, "2fas_encrypted", derivations, services)))
}

struct Services {
    sealed: Vec<u8>,
    nonce: [u8; 12],
    groups: HashMap<String, String>,
}

impl Sealed for Services {
    fn open(&self, _: usize, key: &Secret) -> Result<Batch, Refused> {
        let json = gcm(key, &self.nonce, &[], &self.sealed).ok_or(Reason::ImportWrongPassword)?;
        // EXPOSE: read as JSON.
        let rows: Elements<'_> = frame(json.expose())?;
        services(&rows, &self.groups, "2fas_encrypted")
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
    groups: &HashMap<String, String>,
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
fn raw_of(service: Service, groups: &HashMap<String, String>) -> Raw {
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
            tags: groups.get(&service.group_id.0).cloned().into_iter().collect(),
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

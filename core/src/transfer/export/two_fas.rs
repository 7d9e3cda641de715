//! 2FAS's backup, schema 4, plain or under a password.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::pbkdf2;
use serde::Serialize;
use zeroize::Zeroizing;

use super::carried::counter_above;
use super::json::{Base32, Uuid, file};
use super::sealing::{fresh, gcm};
use super::{Chosen, LeftOut, Lost};
use crate::clock::UnixTime;
use crate::entropy::Entropy;
use crate::otp::{Algorithm, Kind, Otp};
use crate::reason::Reason;
use crate::secret::Secret;

const SCHEMA: u8 = 4;
/// The app whose schema this is: it does not read what comes from a newer one than itself.
const APP: (u32, &str, &str) = (5_000_029, "5.4.8", "android");
/// Rounds of PBKDF2: fixed, the file does not say them.
const ROUNDS: NonZeroU32 = NonZeroU32::new(10_000).expect("not 0");
/// What 2FAS seals beside the services, and opens first to see whether the password is right.
const REFERENCE: &[u8] = b"tRViSsLKzd86Hprh4ceC2OP7xazn4rrt4xhfEUbOjxLX8Rc3mkISXE0lWbmnWfggogbBJhtYgpK6fMl1D6mtsy92\
    R3HkdGfwuXbzLebqVFJsR7IZ2w58t938iymwG4824igYy1wi6n2WDpO1Q1P69zwJGs2F5a1qP4MyIiDSD7NCV2OvidXQCBnDlGfmz0f1BQySRkkt4\
    ryiJeCjD2o4QsveJ9uDBUn8ELyOrESv5R5DMDkD4iAF8TXU7KyoJujd";

/// A password's key. Making it needs no vault.
#[derive(Clone, Debug)]
pub struct TwoFasKey {
    salt: [u8; 256],
    key: Secret,
}

impl TwoFasKey {
    /// Derives the key, with a salt of its own. 2FAS for iOS opens a password of ASCII characters only.
    ///
    /// # Errors
    /// `SystemFailed` where there is no randomness.
    pub fn derive(password: &[u8], entropy: &mut dyn Entropy) -> Result<Self, Reason> {
        let salt = fresh(entropy)?;
        let mut key = Zeroizing::new([0; 32]);
        pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, ROUNDS, &salt, password, &mut *key);
        Ok(Self { salt, key: Secret::copy_of(&*key) })
    }
}

/// What 2FAS for Android drops when it reads a file, or for iOS.
pub(super) fn left_out(otp: &Otp) -> Option<LeftOut> {
    match otp.kind() {
        Kind::Motp | Kind::Yandex => Some(LeftOut::Kind),
        Kind::Steam => None,
        Kind::Totp { .. } | Kind::Hotp { .. } if otp.algorithm() == Algorithm::Md5 => {
            Some(LeftOut::Algorithm)
        }
        Kind::Totp { .. } | Kind::Hotp { .. } if !matches!(otp.digits(), 5..=8) => Some(LeftOut::Digits),
        Kind::Totp { period } if !matches!(period, 10 | 30 | 60 | 90) => Some(LeftOut::Period),
        Kind::Totp { .. } => None,
        // Kotlin's Int.
        Kind::Hotp { .. } => counter_above(otp, u64::from(i32::MAX.unsigned_abs())),
    }
}

/// A service is in one group at most, and has neither a note nor a favourite's mark.
pub(super) fn lost(account: &crate::account::Account) -> Vec<Lost> {
    let beside = [
        (!account.note.is_empty(), Lost::Note),
        (account.tags.len() > 1, Lost::MoreTags),
        (account.favourite, Lost::Favourite),
    ];
    beside.into_iter().filter_map(|(has, lost)| has.then_some(lost)).collect()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct File<'a> {
    services: &'a [Service<'a>],
    groups: Vec<Group<'a>>,
    updated_at: i64,
    schema_version: u8,
    app_version_code: u32,
    app_version_name: &'static str,
    app_origin: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    services_encrypted: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Group<'a> {
    id: Uuid,
    name: &'a str,
    is_expanded: bool,
    updated_at: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Service<'a> {
    name: &'a str,
    secret: Base32<'a>,
    updated_at: i64,
    otp: Token<'a>,
    order: Order,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_id: Option<Uuid>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Token<'a> {
    label: &'a str,
    account: &'a str,
    issuer: &'a str,
    digits: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<u32>,
    algorithm: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    counter: Option<u64>,
    token_type: &'static str,
    source: &'static str,
}

#[derive(Serialize)]
struct Order {
    position: usize,
}

pub(super) fn write(
    accounts: &[Chosen<'_>],
    key: Option<&TwoFasKey>,
    entropy: &mut dyn Entropy,
    now: UnixTime,
) -> Result<Secret, Reason> {
    let mut ids = BTreeMap::new();
    for tag in accounts.iter().filter_map(first_tag) {
        if !ids.contains_key(tag) {
            ids.insert(tag, Uuid::random(entropy)?);
        }
    }
    let group_of = |chosen: &Chosen<'_>| first_tag(chosen).and_then(|tag| ids.get(tag).copied());
    let services: Vec<_> = accounts
        .iter()
        .enumerate()
        .map(|(position, chosen)| service(chosen, position, group_of(chosen)))
        .collect();
    let updated_at = milliseconds(now);
    let group = |(name, id)| Group { id, name, is_expanded: true, updated_at };
    let (app_version_code, app_version_name, app_origin) = APP;
    let plain = File {
        services: &services,
        groups: ids.iter().map(|(name, id)| (*name, *id)).map(group).collect(),
        updated_at,
        schema_version: SCHEMA,
        app_version_code,
        app_version_name,
        app_origin,
        services_encrypted: None,
        reference: None,
    };
    let Some(key) = key else { return file(&plain) };
    // EXPOSE: sealed here.
    let services_encrypted = sealed(file(&services)?.expose(), key, entropy)?;
    let reference = sealed(REFERENCE, key, entropy)?;
    file(&File {
        services: &[],
        services_encrypted: Some(services_encrypted),
        reference: Some(reference),
        ..plain
    })
}

fn first_tag<'a>(chosen: &Chosen<'a>) -> Option<&'a str> {
    chosen.account.tags.first().map(String::as_str)
}

fn service<'a>(chosen: &Chosen<'a>, position: usize, group_id: Option<Uuid>) -> Service<'a> {
    let (account, otp) = (chosen.account, chosen.otp);
    let (token_type, counter) = match otp.kind() {
        Kind::Hotp { counter } => ("HOTP", Some(counter)),
        Kind::Steam => ("STEAM", None),
        Kind::Totp { .. } | Kind::Motp | Kind::Yandex => ("TOTP", None),
    };
    Service {
        // The line that is shown first: 2FAS has no service without one.
        name: if account.issuer.is_empty() { &account.name } else { &account.issuer },
        secret: Base32(otp.seed()),
        updated_at: milliseconds(account.changed_at),
        otp: Token {
            label: &account.name,
            account: &account.name,
            issuer: &account.issuer,
            digits: otp.digits(),
            period: otp.period(),
            algorithm: otp.algorithm().name(),
            counter,
            token_type,
            source: "Manual",
        },
        order: Order { position },
        group_id,
    }
}

fn milliseconds(time: UnixTime) -> i64 {
    time.0.saturating_mul(1000)
}

/// Ciphertext, salt and nonce, as 2FAS joins them.
fn sealed(plain: &[u8], key: &TwoFasKey, entropy: &mut dyn Entropy) -> Result<String, Reason> {
    let sealed = gcm(&key.key, plain, entropy)?;
    Ok([&sealed.bytes[..], &key.salt, &sealed.nonce].map(|part| STANDARD.encode(part)).join(":"))
}

//! Aegis's vault, plain or under a password, as its own description of the vault has it: database version 3, with groups of their own.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use zeroize::Zeroizing;

use super::carried::counter_above;
use super::json::{Base32, Uuid, file, hex};
use super::sealing::{Sealed, TAG, fresh, gcm};
use super::{Chosen, LeftOut};
use crate::entropy::Entropy;
use crate::otp::{Algorithm, Kind, Otp};
use crate::reason::Reason;
use crate::secret::Secret;

/// scrypt as Aegis itself has it: 32 MiB, a tenth of a second.
const LOG_N: u8 = 15;
const R: u32 = 8;
const P: u32 = 1;

/// A password's key. Making it is slow, and needs no vault.
#[derive(Clone, Debug)]
pub struct AegisKey {
    salt: [u8; 32],
    key: Secret,
}

impl AegisKey {
    /// Derives the key, with a salt of its own.
    ///
    /// # Errors
    /// `SystemFailed` where there is no randomness.
    pub fn derive(password: &[u8], entropy: &mut dyn Entropy) -> Result<Self, Reason> {
        let salt = fresh(entropy)?;
        let params = scrypt::Params::new(LOG_N, R, P).map_err(|_| Reason::SystemFailed)?;
        let mut key = Zeroizing::new([0; 32]);
        scrypt::scrypt(password, &salt, &params, &mut *key).map_err(|_| Reason::SystemFailed)?;
        Ok(Self { salt, key: Secret::copy_of(&*key) })
    }
}

/// One entry that Aegis does not know makes it refuse the whole file.
pub(super) fn left_out(otp: &Otp) -> Option<LeftOut> {
    // Java's int and long.
    let most = (i32::MAX.unsigned_abs(), i64::MAX.unsigned_abs());
    let has_hash = matches!(otp.algorithm(), Algorithm::Sha1 | Algorithm::Sha256 | Algorithm::Sha512);
    match otp.kind() {
        Kind::Totp { .. } | Kind::Hotp { .. } if !has_hash => Some(LeftOut::Algorithm),
        Kind::Totp { period } if period > most.0 => Some(LeftOut::Period),
        Kind::Totp { .. } | Kind::Steam => None,
        Kind::Hotp { .. } => counter_above(otp, most.1),
        Kind::Motp if otp.digits() != 6 => Some(LeftOut::Digits),
        // It keeps the bytes of mOTP's text, and writes them in small hexadecimal digits again.
        Kind::Motp if motp_bytes(otp.seed()).is_none() => Some(LeftOut::Secret),
        Kind::Motp | Kind::Yandex => pin_text(otp).is_none().then_some(LeftOut::Secret),
    }
}

#[derive(Serialize)]
struct File<T> {
    version: u8,
    header: Header,
    db: T,
}

#[derive(Serialize)]
struct Header {
    slots: Option<[Slot; 1]>,
    params: Option<Params>,
}

#[derive(Serialize)]
struct Params {
    nonce: String,
    tag: String,
}

/// A way in: the master key under a password's key.
#[derive(Serialize)]
struct Slot {
    r#type: u8,
    uuid: Uuid,
    key: String,
    key_params: Params,
    n: u64,
    r: u32,
    p: u32,
    salt: String,
    repaired: bool,
    is_backup: bool,
}

#[derive(Serialize)]
struct Database<'a> {
    version: u8,
    entries: Vec<Row<'a>>,
    groups: Vec<Group<'a>>,
    icons_optimized: bool,
}

#[derive(Serialize)]
struct Group<'a> {
    uuid: Uuid,
    name: &'a str,
}

#[derive(Serialize)]
struct Row<'a> {
    r#type: &'static str,
    uuid: Uuid,
    name: &'a str,
    issuer: &'a str,
    note: &'a str,
    favorite: bool,
    icon: Option<&'static str>,
    info: Info<'a>,
    groups: Vec<Uuid>,
}

#[derive(Serialize)]
struct Info<'a> {
    secret: SeedOf<'a>,
    algo: &'static str,
    digits: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    counter: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pin: Option<&'a str>,
}

/// The seed, or for mOTP the bytes behind its text.
enum SeedOf<'a> {
    Kept(&'a Secret),
    Made(Secret),
}

impl Serialize for SeedOf<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Kept(seed) => Base32(seed).serialize(serializer),
            Self::Made(seed) => Base32(seed).serialize(serializer),
        }
    }
}

pub(super) fn write(
    accounts: &[Chosen<'_>],
    key: Option<&AegisKey>,
    entropy: &mut dyn Entropy,
) -> Result<Secret, Reason> {
    let database = database(accounts, entropy)?;
    match key {
        None => file(&File { version: 1, header: Header { slots: None, params: None }, db: database }),
        Some(key) => sealed(&file(&database)?, key, entropy),
    }
}

fn database<'a>(accounts: &[Chosen<'a>], entropy: &mut dyn Entropy) -> Result<Database<'a>, Reason> {
    let mut groups = BTreeMap::new();
    for tag in accounts.iter().flat_map(|chosen| &chosen.account.tags) {
        if !groups.contains_key(tag.as_str()) {
            groups.insert(tag.as_str(), Uuid::random(entropy)?);
        }
    }
    let mut entries = Vec::with_capacity(accounts.len());
    for chosen in accounts {
        let in_groups = chosen.account.tags.iter().filter_map(|tag| groups.get(tag.as_str()).copied());
        entries.push(Row {
            r#type: chosen.otp.kind().name(),
            uuid: Uuid::random(entropy)?,
            name: &chosen.account.name,
            issuer: &chosen.account.issuer,
            note: &chosen.account.note,
            favorite: chosen.account.favourite,
            icon: None,
            info: info(chosen.otp),
            groups: in_groups.collect(),
        });
    }
    let groups = groups.into_iter().map(|(name, uuid)| Group { uuid, name }).collect();
    Ok(Database { version: 3, entries, groups, icons_optimized: true })
}

fn info(otp: &Otp) -> Info<'_> {
    let (secret, counter) = match otp.kind() {
        Kind::Motp => (SeedOf::Made(motp_bytes(otp.seed()).unwrap_or_default()), None),
        Kind::Hotp { counter } => (SeedOf::Kept(otp.seed()), Some(counter)),
        Kind::Totp { .. } | Kind::Steam | Kind::Yandex => (SeedOf::Kept(otp.seed()), None),
    };
    Info {
        secret,
        algo: otp.algorithm().name(),
        digits: otp.digits(),
        period: otp.period(),
        counter,
        pin: pin_text(otp),
    }
}

fn pin_text(otp: &Otp) -> Option<&str> {
    // EXPOSE: the PIN is part of what is exported.
    otp.pin()?.expose_str()
}

/// The bytes whose small hexadecimal digits are this text.
fn motp_bytes(text: &Secret) -> Option<Secret> {
    let digit = |c: u8| match c {
        b'0'..=b'9' => Some(c - b'0'),
        b'a'..=b'f' => Some(c - b'a' + 10),
        _ => None,
    };
    // EXPOSE: written in another way.
    let (pairs, rest) = text.expose().as_chunks::<2>();
    let mut bytes = Zeroizing::new(Vec::with_capacity(pairs.len()));
    for [high, low] in pairs {
        bytes.push(digit(*high)? << 4 | digit(*low)?);
    }
    rest.is_empty().then(|| Secret::copy_of(&bytes))
}

/// The database under a fresh master key, and that under the password's.
fn sealed(database: &Secret, key: &AegisKey, entropy: &mut dyn Entropy) -> Result<Secret, Reason> {
    let master = Secret::copy_of(&*Zeroizing::new(fresh::<32>(entropy)?));
    // EXPOSE: sealed here.
    let (content, content_params) = parts(gcm(&master, database.expose(), entropy)?);
    // EXPOSE: sealed here.
    let (master_key, key_params) = parts(gcm(&key.key, master.expose(), entropy)?);
    let slot = Slot {
        r#type: 1,
        uuid: Uuid::random(entropy)?,
        key: hex(&master_key),
        key_params,
        n: 1 << LOG_N,
        r: R,
        p: P,
        salt: hex(&key.salt),
        repaired: true,
        is_backup: false,
    };
    let header = Header { slots: Some([slot]), params: Some(content_params) };
    file(&File { version: 1, header, db: STANDARD.encode(content) })
}

/// Aegis keeps the tag beside nonce and ciphertext.
fn parts(sealed: Sealed) -> (Vec<u8>, Params) {
    let mut content = sealed.bytes;
    let tag = content.split_off(content.len().saturating_sub(TAG));
    (content, Params { nonce: hex(&sealed.nonce), tag: hex(&tag) })
}

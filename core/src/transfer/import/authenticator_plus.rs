//! Authenticator Plus: its backup is a database of SQLCipher 3, which has no mark that says so.
//!
//! Each page is AES-256-CBC with a MAC of its own (SQLCipher 3, "Design"). The pages are opened here and SQLite reads the
//! plain ones: a second build of SQLite for one app is not carried.

use std::num::NonZeroU32;

use cbc::cipher::{BlockModeDecrypt, KeyIvInit, block_padding::NoPadding};
use ring::{hmac, pbkdf2};
use zeroize::Zeroizing;

use super::databases::{ACCOUNTS, kind_of};
use super::derive::{Derivation, Function, Hash};
use super::entry::{Entry, Extra, Raw, Seed};
use super::json::Number;
use super::sealing::hex_bytes;
use super::sqlite::{Cell, Database, MAGIC};
use super::{App, Batch, Refused};
use crate::reason::Reason;
use crate::secret::Secret;

pub(super) const FORMAT: &str = "authenticator_plus_sqlcipher3";

const PAGE: usize = 1024;
/// At the end of each page: the initialisation vector, the MAC, and nothing.
const RESERVED: usize = 48;
const IV: usize = 16;
const MAC: usize = 20;
/// At the start of the file, in the place of SQLite's mark.
const SALT: usize = 16;
const ROUNDS: u64 = 64_000;
/// Of the key of the MACs, which is derived from the first one, with the salt so changed.
const MAC_ROUNDS: NonZeroU32 = NonZeroU32::new(2).unwrap();
const MAC_SALT: u8 = 0x3a;
/// What the app makes in its database.
const TRIGGERS: [&str; 1] = ["DELETE_OLD_DELETED_ROWS"];
/// The name of the category in which every account is.
const ALL: &str = "All Accounts";

/// Whether a file may be one: whole pages.
pub(super) fn may_be(file: &[u8]) -> bool {
    !file.is_empty() && file.len().is_multiple_of(PAGE)
}

pub(super) fn derivation(file: &[u8]) -> Derivation {
    let salt = file.get(..SALT).unwrap_or_default().to_vec();
    Derivation { function: Function::pbkdf2(Hash::Sha1, ROUNDS), salt }
}

/// Opens the file with the key of that derivation.
///
/// # Errors
/// `ImportWrongPassword` where the first page's MAC is not right, `ImportDamaged` where another's is not.
pub(super) fn open(file: &[u8], key: &Secret) -> Result<Batch, Refused> {
    let keys = Keys::of(file, key)?;
    let mut plain = Zeroizing::new(Vec::with_capacity(file.len()));
    let (pages, _) = file.as_chunks::<PAGE>();
    for (page, number) in pages.iter().zip(1_u32..) {
        let wrong = if number == 1 { Reason::ImportWrongPassword } else { Reason::ImportDamaged };
        keys.open(page, number, &mut plain).ok_or(wrong)?;
    }
    read(&plain)
}

/// The key of the pages, and that of their MACs.
struct Keys {
    key: Secret,
    mac: hmac::Key,
}

impl Keys {
    fn of(file: &[u8], key: &Secret) -> Result<Self, Refused> {
        let salt = file.get(..SALT).ok_or(Reason::ImportDamaged)?;
        let salt: Vec<u8> = salt.iter().map(|byte| byte ^ MAC_SALT).collect();
        let mut derived = Zeroizing::new([0; 32]);
        // EXPOSE: the other key is made of it.
        pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA1, MAC_ROUNDS, &salt, key.expose(), &mut *derived);
        Ok(Self { key: key.clone(), mac: hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &*derived) })
    }

    /// Adds a page's plain content; `None` where its MAC is not right.
    fn open(&self, page: &[u8; PAGE], number: u32, plain: &mut Vec<u8>) -> Option<()> {
        let (content, reserved) = page.split_at_checked(PAGE - RESERVED)?;
        let content = content.get(if number == 1 { SALT } else { 0 }..)?;
        let (iv, rest) = reserved.split_first_chunk::<IV>()?;
        let signed = Zeroizing::new([content, iv, &number.to_le_bytes()].concat());
        hmac::verify(&self.mac, &signed, rest.get(..MAC)?).ok()?;
        if number == 1 {
            plain.extend_from_slice(MAGIC);
        }
        let start = plain.len();
        plain.extend_from_slice(content);
        // EXPOSE: the key of the cipher.
        let cipher = cbc::Decryptor::<aes::Aes256>::new_from_slices(self.key.expose(), iv).ok()?;
        cipher.decrypt_padded::<NoPadding>(plain.get_mut(start..)?).ok()?;
        plain.extend_from_slice(&[0; RESERVED]);
        Some(())
    }
}

/// Reads the opened database: Google's table with more kinds and a category.
pub(super) fn read(plain: &[u8]) -> Result<Batch, Refused> {
    let database = Database::open(plain, &TRIGGERS)?;
    if !database.has(ACCOUNTS, &["email", "secret", "type"])? {
        return Err(Reason::NotAnImport.into());
    }
    let columns = ["email", "issuer", "secret", "counter", "type", "category"];
    let rows = database.rows(ACCOUNTS, columns)?;
    let entries = rows.iter().map(|row| Entry::of(raw_of(row)));
    Ok(Batch::new(App::AuthenticatorPlus, FORMAT, entries.collect()))
}

fn raw_of([email, issuer, secret, counter, kind, category]: &[Cell; 6]) -> Raw {
    let is_blizzard = kind.number() == Number::Is(2);
    let tags = Some(category.text()).filter(|name| name != ALL).into_iter().collect();
    Raw {
        kind: if is_blizzard { "totp".to_owned() } else { kind_of(kind) },
        issuer: issuer.text(),
        name: email.text(),
        seed: if is_blizzard { of_hex(&secret.secret()) } else { Seed::Base32(secret.secret()) },
        digits: if is_blizzard { Number::Is(8) } else { Number::Missing },
        counter: counter.number(),
        extra: Extra { tags, ..Extra::default() },
        ..Raw::default()
    }
}

/// The seed of Battle.net in hexadecimal digits.
fn of_hex(digits: &Secret) -> Seed {
    // EXPOSE: written in another way.
    digits.expose_str().and_then(hex_bytes).map_or(Seed::Missing, |bytes| Seed::Bytes(Secret::from(bytes)))
}

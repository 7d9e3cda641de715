//! FreeOTP 2, `externalBackup.xml`: no XML but a Java `HashMap<String, String>` as Java serialises it. Exactly that
//! shape is read; nothing is ever made of what else such a file could name.

use std::collections::HashMap;

use serde::Deserialize;

use super::derive::{Derivation, Function, Hash};
use super::entry::{Entry, Raw, Seed};
use super::json::cap;
use super::lists::{FreeOtpRow, bytes, free_otp_raw};
use super::locked::{Locked, Password, Sealed};
use super::sealing::gcm;
use super::{App, Batch, Refused};
use crate::reason::Reason;
use crate::secret::Secret;

const FORMAT: &str = "freeotp2";
/// Stream header, `TC_OBJECT`, `TC_CLASSDESC` and the name of the class.
const START: &[u8] = b"\xac\xed\x00\x05sr\x00\x11java.util.HashMap";
/// What follows: its version and flags.
const CLASS: &[u8] = b"\x05\x07\xda\xc1\xc3\x16\x60\xd1\x03";
/// After the fields: the end of the description, and no superclass.
const END_OF_CLASS: &[u8] = b"xp";
const BLOCK_DATA: u8 = 0x77;
const STRING: u8 = 0x74;
const LONG_STRING: u8 = 0x7c;
const MASTER: &str = "masterKey";
const TOKEN: &str = "-token";

/// Whether a file begins as one.
pub(super) fn is_locked(file: &[u8]) -> bool {
    file.starts_with(b"\xac\xed\x00\x05")
}

pub(super) fn locked(file: &[u8]) -> Result<Locked, Refused> {
    let pairs = pairs(file)?;
    let mut values: HashMap<_, _> = pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let master = values.remove(MASTER).ok_or(Reason::ImportDamaged)?;
    let master: Master = serde_json::from_slice(master.as_bytes()).map_err(|_| Reason::ImportDamaged)?;
    let hash = match master.algorithm.as_str() {
        "PBKDF2withHmacSHA1" => Hash::Sha1,
        "PBKDF2withHmacSHA512" => Hash::Sha512,
        _ => return Err(Reason::NewerFormat.into()),
    };
    // EXPOSE: a salt is none, it is read as secrets are.
    let salt = bytes(&master.salt).ok_or(Reason::ImportDamaged)?.expose().to_vec();
    let derivation = Derivation { function: Function::pbkdf2(hash, master.iterations), salt };
    let keys = pairs.iter().filter(|(key, _)| key != MASTER && !key.ends_with(TOKEN));
    let mut tokens: Vec<_> = keys
        .map(|(id, key)| Token {
            key: sealed_key(key),
            row: values
                .get(format!("{id}{TOKEN}").as_str())
                .and_then(|row| serde_json::from_slice(row.as_bytes()).ok()),
        })
        .collect();
    // An account whose key is not there.
    let lone = pairs.iter().filter_map(|(key, row)| Some((key.strip_suffix(TOKEN)?, row)));
    let lone = lone.filter(|(id, _)| !values.contains_key(id));
    tokens.extend(lone.map(|(_, row)| Token { key: None, row: serde_json::from_slice(row.as_bytes()).ok() }));
    cap(tokens.len())?;
    let backup = Backup { master: master.key, tokens };
    Ok(Locked::new(App::FreeOtp, FORMAT, vec![(derivation, Password::Plain)], backup))
}

#[derive(Deserialize)]
struct Master {
    #[serde(rename = "mAlgorithm")]
    algorithm: String,
    #[serde(rename = "mIterations")]
    iterations: u64,
    #[serde(rename = "mSalt")]
    salt: Vec<i64>,
    #[serde(rename = "mEncryptedKey")]
    key: SealedKey,
}

/// AES-256-GCM; what the key is for is bound to it.
#[derive(Deserialize)]
struct SealedKey {
    #[serde(rename = "mCipherText")]
    sealed: Vec<i64>,
    /// DER: the nonce, in later versions in a sequence with the length of the tag.
    #[serde(rename = "mParameters")]
    parameters: Vec<i64>,
    #[serde(rename = "mToken")]
    token: String,
}

fn sealed_key(json: &str) -> Option<SealedKey> {
    #[derive(Deserialize)]
    struct Outer {
        key: String,
    }
    let outer: Outer = serde_json::from_slice(json.as_bytes()).ok()?;
    serde_json::from_slice(outer.key.as_bytes()).ok()
}

impl SealedKey {
    fn open(&self, key: &Secret) -> Option<Secret> {
        let parameters = bytes(&self.parameters)?;
        // EXPOSE: parameters and ciphertexts are none, they are read as secrets are.
        let nonce = match parameters.expose() {
            [0x04, 12, nonce @ ..] => nonce,
            [0x30, _, 0x04, 12, rest @ ..] => rest.get(..12)?,
            _ => return None,
        };
        let sealed = bytes(&self.sealed)?;
        // EXPOSE: as above.
        gcm(key, nonce.try_into().ok()?, self.token.as_bytes(), sealed.expose())
    }
}

struct Token {
    key: Option<SealedKey>,
    row: Option<FreeOtpRow>,
}

struct Backup {
    master: SealedKey,
    tokens: Vec<Token>,
}

impl Sealed for Backup {
    fn open(&self, _: usize, key: &Secret) -> Result<Batch, Refused> {
        let master = self.master.open(key).ok_or(Reason::ImportWrongPassword)?;
        let entries = self.tokens.iter().map(|token| match &token.row {
            None => Entry::refused(Reason::EntryDamaged),
            Some(row) => {
                let raw = free_otp_raw(row.clone());
                match token.key.as_ref().and_then(|key| key.open(&master)) {
                    Some(seed) => Entry::of(Raw { seed: Seed::Bytes(seed), ..raw }),
                    // After a restore the app has another master key: no password opens what is older.
                    None => Entry::without_seed(&raw, Reason::EntryDamaged),
                }
            }
        });
        Ok(Batch::new(App::FreeOtp, FORMAT, entries.collect()))
    }
}

/// The pairs of the map, in the file's order.
fn pairs(file: &[u8]) -> Result<Vec<(String, String)>, Refused> {
    let mut rest = Rest(file);
    rest.expect(START)?;
    rest.expect(CLASS)?;
    // A number of four bytes each: the load factor, in later versions the threshold as well.
    let fields = usize::try_from(rest.number::<2>()?).map_err(|_| Reason::ImportDamaged)?;
    for _ in 0..fields {
        rest.take(1)?;
        let name = rest.number::<2>()?;
        rest.take(usize::try_from(name).map_err(|_| Reason::ImportDamaged)?)?;
    }
    rest.expect(END_OF_CLASS)?;
    rest.take(4 * fields)?;
    rest.expect(&[BLOCK_DATA, 8])?;
    rest.take(4)?;
    let count = usize::try_from(rest.number::<4>()?).map_err(|_| Reason::ImportDamaged)?;
    // Two for each account, and the master key.
    cap(count / 2)?;
    let mut pairs = Vec::new();
    for _ in 0..count {
        pairs.push((rest.string()?, rest.string()?));
    }
    Ok(pairs)
}

struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], Reason> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Reason::ImportDamaged)?;
        self.0 = rest;
        Ok(taken)
    }

    fn expect(&mut self, bytes: &[u8]) -> Result<(), Reason> {
        if self.take(bytes.len())? == bytes { Ok(()) } else { Err(Reason::ImportDamaged) }
    }

    fn number<const N: usize>(&mut self) -> Result<u64, Reason> {
        Ok(self.take(N)?.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    fn string(&mut self) -> Result<String, Reason> {
        let length = match self.take(1)? {
            [STRING] => self.number::<2>()?,
            [LONG_STRING] => self.number::<8>()?,
            _ => return Err(Reason::ImportDamaged),
        };
        let length = usize::try_from(length).map_err(|_| Reason::ImportDamaged)?;
        modified_utf8(self.take(length)?).ok_or(Reason::ImportDamaged)
    }
}

/// The UTF-8 of Java: 0 in two bytes, and characters beyond the first 65,536 as two halves of three bytes.
fn modified_utf8(bytes: &[u8]) -> Option<String> {
    let mut units = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        let low = |byte: u8| (byte & 0xc0 == 0x80).then(|| u16::from(byte & 0x3f));
        let (unit, after) = match (first, after) {
            (0x01..=0x7f, _) => (u16::from(*first), after),
            (0xc0..=0xdf, [b, after @ ..]) => (u16::from(first & 0x1f) << 6 | low(*b)?, after),
            (0xe0..=0xef, [b, c, after @ ..]) => {
                (u16::from(first & 0x0f) << 12 | low(*b)? << 6 | low(*c)?, after)
            }
            _ => return None,
        };
        units.push(unit);
        rest = after;
    }
    String::from_utf16(&units).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_java() {
        for (bytes, text) in [
            (&b"a"[..], Some("a")),
            (b"\xc0\x80", Some("\0")),
            (b"\xc3\xa9\xe4\xbc\x9a", Some("é会")),
            (b"\xed\xa0\xbd\xed\xb8\x80", Some("😀")),
            (b"\xf0\x9f\x98\x80", None),
            (b"\xed\xa0\xbd", None),
            (b"\0", None),
            (b"\xc3", None),
        ] {
            assert_eq!(modified_utf8(bytes).as_deref(), text);
        }
    }

    #[test]
    fn other_objects_are_not_read() {
        let map =
            [START, CLASS, b"\x00\x01F\x00\nloadFactorxp?@\x00\x00", &[BLOCK_DATA, 8, 0, 0, 0, 16]].concat();
        for (rest, reason) in [
            // An object where a text should be; a count that the file can't hold; more accounts than are taken.
            (&b"\x00\x00\x00\x01sr\x00\x01A"[..], Reason::ImportDamaged),
            (b"\x00\x00\x7f\xff", Reason::ImportDamaged),
            (b"\xff\xff\xff\xff", Reason::ImportTooLarge),
            (b"\x00\x00\x00\x01t\xff\xff", Reason::ImportDamaged),
            (b"\x00\x00\x00\x01\x7c\xff\xff\xff\xff\xff\xff\xff\xff", Reason::ImportDamaged),
            (b"\x00\x00\x00\x00x", Reason::ImportDamaged),
        ] {
            assert_eq!(locked(&[&map, rest].concat()).unwrap_err().reason, reason, "{rest:?}");
        }
        assert_eq!(locked(b"\xac\xed\x00\x05sr\x00\x04Evil").unwrap_err().reason, Reason::ImportDamaged);
    }
}

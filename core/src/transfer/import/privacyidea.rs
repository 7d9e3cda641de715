//! privacyIDEA Authenticator: its backup under a password, and the QR code of one account.

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::derive::{Derivation, Function, Hash};
use super::entry::{Entry, Raw, Seed};
use super::json::{Elements, Number, SecretText, Text, cap, element, frame};
use super::locked::{Locked, Password, Sealed};
use super::sealing::{base64, base64_of, gcm, gcm_with_long_nonce};
use super::{App, Batch, Refused};
use crate::link::parameter;
use crate::reason::Reason;
use crate::secret::Secret;

const FORMAT: &str = "privacyidea_encrypted";
/// A day password's period is in microseconds in files, where it is that large.
const MICROSECONDS: i64 = 1_000_000;
const URL_BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

#[derive(Deserialize)]
struct File<'a> {
    data: String,
    salt: String,
    iv: String,
    mac: String,
    #[serde(borrow)]
    kdf: Kdf<'a>,
    cypher: Cypher,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Kdf<'a> {
    algorithm: Text,
    /// An object that names the hash, as the app's language calls it, or a name.
    #[serde(borrow)]
    mac_algorithm: &'a RawValue,
    iterations: u64,
    bits: Number,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cypher {
    algorithm: Text,
    secret_key_length: Number,
}

/// # Errors
/// `NewerFormat` for ciphers and derivations that the app does not use, `ImportDamaged`.
pub(super) fn locked(json: &[u8]) -> Result<Locked, Refused> {
    let file: File<'_> = frame(json)?;
    let is_known = file.kdf.algorithm.0.eq_ignore_ascii_case("pbkdf2")
        && file.kdf.bits == Number::Is(256)
        && file.cypher.algorithm.0 == "AesGcm"
        && file.cypher.secret_key_length == Number::Is(32);
    let hash = hash_of(file.kdf.mac_algorithm.get()).filter(|_| is_known).ok_or(Reason::NewerFormat)?;
    let derivation =
        Derivation { function: Function::pbkdf2(hash, file.kdf.iterations), salt: base64(&file.salt)? };
    let nonce = match base64(&file.iv)?.as_slice() {
        nonce if nonce.len() == 12 => Nonce::Usual(nonce.try_into().map_err(|_| Reason::ImportDamaged)?),
        nonce => Nonce::Long(nonce.try_into().map_err(|_| Reason::ImportDamaged)?),
    };
    let backup = Backup { nonce, tag: base64_of(&file.mac)?, sealed: base64(&file.data)? };
    Ok(Locked::new(App::PrivacyIdeaAuthenticator, FORMAT, vec![(derivation, Password::Plain)], backup))
}

fn hash_of(name: &str) -> Option<Hash> {
    let name = name.to_ascii_lowercase();
    if name.contains("sha256") {
        Some(Hash::Sha256)
    } else if name.contains("sha512") {
        Some(Hash::Sha512)
    } else {
        None
    }
}

enum Nonce {
    Usual([u8; 12]),
    /// What the app makes.
    Long([u8; 16]),
}

struct Backup {
    nonce: Nonce,
    tag: [u8; 16],
    sealed: Vec<u8>,
}

impl Sealed for Backup {
    fn open(&self, _: usize, key: &Secret) -> Result<Batch, Refused> {
        let opened = match &self.nonce {
            Nonce::Usual(nonce) => gcm(key, nonce, &[], &[self.sealed.as_slice(), &self.tag].concat()),
            Nonce::Long(nonce) => gcm_with_long_nonce(key, nonce, &self.sealed, &self.tag),
        };
        let json = opened.ok_or(Reason::ImportWrongPassword)?;
        // EXPOSE: read as JSON.
        rows(json.expose())
    }
}

/// What a backup holds: the list of accounts.
pub(super) fn rows(json: &[u8]) -> Result<Batch, Refused> {
    let rows: Elements<'_> = frame(json)?;
    cap(rows.len())?;
    let entries = rows.iter().map(|row| entry_of(element(row)));
    Ok(Batch::new(App::PrivacyIdeaAuthenticator, FORMAT, entries.collect()))
}

/// Reads the QR code of one account: `pia://qrbackup?data=`, JSON in Base64.
pub(super) fn of_link(link: &str) -> Entry {
    let json = parameter(link, "data").and_then(|data| {
        // EXPOSE: read as Base64.
        URL_BASE64.decode(data.expose().trim_ascii()).ok().map(Secret::from)
    });
    // EXPOSE: read as JSON.
    entry_of(json.and_then(|json| serde_json::from_slice(json.expose()).ok()))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Row {
    #[serde(rename = "type")]
    kind: Text,
    label: Text,
    issuer: Text,
    secret: SecretText,
    algorithm: Text,
    digits: Number,
    period: Number,
    counter: Number,
}

fn entry_of(row: Option<Row>) -> Entry {
    let Some(row) = row else { return Entry::refused(Reason::EntryDamaged) };
    let kind = row.kind.0.to_lowercase();
    let (is_push, is_day_password) = (kind == "pipush", kind == "daypassword");
    let raw = Raw {
        kind: if is_day_password { "totp".to_owned() } else { kind },
        issuer: row.issuer.0,
        name: row.label.0,
        seed: Seed::Base32(row.secret.0),
        algorithm: row.algorithm.0,
        digits: row.digits,
        period: match row.period {
            Number::Is(period) if is_day_password && period >= MICROSECONDS => {
                Number::Is(period / MICROSECONDS)
            }
            period => period,
        },
        counter: row.counter,
        ..Raw::default()
    };
    // The key of approvals stays on the phone.
    if is_push { Entry::without_seed(&raw, Reason::AccountNotPortable) } else { Entry::of(raw) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    fn row(json: &str) -> Entry {
        entry_of(serde_json::from_str(json).ok())
    }

    #[test]
    fn each_kind_of_account() {
        let day = row(&format!(
            r#"{{"type":"DAYPASSWORD","label":"door","secret":"{SECRET}","algorithm":"SHA1","digits":6,"period":86400000000}}"#
        ));
        assert_eq!(day.otp.unwrap().period(), Some(86_400));
        let push = row(r#"{"type":"PIPUSH","label":"push","issuer":"privacyIDEA","serial":"PIPU1"}"#);
        assert_eq!((push.name.as_str(), push.otp), ("push", Err(Reason::AccountNotPortable)));
        assert_eq!(row("7").otp, Err(Reason::EntryDamaged));
        assert_eq!(row(r#"{"type":"TAN"}"#).otp, Err(Reason::CodeKindUnsupported));
    }

    #[test]
    fn a_code_of_one_account() {
        let json =
            format!(r#"{{"type":"HOTP","label":"carol","issuer":"Bänk","secret":"{SECRET}","counter":3}}"#);
        for data in [base64::engine::general_purpose::URL_SAFE.encode(&json), URL_BASE64.encode(&json)] {
            let entry = of_link(&format!("pia://qrbackup?data={data}"));
            assert_eq!((entry.issuer.as_str(), entry.parameters.counter), ("Bänk", Some(3)));
        }
        for damaged in ["pia://qrbackup", "pia://qrbackup?data=*", "pia://qrbackup?data=e30=x"] {
            assert_eq!(of_link(damaged).otp, Err(Reason::EntryDamaged), "{damaged}");
        }
    }

    #[test]
    fn other_ciphers_are_said_to_be_newer() {
        let file = |kdf: &str, cypher: &str| {
            format!(
                r#"{{"data":"","salt":"AA==","iv":"AAAAAAAAAAAAAAAA","mac":"AAAAAAAAAAAAAAAAAAAAAA==","kdf":{kdf},"cypher":{cypher}}}"#
            )
        };
        let gcm = r#"{"algorithm":"AesGcm","secretKeyLength":32}"#;
        let pbkdf2 =
            |mac: &str| format!(r#"{{"algorithm":"Pbkdf2","macAlgorithm":{mac},"iterations":1,"bits":256}}"#);
        let object = r#"{"algorithm":"Hmac","hashAlgorithm":{"algorithm":"DartSha512"}}"#;
        for (kdf, cypher, reason) in [
            (pbkdf2(object), gcm, None),
            (pbkdf2("\"HmacSHA256\""), gcm, None),
            (pbkdf2("\"HmacMd5\""), gcm, Some(Reason::NewerFormat)),
            (pbkdf2(object), r#"{"algorithm":"AesCbc","secretKeyLength":32}"#, Some(Reason::NewerFormat)),
            ("{}".to_owned(), gcm, Some(Reason::ImportDamaged)),
        ] {
            let refused = locked(file(&kdf, cypher).as_bytes()).err().map(|refused| refused.reason);
            assert_eq!(refused, reason, "{kdf} {cypher}");
        }
    }
}

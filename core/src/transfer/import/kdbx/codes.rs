//! What makes an entry's codes: fields of the programs and plugins that write them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::form_urlencoded;

use super::super::entry::{self as import, Extra, Raw, Seed};
use super::super::json::Number;
use super::super::sealing::hex_bytes;
use super::xml::Entry;
use crate::secret::Secret;

const TITLE: &str = "Title";
const USER: &str = "UserName";
/// A set-up code (KeePassXC, KeePassOTP), or fields as those of a web address (KeeOtp).
const OTP: &str = "otp";
/// Of KeeTrayTOTP: the seed, and `period;digits`, where `S` for the digits is Steam.
const SEED: &str = "TOTP Seed";
const SETTINGS: &str = "TOTP Settings";
/// Of KeePass itself, by time and by use, each with a seed in one of four ways.
const BY_TIME: &str = "TimeOtp-";
const BY_USE: &str = "HmacOtp-";

/// Whether a field matters here.
pub(super) fn is_wanted(name: &str) -> bool {
    matches!(name, TITLE | USER) || makes_codes(name) || name == SETTINGS
}

fn makes_codes(name: &str) -> bool {
    matches!(name, OTP | SEED) || name.starts_with(BY_TIME) || name.starts_with(BY_USE)
}

impl Entry {
    pub(super) fn has_codes(&self) -> bool {
        self.fields.iter().any(|(name, value)| makes_codes(name) && !value.is_empty())
    }

    fn field(&self, name: &str) -> Option<&Secret> {
        self.fields.iter().find(|(known, value)| known == name && !value.is_empty()).map(|(_, value)| value)
    }

    fn text(&self, name: &str) -> String {
        // EXPOSE: a name or a number.
        self.field(name).and_then(Secret::expose_str).unwrap_or_default().to_owned()
    }

    fn number(&self, name: &str) -> Number {
        Number::of_text(&self.text(name))
    }

    /// An entry of the import by these parameters.
    fn with(&self, raw: Raw) -> import::Entry {
        let extra = Extra { tags: self.tags.clone(), ..Extra::default() };
        import::Entry::of(Raw { issuer: self.text(TITLE), name: self.text(USER), extra, ..raw })
    }
}

/// The codes of an entry. Programs that write in several ways write the same: it is taken once.
pub(super) fn of_entry(entry: Entry) -> Vec<import::Entry> {
    let mut all = Vec::new();
    let ways = [of_otp(&entry), of_seed(&entry), of_keepass(&entry, BY_TIME), of_keepass(&entry, BY_USE)];
    for found in ways.into_iter().flatten() {
        let is_same = |other: &import::Entry| other.otp.is_ok() && other.otp == found.otp;
        if !all.iter().any(is_same) {
            all.push(found);
        }
    }
    all
}

fn of_otp(entry: &Entry) -> Option<import::Entry> {
    // EXPOSE: read as a set-up code.
    let text = entry.field(OTP)?.expose_str().unwrap_or_default().trim();
    if !text.contains("://") && text.contains("key=") {
        return Some(entry.with(of_query(text)));
    }
    let extra = Extra { tags: entry.tags.clone(), ..Extra::default() };
    Some(import::Entry::of_field(text, &entry.text(TITLE), &entry.text(USER), extra))
}

/// `key=…&type=…&step=…&size=…&counter=…&otpHashMode=…`, all but the first with a default.
fn of_query(text: &str) -> Raw {
    let mut raw = Raw { kind: "totp".to_owned(), ..Raw::default() };
    for (name, value) in form_urlencoded::parse(text.as_bytes()) {
        match &*name {
            "key" => raw.seed = Seed::Base32(Secret::from(value.into_owned())),
            "type" => raw.kind = value.to_lowercase(),
            "step" => raw.period = Number::of_text(&value),
            "size" => raw.digits = Number::of_text(&value),
            "counter" => raw.counter = Number::of_text(&value),
            "otpHashMode" => raw.algorithm = value.into_owned(),
            _ => {}
        }
    }
    raw
}

fn of_seed(entry: &Entry) -> Option<import::Entry> {
    let seed = Seed::Base32(entry.field(SEED)?.clone());
    let settings = entry.text(SETTINGS);
    let mut settings = settings.split(';').map(str::trim);
    let (period, digits) = (settings.next().unwrap_or_default(), settings.next().unwrap_or_default());
    let is_steam = digits.eq_ignore_ascii_case("s");
    Some(entry.with(Raw {
        kind: if is_steam { "steam".to_owned() } else { "totp".to_owned() },
        seed,
        period: Number::of_text(period),
        digits: if is_steam { Number::Missing } else { Number::of_text(digits) },
        ..Raw::default()
    }))
}

fn of_keepass(entry: &Entry, prefix: &str) -> Option<import::Entry> {
    let field = |name: &str| entry.field(&format!("{prefix}{name}"));
    let seed = if let Some(base32) = field("Secret-Base32") {
        Seed::Base32(base32.clone())
    } else if let Some(hex) = field("Secret-Hex") {
        bytes_of(hex, hex_bytes)
    } else if let Some(base64) = field("Secret-Base64") {
        bytes_of(base64, |text| STANDARD.decode(text.trim()).ok())
    } else {
        Seed::Bytes(field("Secret")?.clone())
    };
    let number = |name: &str| entry.number(&format!("{prefix}{name}"));
    let is_by_use = prefix == BY_USE;
    Some(entry.with(Raw {
        kind: if is_by_use { "hotp".to_owned() } else { "totp".to_owned() },
        seed,
        algorithm: entry.text(&format!("{prefix}Algorithm")),
        digits: number("Length"),
        period: number("Period"),
        counter: if is_by_use { number("Counter") } else { Number::Missing },
        ..Raw::default()
    }))
}

fn bytes_of(text: &Secret, decode: impl Fn(&str) -> Option<Vec<u8>>) -> Seed {
    // EXPOSE: written in another way.
    text.expose_str().and_then(decode).map_or(Seed::Missing, |bytes| Seed::Bytes(Secret::from(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reason::Reason;

    const S: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    const HEX: &str = "3132333435363738393031323334353637383930";
    const BASE64: &str = "MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=";

    fn all(fields: &[(&str, &str)]) -> Vec<import::Entry> {
        let names = [(TITLE, "Example"), (USER, "alice")];
        let fields = names.iter().chain(fields);
        let fields = fields.map(|(name, value)| ((*name).to_owned(), Secret::copy_of(value.as_bytes())));
        let mut entry = Entry::default();
        entry.fields = fields.collect();
        of_entry(entry)
    }

    /// Kind, hash, digits, period and counter.
    fn read(fields: &[(&str, &str)]) -> (String, String, Option<i64>, Option<i64>, Option<i64>) {
        let [entry] = all(fields).try_into().unwrap();
        assert_eq!((entry.issuer.as_str(), entry.name.as_str()), ("Example", "alice"));
        assert_eq!(entry.otp.as_ref().unwrap().seed().expose(), b"12345678901234567890", "{fields:?}");
        let of = entry.parameters;
        (of.kind, of.algorithm, of.digits, of.period, of.counter)
    }

    #[test]
    fn each_way_to_keep_codes() {
        let totp = |hash: &str, digits, period| {
            ("totp".to_owned(), hash.to_owned(), Some(digits), Some(period), None)
        };
        let plain = totp("SHA1", 6, 30);
        for fields in [
            vec![(OTP, S)],
            vec![(OTP, "key=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")],
            vec![(SEED, S)],
            vec![("TimeOtp-Secret-Base32", S)],
            vec![("TimeOtp-Secret-Hex", HEX)],
            vec![("TimeOtp-Secret-Base64", BASE64)],
            vec![("TimeOtp-Secret", "12345678901234567890")],
            // The same, written by two programs.
            vec![(OTP, S), ("TimeOtp-Secret-Hex", HEX), (SEED, S), (SETTINGS, "30;6")],
        ] {
            assert_eq!(read(&fields), plain, "{fields:?}");
        }
        let query = format!("key={S}&step=60&size=8&otpHashMode=Sha256");
        assert_eq!(read(&[(OTP, &query)]), totp("SHA256", 8, 60));
        let uri = format!("otpauth://totp/?secret={S}&digits=8");
        assert_eq!(read(&[(OTP, &uri)]), totp("SHA1", 8, 30));
        assert_eq!(read(&[(SEED, S), (SETTINGS, "60;8")]), totp("SHA1", 8, 60));
        assert_eq!(read(&[(SEED, S), (SETTINGS, "30;S")]).0, "steam");
        let time = [("TimeOtp-Algorithm", "HMAC-SHA-512"), ("TimeOtp-Length", "8"), ("TimeOtp-Period", "20")];
        let time = [&[("TimeOtp-Secret", "12345678901234567890")][..], &time].concat();
        assert_eq!(read(&time), totp("SHA512", 8, 20));
        let hotp = ("hotp".to_owned(), "SHA1".to_owned(), Some(6), None, Some(7));
        assert_eq!(read(&[("HmacOtp-Secret-Base32", S), ("HmacOtp-Counter", "7")]), hotp);
        let query = format!("key={S}&type=Hotp&counter=7");
        assert_eq!(read(&[(OTP, &query)]), hotp);
    }

    #[test]
    fn two_kinds_of_codes_are_two_accounts_and_a_broken_one_spoils_none() {
        let both = all(&[("TimeOtp-Secret-Base32", S), ("HmacOtp-Secret-Base32", S), (SEED, "1")]);
        let results: Vec<_> = both
            .iter()
            .map(|entry| entry.otp.as_ref().map(|otp| otp.kind().name()).map_err(|r| *r))
            .collect();
        assert_eq!(results, [Err(Reason::SecretNotBase32), Ok("totp"), Ok("hotp")]);
    }
}

//! Google Authenticator's `otpauth-migration://offline?data=`, from several pictures in any order.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use prost::Message;

use super::entry::{Entry, Extra, Raw, Seed};
use super::json::{Number, cap};
use super::{App, Batch, Refused};
use crate::link::parameter;
use crate::reason::Reason;
use crate::secret::Secret;
use crate::transfer::migration::{Parameters, Payload};

/// Longest `data`, in bytes: a QR code holds less than 3 KB.
const MAX_DATA: usize = 16 * 1024;

/// Most parts of an export.
const MAX_PARTS: u32 = 1000;

/// Padding may be missing; the last bits may be set.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Which part of an export a picture is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// What the parts of one export have in common, in the old format; the new one has nothing.
    pub batch: Option<i32>,
    /// How many parts there are.
    pub of: u32,
    /// From 0.
    pub index: u32,
}

/// Reads the text of one picture.
pub(super) fn read(link: &str) -> Result<Batch, Refused> {
    let data = parameter(link, "data").filter(|data| data.len() <= MAX_DATA).ok_or(Reason::ImportDamaged)?;
    // EXPOSE: read as Base64.
    let bytes = BASE64.decode(data.expose()).map(Secret::from).map_err(|_| Reason::ImportDamaged)?;
    // EXPOSE: read as Protocol Buffers.
    let payload = Payload::decode(bytes.expose()).map_err(|_| Reason::ImportDamaged)?;
    // Two versions are known; they differ in what marks a batch.
    if payload.version > 2 {
        return Err(Reason::NewerFormat.into());
    }
    cap(payload.entries.len())?;
    let part = part_of(&payload);
    let mut entries: Vec<_> = payload.entries.into_iter().map(|entry| Entry::of(raw_of(entry))).collect();
    // Nothing tells which part it is, so none can be missed: that is said beside what is there.
    let part = part.unwrap_or_else(|reason| {
        entries.push(Entry::refused(reason));
        None
    });
    let batch = Batch::new(App::GoogleAuthenticator, "google_migration", entries);
    Ok(Batch { parts: part.into_iter().collect(), ..batch })
}

/// `None` where all is in one part.
fn part_of(payload: &Payload) -> Result<Option<Part>, Reason> {
    let number = |number: i32| u32::try_from(number).map_err(|_| Reason::ImportDamaged);
    match (number(payload.batch_size)?, number(payload.batch_index)?) {
        (0 | 1, 0) => Ok(None),
        (of @ 2..=MAX_PARTS, index) if index < of => Ok(Some(Part { batch: payload.batch_id, of, index })),
        _ => Err(Reason::ImportDamaged),
    }
}

/// The numbers, from 1, of the parts that are missing from these.
pub(super) fn missing(parts: &[Part]) -> Vec<u32> {
    let sets: BTreeSet<_> = parts.iter().map(|part| (part.batch, part.of)).collect();
    let is_there = |batch, of, index| parts.contains(&Part { batch, of, index });
    let lacking = |(batch, of): (Option<i32>, u32)| {
        (0..of).filter(move |index| !is_there(batch, of, *index)).map(|index| index + 1)
    };
    sets.into_iter().flat_map(lacking).collect()
}

fn raw_of(entry: Parameters) -> Raw {
    let (issuer, name) = names_of(&entry.issuer, &entry.name);
    let (kind, counter) = match entry.kind {
        0 | 2 => ("totp".to_owned(), Number::Missing),
        1 => ("hotp".to_owned(), Number::Is(entry.counter)),
        other => (format!("type {other}"), Number::Missing),
    };
    let algorithm = match entry.algorithm {
        0 | 1 => "SHA1".to_owned(),
        2 => "SHA256".to_owned(),
        3 => "SHA512".to_owned(),
        4 => "MD5".to_owned(),
        other => format!("algorithm {other}"),
    };
    let digits = match entry.digits {
        0 | 1 => Number::Is(6),
        2 => Number::Is(8),
        _ => Number::Unreadable,
    };
    let unique_id = (!entry.unique_id.is_empty()).then_some(entry.unique_id);
    let seed = Seed::Bytes(Secret::from(Vec::from(entry.secret)));
    let extra = Extra { unique_id, ..Extra::default() };
    Raw {
        kind,
        issuer,
        name,
        seed,
        algorithm,
        digits,
        period: Number::Missing,
        counter,
        extra,
        ..Raw::default()
    }
}

/// The name is often `Issuer:account`; the part before the colon counts where nothing contradicts it.
fn names_of(issuer: &str, name: &str) -> (String, String) {
    match name.split_once(':') {
        Some((prefix, account)) if issuer.is_empty() || prefix.trim() == issuer.trim() => {
            (prefix.trim().to_owned(), account.trim().to_owned())
        }
        _ => (issuer.to_owned(), name.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD as ENCODER;

    use super::*;
    use crate::otp::{Algorithm, Kind};

    fn entry(name: &str, issuer: &str) -> Parameters {
        Parameters {
            secret: b"12345678901234567890".to_vec().into(),
            name: name.to_owned(),
            issuer: issuer.to_owned(),
            algorithm: 1,
            digits: 1,
            kind: 2,
            counter: 0,
            unique_id: String::new(),
        }
    }

    fn link(payload: &Payload) -> String {
        let data = ENCODER.encode(payload.encode_to_vec()).replace('+', "%2B").replace('/', "%2F");
        format!("otpauth-migration://offline?data={data}")
    }

    fn payload(entries: Vec<Parameters>, size: i32, index: i32, id: Option<i32>) -> Payload {
        Payload {
            entries,
            version: if id.is_some() { 1 } else { 2 },
            batch_size: size,
            batch_index: index,
            batch_id: id,
        }
    }

    #[test]
    fn names() {
        for (issuer, name, expected) in [
            ("", "Example:alice", ("Example", "alice")),
            ("Example", "Example: alice", ("Example", "alice")),
            ("Example", "Other:alice", ("Example", "Other:alice")),
            ("Example", "alice", ("Example", "alice")),
            ("", "alice", ("", "alice")),
        ] {
            let batch = read(&link(&payload(vec![entry(name, issuer)], 1, 0, None))).unwrap();
            assert_eq!((batch.entries[0].issuer.as_str(), batch.entries[0].name.as_str()), expected);
        }
    }

    #[test]
    fn one_entry_of_an_unknown_kind_spoils_no_other() {
        let md5 = Parameters { algorithm: 4, ..entry("md5", "") };
        let counter = Parameters { kind: 1, counter: 7, digits: 2, algorithm: 3, ..entry("hotp", "") };
        let strange = Parameters { kind: 9, ..entry("strange", "") };
        let hash = Parameters { algorithm: 9, ..entry("hash", "") };
        let batch = read(&link(&payload(vec![md5, counter, strange, hash], 1, 0, Some(-5)))).unwrap();
        assert_eq!(batch.entries[0].otp.as_ref().unwrap().algorithm(), Algorithm::Md5);
        let otp = batch.entries[1].otp.as_ref().unwrap();
        assert_eq!((otp.kind(), otp.digits()), (Kind::Hotp { counter: 7 }, 8));
        assert_eq!(batch.entries[2].otp, Err(Reason::CodeKindUnsupported));
        assert_eq!(batch.entries[2].parameters.kind, "type 9");
        assert_eq!(batch.entries[3].otp, Err(Reason::AlgorithmUnsupported));
    }

    #[test]
    fn parts_in_any_order_and_twice() {
        for id in [None, Some(-1_234_567)] {
            let part = |index: i32| {
                let unique_id = if id.is_none() { format!("id{index}") } else { String::new() };
                let entry = Parameters { unique_id, ..entry(&format!("account {index}"), "") };
                read(&link(&payload(vec![entry], 3, index, id))).unwrap()
            };
            let two = part(2).and(part(0));
            assert_eq!(two.missing(), [2]);
            assert_eq!(two.entries.len(), 2);
            let again = two.and(part(2));
            assert_eq!((again.missing(), again.entries.len()), (vec![2], 2));
            let whole = again.and(part(1));
            assert_eq!((whole.missing(), whole.entries.len()), (vec![], 3));
        }
    }

    #[test]
    fn the_same_part_of_another_export_hides_no_account() {
        for id in [None, Some(7)] {
            let part = |name: &str| read(&link(&payload(vec![entry(name, "")], 2, 0, id))).unwrap();
            let both = part("first phone").and(part("second phone")).and(part("first phone"));
            let names: Vec<_> = both.entries.iter().map(|entry| entry.name.as_str()).collect();
            assert_eq!(names, ["first phone", "second phone"]);
        }
    }

    #[test]
    fn a_part_that_no_export_has_is_told() {
        for (size, index, is_told) in [
            (0, 0, false),
            (1, 0, false),
            (1000, 999, false),
            (1, 1, true),
            (3, 3, true),
            (1001, 0, true),
            (3, -1, true),
            (-3, 0, true),
        ] {
            let batch = read(&link(&payload(vec![entry("a", "")], size, index, None))).unwrap();
            let reasons: Vec<_> =
                batch.entries.iter().map(|entry| entry.otp.as_ref().err().copied()).collect();
            let expected = if is_told { vec![None, Some(Reason::ImportDamaged)] } else { vec![None] };
            assert_eq!((reasons, batch.parts.len()), (expected, usize::from(size == 1000)), "{size} {index}");
        }
    }

    #[test]
    fn a_bare_plus_and_missing_padding_are_base64() {
        let whole = link(&payload(vec![entry("ßþÿ~~~???", "")], 1, 0, None));
        let bare = whole.replace("%2B", "+").replace("%2F", "/");
        let unpadded = bare.trim_end_matches('=').to_owned();
        for text in [&whole, &bare, &unpadded, &whole.replace('=', "%3D").replacen("data%3D", "data=", 1)] {
            assert_eq!(read(text).unwrap().entries[0].name, "ßþÿ~~~???", "{text}");
        }
    }

    #[test]
    fn refusals() {
        let newer = link(&Payload { version: 3, ..payload(vec![], 1, 0, None) });
        for (text, reason) in [
            ("otpauth-migration://offline", Reason::ImportDamaged),
            ("otpauth-migration://offline?data=*", Reason::ImportDamaged),
            ("otpauth-migration://offline?data=AAAA", Reason::ImportDamaged),
            (&newer, Reason::NewerFormat),
            (
                &format!("otpauth-migration://offline?data={}", "A".repeat(MAX_DATA + 1)),
                Reason::ImportDamaged,
            ),
        ] {
            assert_eq!(read(text).unwrap_err().reason, reason);
        }
    }
}

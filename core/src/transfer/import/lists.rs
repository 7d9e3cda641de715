//! Apps whose exports are plain JSON lists: LastPass Authenticator, Raivo, FreeOTP+, Duo, Steam, 2FAuth.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::entry::{Entry, Extra, Raw, Seed};
use super::json::{Elements, Number, SecretText, Text, cap, element, frame};
use super::shared::tag;
use super::{App, Batch, Refused};
use crate::reason::Reason;
use crate::secret::Secret;

/// Who issues Steam's codes.
const STEAM: &str = "Steam";

/// Every element of a list, judged by `raw_of`.
fn batch<T: for<'de> Deserialize<'de>>(
    (app, format): (App, &'static str),
    rows: &Elements<'_>,
    raw_of: impl Fn(T) -> Raw,
) -> Result<Batch, Refused> {
    cap(rows.len())?;
    let entry = |row: &&RawValue| match element::<T>(row) {
        Some(row) => Entry::of(raw_of(row)),
        None => Entry::refused(Reason::EntryDamaged),
    };
    Ok(Batch::new(app, format, rows.iter().map(entry).collect()))
}

fn or(first: Text, second: Text) -> String {
    if first.0.is_empty() { second.0 } else { first.0 }
}

#[derive(Deserialize)]
struct LastPass<'a> {
    #[serde(borrow)]
    accounts: Elements<'a>,
    #[serde(borrow, default)]
    folders: Option<Elements<'a>>,
}

#[derive(Deserialize)]
struct LastPassFolder {
    id: Text,
    name: Text,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct LastPassRow {
    issuer_name: Text,
    original_issuer_name: Text,
    user_name: Text,
    original_user_name: Text,
    secret: SecretText,
    time_step: Number,
    digits: Number,
    algorithm: Text,
    is_favorite: bool,
    folder_data: Option<LastPassPlace>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct LastPassPlace {
    folder_id: Text,
}

/// LastPass Authenticator, versions 1 (iOS) and 3 (Android).
pub(super) fn last_pass(json: &[u8]) -> Result<Batch, Refused> {
    let file: LastPass<'_> = frame(json)?;
    let folders = file.folders.unwrap_or_default();
    let folders: HashMap<_, _> = folders
        .iter()
        .filter_map(|folder| element::<LastPassFolder>(folder))
        .map(|folder| (folder.id.0, tag(&folder.name.0)))
        .collect();
    batch((App::LastPassAuthenticator, "lastpass_json"), &file.accounts, |row: LastPassRow| {
        let place = row.folder_data.unwrap_or_default();
        let tags = folders.get(&place.folder_id.0).into_iter().map(ToString::to_string).collect();
        Raw {
            kind: "totp".to_owned(),
            issuer: or(row.issuer_name, row.original_issuer_name),
            name: or(row.user_name, row.original_user_name),
            seed: Seed::Base32(row.secret.0),
            algorithm: row.algorithm.0,
            digits: row.digits,
            period: row.time_step,
            extra: Extra { favourite: row.is_favorite, tags, ..Extra::default() },
            ..Raw::default()
        }
    })
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RaivoRow {
    issuer: Text,
    account: Text,
    secret: SecretText,
    algorithm: Text,
    digits: Number,
    kind: Text,
    timer: Number,
    counter: Number,
    pinned: Text,
}

/// Raivo OTP: every value is a text.
pub(super) fn raivo(json: &[u8]) -> Result<Batch, Refused> {
    batch((App::Raivo, "raivo_json"), &frame(json)?, |row: RaivoRow| Raw {
        kind: row.kind.0.to_lowercase(),
        issuer: row.issuer.0,
        name: row.account.0,
        seed: Seed::Base32(row.secret.0),
        algorithm: row.algorithm.0,
        digits: row.digits,
        period: row.timer,
        counter: row.counter,
        extra: Extra { favourite: row.pinned.0 == "true", ..Extra::default() },
        ..Raw::default()
    })
}

#[derive(Deserialize)]
struct FreeOtpPlus<'a> {
    #[serde(borrow)]
    tokens: Elements<'a>,
}

/// A token of FreeOTP 1 and FreeOTP+.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct FreeOtpRow {
    pub(super) algo: Text,
    pub(super) counter: Number,
    pub(super) digits: Number,
    pub(super) issuer_ext: Text,
    pub(super) issuer_int: Text,
    pub(super) label: Text,
    pub(super) period: Number,
    pub(super) secret: Vec<i64>,
    #[serde(rename = "type")]
    pub(super) kind: Text,
}

/// FreeOTP+.
pub(super) fn free_otp_plus(json: &[u8]) -> Result<Batch, Refused> {
    let file: FreeOtpPlus<'_> = frame(json)?;
    batch((App::FreeOtpPlus, "freeotp_plus_json"), &file.tokens, free_otp_plus_raw)
}

/// A token of FreeOTP 1 or FreeOTP+: what they keep is the counter of the last code.
pub(super) fn free_otp_plus_raw(row: FreeOtpRow) -> Raw {
    let counter = match row.counter {
        Number::Is(last) => Number::Is(last.saturating_add(1)),
        other => other,
    };
    Raw { counter, ..free_otp_raw(row) }
}

/// A token as it stands.
pub(super) fn free_otp_raw(row: FreeOtpRow) -> Raw {
    let kind = match row.kind.0.to_lowercase() {
        // What the apps go by: `issuerExt.equals("Steam")`.
        kind if row.issuer_ext.0 == STEAM && (kind.is_empty() || kind == "totp") => "steam".to_owned(),
        kind if kind.is_empty() => "totp".to_owned(),
        kind => kind,
    };
    Raw {
        kind,
        issuer: or(row.issuer_ext, row.issuer_int),
        name: row.label.0,
        seed: bytes(&row.secret).map_or(Seed::Missing, Seed::Bytes),
        algorithm: row.algo.0,
        digits: row.digits,
        period: row.period,
        counter: row.counter,
        ..Raw::default()
    }
}

/// Bytes as Java writes them, with a sign.
pub(super) fn bytes(signed: &[i64]) -> Option<Secret> {
    let mut bytes = zeroize::Zeroizing::new(Vec::with_capacity(signed.len()));
    for byte in signed {
        bytes.push(u8::try_from(byte & 0xff).ok().filter(|_| (-128..256).contains(byte))?);
    }
    (!bytes.is_empty()).then(|| Secret::copy_of(&bytes))
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct DuoRow {
    name: Text,
    account_type: Text,
    otp_generator: Option<DuoGenerator>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct DuoGenerator {
    otp_secret: SecretText,
    counter: Number,
}

/// Duo Mobile: accounts of other kinds than codes are Duo's own and stay with it.
pub(super) fn duo(json: &[u8]) -> Result<Batch, Refused> {
    batch((App::DuoMobile, "duo_json"), &frame(json)?, |row: DuoRow| {
        let (kind, generator) = match row.otp_generator {
            None => (row.account_type.0, DuoGenerator::default()),
            Some(generator) if generator.counter == Number::Missing => ("totp".to_owned(), generator),
            Some(generator) => ("hotp".to_owned(), generator),
        };
        let seed = Seed::Base32(generator.otp_secret.0);
        Raw { kind, name: row.name.0, seed, counter: generator.counter, ..Raw::default() }
    })
}

#[derive(Deserialize)]
struct Steam<'a> {
    #[serde(borrow, default)]
    accounts: Option<HashMap<String, &'a RawValue>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SteamRow {
    shared_secret: SecretText,
    account_name: Text,
}

/// Steam's own app, or one account of it (`maFile`).
pub(super) fn steam(json: &[u8]) -> Result<Batch, Refused> {
    let file: Steam<'_> = frame(json)?;
    let mut accounts: Vec<_> = match &file.accounts {
        Some(accounts) => accounts.iter().map(|(id, account)| (id.as_str(), *account)).collect(),
        None => vec![("", frame(json)?)],
    };
    accounts.sort_unstable_by_key(|(id, _)| *id);
    let rows: Elements<'_> = accounts.into_iter().map(|(_, account)| account).collect();
    batch((App::Steam, "steam_json"), &rows, |row: SteamRow| {
        // EXPOSE: read as Base64.
        let seed = STANDARD.decode(row.shared_secret.0.expose()).map(Secret::from);
        Raw {
            kind: "steam".to_owned(),
            issuer: STEAM.to_owned(),
            name: row.account_name.0,
            seed: seed.map_or(Seed::Missing, Seed::Bytes),
            ..Raw::default()
        }
    })
}

#[derive(Deserialize)]
struct TwoFauth<'a> {
    #[serde(borrow)]
    data: Elements<'a>,
    #[serde(default)]
    schema: Number,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct TwoFauthRow {
    otp_type: Text,
    account: Text,
    service: Text,
    secret: SecretText,
    digits: Number,
    algorithm: Text,
    period: Number,
    counter: Number,
}

/// 2FAuth.
pub(super) fn two_fauth(json: &[u8]) -> Result<Batch, Refused> {
    let file: TwoFauth<'_> = frame(json)?;
    if matches!(file.schema, Number::Is(schema) if schema > 1) {
        return Err(Reason::NewerFormat.into());
    }
    batch((App::TwoFauth, "2fauth_json"), &file.data, |row: TwoFauthRow| {
        let kind = row.otp_type.0.to_lowercase();
        Raw {
            kind: if kind == "steamtotp" { "steam".to_owned() } else { kind },
            issuer: row.service.0,
            name: row.account.0,
            seed: Seed::Base32(row.secret.0),
            algorithm: row.algorithm.0,
            digits: row.digits,
            period: row.period,
            counter: row.counter,
            ..Raw::default()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::otp::Kind;

    #[test]
    fn codes_of_steam_in_free_otp() {
        let kind_of = |kind: &str, issuer_ext: &str, issuer_int: &str| {
            let row = FreeOtpRow {
                kind: Text(kind.to_owned()),
                issuer_ext: Text(issuer_ext.to_owned()),
                issuer_int: Text(issuer_int.to_owned()),
                digits: Number::Is(5),
                secret: vec![1; 20],
                ..FreeOtpRow::default()
            };
            [free_otp_raw(row.clone()), free_otp_plus_raw(row)].map(|raw| Entry::of(raw).otp.unwrap().kind())
        };
        let by_time = Kind::Totp { period: 30 };
        for (kind, issuer_ext, issuer_int, expected) in [
            ("TOTP", "Steam", "Steam", [Kind::Steam; 2]),
            ("", "Steam", "", [Kind::Steam; 2]),
            ("TOTP", "steam", "Steam", [by_time; 2]),
            ("TOTP", "", "Steam", [by_time; 2]),
            ("HOTP", "Steam", "Steam", [Kind::Hotp { counter: 0 }; 2]),
        ] {
            assert_eq!(kind_of(kind, issuer_ext, issuer_int), expected, "{kind} {issuer_ext} {issuer_int}");
        }
    }
}

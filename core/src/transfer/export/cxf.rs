//! FIDO Credential Exchange Format 1.0 (Proposed Standard, 14 August 2025): one account with an item for each of ours,
//! which has a `totp` credential, and a `note` where there is one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use super::json::{Base32, file};
use super::sealing::fresh;
use super::{Chosen, LeftOut};
use crate::clock::UnixTime;
use crate::entropy::Entropy;
use crate::otp::{Algorithm, Kind, Otp};
use crate::reason::Reason;
use crate::secret::Secret;

/// The domain that names the exporter.
const EXPORTER: (&str, &str) = ("countersign.org", "Countersign");

/// There are codes by time only, and importers pass over a hash that they do not know.
pub(super) fn left_out(otp: &Otp) -> Option<LeftOut> {
    match otp.kind() {
        Kind::Hotp { .. } | Kind::Steam | Kind::Motp | Kind::Yandex => Some(LeftOut::Kind),
        Kind::Totp { .. } if algorithm(otp).is_none() => Some(LeftOut::Algorithm),
        // A number of eight bits.
        Kind::Totp { period } if period > u8::MAX.into() => Some(LeftOut::Period),
        Kind::Totp { .. } => None,
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Header<'a> {
    version: Version,
    exporter_rp_id: &'static str,
    exporter_display_name: &'static str,
    timestamp: i64,
    accounts: [Account<'a>; 1],
}

#[derive(Serialize)]
struct Version {
    major: u8,
    minor: u8,
}

#[derive(Serialize)]
struct Account<'a> {
    id: String,
    username: &'static str,
    email: &'static str,
    collections: [(); 0],
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    id: String,
    creation_at: i64,
    modified_at: i64,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    subtitle: Option<&'a str>,
    favorite: bool,
    credentials: Vec<Credential<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    tags: &'a [String],
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
enum Credential<'a> {
    Totp {
        secret: Base32<'a>,
        period: u32,
        digits: u8,
        #[serde(skip_serializing_if = "str::is_empty")]
        username: &'a str,
        algorithm: &'static str,
        #[serde(skip_serializing_if = "str::is_empty")]
        issuer: &'a str,
    },
    Note {
        content: Field<'a>,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Field<'a> {
    field_type: &'static str,
    value: &'a str,
}

pub(super) fn write(
    accounts: &[Chosen<'_>],
    entropy: &mut dyn Entropy,
    now: UnixTime,
) -> Result<Secret, Reason> {
    let items = accounts.iter().map(item).collect();
    let id = URL_SAFE_NO_PAD.encode(fresh::<16>(entropy)?);
    let (exporter_rp_id, exporter_display_name) = EXPORTER;
    file(&Header {
        version: Version { major: 1, minor: 0 },
        exporter_rp_id,
        exporter_display_name,
        timestamp: seconds(now),
        accounts: [Account { id, username: "", email: "", collections: [], items }],
    })
}

fn item<'a>(chosen: &Chosen<'a>) -> Item<'a> {
    let (account, otp) = (chosen.account, chosen.otp);
    let mut credentials = vec![Credential::Totp {
        secret: Base32(otp.seed()),
        period: otp.period().unwrap_or_default(),
        digits: otp.digits(),
        username: &account.name,
        algorithm: algorithm(otp).unwrap_or_default(),
        issuer: &account.issuer,
    }];
    if !account.note.is_empty() {
        credentials.push(Credential::Note { content: Field { field_type: "string", value: &account.note } });
    }
    let has_issuer = !account.issuer.is_empty();
    Item {
        id: URL_SAFE_NO_PAD.encode(chosen.id),
        creation_at: seconds(account.added_at),
        modified_at: seconds(account.changed_at),
        title: if has_issuer { &account.issuer } else { &account.name },
        subtitle: (has_issuer && !account.name.is_empty()).then_some(account.name.as_str()),
        favorite: account.favourite,
        credentials,
        tags: &account.tags,
    }
}

const fn algorithm(otp: &Otp) -> Option<&'static str> {
    match otp.algorithm() {
        Algorithm::Sha1 => Some("sha1"),
        Algorithm::Sha256 => Some("sha256"),
        Algorithm::Sha512 => Some("sha512"),
        Algorithm::Sha224 | Algorithm::Sha384 | Algorithm::Md5 => None,
    }
}

/// Seconds since 1970, which the format counts without a sign.
fn seconds(time: UnixTime) -> i64 {
    time.0.max(0)
}

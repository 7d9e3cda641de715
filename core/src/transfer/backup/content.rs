//! What a backup holds: JSON with names of its own, so that the vault's may change.

use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::clock::UnixTime;
use crate::otp::{Algorithm, Kind, Otp};
use crate::reason::Reason;
use crate::secret::{Secret, to_json};
use crate::vault::{Summary, VaultError};

/// An account that approves sign-ins, by name: its key stays on its phone, so it needs a new set-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// `keycloak_push`, `privacyidea` or `edumfa`, or what a later version knows.
    pub system: String,
    /// Where its server is: who runs that can set it up anew.
    pub origin: String,
}

/// The content of a file.
#[derive(Serialize)]
pub(crate) struct Written<'a> {
    pub(crate) made_at: UnixTime,
    pub(crate) accounts: &'a [Row],
}

/// One account.
#[derive(Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) issuer: String,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) code: Option<CodeRow>,
    #[serde(default)]
    pub(crate) approval: Option<Approval>,
    #[serde(default)]
    pub(crate) favourite: bool,
    #[serde(default)]
    pub(crate) tags: Vec<String>,
    #[serde(default)]
    pub(crate) note: String,
    #[serde(default)]
    pub(crate) added_at: UnixTime,
    #[serde(default)]
    pub(crate) changed_at: UnixTime,
    #[serde(default)]
    pub(crate) trashed_at: Option<UnixTime>,
    /// It could not be read when the backup was made: only its names are known.
    #[serde(default)]
    pub(crate) damaged: bool,
}

/// What makes the codes.
#[derive(Serialize, Deserialize)]
pub(crate) struct CodeRow {
    #[serde(rename = "type")]
    kind: String,
    algorithm: String,
    digits: u8,
    #[serde(default)]
    period: Option<u32>,
    #[serde(default)]
    counter: Option<u64>,
    seed: Secret,
    #[serde(default)]
    pin: Option<Secret>,
}

impl Row {
    pub(crate) fn of(account: &Account) -> Self {
        Self {
            issuer: account.issuer.clone(),
            name: account.name.clone(),
            code: account.otp.as_ref().map(CodeRow::of),
            approval: account.registration.as_ref().map(|registration| Approval {
                system: registration.system.names().backup.to_owned(),
                origin: registration.origin.to_string(),
            }),
            favourite: account.favourite,
            tags: account.tags.clone(),
            note: account.note.clone(),
            added_at: account.added_at,
            changed_at: account.changed_at,
            trashed_at: account.trashed_at,
            damaged: false,
        }
    }

    /// What is known of an account whose row is damaged.
    pub(crate) fn of_damaged(summary: &Summary) -> Self {
        Self {
            issuer: summary.issuer.clone(),
            name: summary.name.clone(),
            code: None,
            approval: None,
            favourite: summary.favourite,
            tags: summary.tags.clone(),
            note: String::new(),
            added_at: UnixTime::default(),
            changed_at: UnixTime::default(),
            trashed_at: summary.trashed_at,
            damaged: true,
        }
    }

    /// What makes the codes, or why there are none.
    pub(crate) fn otp(&self) -> Result<Otp, Reason> {
        match (&self.code, &self.approval) {
            (Some(code), _) => code.otp(),
            (None, Some(_)) => Err(Reason::NeedsNewSetUp),
            (None, None) => Err(Reason::EntryDamaged),
        }
    }
}

impl CodeRow {
    fn of(otp: &Otp) -> Self {
        let counter = if let Kind::Hotp { counter } = otp.kind() { Some(counter) } else { None };
        Self {
            kind: otp.kind().name().to_owned(),
            algorithm: otp.algorithm().name().to_owned(),
            digits: otp.digits(),
            period: otp.period(),
            counter,
            seed: otp.seed().clone(),
            pin: otp.pin().cloned(),
        }
    }

    fn otp(&self) -> Result<Otp, Reason> {
        let kind = match self.kind.as_str() {
            "totp" => Kind::Totp { period: self.period.ok_or(Reason::EntryDamaged)? },
            "hotp" => Kind::Hotp { counter: self.counter.ok_or(Reason::EntryDamaged)? },
            "steam" => Kind::Steam,
            "motp" => Kind::Motp,
            "yandex" => Kind::Yandex,
            _ => return Err(Reason::CodeKindUnsupported),
        };
        match &self.pin {
            Some(pin) => Otp::with_pin(kind, self.digits, self.seed.clone(), pin.clone()),
            None => {
                let all = [
                    Algorithm::Sha1,
                    Algorithm::Sha256,
                    Algorithm::Sha512,
                    Algorithm::Sha224,
                    Algorithm::Sha384,
                    Algorithm::Md5,
                ];
                let algorithm = all.into_iter().find(|algorithm| algorithm.name() == self.algorithm);
                let algorithm = algorithm.ok_or(Reason::AlgorithmUnsupported)?;
                Otp::new(kind, algorithm, self.digits, self.seed.clone())
            }
        }
    }
}

/// SHA-256 of the accounts as they stand in the content: two backups of the same accounts have the same.
pub(crate) fn digest_of(accounts: &[Row]) -> Result<[u8; 32], VaultError> {
    let json = to_json(accounts).map_err(|_| VaultError::TooLarge)?;
    // EXPOSE: hashed.
    Ok(digest_of_json(json.expose()))
}

pub(super) fn digest_of_json(json: &[u8]) -> [u8; 32] {
    let digest = digest(&SHA256, json);
    let mut out = [0; 32];
    out.iter_mut().zip(digest.as_ref()).for_each(|(to, from)| *to = *from);
    out
}

use countersign::account::{Account, Registration, System};
use countersign::clock::UnixTime;
use countersign::otp::{Algorithm, Kind, Otp};

use crate::step::{KeyAlgorithm, Origin};

/// Everything about one account but its secrets.
#[derive(uniffi::Record)]
pub(crate) struct AccountDetails {
    issuer: String,
    name: String,
    codes: Option<CodeDetails>,
    approvals: Option<ApprovalDetails>,
    favourite: bool,
    tags: Vec<String>,
    note: String,
    added_at: UnixTime,
    /// When anything that a backup holds was changed.
    changed_at: UnixTime,
    /// When it was put into the trash.
    trashed_at: Option<UnixTime>,
}

/// How an account's codes are made.
#[derive(uniffi::Record)]
pub(crate) struct CodeDetails {
    kind: Kind,
    algorithm: Algorithm,
    /// Length of a code, 1 to 9.
    digits: u32,
}

/// How an account approves sign-ins.
#[derive(uniffi::Record)]
pub(crate) struct ApprovalDetails {
    system: System,
    origin: Origin,
    key_id: String,
    key_algorithm: KeyAlgorithm,
}

impl From<Account> for AccountDetails {
    fn from(account: Account) -> Self {
        Self {
            issuer: account.issuer,
            name: account.name,
            codes: account.otp.as_ref().map(Into::into),
            approvals: account.registration.map(Into::into),
            favourite: account.favourite,
            tags: account.tags,
            note: account.note,
            added_at: account.added_at,
            changed_at: account.changed_at,
            trashed_at: account.trashed_at,
        }
    }
}

impl From<&Otp> for CodeDetails {
    fn from(otp: &Otp) -> Self {
        Self { kind: otp.kind(), algorithm: otp.algorithm(), digits: otp.digits().into() }
    }
}

impl From<Registration> for ApprovalDetails {
    fn from(registration: Registration) -> Self {
        Self {
            system: registration.system,
            origin: (&registration.origin).into(),
            key_id: registration.key.id,
            key_algorithm: registration.key.algorithm.into(),
        }
    }
}

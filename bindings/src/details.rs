use countersign::account::{Account, Registration};
use countersign::approval::{Abilities, abilities};
use countersign::clock::UnixTime;
use countersign::otp::{Algorithm, Kind, Otp};

use crate::step::{KeyAlgorithm, Origin};

/// What the summary of an account does not tell; no secrets.
#[derive(uniffi::Record)]
pub(crate) struct AccountDetails {
    codes: Option<CodeDetails>,
    approvals: Option<ApprovalDetails>,
    note: String,
    added_at: UnixTime,
    /// When anything that a backup holds was changed.
    changed_at: UnixTime,
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
    /// As its makers write its name.
    system: String,
    origin: Origin,
    /// None where phone and server share a secret, which stays inside.
    key: Option<ApprovalKey>,
    can: Abilities,
}

/// The device key of an account.
#[derive(uniffi::Record)]
pub(crate) struct ApprovalKey {
    id: String,
    algorithm: KeyAlgorithm,
}

impl From<Account> for AccountDetails {
    fn from(Account { otp, registration, note, added_at, changed_at, .. }: Account) -> Self {
        let codes = otp.as_ref().map(Into::into);
        Self { codes, approvals: registration.map(Into::into), note, added_at, changed_at }
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
            system: registration.system.names().title.to_owned(),
            can: abilities(&registration),
            origin: (&registration.origin).into(),
            key: registration.key.map(|key| ApprovalKey { id: key.id, algorithm: key.algorithm.into() }),
        }
    }
}

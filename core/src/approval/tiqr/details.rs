//! What an account keeps: it has no device key, the secret stands here. The whole is in the account's own row, under the
//! master key, and in no row that background checks read.

use serde::{Deserialize, Serialize};

use super::super::dialect;
use super::super::io::{Run, refuse};
use super::super::trust;
use crate::account::{Registration, System};
use crate::link::Origin;
use crate::otp::ocra::Suite;
use crate::reason::Reason;
use crate::secret::{Secret, to_json};

/// The dialect's part of a [`Registration`].
#[derive(Serialize, Deserialize)]
pub(super) struct Details {
    /// Where answers go, as spelt.
    pub(super) url: String,
    /// What the server calls itself in codes, and for people.
    pub(super) server: String,
    pub(super) server_name: String,
    /// What it calls the user, and for people.
    pub(super) user: String,
    pub(super) user_name: String,
    pub(super) suite: Suite,
    /// 32 bytes.
    pub(super) secret: Secret,
}

impl Details {
    pub(super) fn of(registration: &Registration) -> Run<Self> {
        let details: Self = dialect::any_details_of(registration)?;
        trust::keep_to(&registration.origin, &details.url)?;
        Ok(details)
    }

    pub(super) fn into_registration(self, origin: Origin) -> Run<Registration> {
        match to_json(&self) {
            Ok(details) => Ok(Registration { system: System::Tiqr, origin, key: None, details }),
            Err(_) => refuse(Reason::RegistrationDamaged),
        }
    }
}

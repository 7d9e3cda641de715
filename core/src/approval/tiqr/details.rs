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

/// The same as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    url: String,
    server: String,
    server_name: String,
    user: String,
    user_name: String,
    suite: String,
    secret: Secret,
}

impl Details {
    pub(super) fn of(registration: &Registration) -> Run<Self> {
        let Kept { url, server, server_name, user, user_name, suite, secret } =
            dialect::any_details_of(registration)?;
        trust::keep_to(&registration.origin, &url)?;
        match Suite::read(&suite) {
            Ok(suite) => Ok(Self { url, server, server_name, user, user_name, suite, secret }),
            Err(reason) => refuse(reason),
        }
    }

    pub(super) fn into_registration(self, origin: Origin) -> Run<Registration> {
        let Self { url, server, server_name, user, user_name, suite, secret } = self;
        let suite = suite.name().to_owned();
        match to_json(&Kept { url, server, server_name, user, user_name, suite, secret }) {
            Ok(details) => Ok(Registration { system: System::Tiqr, origin, key: None, details }),
            Err(_) => refuse(Reason::RegistrationDamaged),
        }
    }
}

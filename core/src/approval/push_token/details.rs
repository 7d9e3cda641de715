//! What an account keeps besides its key.

use serde::{Deserialize, Serialize};

use super::super::io::{Run, refuse};
use super::super::trust;
use crate::account::Registration;
use crate::reason::Reason;
use crate::secret::from_json;

/// The dialect's part of a [`Registration`].
#[derive(Serialize, Deserialize)]
pub(super) struct Details {
    /// As spelt: challenges must name exactly this address.
    pub(super) url: String,
    pub(super) serial: String,
    /// What the code called the account, for display.
    pub(super) account: String,
    /// The server's key for this token, `RSAPublicKey` (RFC 8017).
    pub(super) server_key: Vec<u8>,
}

impl Details {
    pub(super) fn of(registration: &Registration) -> Run<Self> {
        // EXPOSE: the registration is read back.
        let Ok(details) = from_json::<Self>(registration.details.expose()) else {
            return refuse(Reason::RegistrationDamaged);
        };
        trust::same(&registration.origin, &details.url)?;
        Ok(details)
    }
}

//! What an account keeps besides its key.

use serde::{Deserialize, Serialize};

use super::super::dialect;
use super::super::io::{Run, refuse};
use super::super::step::Client;
use crate::account::{DeviceKey, Registration};
use crate::reason::Reason;
use crate::secret::to_json;

/// The dialect's part of a [`Registration`].
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Details {
    /// As spelt: proofs name addresses that begin with it.
    pub(super) issuer: String,
    /// Keycloak's id of the user.
    pub(super) user_id: String,
    pub(super) username: String,
    pub(super) device_id: String,
    pub(super) credential_id: String,
    pub(super) client: Client,
    /// A new key that may have reached the server, until that is known.
    pub(super) other_key: Option<DeviceKey>,
}

impl Details {
    pub(super) fn of(registration: &Registration) -> Run<Self> {
        dialect::details_of(registration, |details: &Self| &details.issuer)
    }

    /// `registration` with these details.
    pub(super) fn put_into(&self, registration: Registration) -> Run<Registration> {
        match to_json(self) {
            Ok(details) => Ok(Registration { details, ..registration }),
            Err(_) => refuse(Reason::RegistrationDamaged),
        }
    }
}

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
    /// The realm's address as spelt.
    pub(super) issuer: String,
    /// What the server knows this device by: 32 hexadecimal digits.
    pub(super) device_id: String,
}

impl Details {
    pub(super) fn of(registration: &Registration) -> Run<Self> {
        // EXPOSE: the registration is read back.
        let Ok(details) = from_json::<Self>(registration.details.expose()) else {
            return refuse(Reason::RegistrationDamaged);
        };
        trust::same(&registration.origin, &details.issuer)?;
        Ok(details)
    }
}

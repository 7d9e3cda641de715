//! What an account keeps besides its key.

use serde::{Deserialize, Serialize};

use super::super::dialect;
use super::super::io::Run;
use crate::account::Registration;

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
        dialect::details_of(registration, |details: &Self| &details.issuer)
    }
}

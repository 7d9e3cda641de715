//! What an account keeps besides its key.

use serde::{Deserialize, Serialize};

use super::super::dialect;
use super::super::io::Run;
use crate::account::Registration;

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
        dialect::details_of(registration, |details: &Self| &details.url)
    }
}

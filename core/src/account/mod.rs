//! The account model: what a person sees of an account, and what it can do.

mod registration;

use serde::{Deserialize, Serialize};

pub use registration::{DeviceKey, KeyAlgorithm, Registration, System};

use crate::clock::UnixTime;
pub use crate::link::MAX_NAME;
use crate::otp::Otp;

/// An account: codes, approvals, or both.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Account {
    /// Who the account is with. May be empty.
    pub issuer: String,
    /// The account name, often an e-mail address. May be empty.
    pub name: String,
    /// One-time codes.
    pub otp: Option<Otp>,
    /// Sign-in approvals.
    pub registration: Option<Registration>,
    /// Shown first.
    pub favourite: bool,
    /// Free words to group by.
    pub tags: Vec<String>,
    /// Free text.
    pub note: String,
    /// When it was added.
    pub added_at: UnixTime,
    /// When anything that a backup holds was changed.
    pub changed_at: UnixTime,
    /// When it was put into the trash.
    pub trashed_at: Option<UnixTime>,
}

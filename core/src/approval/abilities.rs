//! What hosts ask of an account besides its runs.

use super::dialect;
use super::outcome::Request;
use crate::account::Registration;
use crate::clock::UnixTime;
use crate::link::SignInLink;

/// What an account can do besides approving and declining: what a host offers of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Abilities {
    /// Its requests are looked for. Otherwise its sign-ins are scanned.
    pub look: bool,
    /// It can be given a new device key.
    pub rotate_key: bool,
    /// It can be locked at the server.
    pub lock_out: bool,
    /// Its server can be told of a UnifiedPush endpoint.
    pub unified_push: bool,
}

impl Abilities {
    /// Its requests are looked for, and that is all.
    pub(super) const LOOK: Self =
        Self { look: true, rotate_key: false, lock_out: false, unified_push: false };
}

/// What an account can do besides approving and declining.
#[must_use]
pub fn abilities(registration: &Registration) -> Abilities {
    // One whose details can't be read is looked at, so that the look says so; nothing else is offered of it.
    let unread = Abilities { look: !registration.is_scanned(), ..Abilities::LOOK };
    dialect::open(registration).map_or(unread, |dialect| dialect.abilities())
}

/// The request of a sign-in that was scanned at `now`, where it asks this account.
#[must_use]
pub fn scanned_request(registration: &Registration, link: &SignInLink, now: UnixTime) -> Option<Request> {
    dialect::open(registration).ok()?.asked(link, now)
}

/// The names of all device keys that an account has: two while it is not known which one the server takes.
#[must_use]
pub fn device_keys(registration: &Registration) -> Vec<String> {
    // Details that can't be read name no second one.
    let dialect = dialect::open(registration).ok();
    let other = dialect.as_ref().and_then(|dialect| dialect.other_key());
    registration.key.iter().chain(other).map(|key| key.id.clone()).collect()
}

//! Keycloak with the Push MFA extension (2.x): what this one system has on the wire.
//!
//! Every call carries an access token and a proof (DPoP, RFC 9449) made for that call alone. Requests are looked for
//! with `login/pending`; no push service is needed.

mod answer;
mod call;
mod certs;
mod credentials;
mod details;
mod device;
mod enrol;
mod pending;
mod proof;
#[cfg(test)]
mod recorded;
mod rotate;
mod texts;
mod token;

use details::Details;
pub(super) use enrol::run as enrol;

use super::abilities::Abilities;
use super::challenge::Challenge;
use super::dialect::{self, Dialect, Fate};
use super::io::{Io, Run};
use super::list::List;
use super::outcome::Outcome;
use super::program::{DeclineReason, PushAddress};
use crate::account::{DeviceKey, Registration};
use crate::reason::Reason;

/// Between looks after a set-up or a change of key whose answer was lost.
const LOOKS_MS: [u64; 4] = [500, 2_000, 5_000, 10_000];

/// One account at one realm.
pub(super) struct Keycloak<'r> {
    registration: &'r Registration,
    key: &'r DeviceKey,
    details: Details,
}

impl<'r> Keycloak<'r> {
    pub(super) fn open(registration: &'r Registration) -> Run<Self> {
        Ok(Self { registration, key: dialect::key_of(registration)?, details: Details::of(registration)? })
    }

    /// Who calls: this device, by `key`.
    fn session<'a>(&'a self, key: &'a DeviceKey) -> call::Session<'a> {
        call::Session {
            issuer: &self.details.issuer,
            user_id: &self.details.user_id,
            device_id: &self.details.device_id,
            client: &self.details.client,
            key,
            window: None,
        }
    }

    /// The key that the server knows, as far as this flow has learnt.
    fn key(&self, io: &Io<'_>) -> DeviceKey {
        let changed = io.kept.registration.as_ref().and_then(|registration| registration.key.as_ref());
        changed.unwrap_or(self.key).clone()
    }
}

impl Dialect for Keycloak<'_> {
    fn look(&self, io: &mut Io<'_>) -> Run<Result<List, Reason>> {
        self.pending(io)
    }

    fn approve(&self, io: &mut Io<'_>, challenge: &Challenge, answer: Option<&str>) -> Run<Fate> {
        self.respond(io, challenge, answer::Action::Approve { answer })
    }

    fn decline(&self, io: &mut Io<'_>, challenge: &Challenge, _: Option<DeclineReason>) -> Run<Fate> {
        self.respond(io, challenge, answer::Action::Deny)
    }

    fn probe(&self, io: &mut Io<'_>) -> Run<Result<Option<List>, Reason>> {
        self.run_probe(io)
    }

    fn has_client(&self) -> bool {
        true
    }

    fn abilities(&self) -> Abilities {
        Abilities { rotate_key: true, lock_out: true, unified_push: true, ..Abilities::LOOK }
    }

    /// The one that was set up first.
    fn asks_one_phone(&self) -> bool {
        true
    }

    fn set_push_address(&self, io: &mut Io<'_>, address: &PushAddress) -> Run<Outcome> {
        self.put_push_address(io, address)
    }

    fn other_key(&self) -> Option<&DeviceKey> {
        self.details.other_key.as_ref()
    }

    fn rotate_key(&self, io: &mut Io<'_>) -> Run<Outcome> {
        self.rotate(io)
    }

    fn lock_out(&self, io: &mut Io<'_>) -> Run<Outcome> {
        self.post_lock_out(io)
    }
}

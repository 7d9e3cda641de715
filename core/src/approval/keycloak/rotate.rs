//! A new device key: `device/rotate-key`.
//!
//! While the server may know either key the registration holds both, and is kept so before the new one is sent: a
//! phone that loses power at any moment still has the key that the server knows.

use serde::Serialize;

use super::super::http;
use super::super::io::{Io, Run, refuse, unknown};
use super::super::jose::Jwk;
use super::super::outcome::Outcome;
use super::super::step::Method;
use super::call::{Call, Called, change};
use super::details::Details;
use super::pending;
use super::{Keycloak, LOOKS_MS};
use crate::account::{DeviceKey, KeyAlgorithm, Registration};
use crate::reason::Reason;
use crate::secret::to_json;

/// How often the new key is sent at most, each time after looking.
const SENDS: u32 = 2;

#[derive(Serialize)]
struct Body {
    #[serde(rename = "publicKeyJwk")]
    public_key: Jwk,
}

/// Which of two keys the server knows.
enum Known {
    Old,
    New,
}

impl Keycloak<'_> {
    pub(super) fn rotate(&self, io: &mut Io<'_>) -> Run<Outcome> {
        // Settles an earlier rotation first.
        if let Err(reason) = self.pending(io)? {
            return refuse(reason);
        }
        let old = self.key(io);
        let new = io.create_key(KeyAlgorithm::Es256)?;
        let Some(public_key) = Jwk::of(&new) else { return refuse(Reason::DeviceKeyUnusable) };
        let Ok(body) = to_json(&Body { public_key }) else { return refuse(Reason::DeviceKeyUnusable) };
        io.key_in_use(&new);
        io.kept.registration = Some(self.with_keys(&old, Some(&new))?);
        let wanted = Call {
            method: Method::Put,
            path: "/push-mfa/device/rotate-key",
            query: "",
            max_reply: http::MAX_REPLY,
        };
        let mut maybe_done = false;
        for _ in 0..SENDS {
            match change(io, &self.session(&old), &wanted, &["rotated"], &mut |_| Ok(Some(body.clone())))? {
                Called::Done(_) => return self.rotated(io, &new),
                Called::Lost(_) => {
                    maybe_done = true;
                    if let Known::New = self.which(io, &old, &new)? {
                        return self.rotated(io, &new);
                    }
                }
                // This one may have arrived twice, or the one before late, and then the old key is refused.
                Called::Refused(reason) if maybe_done || reason == Reason::DeviceKeyRefused => {
                    match self.which(io, &old, &new)? {
                        Known::New => return self.rotated(io, &new),
                        Known::Old => return self.not_rotated(io, &old, &new, reason),
                    }
                }
                Called::Refused(reason) => return self.not_rotated(io, &old, &new, reason),
                Called::NotSent(failure) => match io.pause_ms(&failure, 0) {
                    Some(pause) => io.wait(pause)?,
                    None if maybe_done => break,
                    None => return self.not_rotated(io, &old, &new, failure.reason),
                },
                Called::Gone | Called::WrongAnswer => {
                    return self.not_rotated(io, &old, &new, Reason::RequestNotUnderstood);
                }
            }
        }
        unknown(Reason::RotationUnknown)
    }

    /// The server took the other of two keys: it is the account's from now on.
    pub(super) fn take_over(&self, io: &mut Io<'_>, key: &DeviceKey) -> Run<()> {
        let old = self.key(io);
        io.kept.registration = Some(self.with_keys(key, None)?);
        io.key_in_use(key);
        let others = self.details.other_key.iter().map(|other| other.id.clone()).chain([old.id]);
        io.kept.unused_keys.extend(others.filter(|id| *id != key.id));
        Ok(())
    }

    fn which(&self, io: &mut Io<'_>, old: &DeviceKey, new: &DeviceKey) -> Run<Known> {
        for pause in LOOKS_MS {
            for (key, known) in [(new, Known::New), (old, Known::Old)] {
                if pending::fetch(io, &self.session(key))?.is_ok() {
                    return Ok(known);
                }
            }
            io.wait(pause)?;
        }
        unknown(Reason::RotationUnknown)
    }

    fn rotated(&self, io: &mut Io<'_>, new: &DeviceKey) -> Run<Outcome> {
        self.take_over(io, new)?;
        let registration = self.with_keys(new, None)?;
        Ok(Outcome::Rotated { registration })
    }

    fn not_rotated(&self, io: &mut Io<'_>, old: &DeviceKey, new: &DeviceKey, reason: Reason) -> Run<Outcome> {
        io.kept.registration = Some(self.with_keys(old, None)?);
        io.kept.unused_keys.push(new.id.clone());
        refuse(reason)
    }

    fn with_keys(&self, key: &DeviceKey, other: Option<&DeviceKey>) -> Run<Registration> {
        let details = Details { other_key: other.cloned(), ..self.details.clone() };
        details.put_into(Registration { key: Some(key.clone()), ..self.registration.clone() })
    }
}

//! The header `Signature`: `name:value` pairs with commas between them, not the fields of RFC 9421.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::io::{Io, Run, refuse};
use super::super::keys;
use super::super::step::Why;
use super::AppAuthenticator;
use crate::reason::Reason;
use crate::secret::Secret;

/// How far ahead of the server's time a signature is dated, in milliseconds. The server takes a date from one second
/// before the request that waits to ten seconds ahead of its own clock: in the middle, a clock may be off either way.
pub(super) const AHEAD_MS: i64 = 4_500;

/// What an answer signs besides its date.
pub(super) struct Signed<'a> {
    /// The challenge's own random text.
    pub(super) secret: &'a str,
    pub(super) granted: bool,
}

impl AppAuthenticator<'_> {
    /// The header for one call, dated now.
    pub(super) fn signed(
        &self,
        io: &mut Io<'_>,
        answer: Option<&Signed<'_>>,
        why: Why,
    ) -> Run<(&'static str, Secret)> {
        self.dated(io, AHEAD_MS, answer, why)
    }

    /// The same, dated so far ahead of the server's time as known, in milliseconds.
    pub(super) fn dated(
        &self,
        io: &mut Io<'_>,
        ahead_ms: i64,
        answer: Option<&Signed<'_>>,
        why: Why,
    ) -> Run<(&'static str, Secret)> {
        let created = io.server_time().0.saturating_mul(1_000).saturating_add(ahead_ms);
        let (text, granted) = match answer {
            None => (format!("created:{created}"), String::new()),
            // In the order of the server's hash map. It has the secret itself, so that the header needs none.
            Some(Signed { secret, granted }) => (
                format!("created:{created},secret:{secret},granted:{granted}"),
                format!(",granted:{granted}"),
            ),
        };
        let key = self.key;
        let signature = io.sign(key, text.as_bytes(), why)?;
        // Java's `SHA256withECDSA` is DER.
        let Some(signature) = keys::der_signature(key, signature) else {
            return refuse(Reason::DeviceKeyUnusable);
        };
        let signature = STANDARD.encode(signature);
        let device_id = &self.details.device_id;
        let header = format!("keyId:{device_id},created:{created}{granted},signature:{signature}");
        Ok(("Signature", Secret::from(header)))
    }
}

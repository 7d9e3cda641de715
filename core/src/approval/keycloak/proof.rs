//! DPoP proofs (RFC 9449, section 4), each for one call.

use serde::Serialize;

use super::super::io::{Io, Run, refuse};
use super::super::jose::{self, Jwk};
use super::super::step::{Method, Why};
use super::call::Session;
use crate::clock::{ClockOffset, UnixTime};
use crate::reason::Reason;

/// Oldest a proof gets while a host signs it: the server takes 24 seconds.
const MAX_SIGNING_MS: u64 = 10_000;
/// How often a proof is made anew because signing it took long.
const SIGNINGS: u32 = 3;

#[derive(Serialize)]
struct Header {
    typ: &'static str,
    alg: &'static str,
    jwk: Jwk,
}

#[derive(Serialize)]
struct Claims<'a> {
    jti: String,
    htm: &'static str,
    htu: &'a str,
    iat: UnixTime,
    #[serde(skip_serializing_if = "Option::is_none")]
    ath: Option<String>,
    /// The extension's own: who calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<&'a str>,
    #[serde(rename = "deviceId", skip_serializing_if = "Option::is_none")]
    device_id: Option<&'a str>,
}

/// What a proof is for.
pub(super) struct Call<'a> {
    pub(super) method: Method,
    /// Without a query.
    pub(super) url: &'a str,
    /// `None` for the call that gets one.
    pub(super) access_token: Option<&'a str>,
    pub(super) offset: ClockOffset,
}

/// A new proof that this device makes this call now.
pub(super) fn make(io: &mut Io<'_>, session: &Session<'_>, call: &Call<'_>) -> Run<String> {
    let Some(jwk) = Jwk::of(session.key) else { return refuse(Reason::DeviceKeyUnusable) };
    let header = Header { typ: "dpop+jwt", alg: "ES256", jwk };
    for _ in 0..SIGNINGS {
        let made_at = io.now();
        let by_extension = call.access_token.is_some();
        let claims = Claims {
            jti: io.random_hex::<16>()?,
            htm: call.method.name(),
            htu: call.url,
            iat: made_at.at_server(call.offset),
            ath: call.access_token.map(|token| jose::sha256(token.as_bytes())),
            sub: by_extension.then_some(session.user_id),
            device_id: by_extension.then_some(session.device_id),
        };
        let proof = jose::sign(io, session.key, &header, &claims, Why::Call)?;
        if io.now().ms_since(made_at).is_some_and(|ms| ms <= MAX_SIGNING_MS) {
            return Ok(proof);
        }
    }
    refuse(Reason::SigningTooSlow)
}

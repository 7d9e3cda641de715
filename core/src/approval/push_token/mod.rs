//! Push tokens, as privacyIDEA and its fork eduMFA have them on the wire. What only one of the two has is its
//! [`Variant`].
//!
//! Each poll and each answer is a text signed with the device key; each challenge is signed by a key that the server
//! made for this token alone and told at enrolment.

mod answer;
mod details;
mod enrol;
mod poll;
mod replies;

use std::marker::PhantomData;

use details::Details;
pub(super) use enrol::run as enrol;
use serde::de::DeserializeOwned;

use super::challenge::{Challenge, Demand};
use super::dialect::{self, Dialect, Fate};
use super::http::{self, Received, header};
use super::io::{Io, Run, refuse};
use super::keys;
use super::list::{List, Standing};
use super::outcome::Outcome;
use super::program::{DeclineReason, PushAddress};
use super::step::{HttpReply, Method, NetworkFailure, Why};
use crate::account::{DeviceKey, Registration, System};
use crate::clock::UnixTime;
use crate::reason::Reason;

/// What stands where a Firebase token would.
const NO_PUSH: &str = "no_firebase_token";

/// What one server has besides.
pub(super) trait Variant {
    const SYSTEM: System;
    /// What this app can do beyond the first version, as the server wants to hear it.
    const CAPABILITIES: Option<&'static str>;
    /// Whether an answer that comes after its request has ended gets a no.
    const REFUSES_LATE_ANSWERS: bool;
    /// What a challenge has besides the texts that all have.
    type More: DeserializeOwned;

    /// What of it is signed, behind those texts.
    fn signed(more: &Self::More) -> Option<&str>;

    /// What it wants of an answer. `is_signed` holds a text and its signature against the server's key.
    fn wanted(
        more: Self::More,
        nonce: &str,
        is_signed: impl Fn(&str, &str) -> bool,
    ) -> Result<Wanted, Reason>;
}

/// What a challenge wants of an answer.
pub(super) struct Wanted {
    pub(super) demand: Demand,
    pub(super) takes_decline_reason: bool,
}

/// One token at one server.
pub(super) struct PushToken<'r, V> {
    key: &'r DeviceKey,
    details: Details,
    variant: PhantomData<V>,
}

impl<'r, V: Variant> PushToken<'r, V> {
    pub(super) fn open(registration: &'r Registration) -> Run<Self> {
        Ok(Self {
            key: dialect::key_of(registration)?,
            details: Details::of(registration)?,
            variant: PhantomData,
        })
    }
}

impl<V: Variant> Dialect for PushToken<'_, V> {
    fn look(&self, io: &mut Io<'_>) -> Run<Result<List, Reason>> {
        self.poll(io)
    }

    /// Where a late answer looks like any other, the request must still wait when this is sent.
    fn approve(&self, io: &mut Io<'_>, challenge: &Challenge, answer: Option<&str>) -> Run<Fate> {
        if !V::REFUSES_LATE_ANSWERS {
            match self.standing(io, challenge)? {
                Standing::Listed(_) => {}
                Standing::Gone => return Ok(Fate::Gone),
                Standing::NotKnown(reason) => return Ok(Fate::Refused(reason)),
            }
        }
        self.send_approval(io, challenge, answer)
    }

    fn decline(&self, io: &mut Io<'_>, challenge: &Challenge, reason: Option<DeclineReason>) -> Run<Fate> {
        self.send_decline(io, challenge, reason)
    }

    /// Setting the same address twice is the same as once, so that a lost answer is no harm.
    fn set_push_address(&self, io: &mut Io<'_>, address: &PushAddress) -> Run<Outcome> {
        let token = match address {
            PushAddress::None => NO_PUSH,
            // EXPOSE: the address is told to the server.
            PushAddress::Fcm { token } => token.expose_str().unwrap_or_default(),
            PushAddress::UnifiedPush { .. } => return refuse(Reason::NotPossibleHere),
        };
        let serial = &self.details.serial;
        let mut tried = 0;
        loop {
            let timestamp = timestamp(io.server_time());
            let text = format!("{token}|{serial}|{timestamp}");
            let signature = sign(io, self.key, &text, Why::Call)?;
            let fields = [
                ("new_fb_token", token),
                ("serial", serial),
                ("timestamp", &timestamp),
                ("signature", &signature),
            ];
            let failure = match http::judge(post(io, &self.details.url, &fields)?) {
                Received::Answer(reply) => match replies::read(reply) {
                    Ok((true, _)) => return Ok(Outcome::PushAddressSet),
                    Ok((false, _)) => return refuse(Reason::ServerForbids),
                    Err(reason) => return refuse(reason),
                },
                Received::Refused(reason) => return refuse(reason),
                Received::Failed(failure) => failure,
            };
            let Some(pause) = io.pause_ms(&failure, tried) else { return refuse(failure.reason) };
            io.wait(pause)?;
            tried += 1;
        }
    }
}

/// A signature over `text` as the server reads it: RSASSA-PKCS1-v1_5 or ECDSA, both with SHA-256, in Base32 (RFC 4648).
fn sign(io: &mut Io<'_>, key: &DeviceKey, text: &str, why: Why) -> Run<String> {
    let signature = io.sign(key, text.as_bytes(), why)?;
    let Some(signature) = keys::der_signature(key, signature) else {
        return refuse(Reason::DeviceKeyUnusable);
    };
    Ok(base32::encode(base32::Alphabet::Rfc4648 { padding: true }, &signature))
}

fn post<'log>(
    io: &mut Io<'log>,
    url: &str,
    fields: &[(&str, &str)],
) -> Run<Result<&'log HttpReply, NetworkFailure>> {
    let headers = vec![
        header("Accept", "application/json"),
        header("Content-Type", "application/x-www-form-urlencoded"),
    ];
    io.send(http::request(Method::Post, url.to_owned(), headers, Some(http::form(fields))))
}

/// ISO 8601 in UTC, without a zone: every version of the server takes it so.
fn timestamp(time: UnixTime) -> String {
    let [year, month, day, hour, minute, second] = time.civil();
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
}

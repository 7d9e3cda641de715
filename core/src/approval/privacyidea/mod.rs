//! privacyIDEA's push token (servers from 3.6 on): what this one system has on the wire.
//!
//! The device key is RSA. Each poll and each answer is a text signed with it; each challenge is signed by a key that
//! the server made for this token alone and told at enrolment.

mod answer;
mod details;
mod enrol;
mod poll;
mod replies;

use details::Details;
pub(super) use enrol::run as enrol;

use super::challenge::Challenge;
use super::dialect::{Dialect, Fate};
use super::http::{self, Received, header};
use super::io::{Io, Run, refuse};
use super::outcome::{Check, CheckKind, Outcome};
use super::program::{DeclineReason, PushAddress};
use super::step::{HttpReply, Method, NetworkFailure, Why};
use crate::account::{DeviceKey, Registration};
use crate::clock::UnixTime;
use crate::reason::Reason;

/// What stands where a Firebase token would.
const NO_PUSH: &str = "no_firebase_token";
/// What this app can do beyond the first version, as the server wants to hear it.
const CAPABILITIES: &str = r#"["decline_reason"]"#;

/// One token at one server.
pub(super) struct PrivacyIdea<'r> {
    registration: &'r Registration,
    details: Details,
}

impl<'r> PrivacyIdea<'r> {
    pub(super) fn open(registration: &'r Registration) -> Run<Self> {
        Ok(Self { registration, details: Details::of(registration)? })
    }
}

impl Dialect for PrivacyIdea<'_> {
    fn look(&self, io: &mut Io<'_>) -> Run<Result<Vec<Challenge>, Reason>> {
        self.poll(io)
    }

    fn approve(&self, io: &mut Io<'_>, challenge: &Challenge, answer: Option<&str>) -> Run<Fate> {
        self.send_approval(io, challenge, answer)
    }

    fn decline(&self, io: &mut Io<'_>, challenge: &Challenge, reason: Option<DeclineReason>) -> Run<Fate> {
        self.send_decline(io, challenge, reason)
    }

    fn self_test(&self, io: &mut Io<'_>) -> Run<Outcome> {
        let probe = io.random::<32>()?;
        io.sign(&self.registration.key, &probe, Why::Test)?;
        let mut checks = vec![Check { kind: CheckKind::Key, reason: None }];
        let found = self.poll(io)?.err();
        let is_about_token = matches!(found, Some(Reason::DeviceNotRegistered | Reason::ServerForbids));
        checks.push(Check { kind: CheckKind::Server, reason: found.filter(|_| !is_about_token) });
        if found.is_none() || is_about_token {
            checks.push(Check { kind: CheckKind::Registration, reason: found });
            checks.push(Check { kind: CheckKind::Clock, reason: io.clocks_differ() });
        }
        Ok(Outcome::Tested { checks })
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
            let signature = sign(io, &self.registration.key, &text, Why::Call)?;
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
            let Some(pause) = failure.pause_ms(tried) else { return refuse(failure.reason) };
            io.wait(pause)?;
            tried += 1;
        }
    }
}

/// A signature over `text` as the server reads it: RSASSA-PKCS1-v1_5 with SHA-256, in Base32 (RFC 4648).
fn sign(io: &mut Io<'_>, key: &DeviceKey, text: &str, why: Why) -> Run<String> {
    let signature = io.sign(key, text.as_bytes(), why)?;
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

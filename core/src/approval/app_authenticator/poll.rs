//! The request that waits: `challenges`.

use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::super::challenge::{Challenge, Demand};
use super::super::http::{self, Received, header};
use super::super::io::{Io, Run};
use super::super::jose::unverified_claims;
use super::super::list::{List, MAX_LIST};
use super::super::step::{HttpReply, Method, NetworkFailure, Why};
use super::AppAuthenticator;
use super::signature::AHEAD_MS;
use crate::clock::UnixTime;
use crate::hex::hex;
use crate::link::{Origin, parameter};
use crate::reason::Reason;
use crate::secret::to_json;

/// Longest address of an answer, in bytes: it holds a token and what the browser's sign-in brought along.
const MAX_TARGET: usize = 8 * 1024;
/// Longest random text of a challenge, in bytes. The server's has 501.
const MAX_SECRET: usize = 4_096;
/// What Keycloak says where it can't tell a device, a browser or a system.
const NOT_KNOWN: [&str; 3] = ["", "Other", "Unknown"];

/// A challenge as it comes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    user_name: Option<String>,
    target_url: String,
    code_challenge: String,
    /// In milliseconds.
    updated_timestamp: i64,
    ip_address: Option<String>,
    device: Option<String>,
    browser: Option<String>,
    os: Option<String>,
    os_version: Option<String>,
    client_name: Option<String>,
}

/// What the list is.
pub(super) enum Listed {
    Entries(Vec<Box<RawValue>>),
    /// The one request is over, or younger than the signature.
    Over,
}

impl Listed {
    fn entries(self) -> Vec<Box<RawValue>> {
        match self {
            Self::Entries(entries) => entries,
            Self::Over => Vec::new(),
        }
    }
}

/// What the answer needs of a challenge.
#[derive(Serialize, Deserialize)]
pub(super) struct Target {
    pub(super) url: String,
    pub(super) secret: String,
}

/// When an action token is over.
#[derive(Deserialize)]
struct Claims {
    exp: i64,
}

#[derive(Deserialize)]
struct Failed {
    error: String,
    message: Option<String>,
}

impl AppAuthenticator<'_> {
    /// The requests that wait: none or one.
    pub(super) fn poll(&self, io: &mut Io<'_>) -> Run<Result<List, Reason>> {
        let list = self.fetch(io)?;
        io.has_list = list.is_ok();
        let read = |entry: Entry| {
            let asked_at = UnixTime(entry.updated_timestamp.div_euclid(1_000));
            let challenge = self.challenge(entry, asked_at)?;
            // Keycloak sends no `Date`; its clock is at least where it was when it asked.
            if asked_at > io.server_time() {
                io.learn_time(asked_at);
            }
            Ok(challenge)
        };
        Ok(list.and_then(|entries| List::read(&entries, read)))
    }

    /// The entries of the list. Of a date that it can't take the server says so or, where it is before the request's own,
    /// the same as of a request that is over; it tells no time.
    fn fetch(&self, io: &mut Io<'_>) -> Run<Result<Vec<Box<RawValue>>, Reason>> {
        let mut read = self.read(io, AHEAD_MS)?;
        if matches!(read, Err(Reason::ClockDiffers)) && io.kept.context.offset.take().is_some() {
            // What was known may be of before the phone's clock was set.
            read = self.read(io, AHEAD_MS)?;
        }
        if matches!(read, Err(Reason::ClockDiffers)) {
            if let Err(reason) = self.find_clock(io)? {
                return Ok(Err(reason));
            }
            read = self.read(io, AHEAD_MS)?;
        }
        if matches!(read, Ok(Listed::Over)) {
            read = self.read_later(io)?;
        }
        Ok(read.map(Listed::entries))
    }

    /// Reads the list, with a signature that is dated so far ahead of the server's time as known.
    pub(super) fn read(&self, io: &mut Io<'_>, ahead_ms: i64) -> Run<Result<Listed, Reason>> {
        let (mut tried, mut retimed) = (0, false);
        loop {
            let offset = io.offset();
            let failure = match http::judge(self.send_poll(io, ahead_ms)?) {
                Received::Answer(reply) => match read_list(reply) {
                    // The refusal's own `Date`, where a proxy adds one, has set the clock.
                    Err(Reason::ClockDiffers) if io.offset() != offset && !retimed => {
                        retimed = true;
                        continue;
                    }
                    read => return Ok(read),
                },
                Received::Refused(reason) => return Ok(Err(reason)),
                Received::Failed(failure) => failure,
            };
            let Some(pause) = io.pause_ms(&failure, tried) else { return Ok(Err(failure.reason)) };
            io.wait(pause)?;
            tried += 1;
        }
    }

    fn send_poll<'log>(
        &self,
        io: &mut Io<'log>,
        ahead_ms: i64,
    ) -> Run<Result<&'log HttpReply, NetworkFailure>> {
        let signature = self.dated(io, ahead_ms, None, Why::Call)?;
        let headers = vec![header("Accept", "application/json"), signature];
        let url = format!("{}/challenges", self.details.issuer);
        let mut request = http::request(Method::Get, url, headers, None);
        request.max_reply_bytes = MAX_LIST;
        io.send(request)
    }

    fn challenge(&self, entry: Entry, asked_at: UnixTime) -> Result<Challenge, Reason> {
        let Entry { target_url: url, code_challenge: secret, .. } = entry;
        if !is_within(&self.registration.origin, &url) {
            return Err(Reason::OriginDiffers);
        }
        // It stands between commas and colons in what is signed.
        let is_secret = (1..=MAX_SECRET).contains(&secret.len());
        if !is_secret || !secret.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(Reason::ReplyUnreadable);
        }
        let key = parameter(&url, "key").ok_or(Reason::ReplyUnreadable)?;
        // EXPOSE: the token is read.
        let claims = unverified_claims::<Claims>(key.expose_str().unwrap_or_default());
        let expires_at = UnixTime(claims.ok_or(Reason::ReplyUnreadable)?.exp);
        let id = hex(digest(&SHA256, secret.as_bytes()).as_ref().get(..16).unwrap_or_default());
        let system =
            [entry.os, entry.os_version].map(known).into_iter().flatten().collect::<Vec<_>>().join(" ");
        let from = [entry.ip_address, entry.browser, Some(system), entry.device].map(known);
        let from = from.into_iter().flatten().collect::<Vec<_>>().join(", ");
        Ok(Challenge {
            id,
            application: entry.client_name.unwrap_or_default(),
            account: entry.user_name.unwrap_or_default(),
            question: String::new(),
            asked_at: Some(asked_at),
            seen_at: None,
            expires_at,
            demand: Demand::None,
            takes_decline_reason: false,
            from,
            details: to_json(&Target { url, secret }).map_err(|_| Reason::ReplyUnreadable)?,
        })
    }
}

/// Whether an address lies under `origin`; its query, which may be long, is looked at for what breaks out of it.
fn is_within(origin: &Origin, address: &str) -> bool {
    let is_visible = address.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let place = address.split('?').next().unwrap_or_default();
    address.len() <= MAX_TARGET && is_visible && origin.contains(place)
}

fn known(text: Option<String>) -> Option<String> {
    text.filter(|text| !NOT_KNOWN.contains(&text.trim()))
}

fn read_list(reply: &HttpReply) -> Result<Listed, Reason> {
    if reply.status < 300 {
        // EXPOSE: an answer is read.
        let entries = serde_json::from_slice(reply.body.expose()).map_err(|_| Reason::ReplyUnreadable)?;
        return Ok(Listed::Entries(entries));
    }
    match failed(reply) {
        // It stays with the server until the next one takes its place.
        Some(failed) if reply.status == 403 && failed.is_expired() => Ok(Listed::Over),
        _ => Err(refusal(reply)),
    }
}

/// Why a call was refused.
pub(super) fn refusal(reply: &HttpReply) -> Reason {
    match (reply.status, failed(reply)) {
        // The header is well formed: what is left is its date.
        (400, Some(_)) => Reason::ClockDiffers,
        (401 | 403 | 409 | 412, Some(_)) => Reason::DeviceNotRegistered,
        (401 | 403, None) => Reason::ServerForbids,
        (404, _) => Reason::ExtensionMissing,
        _ => Reason::RequestNotUnderstood,
    }
}

fn failed(reply: &HttpReply) -> Option<Failed> {
    // EXPOSE: an answer is read.
    serde_json::from_slice(reply.body.expose()).ok()
}

impl Failed {
    fn is_expired(&self) -> bool {
        self.error == "challenge_expired" || self.message.as_deref() == Some("Challenge expired")
    }
}

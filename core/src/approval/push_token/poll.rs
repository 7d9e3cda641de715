//! Polling, and challenges: each is signed by the server's key for this token.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::super::challenge::Challenge;
use super::super::http::{self, Received, header};
use super::super::io::{Io, Run};
use super::super::kept::Seen;
use super::super::keys;
use super::super::list::{List, MAX_LIST, MAX_TOLD};
use super::super::step::{HttpReply, Method, NetworkFailure, Why};
use super::{PushToken, Variant, Wanted, replies, sign, timestamp};
use crate::clock::UnixTime;
use crate::reason::Reason;
use crate::secret::Secret;

/// How long the server keeps a challenge by default, in seconds. The challenge does not say, so it counts from the first
/// sight.
const LIFETIME: i64 = 120;
/// How long, in seconds, a challenge counts as open after each time that the server lists it: where its administrator has
/// set another time, the list knows better.
const LISTED: i64 = 30;
/// First sights that are kept: more than are told.
const MAX_SEEN: usize = 2 * MAX_TOLD;

/// A challenge as it comes; every text as it was signed.
#[derive(Deserialize)]
struct Body<M> {
    nonce: String,
    question: String,
    title: String,
    serial: String,
    sslverify: String,
    url: String,
    signature: String,
    #[serde(flatten)]
    more: M,
}

impl<V: Variant> PushToken<'_, V> {
    /// The requests that wait, the newest first: the server lists them as they came, and says no time by which those that
    /// are seen at once could be told apart.
    pub(super) fn poll(&self, io: &mut Io<'_>) -> Run<Result<List, Reason>> {
        let list = self.fetch(io)?;
        io.has_list = list.is_ok();
        let seen_before = io.kept.context.seen.clone();
        let list = list.and_then(|mut entries| {
            entries.reverse();
            let is_full = io.kept.context.seen.len() >= MAX_SEEN;
            let mut unknown_at = io.now().wall;
            List::read(&entries, |body: Body<V::More>| {
                self.verify(&body)?;
                let seen_at = first_seen(io, &body.nonce, unknown_at);
                if is_full {
                    // What is not known any more is no younger than the one before it.
                    unknown_at = seen_at;
                }
                self.challenge(io, body, seen_at)
            })
        });
        let seen = &mut io.kept.context.seen;
        match &list {
            Ok(list) => {
                seen.retain(|sight| list.challenges.iter().any(|listed| listed.id == sight.request));
                // The newest are the first.
                seen.truncate(MAX_SEEN);
            }
            Err(_) => *seen = seen_before,
        }
        Ok(list)
    }

    fn fetch(&self, io: &mut Io<'_>) -> Run<Result<Vec<Box<RawValue>>, Reason>> {
        let (mut tried, mut retimed) = (0, false);
        loop {
            let failure = match http::judge(self.send_poll(io)?) {
                Received::Answer(reply) => match replies::read(reply) {
                    Ok((entries, _)) => return Ok(Ok(entries)),
                    // The refusal's own `Date` has set the clock, and signing may have taken long.
                    Err(Reason::ClockDiffers) if !retimed => {
                        retimed = true;
                        continue;
                    }
                    Err(reason) => return Ok(Err(reason)),
                },
                Received::Refused(reason) => return Ok(Err(reason)),
                Received::Failed(failure) => failure,
            };
            let Some(pause) = io.pause_ms(&failure, tried) else { return Ok(Err(failure.reason)) };
            io.wait(pause)?;
            tried += 1;
        }
    }

    fn send_poll<'log>(&self, io: &mut Io<'log>) -> Run<Result<&'log HttpReply, NetworkFailure>> {
        let (url, serial) = (&self.details.url, &self.details.serial);
        let timestamp = timestamp(io.server_time());
        let signature = sign(io, self.key, &format!("{serial}|{timestamp}"), Why::Call)?;
        let fields = [("serial", serial.as_str()), ("timestamp", &timestamp), ("signature", &signature)];
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .extend_pairs(V::CAPABILITIES.map(|capabilities| ("capabilities", capabilities)))
            .finish();
        let joint = if url.contains('?') { '&' } else { '?' };
        let headers = vec![header("Accept", "application/json")];
        let mut request = http::request(Method::Get, format!("{url}{joint}{query}"), headers, None);
        request.max_reply_bytes = MAX_LIST;
        io.send(request)
    }

    /// A challenge must be signed for this token and be answered where the token was enrolled.
    fn verify(&self, body: &Body<V::More>) -> Result<(), Reason> {
        let Body { nonce, question, title, serial, sslverify, url, signature, more } = body;
        let mut signed = format!("{nonce}|{url}|{serial}|{question}|{title}|{sslverify}");
        if let Some(more) = V::signed(more) {
            signed = format!("{signed}|{more}");
        }
        if !self.is_signed(&signed, signature) {
            return Err(Reason::SignatureWrong);
        }
        if *url != self.details.url {
            return Err(Reason::OriginDiffers);
        }
        if *serial != self.details.serial {
            return Err(Reason::ReplyUnreadable);
        }
        Ok(())
    }

    /// `first_seen` is by this device's clock.
    fn challenge(&self, io: &Io<'_>, body: Body<V::More>, first_seen: UnixTime) -> Result<Challenge, Reason> {
        let is_id = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'=');
        if body.nonce.is_empty() || body.nonce.len() > 128 || !body.nonce.bytes().all(is_id) {
            return Err(Reason::ReplyUnreadable);
        }
        let is_signed = |text: &str, signature: &str| self.is_signed(text, signature);
        let Wanted { demand, takes_decline_reason } = V::wanted(body.more, &body.nonce, is_signed)?;
        let seen_at = first_seen.plus(io.offset().seconds);
        Ok(Challenge {
            id: body.nonce,
            application: body.title,
            account: self.details.account.clone(),
            question: body.question,
            asked_at: None,
            seen_at: Some(seen_at),
            expires_at: seen_at.plus(LIFETIME).max(io.server_time().plus(LISTED)),
            demand,
            takes_decline_reason,
            from: String::new(),
            details: Secret::default(),
        })
    }

    fn is_signed(&self, text: &str, signature: &str) -> bool {
        base32::decode(base32::Alphabet::Rfc4648 { padding: true }, signature).is_some_and(|signature| {
            keys::rsa_verifies(&self.details.server_key, text.as_bytes(), &signature)
        })
    }
}

/// When a request was first seen, `unknown_at` where nothing was noted of it: noted for the next looks, as long as it is
/// listed. A time that is to come was noted by a clock that was wrong.
fn first_seen(io: &mut Io<'_>, nonce: &str, unknown_at: UnixTime) -> UnixTime {
    let now = io.now().wall;
    let seen = &mut io.kept.context.seen;
    let noted = seen.iter().find(|sight| sight.request == nonce);
    let at = noted.map_or(unknown_at, |sight| sight.at.min(now));
    seen.retain(|sight| sight.request != nonce);
    seen.push(Seen { request: nonce.to_owned(), at });
    at
}

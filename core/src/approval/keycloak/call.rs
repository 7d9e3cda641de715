//! Calls of the extension: an access token, a proof, and what to do when either is refused.

use serde::Deserialize;
use zeroize::Zeroizing;

use super::super::http::{self, Failure, header};
use super::super::io::{Io, Run};
use super::super::step::{Client, HttpReply, Method, NetworkFailure};
use super::proof;
use super::texts::{Said, judge};
use super::token::access_token;
use crate::account::DeviceKey;
use crate::clock::UnixTime;
use crate::reason::Reason;
use crate::secret::Secret;

/// Who calls whom.
pub(super) struct Session<'a> {
    pub(super) issuer: &'a str,
    pub(super) user_id: &'a str,
    pub(super) device_id: &'a str,
    pub(super) client: &'a Client,
    pub(super) key: &'a DeviceKey,
    /// Between these the server's time lies, when a set-up code tells that.
    pub(super) window: Option<(UnixTime, UnixTime)>,
}

impl Session<'_> {
    /// The address of `path` at the issuer, which is never joined with two slashes: Keycloak refuses that.
    pub(super) fn address(&self, path: &str) -> String {
        address(self.issuer, path)
    }
}

pub(super) fn address(issuer: &str, path: &str) -> String {
    format!("{}{path}", issuer.trim_end_matches('/'))
}

/// One call.
pub(super) struct Call<'a> {
    pub(super) method: Method,
    /// From the issuer on.
    pub(super) path: &'a str,
    /// With its `?`; not part of a proof.
    pub(super) query: &'a str,
    pub(super) max_reply: usize,
}

/// What came of a call that changes something.
pub(super) enum Called<'r> {
    /// Done; the answer's body.
    Done(&'r [u8]),
    /// The challenge is no longer open.
    Gone,
    /// The number or PIN is not the right one.
    WrongAnswer,
    /// Not done.
    Refused(Reason),
    /// It did not reach the server.
    NotSent(Failure),
    /// It may have been done.
    Lost(Failure),
}

/// Makes a call once; once more when the access token or the clock was the reason that nothing was done.
fn call<'log>(
    io: &mut Io<'log>,
    session: &Session<'_>,
    call: &Call<'_>,
    body: &mut dyn FnMut(&mut Io<'log>) -> Run<Option<Secret>>,
) -> Run<Called<'log>> {
    let mut is_first = true;
    loop {
        let token = match access_token(io, session)? {
            Ok(token) => token,
            Err(reason) => return Ok(Called::Refused(reason)),
        };
        let body = body(io)?;
        match judge(send(io, session, call, &token, body)?) {
            Said::TokenRefused | Said::ClockDiffers if is_first => {
                // A new token also tells the time.
                io.kept.context.token = None;
                is_first = false;
            }
            Said::TokenRefused => return Ok(Called::Refused(Reason::AccessTokenRefused)),
            Said::ClockDiffers => return Ok(Called::Refused(Reason::ClockDiffers)),
            Said::Done(body) => return Ok(Called::Done(body)),
            Said::Gone => return Ok(Called::Gone),
            Said::WrongAnswer => return Ok(Called::WrongAnswer),
            Said::Refused(reason) => return Ok(Called::Refused(reason)),
            Said::Unclear(failure) if failure.maybe_done => return Ok(Called::Lost(failure)),
            Said::Unclear(failure) => return Ok(Called::NotSent(failure)),
        }
    }
}

/// Makes a call that changes something, as [`call`] does. Only the extension's own word for it, one of `done`, counts as
/// done: a proxy, or the sign-in page of a Wi-Fi network, says 200 as well.
pub(super) fn change<'log>(
    io: &mut Io<'log>,
    session: &Session<'_>,
    wanted: &Call<'_>,
    done: &[&str],
    body: &mut dyn FnMut(&mut Io<'log>) -> Run<Option<Secret>>,
) -> Run<Called<'log>> {
    Ok(match call(io, session, wanted, body)? {
        Called::Done(body) if !says(body, done) => {
            Called::Lost(Failure { reason: Reason::ReplyUnreadable, maybe_done: true, retry_after_ms: None })
        }
        called => called,
    })
}

#[derive(Deserialize)]
struct Status {
    status: String,
}

fn says(body: &[u8], words: &[&str]) -> bool {
    serde_json::from_slice::<Status>(body).is_ok_and(|said| words.contains(&said.status.as_str()))
}

/// Makes a call that changes nothing, again when that may help.
pub(super) fn read<'log>(
    io: &mut Io<'log>,
    session: &Session<'_>,
    wanted: &Call<'_>,
) -> Run<Result<&'log [u8], Reason>> {
    let mut tried = 0;
    loop {
        let failure = match call(io, session, wanted, &mut |_| Ok(None))? {
            Called::Done(body) => return Ok(Ok(body)),
            Called::Refused(reason) => return Ok(Err(reason)),
            Called::Gone | Called::WrongAnswer => return Ok(Err(Reason::RequestNotUnderstood)),
            Called::NotSent(failure) | Called::Lost(failure) => failure,
        };
        let Some(pause) = io.pause_ms(&failure, tried) else { return Ok(Err(failure.reason)) };
        io.wait(pause)?;
        tried += 1;
    }
}

fn send<'log>(
    io: &mut Io<'log>,
    session: &Session<'_>,
    call: &Call<'_>,
    token: &Secret,
    body: Option<Secret>,
) -> Run<Result<&'log HttpReply, NetworkFailure>> {
    // EXPOSE: the token is sent to the server that issued it.
    let token = token.expose_str().unwrap_or_default();
    let url = session.address(call.path);
    let proof =
        proof::Call { method: call.method, url: &url, access_token: Some(token), offset: io.offset() };
    let proof = proof::make(io, session, &proof)?;
    let mut authorisation = Zeroizing::new(String::with_capacity("DPoP ".len() + token.len()));
    authorisation.push_str("DPoP ");
    authorisation.push_str(token);
    let mut headers = vec![
        header("Accept", "application/json"),
        header("Authorization", &authorisation),
        header("DPoP", &proof),
    ];
    if body.is_some() {
        headers.push(header("Content-Type", "application/json"));
    }
    let mut request = http::request(call.method, url + call.query, headers, body);
    request.max_reply_bytes = call.max_reply;
    io.send(request)
}

//! Access tokens (RFC 6749, section 4.4), bound to the device key, and the server's clock, which only a token tells.

use serde::Deserialize;

use super::super::http::{self, form, header};
use super::super::io::{Io, Run};
use super::super::jose::{self, Jwk};
use super::super::kept::AccessToken;
use super::super::step::Method;
use super::call::Session;
use super::proof;
use super::texts::{Said, judge};
use crate::clock::{ClockOffset, UnixTime};
use crate::link::MAX_TOKEN;
use crate::reason::Reason;
use crate::secret::Secret;

/// A token is not used in its last seconds.
const SPARE: i64 = 30;
/// Longest a token is kept, whatever the server says, in seconds.
const MAX_LIFETIME: i64 = 24 * 3600;
/// Age of a proof, in seconds, at which Keycloak gives its replay cache a lifetime of nothing, and fails.
const FAILING_AGE: i64 = 25;
/// Between two guesses of the clock, in seconds: the server takes proofs from 24 s old to 15 s early.
const STEP: i64 = 35;
/// Guesses on each side: a clock that is wrong by more than five minutes has to be set.
const STEPS: i64 = 9;

#[derive(Deserialize)]
struct TokenBody {
    access_token: String,
    expires_in: Option<i64>,
}

#[derive(Deserialize)]
struct TokenClaims {
    iat: Option<i64>,
    cnf: Option<Confirmation>,
}

#[derive(Deserialize)]
struct Confirmation {
    jkt: Option<String>,
}

/// The token at hand, or a new one. `Err` says why there is none.
pub(super) fn access_token(io: &mut Io<'_>, session: &Session<'_>) -> Run<Result<Secret, Reason>> {
    let good_until = io.server_time().plus(SPARE);
    match &io.kept.context.token {
        Some(token) if token.key_id == session.key.id && token.expires_at > good_until => {
            Ok(Ok(token.value.clone()))
        }
        _ => new_token(io, session),
    }
}

fn new_token(io: &mut Io<'_>, session: &Session<'_>) -> Run<Result<Secret, Reason>> {
    let mut guesses = guesses(io, session);
    let mut offset = io.offset();
    let (mut tried, mut failed_once, mut told_once) = (0, false, false);
    // What was tried when the server failed, until the clock is known not to be why.
    let mut failed_at = None;
    loop {
        let known = io.kept.context.offset;
        let received = request(io, session, offset)?;
        // An answer's own `Date` goes before guessing.
        let was_told = io.kept.context.offset != known;
        match judge(received) {
            Said::Done(body) => return Ok(keep(io, session, body, offset)),
            Said::ClockDiffers if !told_once && was_told => {
                told_once = true;
                offset = io.offset();
            }
            Said::ClockDiffers => {
                let before = failed_at.take();
                // The next guess may be just as old.
                failed_once &= before.is_some();
                match before.or_else(|| guesses.next()).filter(|_| io.has_time(0)) {
                    Some(guess) => offset = guess,
                    None => return Ok(Err(Reason::ClockDiffers)),
                }
            }
            // For a proof that is exactly so old, Keycloak fails instead of refusing. Other failures pass, or not.
            Said::Unclear(failure) if failure.reason == Reason::ServerFailed && !failed_once => {
                failed_once = true;
                failed_at = Some(offset);
                offset.seconds = offset.seconds.saturating_add(FAILING_AGE);
            }
            Said::Unclear(failure) => match io.pause_ms(&failure, tried) {
                Some(pause) => {
                    tried += 1;
                    if was_told {
                        offset = io.offset();
                    }
                    io.wait(pause)?;
                }
                None => return Ok(Err(failure.reason)),
            },
            Said::Refused(reason) => return Ok(Err(reason)),
            Said::TokenRefused | Said::Gone | Said::WrongAnswer => {
                return Ok(Err(Reason::RequestNotUnderstood));
            }
        }
    }
}

fn request<'log>(
    io: &mut Io<'log>,
    session: &Session<'_>,
    offset: ClockOffset,
) -> Run<Result<&'log super::super::step::HttpReply, super::super::step::NetworkFailure>> {
    let url = session.address("/protocol/openid-connect/token");
    let call = proof::Call { method: Method::Post, url: &url, access_token: None, offset };
    let proof = proof::make(io, session, &call)?;
    let headers = vec![
        header("Accept", "application/json"),
        header("Content-Type", "application/x-www-form-urlencoded"),
        header("DPoP", &proof),
    ];
    // EXPOSE: the credentials are sent to the server that they are for.
    let secret = session.client.secret.expose_str().unwrap_or_default();
    let body = form(&[
        ("grant_type", "client_credentials"),
        ("client_id", &session.client.id),
        ("client_secret", secret),
    ]);
    io.send(http::request(Method::Post, url, headers, Some(body)))
}

/// Offsets to try when the server only says that the clock is wrong: first where a set-up code says that its time must
/// be; then the device's own clock, which may have been set right since it was measured; then ever further from what was
/// measured, and from the device's own.
fn guesses(io: &Io<'_>, session: &Session<'_>) -> impl Iterator<Item = ClockOffset> + use<> {
    let now = io.now().wall;
    let window = session.window.map(|(from, to)| {
        let (from, to) = (from.since(now), to.since(now).min(from.since(now).saturating_add(STEPS * STEP)));
        (0..=STEPS).map(move |step| from.saturating_add(step * STEP)).take_while(move |guess| *guess <= to)
    });
    let measured = io.offset().seconds;
    let around = |offset: i64| {
        (1..=STEPS).flat_map(move |step| [step * STEP, -step * STEP].map(|by| offset.saturating_add(by)))
    };
    let is_new = move |guess: &i64| guess.abs_diff(measured) > (STEPS * STEP).unsigned_abs();
    window
        .into_iter()
        .flatten()
        .chain((measured != 0).then_some(0))
        .chain(around(measured))
        .chain(around(0).filter(is_new))
        .map(|seconds| ClockOffset { seconds })
}

/// Takes a token from the answer; its `iat` sets the server's clock.
fn keep(io: &mut Io<'_>, session: &Session<'_>, body: &[u8], offset: ClockOffset) -> Result<Secret, Reason> {
    let body: TokenBody = serde_json::from_slice(body).map_err(|_| Reason::ReplyUnreadable)?;
    let value = Secret::from(body.access_token);
    // EXPOSE: the token goes into headers; its claims tell what it is bound to.
    let text = value.expose_str().unwrap_or_default();
    if text.is_empty() || text.len() > MAX_TOKEN || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Reason::ReplyUnreadable);
    }
    let mut told = None;
    if let Some(claims) = jose::unverified_claims::<TokenClaims>(text) {
        let bound_to = claims.cnf.and_then(|confirmation| confirmation.jkt);
        if bound_to != Jwk::of(session.key).map(|jwk| jwk.thumbprint()) {
            return Err(Reason::TokenNotBound);
        }
        told = claims.iat;
    }
    match told {
        Some(iat) => io.learn_time(UnixTime(iat)),
        None => io.learn_time(io.now().at_server(offset)),
    }
    let lifetime = body.expires_in.unwrap_or(SPARE).clamp(0, MAX_LIFETIME);
    let expires_at = io.server_time().plus(lifetime);
    io.kept.context.token =
        Some(AccessToken { value: value.clone(), key_id: session.key.id.clone(), expires_at });
    Ok(value)
}

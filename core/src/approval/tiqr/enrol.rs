//! Setting up: the server describes the account once, the phone makes the secret and tells it.

use serde_json::Value;
use zeroize::Zeroizing;

use super::super::http::{self, Failure, Received};
use super::super::io::{Io, Run, refuse, unknown};
use super::super::outcome::{Enrolled, Outcome};
use super::super::step::{HttpReply, Method, NetworkFailure};
use super::super::trust;
use super::details::Details;
use super::replies::{self, Said};
use super::{accept, post};
use crate::link::{MAX_ADDRESS, TiqrLink, clean_name};
use crate::otp::ocra::{Inputs, Suite};
use crate::reason::Reason;
use crate::secret::Secret;

/// How often the secret is sent at most.
const SENDS: usize = 3;
/// Longest name by which server and user know each other, in bytes.
const MAX_ID: usize = 256;
/// A challenge of the shortest length that every kind of them takes.
const PROBE: &str = "0000";

pub(in super::super) fn run(io: &mut Io<'_>, link: &TiqrLink) -> Run<Outcome> {
    let described = describe(io, link)?;
    trust::keep_to(&link.origin, &described.url)?;
    trust::keep_to(&link.origin, &described.enrolment_url)?;
    let suite = match Suite::read(&described.suite) {
        Ok(suite) => suite,
        Err(reason) => return refuse(reason),
    };
    let secret = Secret::copy_of(&*Zeroizing::new(io.random::<32>()?));
    // A suite that wants more than a code holds is seen now, not at the first sign-in.
    let inputs = Inputs { session: Some(PROBE), ..Inputs::default() };
    if let Err(reason) = suite.answer(&secret, PROBE, inputs) {
        return refuse(reason);
    }
    tell_secret(io, &described.enrolment_url, &secret)?;
    let Described { url, server, server_name, user, user_name, .. } = described;
    let (issuer, account) = (clean_name(&server_name).text, clean_name(&user_name).text);
    let details = Details { url, server, server_name, user, user_name, suite, secret };
    Ok(Outcome::Enrolled(Enrolled {
        registration: details.into_registration(link.origin.clone())?,
        issuer: if issuer.is_empty() { link.origin.host().to_owned() } else { issuer },
        account,
    }))
}

/// The account as the server describes it.
struct Described {
    enrolment_url: String,
    url: String,
    server: String,
    server_name: String,
    user: String,
    user_name: String,
    suite: String,
}

/// Fetches the description. It is told once: when its answer is lost, the code is spent.
fn describe(io: &mut Io<'_>, link: &TiqrLink) -> Run<Described> {
    // EXPOSE: the address is a capability and is used as one.
    let url = link.url.expose_str().unwrap_or_default();
    let mut tried = 0;
    loop {
        let reply = io.send(http::request(Method::Get, url.to_owned(), accept(), None))?;
        let failure = match judge(reply) {
            Received::Answer(reply) if reply.status < 300 => {
                // EXPOSE: an answer is read.
                let described = serde_json::from_slice(reply.body.expose()).ok();
                return described.as_ref().and_then(read).map_or_else(|| refuse(Reason::ReplyUnreadable), Ok);
            }
            Received::Answer(reply) => {
                return refuse(match reply.status {
                    500 => Reason::SetupUsed,
                    401 | 403 => Reason::ServerForbids,
                    _ => Reason::ReplyUnreadable,
                });
            }
            Received::Refused(reason) => return refuse(reason),
            Received::Failed(failure) => failure,
        };
        let Some(pause) = io.pause_ms(&failure, tried) else { return refuse(failure.reason) };
        io.wait(pause)?;
        tried += 1;
    }
}

/// As for every server, but that this one says 500 to a code that it does not know (any more).
fn judge(reply: Result<&HttpReply, NetworkFailure>) -> Received<'_> {
    match reply {
        Ok(reply) if reply.status == 500 => Received::Answer(reply),
        reply => http::judge(reply),
    }
}

fn read(described: &Value) -> Option<Described> {
    let (service, identity) = (described.get("service")?, described.get("identity")?);
    let text = |of: &Value, name: &str, longest: usize| {
        let text = of.get(name)?.as_str()?;
        ((1..=longest).contains(&text.len()) && !text.contains(char::is_control)).then(|| text.to_owned())
    };
    let (server, user) = (text(service, "identifier", MAX_ID)?, text(identity, "identifier", MAX_ID)?);
    Some(Described {
        enrolment_url: text(service, "enrollmentUrl", MAX_ADDRESS)?,
        url: text(service, "authenticationUrl", MAX_ADDRESS)?,
        server_name: text(service, "displayName", MAX_ID).unwrap_or_else(|| server.clone()),
        user_name: text(identity, "displayName", MAX_ID).unwrap_or_else(|| user.clone()),
        suite: text(service, "ocraSuite", MAX_ID)?,
        server,
        user,
    })
}

/// Tells the server the secret. After a lost answer the same is told again: where it had arrived, that changes nothing.
fn tell_secret(io: &mut Io<'_>, url: &str, secret: &Secret) -> Run<()> {
    // EXPOSE: the secret is told to the server that shares it.
    let text = Zeroizing::new(crate::hex::hex(secret.expose()));
    let mut maybe_told = false;
    for tried in 0..SENDS {
        let failure: Failure = match judge(post(io, url, "register", &[("secret", &text)])?) {
            Received::Answer(reply) => match (replies::read(reply), reply.status) {
                (Said::Yes, ..300) => return Ok(()),
                // A second no may be what comes after a first yes.
                _ if maybe_told => return unknown(Reason::EnrolmentUnknown),
                (_, 406) => return refuse(Reason::OtherAppRefused),
                (Said::Nothing, ..300) => return refuse(Reason::ReplyUnreadable),
                _ => return refuse(Reason::SetupUsed),
            },
            Received::Refused(_) if maybe_told => return unknown(Reason::EnrolmentUnknown),
            Received::Refused(reason) => return refuse(reason),
            Received::Failed(failure) => failure,
        };
        maybe_told |= failure.maybe_done;
        match io.pause_ms(&failure, tried) {
            Some(pause) => io.wait(pause)?,
            None if maybe_told => return unknown(Reason::EnrolmentUnknown),
            None => return refuse(failure.reason),
        }
    }
    unknown(Reason::EnrolmentUnknown)
}

//! Push address, lock-out, and what a self-test looks at.

use serde::Serialize;

use super::super::http;
use super::super::io::{Io, Run, refuse, unknown};
use super::super::list::List;
use super::super::outcome::Outcome;
use super::super::program::PushAddress;
use super::super::step::{Answer, Method, Question};
use super::Keycloak;
use super::call::{Call, Called, change};
use super::certs;
use crate::reason::Reason;
use crate::secret::to_json;

/// How often a call is made that may be made twice without harm.
const SENDS: usize = 3;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PushProvider<'a> {
    push_provider_id: &'a str,
    push_provider_type: &'a str,
}

impl Keycloak<'_> {
    /// Setting the same address twice is the same as once, so that a lost answer is no harm.
    pub(super) fn put_push_address(&self, io: &mut Io<'_>, address: &PushAddress) -> Run<Outcome> {
        let (id, kind) = match address {
            // The server wants an id even where there is none.
            PushAddress::None => ("disabled", "none"),
            // EXPOSE: the address is told to the server.
            PushAddress::Fcm { token } => (token.expose_str().unwrap_or_default(), "fcm"),
            PushAddress::UnifiedPush { endpoint } => {
                (endpoint.expose_str().unwrap_or_default(), "unifiedpush")
            }
        };
        let body = PushProvider { push_provider_id: id, push_provider_type: kind };
        let Ok(body) = to_json(&body) else { return refuse(Reason::RequestNotUnderstood) };
        let key = self.key(io);
        let wanted = Call {
            method: Method::Put,
            path: "/push-mfa/device/push-provider",
            query: "",
            max_reply: http::MAX_REPLY,
        };
        let mut tried = 0;
        loop {
            let body = &mut |_: &mut Io<'_>| Ok(Some(body.clone()));
            let failure = match change(io, &self.session(&key), &wanted, &["updated", "unchanged"], body)? {
                Called::Done(_) => return Ok(Outcome::PushAddressSet),
                Called::Refused(reason) => return refuse(reason),
                Called::Gone | Called::WrongAnswer => return refuse(Reason::RequestNotUnderstood),
                Called::NotSent(failure) | Called::Lost(failure) => failure,
            };
            let Some(pause) = io.pause_ms(&failure, tried) else { return refuse(failure.reason) };
            io.wait(pause)?;
            tried += 1;
        }
    }

    /// A lock-out ends every request, so one that still waits shows that a call with a lost answer did nothing.
    pub(super) fn post_lock_out(&self, io: &mut Io<'_>) -> Run<Outcome> {
        if !matches!(io.ask(Question::LockOut)?, Answer::Confirmed(true)) {
            return refuse(Reason::LockOutNotConfirmed);
        }
        let key = self.key(io);
        let wanted = Call {
            method: Method::Post,
            path: "/push-mfa/login/lockout",
            query: "",
            max_reply: http::MAX_REPLY,
        };
        for tried in 0..SENDS {
            match change(io, &self.session(&key), &wanted, &["locked_out", "locked"], &mut |_| Ok(None))? {
                Called::Done(_) => return Ok(Outcome::LockedOut),
                Called::Refused(reason) => return refuse(reason),
                Called::Gone | Called::WrongAnswer => return refuse(Reason::RequestNotUnderstood),
                Called::NotSent(failure) => match io.pause_ms(&failure, tried) {
                    Some(pause) => io.wait(pause)?,
                    None => return refuse(failure.reason),
                },
                Called::Lost(_) => match self.pending(io)? {
                    Ok(list) if !list.challenges.is_empty() => {}
                    _ => return unknown(Reason::LockOutUnknown),
                },
            }
        }
        unknown(Reason::LockOutUnknown)
    }

    /// The realm answers, gives a token, and knows this device: a token of before would say nothing of the client.
    pub(super) fn run_probe(&self, io: &mut Io<'_>) -> Run<Result<Option<List>, Reason>> {
        if let Err(reason) = certs::fetch_keys(io, &self.details.issuer)? {
            return Ok(Err(reason));
        }
        io.kept.context.token = None;
        Ok(self.pending(io)?.map(Some))
    }
}

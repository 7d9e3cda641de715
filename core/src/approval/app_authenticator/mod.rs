//! The App Authenticator of netzbegruenung for Keycloak (26.7): what this one system has on the wire.
//!
//! Every call carries a signature by the device key in a header of its own. The server signs nothing: what it says is
//! as good as TLS is. It keeps one request for each device, gives it no id and no answer a body, so what became of an
//! answer is read from the list.
//!
//! Source: `app-authenticator` in <https://github.com/netzbegruenung/keycloak-mfa-plugins>, v26.7.1. Where its README and
//! its code differ, the code is followed.

mod answer;
mod clock;
mod details;
mod enrol;
mod poll;
mod signature;

use serde::Serialize;

use details::Details;
pub(super) use enrol::run as enrol;

use super::challenge::Challenge;
use super::dialect::{self, Dialect, Fate};
use super::http::{self, Received, header};
use super::io::{Io, Run, refuse};
use super::list::List;
use super::outcome::Outcome;
use super::program::{DeclineReason, PushAddress};
use super::step::{Method, Why};
use crate::account::{DeviceKey, Registration};
use crate::reason::Reason;
use crate::secret::to_json;

/// One account at one realm.
pub(super) struct AppAuthenticator<'r> {
    registration: &'r Registration,
    key: &'r DeviceKey,
    details: Details,
}

impl<'r> AppAuthenticator<'r> {
    pub(super) fn open(registration: &'r Registration) -> Run<Self> {
        Ok(Self { registration, key: dialect::key_of(registration)?, details: Details::of(registration)? })
    }
}

impl Dialect for AppAuthenticator<'_> {
    fn look(&self, io: &mut Io<'_>) -> Run<Result<List, Reason>> {
        self.poll(io)
    }

    fn approve(&self, io: &mut Io<'_>, challenge: &Challenge, _: Option<&str>) -> Run<Fate> {
        self.answer(io, challenge, Why::Approve)
    }

    fn decline(&self, io: &mut Io<'_>, challenge: &Challenge, _: Option<DeclineReason>) -> Run<Fate> {
        self.answer(io, challenge, Why::Decline)
    }

    /// The one that is picked on its page.
    fn asks_one_phone(&self) -> bool {
        true
    }

    /// Setting the same address twice is the same as once, so that a lost answer is no harm.
    fn set_push_address(&self, io: &mut Io<'_>, address: &PushAddress) -> Run<Outcome> {
        let device_push_id = match address {
            PushAddress::None => None,
            // EXPOSE: the address is told to the server.
            PushAddress::Fcm { token } => token.expose_str(),
            PushAddress::UnifiedPush { .. } => return refuse(Reason::NotPossibleHere),
        };
        let Ok(body) = to_json(&PushId { device_push_id }) else {
            return refuse(Reason::RequestNotUnderstood);
        };
        let Details { issuer, device_id } = &self.details;
        let url = format!("{issuer}/app-authenticators/{device_id}/credentials");
        let mut tried = 0;
        loop {
            let headers = vec![
                header("Accept", "application/json"),
                header("Content-Type", "application/json"),
                self.signed(io, None, Why::Call)?,
            ];
            let request = http::request(Method::Put, url.clone(), headers, Some(body.clone()));
            let failure = match http::judge(io.send(request)?) {
                Received::Answer(reply) if reply.status == 204 => return Ok(Outcome::PushAddressSet),
                Received::Answer(reply) => return refuse(poll::refusal(reply)),
                Received::Refused(reason) => return refuse(reason),
                Received::Failed(failure) => failure,
            };
            let Some(pause) = io.pause_ms(&failure, tried) else { return refuse(failure.reason) };
            io.wait(pause)?;
            tried += 1;
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PushId<'a> {
    device_push_id: Option<&'a str>,
}

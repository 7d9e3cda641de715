//! Answers: `login/challenges/{cid}/respond`.

use serde::Serialize;

use super::super::challenge::Challenge;
use super::super::dialect::Fate;
use super::super::http;
use super::super::io::{Io, Run};
use super::super::step::{Method, Why};
use super::Keycloak;
use super::call::{Call, Called, change};
use super::enrol::device_token;
use crate::clock::UnixTime;

/// How long an answer may take to arrive, in seconds.
const LIFETIME: i64 = 60;

/// What is answered.
#[derive(Clone, Copy)]
pub(super) enum Action<'a> {
    Approve { answer: Option<&'a str> },
    Deny,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Claims<'a> {
    cid: &'a str,
    #[serde(rename = "credId")]
    credential_id: &'a str,
    device_id: &'a str,
    action: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_verification: Option<&'a str>,
    iat: UnixTime,
    exp: UnixTime,
}

impl Keycloak<'_> {
    pub(super) fn respond(&self, io: &mut Io<'_>, challenge: &Challenge, action: Action<'_>) -> Run<Fate> {
        let key = self.key(io);
        let path = format!("/push-mfa/login/challenges/{}/respond", challenge.id);
        let wanted = Call { method: Method::Post, path: &path, query: "", max_reply: http::MAX_REPLY };
        let (action, why, done, answer) = match action {
            Action::Approve { answer } => ("approve", Why::Approve, "approved", answer),
            Action::Deny => ("deny", Why::Decline, "denied", None),
        };
        let called = change(io, &self.session(&key), &wanted, &[done], &mut |io| {
            let now = io.server_time();
            let claims = Claims {
                cid: &challenge.id,
                credential_id: &self.details.credential_id,
                device_id: &self.details.device_id,
                action,
                user_verification: answer,
                iat: now,
                exp: now.plus(LIFETIME),
            };
            device_token(io, &key, &claims, why)
        })?;
        Ok(match called {
            Called::Done(_) => Fate::Done { display_code: None },
            Called::WrongAnswer => Fate::WrongAnswer,
            Called::Gone => Fate::Gone,
            Called::Refused(reason) => Fate::Refused(reason),
            Called::NotSent(failure) => Fate::NotSent(failure.reason),
            Called::Lost(_) => Fate::Lost,
        })
    }
}

//! The requests that wait: `login/pending`.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::super::challenge::{Challenge, Demand, MAX_OPTIONS};
use super::super::io::{Io, Run};
use super::super::list::{List, MAX_LIST};
use super::super::step::Method;
use super::Keycloak;
use super::call::{Call, Session, read};
use crate::clock::UnixTime;
use crate::reason::Reason;
use crate::secret::Secret;

/// Longest PIN that is asked for; the extension's own limit is 12.
const MAX_PIN: u32 = 64;

#[derive(Deserialize)]
pub(super) struct Pending {
    challenges: Vec<Box<RawValue>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    cid: String,
    username: Option<String>,
    expires_at: i64,
    created_at: Option<i64>,
    client_id: Option<String>,
    client_name: Option<String>,
    user_verification: Option<Verification>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Verification {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    numbers: Vec<String>,
    pin_length: Option<u32>,
}

impl Keycloak<'_> {
    /// The requests that wait. When the server refuses the key and another one was on its way to it, that one is
    /// tried: then it is the account's.
    pub(super) fn pending(&self, io: &mut Io<'_>) -> Run<Result<List, Reason>> {
        let key = self.key(io);
        let found = fetch(io, &self.session(&key))?;
        let (Err(Reason::DeviceKeyRefused), Some(other)) = (&found, &self.details.other_key) else {
            return Ok(found);
        };
        if other.id == key.id {
            return Ok(found);
        }
        let by_other = fetch(io, &self.session(other))?;
        if by_other.is_ok() {
            self.take_over(io, other)?;
        }
        Ok(by_other)
    }
}

pub(super) fn fetch(io: &mut Io<'_>, session: &Session<'_>) -> Run<Result<List, Reason>> {
    let user_id: String = url::form_urlencoded::byte_serialize(session.user_id.as_bytes()).collect();
    let query = format!("?userId={user_id}");
    let call =
        Call { method: Method::Get, path: "/push-mfa/login/pending", query: &query, max_reply: MAX_LIST };
    let list = read(io, session, &call)?.and_then(Pending::read);
    io.has_list = list.is_ok();
    Ok(list.and_then(|pending| pending.list()))
}

impl Pending {
    pub(super) fn read(body: &[u8]) -> Result<Self, Reason> {
        serde_json::from_slice(body).map_err(|_| Reason::ReplyUnreadable)
    }

    pub(super) fn list(&self) -> Result<List, Reason> {
        List::read(&self.challenges, Entry::challenge)
    }
}

impl Entry {
    fn challenge(self) -> Result<Challenge, Reason> {
        // It goes into addresses as it is.
        let is_id = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if self.cid.is_empty() || self.cid.len() > 64 || !self.cid.bytes().all(is_id) {
            return Err(Reason::ReplyUnreadable);
        }
        let application = self.client_name.filter(|name| !name.trim().is_empty()).or(self.client_id);
        Ok(Challenge {
            id: self.cid,
            application: application.unwrap_or_default(),
            account: self.username.unwrap_or_default(),
            question: String::new(),
            asked_at: self.created_at.map(UnixTime),
            seen_at: None,
            expires_at: UnixTime(self.expires_at),
            demand: self.user_verification.map_or(Demand::None, Verification::demand),
            takes_decline_reason: false,
            from: String::new(),
            details: Secret::default(),
        })
    }
}

impl Verification {
    fn demand(self) -> Demand {
        match (self.kind.as_str(), self.pin_length) {
            ("number-match" | "number_match" | "numbermatch", _) => {
                let is_number = |text: &String| {
                    (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
                };
                let fits = (1..=MAX_OPTIONS).contains(&self.numbers.len());
                if fits && self.numbers.iter().all(is_number) {
                    Demand::Number(self.numbers)
                } else {
                    Demand::Unusable(Reason::ReplyUnreadable)
                }
            }
            ("pin", Some(length @ 1..=MAX_PIN)) => Demand::Pin { length },
            ("pin", _) => Demand::Unusable(Reason::ReplyUnreadable),
            ("none", _) => Demand::None,
            _ => Demand::Unusable(Reason::AnswerKindUnsupported),
        }
    }
}

//! tiqr (SURF; eduID is one of its servers): what this one system has on the wire.
//!
//! Phone and server share a secret, which the phone makes. A sign-in is a code on its page: it names the server, maybe
//! the user, a session and a challenge, and the answer is that of OCRA (RFC 6287) to both. The server keeps no list that
//! could be asked for, takes no decline, and says of an answer only what it says at once.
//!
//! Source: <https://github.com/Tiqr/tiqr-server-libphp>, 4.3 (README, `Service.php`, `Response/V1.php`), and, for what
//! servers say, <https://github.com/OpenConext/Stepup-tiqr>.

mod answer;
mod details;
mod enrol;
mod replies;

use details::Details;
pub(super) use enrol::run as enrol;

use super::abilities::Abilities;
use super::challenge::{Challenge, Demand};
use super::dialect::{Dialect, Fate};
use super::http::{self, header};
use super::io::{Io, Run, refuse};
use super::list::List;
use super::outcome::{Outcome, Request};
use super::program::{DeclineReason, PushAddress};
use super::step::{HttpReply, Method, NetworkFailure};
use crate::account::Registration;
use crate::clock::{ClockOffset, UnixTime};
use crate::link::SignInLink;
use crate::otp::ocra::Inputs;
use crate::reason::Reason;
use crate::secret::Secret;

/// How long a server keeps a challenge, in seconds. Its code does not say since when: it counts from the first scan.
const LIFETIME: i64 = 180;
/// The version of the protocol whose answers are JSON; servers that know none but the first say words.
const VERSION: &str = "2";

/// One account at one server.
pub(super) struct Tiqr {
    details: Details,
}

impl Tiqr {
    pub(super) fn open(registration: &Registration) -> Run<Self> {
        Ok(Self { details: Details::of(registration)? })
    }

    fn challenge(&self, link: &SignInLink, expires_at: UnixTime, details: Secret) -> Challenge {
        Challenge {
            id: link.session.clone(),
            application: self.details.server_name.clone(),
            account: self.details.user_name.clone(),
            question: String::new(),
            asked_at: None,
            seen_at: None,
            expires_at,
            demand: Demand::None,
            takes_decline_reason: false,
            from: String::new(),
            details,
        }
    }
}

impl Dialect for Tiqr {
    fn look(&self, _: &mut Io<'_>) -> Run<Result<List, Reason>> {
        Ok(Err(Reason::ScanToAnswer))
    }

    fn abilities(&self) -> Abilities {
        Abilities { look: false, ..Abilities::LOOK }
    }

    /// Names of users compare as they are spelt: the server gave both. That of a server is a host, whose letters may be in
    /// either case.
    fn asked(&self, link: &SignInLink, now: UnixTime) -> Option<Request> {
        let is_user = link.user.as_ref().is_none_or(|user| *user == self.details.user);
        let challenge = self.challenge(link, now.plus(LIFETIME), Secret::default());
        let is_server = link.server.eq_ignore_ascii_case(&self.details.server);
        (is_server && is_user).then(|| challenge.request(ClockOffset::default()))
    }

    /// The answer is made at once, so that a challenge that has none asks nobody anything. A run begins with the
    /// request's record as it was read: what it changes there must come with an event, and there is no look that is one.
    fn scanned(&self, io: &mut Io<'_>, link: &SignInLink) -> Run<Result<Challenge, Reason>> {
        io.wait(0)?;
        let first_scanned = io.started().wall;
        let expires_at = io.record().expires_at.unwrap_or_else(|| first_scanned.plus(LIFETIME));
        let inputs = Inputs { session: Some(&link.session), ..Inputs::default() };
        let answer = self.details.suite.answer(&self.details.secret, &link.question, inputs);
        let at_server = expires_at.plus(io.offset().seconds);
        Ok(answer.map(|answer| self.challenge(link, at_server, answer)))
    }

    fn approve(&self, io: &mut Io<'_>, challenge: &Challenge, _: Option<&str>) -> Run<Fate> {
        self.send_answer(io, &challenge.id, &challenge.details)
    }

    fn decline(&self, _: &mut Io<'_>, _: &Challenge, _: Option<DeclineReason>) -> Run<Fate> {
        Ok(Fate::Untold)
    }

    /// Something answers where sign-ins are answered. Whether the server knows the same secret is seen at a sign-in only:
    /// a try would count against the account.
    fn probe(&self, io: &mut Io<'_>) -> Run<Result<Option<List>, Reason>> {
        let request = http::request(Method::Get, self.details.url.clone(), accept(), None);
        Ok(http::read(io, &request)?.map(|_| None))
    }

    fn set_push_address(&self, _: &mut Io<'_>, _: &PushAddress) -> Run<Outcome> {
        refuse(Reason::NotPossibleHere)
    }
}

fn accept() -> Vec<(&'static str, Secret)> {
    vec![header("Accept", "application/json"), header("X-TIQR-Protocol-Version", VERSION)]
}

/// A call with what every one of them tells: no push address, and English, in which no answer is shown.
fn post<'log>(
    io: &mut Io<'log>,
    url: &str,
    operation: &str,
    fields: &[(&str, &str)],
) -> Run<Result<&'log HttpReply, NetworkFailure>> {
    let common = [
        ("language", "en"),
        ("notificationType", ""),
        ("notificationAddress", ""),
        ("version", VERSION),
        ("operation", operation),
    ];
    let body = http::form(&[fields, &common].concat());
    let mut headers = accept();
    headers.push(header("Content-Type", "application/x-www-form-urlencoded"));
    io.send(http::request(Method::Post, url.to_owned(), headers, Some(body)))
}

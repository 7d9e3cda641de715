//! The phone of the play: a vault of its own, and what the commands do with it.

use std::path::Path;

use countersign::approval::{
    Answer, AnswerRequest, AnswerResult, Answered, Decision, DeclineReason, Given, Outcome, Question, Request,
};
use countersign::authenticator::{Job, Scanned};
use countersign::otp::Codes;
use countersign::secret::Secret;
use countersign::vault::Summary;

use super::Surprise;
use crate::commands::{GivenClient, accounts, look, scan, store};
use crate::failure::{Failure, Own};
use crate::host::{self, Asker};
use crate::http::Sender;
use crate::session::{Place, Session};

pub struct Phone {
    session: Session,
    sender: Sender,
}

impl Phone {
    /// A phone with an empty vault.
    pub fn new(place: &Place) -> Result<Self, Failure> {
        let (session, _recovery_code) = place.create()?;
        Ok(Self { session, sender: Sender::new() })
    }

    /// Reads the code in a picture.
    pub fn scan(picture: &Path) -> Result<Scanned, Failure> {
        let scanned = scan(picture)?;
        scanned.refusal().map_or(Ok(scanned), |reason| Err(reason.into()))
    }

    /// Adds what was scanned; its origin has been trusted.
    pub fn add(&mut self, scanned: &Scanned) -> Result<Summary, Failure> {
        let (id, _) = store(&mut self.session, &self.sender, scanned, GivenClient::default(), &mut Willing)?;
        Ok(self.session.core.summary(&id, self.session.now())?.clone())
    }

    /// The codes of an account, and how many seconds the first one lasts.
    pub fn codes(&mut self, account: &Summary) -> Result<(Codes, i64), Failure> {
        let now = self.session.now();
        let codes = self.session.core.codes_of(&account.id, now)?;
        Ok((codes, codes.valid_until.since(now.wall)))
    }

    /// The one request that waits.
    pub fn request(&mut self) -> Result<(Summary, Request), Surprise> {
        let accounts = accounts(&mut self.session, None)?;
        let mut found = look(&mut self.session, &self.sender, &accounts);
        match (found.failed.pop(), found.requests.pop()) {
            (None, Some(request)) if found.requests.is_empty() => Ok(request),
            (Some((_, failure)), _) => Err(failure.into()),
            _ => Err(Surprise::NoRequest),
        }
    }

    /// Approves a request with the typed number.
    pub fn approve(&mut self, account: &str, request: &str, typed: &str) -> Result<Answered, Failure> {
        let given = Some(Given::Number(Secret::copy_of(typed.as_bytes())));
        self.answer(account, request, Decision::Approve { given })
    }

    /// Says that it was somebody else.
    pub fn decline(&mut self, account: &str, request: &str) -> Result<Answered, Failure> {
        self.answer(account, request, Decision::Decline { reason: Some(DeclineReason::NotMe) })
    }

    fn answer(&mut self, account: &str, request: &str, decision: Decision) -> Result<Answered, Failure> {
        let request = AnswerRequest { request: request.to_owned(), decision };
        let job = Job::Answer { account, request };
        match host::run(&mut self.session, &self.sender, &job, &mut Willing)? {
            Outcome::Answered(answered) => Ok(answered),
            outcome => Err(host::failure_of(&outcome)),
        }
    }
}

/// What became of a request, where it is what the play wants.
pub fn expect(answered: Answered, result: AnswerResult) -> Result<Answered, Surprise> {
    match (answered.result == result, answered.reason) {
        (true, _) => Ok(answered),
        (false, Some(reason)) => Err(Failure::from(reason).into()),
        (false, None) => Err(Failure::from(Own::Internal).into()),
    }
}

/// The person of the play, who has just said yes on the stage.
struct Willing;

impl Asker for Willing {
    fn answer(&mut self, question: &Question) -> Result<Answer, Failure> {
        Ok(match question {
            Question::Trust { .. } | Question::Presence { .. } => Answer::Confirmed(true),
            _ => Answer::None,
        })
    }
}

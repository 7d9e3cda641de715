//! Answering a request: what is the same for every system.
//!
//! It looks first. A number is read here and sent only when the server offers it; two answers that are not right
//! end the request. What was sent without a reply is looked after before it is sent again.

use std::mem;

use super::challenge::{Challenge, Demand};
use super::decision::{self, Typed};
use super::dialect::{self, Dialect, Fate};
use super::io::{Io, Run, refuse};
use super::kept::Ended;
use super::list::{List, Standing};
use super::outcome::{AnswerResult, Answered, Outcome};
use super::program::{AnswerRequest, Decision, DeclineReason, Given};
use super::step::{Answer, Question};
use crate::account::Registration;
use crate::clock::Now;
use crate::link::SignInLink;
use crate::reason::Reason;
use crate::secret::Secret;

/// Answers that may be not right before the request ends; a number that the server refuses ends it at once.
pub(crate) const TRIES: u8 = 2;
/// How often an answer is sent at most, each time after looking.
const SENDS: u32 = 3;
/// How long a person counts as being there.
const PRESENCE_MS: u64 = 60_000;

/// Answers a request that the server lists, or the one that was `scanned`.
pub(super) fn run(
    io: &mut Io<'_>,
    registration: &Registration,
    request: &AnswerRequest,
    scanned: Option<&SignInLink>,
) -> Run<Outcome> {
    if io.record().ended.is_some() {
        return refuse(Reason::RequestEnded);
    }
    let dialect = dialect::open(registration)?;
    let found = match scanned {
        Some(link) => dialect.scanned(io, link)?.map(List::of),
        None => dialect.look(io)?,
    };
    let list = match found {
        Ok(list) => list,
        Err(reason) => return refuse(reason),
    };
    let challenge = match list.find(&request.request) {
        Standing::Listed(challenge) => *challenge,
        Standing::Gone => return not_listed(io, &request.decision, None),
        Standing::NotKnown(reason) => return not_listed(io, &request.decision, Some(reason)),
    };
    // Who has said no, here, has said it, also when nobody knows whether the server heard it.
    if io.record().is_declining && matches!(request.decision, Decision::Approve { .. }) {
        return refuse(Reason::RequestEnded);
    }
    io.record().expires_at = Some(challenge.request(io.offset()).expires_at);
    let maybe_taken = io.record().unsettled.is_some();
    let mut answering = Answering { io, dialect: &*dialect, challenge, maybe_taken, not_sent: None };
    match &request.decision {
        _ if answering.is_expired() => Ok(answering.gone()),
        Decision::Decline { reason } => answering.decline(*reason),
        Decision::Approve { given } => answering.approve(given.as_ref()),
    }
}

/// The request is not in the list, as far as that could be read: what is known of it tells why.
fn not_listed(io: &mut Io<'_>, decision: &Decision, unreadable: Option<Reason>) -> Run<Outcome> {
    let (now, record) = (io.now().wall, io.record());
    let (result, reason) = match record.expires_at {
        _ if record.unsettled.is_some() => (AnswerResult::Unknown, Reason::ResultUnknown),
        // Its decline was on its way when it was interrupted.
        _ if record.is_declining && matches!(decision, Decision::Decline { .. }) => {
            (AnswerResult::Unknown, Reason::ResultUnknown)
        }
        _ if let Some(reason) = unreadable => return refuse(reason),
        Some(end) if now >= end => (AnswerResult::Expired, Reason::RequestExpired),
        // Another run of this phone is about to end it.
        _ if record.is_declining => return refuse(Reason::RequestEnded),
        Some(_) => (AnswerResult::AnsweredElsewhere, Reason::AnsweredElsewhere),
        None => return refuse(Reason::RequestNotFound),
    };
    Ok(answered(record.request.clone(), result, Some(reason)))
}

fn answered(request: String, result: AnswerResult, reason: Option<Reason>) -> Outcome {
    Outcome::Answered(Answered {
        request,
        result,
        reason,
        tries_left: None,
        before_block: None,
        display_code: None,
    })
}

/// What came of one answer.
enum Tried {
    /// The end.
    Ended(Outcome),
    /// It was not right, and another one may be given.
    Missed(Reason),
}

/// One request on its way.
struct Answering<'a, 'log> {
    io: &'a mut Io<'log>,
    dialect: &'a dyn Dialect,
    challenge: Challenge,
    /// An answer may have been taken, of this flow or of one before.
    maybe_taken: bool,
    /// Why the last answer did not reach the server.
    not_sent: Option<Reason>,
}

impl Answering<'_, '_> {
    fn approve(&mut self, given: Option<&Given>) -> Run<Outcome> {
        if let Demand::Unusable(reason) = self.challenge.demand {
            return refuse(reason);
        }
        if self.challenge.demand == Demand::None {
            if given.is_some() {
                return refuse(Reason::AnswerKindDiffers);
            }
            return Ok(self.send_approval(None)?.unwrap_or_else(|| self.ended_unknown()));
        }
        if matches!(
            (given, &self.challenge.demand),
            (Some(Given::Number(_)), Demand::Text(_) | Demand::Choice(_))
        ) {
            return refuse(Reason::AnswerKindDiffers);
        }
        match given {
            Some(Given::Number(typed) | Given::Any(typed)) => Ok(match self.try_answer(typed)? {
                Tried::Ended(outcome) => outcome,
                Tried::Missed(reason) => self.wrong_answer(reason),
            }),
            None => self.ask_until_ended(),
        }
    }

    /// Asks until an answer ends the request, or nobody answers.
    fn ask_until_ended(&mut self) -> Run<Outcome> {
        let mut missed = false;
        loop {
            let typed = self.ask(missed)?;
            if let Tried::Ended(outcome) = self.try_answer(&typed)? {
                return Ok(outcome);
            }
            missed = true;
        }
    }

    /// One answer: read, and sent where the server offers it.
    fn try_answer(&mut self, typed: &Secret) -> Run<Tried> {
        // EXPOSE: the answer is compared with what is offered.
        let answer = match decision::read(&self.challenge.demand, typed.expose_str().unwrap_or_default()) {
            Typed::Answer(answer) => answer,
            Typed::LengthDiffers => return Ok(Tried::Missed(Reason::PinLengthDiffers)),
            Typed::Unusable => return Ok(Tried::Missed(Reason::NumberNotOffered)),
            Typed::NotOffered if self.use_try() > 0 => return Ok(Tried::Missed(Reason::NumberNotOffered)),
            Typed::NotOffered => return self.decline_for(Reason::WrongNumber).map(Tried::Ended),
        };
        if self.is_one_too_many(&answer) {
            return self.decline_for(Reason::WrongNumber).map(Tried::Ended);
        }
        Ok(match self.send_approval(Some(&answer))? {
            Some(outcome) => Tried::Ended(outcome),
            None => Tried::Missed(Reason::WrongPin),
        })
    }

    /// Whether another answer than this one was sent before, and may have been refused, so that this would be one
    /// more than there are tries.
    fn is_one_too_many(&mut self, answer: &str) -> bool {
        let is_pin = matches!(self.challenge.demand, Demand::Pin { .. });
        let record = self.io.record();
        let differs =
            record.unsettled.as_ref().is_some_and(|sent| *sent != Secret::copy_of(answer.as_bytes()));
        if differs && is_pin {
            // The one before counts as a try that was not right; this is the correction.
            record.tries_used = record.tries_used.saturating_add(1);
            return record.tries_used >= TRIES;
        }
        differs
    }

    /// Sends the approval until it is known what became of it. `None`: the PIN was not right and may be corrected.
    fn send_approval(&mut self, answer: Option<&str>) -> Run<Option<Outcome>> {
        let mut confirmed_at = None;
        for _ in 0..SENDS {
            self.confirm_presence(&mut confirmed_at)?;
            if self.is_over()? {
                return Ok(Some(self.gone()));
            }
            self.io.record().unsettled = Some(Secret::copy_of(answer.unwrap_or_default().as_bytes()));
            let fate = self.dialect.approve(self.io, &self.challenge, answer)?;
            if !self.maybe_taken && !matches!(fate, Fate::Lost) {
                self.io.record().unsettled = None;
            }
            match fate {
                Fate::Done { display_code } => {
                    self.io.record().ended = Some(Ended::Approved);
                    return Ok(Some(Outcome::Answered(Answered {
                        request: self.challenge.id.clone(),
                        result: AnswerResult::Approved,
                        reason: None,
                        tries_left: None,
                        before_block: None,
                        display_code,
                    })));
                }
                Fate::WrongAnswer => return self.refused_answer(),
                Fate::WrongSecret { before_block } => return Ok(Some(self.wrong_secret(before_block))),
                fate => {
                    if let Some(outcome) = self.settle(fate)? {
                        return Ok(Some(outcome));
                    }
                }
            }
        }
        Ok(Some(self.given_up()))
    }

    /// The server refused the answer: a number ends the request, a PIN may be corrected once.
    fn refused_answer(&mut self) -> Run<Option<Outcome>> {
        self.maybe_taken = false;
        self.io.record().unsettled = None;
        if self.use_try() > 0 && matches!(self.challenge.demand, Demand::Pin { .. }) {
            return Ok(None);
        }
        self.decline_for(Reason::WrongNumber).map(Some)
    }

    /// The server refused what this phone's secret makes. Every answer is made by it: none before was taken either.
    fn wrong_secret(&mut self, before_block: Option<u8>) -> Outcome {
        self.io.record().unsettled = None;
        let reason = if before_block == Some(0) { Reason::AccountBlocked } else { Reason::ResponseRefused };
        Outcome::Answered(Answered {
            request: self.challenge.id.clone(),
            result: AnswerResult::WrongAnswer,
            reason: Some(reason),
            tries_left: None,
            before_block,
            display_code: None,
        })
    }

    fn decline(&mut self, reason: Option<DeclineReason>) -> Run<Outcome> {
        for _ in 0..SENDS {
            if self.is_over()? {
                return Ok(self.gone());
            }
            let before = mem::replace(&mut self.io.record().is_declining, true);
            let fate = self.dialect.decline(self.io, &self.challenge, reason)?;
            if !self.maybe_taken && !matches!(fate, Fate::Lost) {
                // Nothing of it stays at the server; a decline of an earlier flow may.
                self.io.record().is_declining = before;
            }
            match fate {
                Fate::Done { .. } => return Ok(self.declined(None)),
                Fate::Untold => return Ok(self.declined(Some(Reason::NoDecline))),
                fate => {
                    if let Some(outcome) = self.settle(fate)? {
                        return Ok(outcome);
                    }
                }
            }
        }
        Ok(self.given_up())
    }

    /// Who has said no, here, has said it, also where no server is told: but then an answer of before may have been taken.
    fn declined(&mut self, untold: Option<Reason>) -> Outcome {
        self.io.record().ended = Some(Ended::Declined { reason: None });
        if untold.is_some() && self.maybe_taken {
            return self.ended_unknown();
        }
        answered(self.challenge.id.clone(), AnswerResult::Declined, untold)
    }

    /// Ends the request after answers that were not right, whether or not the server can be told.
    fn decline_for(&mut self, reason: Reason) -> Run<Outcome> {
        self.io.record().ended = Some(Ended::Declined { reason: Some(reason) });
        let mut told = false;
        for _ in 0..SENDS {
            match self.dialect.decline(self.io, &self.challenge, None)? {
                Fate::Done { .. } | Fate::Gone => told = true,
                Fate::NotSent(_) => self.io.wait(1_000)?,
                Fate::Lost => match self.standing()? {
                    Standing::Listed(_) => {}
                    Standing::Gone => told = true,
                    Standing::NotKnown(_) => break,
                },
                Fate::Refused(_) | Fate::WrongAnswer | Fate::WrongSecret { .. } | Fate::Untold => break,
            }
            if told {
                break;
            }
        }
        let reason = if told { reason } else { Reason::DeclineNotSent };
        Ok(self.wrong_answer(reason))
    }

    /// What to do after anything but a plain yes: `None` to send again.
    fn settle(&mut self, fate: Fate) -> Run<Option<Outcome>> {
        match fate {
            Fate::Gone => {
                self.io.record().ended = Some(Ended::Gone);
                return Ok(Some(self.ended_meanwhile()));
            }
            Fate::NotSent(reason) => {
                self.not_sent = Some(reason);
                self.io.wait(1_000)?;
                return Ok(None);
            }
            Fate::Refused(reason) if !self.maybe_taken => return refuse(reason),
            Fate::Refused(_)
            | Fate::Done { .. }
            | Fate::WrongAnswer
            | Fate::WrongSecret { .. }
            | Fate::Untold => {}
            Fate::Lost => {
                self.maybe_taken = true;
                match self.standing()? {
                    Standing::Listed(_) => return Ok(None),
                    Standing::Gone => return Ok(Some(self.gone())),
                    Standing::NotKnown(_) => {}
                }
            }
        }
        Ok(Some(self.ended_unknown()))
    }

    /// The end when sending did not help.
    fn given_up(&self) -> Outcome {
        match self.not_sent {
            Some(reason) if !self.maybe_taken => Outcome::Refused(reason),
            _ => self.ended_unknown(),
        }
    }

    fn ask(&mut self, missed: bool) -> Run<Secret> {
        let request = self.challenge.request(self.io.offset());
        let tries_left = TRIES.saturating_sub(self.io.record().tries_used);
        match self.io.ask(Question::Answer { request, tries_left, missed })? {
            Answer::Typed(typed) => Ok(typed.clone()),
            _ => refuse(Reason::AnswerNeeded),
        }
    }

    /// Asks whether it is the right person, unless that was done a moment ago.
    fn confirm_presence(&mut self, confirmed_at: &mut Option<Now>) -> Run<()> {
        let passed_ms = confirmed_at.and_then(|at| self.io.now().ms_since(at));
        if passed_ms.is_some_and(|ms| ms <= PRESENCE_MS) {
            return Ok(());
        }
        let request = self.challenge.request(self.io.offset());
        match self.io.ask(Question::Presence { request })? {
            Answer::Confirmed(true) => {
                *confirmed_at = Some(self.io.now());
                Ok(())
            }
            _ => refuse(Reason::PresenceRefused),
        }
    }

    fn use_try(&mut self) -> u8 {
        let record = self.io.record();
        record.tries_used = record.tries_used.saturating_add(1);
        TRIES.saturating_sub(record.tries_used)
    }

    /// Whether nobody can answer it any more. Where the server tells no time its list knows, and where that can't be read
    /// the server says it to the answer.
    fn is_over(&mut self) -> Run<bool> {
        if !self.is_expired() || self.challenge.seen_at.is_none() {
            return Ok(self.is_expired());
        }
        match self.standing()? {
            Standing::Listed(listed) => {
                self.challenge.expires_at = listed.expires_at;
                self.io.record().expires_at = Some(self.challenge.request(self.io.offset()).expires_at);
                Ok(false)
            }
            Standing::Gone => Ok(true),
            Standing::NotKnown(_) => Ok(false),
        }
    }

    fn standing(&mut self) -> Run<Standing> {
        self.dialect.standing(self.io, &self.challenge)
    }

    fn is_expired(&self) -> bool {
        self.io.server_time() >= self.challenge.expires_at
    }

    fn wrong_answer(&mut self, reason: Reason) -> Outcome {
        let record = self.io.record();
        let tries_left = if record.ended.is_some() { 0 } else { TRIES.saturating_sub(record.tries_used) };
        Outcome::Answered(Answered {
            request: self.challenge.id.clone(),
            result: AnswerResult::WrongAnswer,
            reason: Some(reason),
            tries_left: Some(tries_left),
            before_block: None,
            display_code: None,
        })
    }

    /// The request is no longer open. After an answer that may have been taken, it can't be known by what.
    fn gone(&self) -> Outcome {
        let expired = self.is_expired();
        let (result, reason) = match (self.maybe_taken, expired) {
            (true, _) => (AnswerResult::Unknown, Reason::ResultUnknown),
            (false, true) => (AnswerResult::Expired, Reason::RequestExpired),
            (false, false) => (AnswerResult::AnsweredElsewhere, Reason::AnsweredElsewhere),
        };
        answered(self.challenge.id.clone(), result, Some(reason))
    }

    /// It waited a moment ago and does not now. That may be this very answer, delivered twice by the network.
    fn ended_meanwhile(&self) -> Outcome {
        if self.maybe_taken || self.is_expired() {
            return self.gone();
        }
        answered(self.challenge.id.clone(), AnswerResult::Unknown, Some(Reason::EndedMeanwhile))
    }

    fn ended_unknown(&self) -> Outcome {
        answered(self.challenge.id.clone(), AnswerResult::Unknown, Some(Reason::ResultUnknown))
    }
}

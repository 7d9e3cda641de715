use countersign::approval::{
    Answer, AnswerRequest, AnswerResult, Answered, Decision, DeclineReason, Given, Outcome, Question,
};
use countersign::authenticator::Job;
use countersign::reason::Reason;
use countersign::secret::Secret;
use serde_json::{Value, json};

use super::requests::{accounts, look};
use super::{DeclineWord, list::title_of};
use crate::args::{Approve, Decline};
use crate::ask;
use crate::failure::{Failure, Own};
use crate::host::{self, Asker};
use crate::http::Sender;
use crate::output::Console;
use crate::session::{Place, Session};
use crate::words;

/// Approves a sign-in with the typed answer.
pub fn approve(place: &Place, args: &Approve) -> Result<(), Failure> {
    let given = match (&args.number, &args.answer) {
        (Some(number), _) => Some(Given::Number(Secret::copy_of(number.as_bytes()))),
        (None, Some(answer)) => Some(Given::Any(Secret::copy_of(answer.as_bytes()))),
        (None, None) => None,
    };
    answer(place, &args.request, Decision::Approve { given })
}

/// Refuses a sign-in.
pub fn decline(place: &Place, args: &Decline) -> Result<(), Failure> {
    let reason = args.reason.map(|reason| match reason {
        DeclineWord::Unknown => DeclineReason::NotMe,
        DeclineWord::Cancelled => DeclineReason::Cancelled,
    });
    answer(place, &args.request, Decision::Decline { reason })
}

fn answer(place: &Place, request: &str, decision: Decision) -> Result<(), Failure> {
    // A script finds the fields of an answer in each failure too.
    answered(place, request, decision).map_err(|failure| {
        ["result", "tries_left", "code"]
            .iter()
            .fold(failure.or_with("request", request), |failure, field| failure.or_with(field, Value::Null))
    })
}

fn answered(place: &Place, request: &str, decision: Decision) -> Result<(), Failure> {
    let (mut session, sender) = host::online(place)?;
    let account = account_of(&mut session, &sender, request)?;
    let console = session.console;
    let request = AnswerRequest { request: request.to_owned(), decision };
    let job = Job::Answer { account: &account, request };
    match host::run(&mut session, &sender, &job, &mut Person { console })? {
        Outcome::Answered(answered) => tell(console, &answered),
        outcome => Err(ended(&outcome)),
    }
}

/// An answer that was not taken any more.
fn ended(outcome: &Outcome) -> Failure {
    let result = match host::reason_of(outcome) {
        Reason::RequestExpired => Some(AnswerResult::Expired),
        Reason::AnsweredElsewhere => Some(AnswerResult::AnsweredElsewhere),
        _ if matches!(outcome, Outcome::Unknown(_)) => Some(AnswerResult::Unknown),
        _ => None,
    };
    host::failure_of(outcome).with("result", result.map(result_name))
}

/// The account that a request belongs to: as seen last, else by looking at all.
fn account_of(session: &mut Session, sender: &Sender, request: &str) -> Result<String, Failure> {
    let seen = session.core.last_seen(session.now())?;
    if let Some((account, _)) = seen.into_iter().find(|(_, seen)| seen.id == request) {
        return Ok(account);
    }
    let accounts = accounts(session, None)?;
    for account in &accounts {
        if session.core.record(&account.id, request, session.now())?.is_some() {
            return Ok(account.id.clone());
        }
    }
    let found = look(session, sender, &accounts)?;
    if let Some((account, _)) = found.requests.into_iter().find(|(_, seen)| seen.id == request) {
        return Ok(account.id);
    }
    Err(found
        .failed
        .into_iter()
        .next()
        .map_or_else(|| Reason::RequestNotFound.into(), |(_, failure)| failure))
}

fn tell(console: Console, answered: &Answered) -> Result<(), Failure> {
    let object = json!({
        "request": answered.request,
        "result": result_name(answered.result),
        "reason": answered.reason.map(Reason::name),
        "tries_left": answered.tries_left,
        "code": answered.display_code,
    });
    let done = match answered.result {
        AnswerResult::Approved => true,
        AnswerResult::Declined => answered.reason.is_none(),
        _ => false,
    };
    if done {
        let language = console.language;
        let words = match (answered.result, &answered.display_code) {
            (AnswerResult::Approved, Some(code)) => words::approved_with_code(language, code),
            (AnswerResult::Approved, None) => words::approved(language),
            _ => words::declined(language),
        };
        console.result(&object, &words);
        return Ok(());
    }
    let reason = answered.reason.unwrap_or(match answered.result {
        AnswerResult::Expired => Reason::RequestExpired,
        AnswerResult::AnsweredElsewhere => Reason::AnsweredElsewhere,
        AnswerResult::WrongAnswer => Reason::WrongNumber,
        _ => Reason::ResultUnknown,
    });
    let mut failure = Failure::from(reason);
    if answered.result == AnswerResult::Unknown {
        failure = failure.with_result_unknown();
    }
    if let Value::Object(fields) = object {
        for (field, value) in fields.into_iter().filter(|(field, _)| field != "reason") {
            failure = failure.with(&field, value);
        }
    }
    Err(failure)
}

const fn result_name(result: AnswerResult) -> &'static str {
    match result {
        AnswerResult::Approved => "approved",
        AnswerResult::Declined => "declined",
        AnswerResult::Expired => "expired",
        AnswerResult::AnsweredElsewhere => "answered_elsewhere",
        AnswerResult::WrongAnswer => "wrong_answer",
        AnswerResult::Unknown => "unknown",
    }
}

/// The person at the terminal. Whoever unlocked the vault for this very command has just shown who they are.
struct Person {
    console: Console,
}

impl Asker for Person {
    fn answer(&mut self, question: &Question) -> Result<Answer, Failure> {
        let console = self.console;
        match question {
            Question::Presence { .. } => Ok(Answer::Confirmed(true)),
            Question::Answer { .. } if !console.can_ask() => Err(Own::AnswerNeeded.into()),
            Question::Answer { request, tries_left, missed } => {
                if *missed {
                    console.note(&words::missed(console.language, tries_left));
                }
                let title = title_of(&request.application, &request.account);
                let typed = ask::line(console, &words::number_question(console.language, &title))?;
                Ok(Answer::Typed(Secret::from(typed)))
            }
            _ => Ok(Answer::None),
        }
    }
}

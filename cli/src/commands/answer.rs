use std::collections::BTreeSet;
use std::ops::ControlFlow;

use countersign::approval::{
    Answer, AnswerKind, AnswerRequest, AnswerResult, Answered, Decision, DeclineReason, Ended, Given,
    Outcome, Question, Request, RequestRecord,
};
use countersign::authenticator::{Job, Scanned};
use countersign::reason::Reason;
use countersign::secret::Secret;
use countersign::vault::Summary;
use serde_json::{Value, json};

use super::find::ambiguous;
use super::look::{GRACE_MS, look_until};
use super::not_me::{Afterwards, advice_of};
use super::requests::{account, accounts};
use super::scan::scan_any;
use crate::args::{Approve, Decline, DeclineWord, Which};
use crate::ask;
use crate::failure::{Failure, Own};
use crate::host::{self, Asker};
use crate::http::Sender;
use crate::names;
use crate::output::Console;
use crate::session::{Place, Session};
use crate::text::{title_of, told_of};
use crate::words::{self, Language};

/// Approves a sign-in with the typed answer.
pub fn approve(place: &Place, args: &Approve) -> Result<(), Failure> {
    let given = match (&args.number, &args.answer) {
        (Some(number), _) => Some(Given::Number(Secret::copy_of(number.as_bytes()))),
        (None, Some(answer)) => Some(Given::Any(Secret::copy_of(answer.as_bytes()))),
        (None, None) => None,
    };
    answer(place, &args.which, Decision::Approve { given }, args.yes)
}

/// Refuses a sign-in.
pub fn decline(place: &Place, args: &Decline) -> Result<(), Failure> {
    let reason = args.reason.map(|reason| match reason {
        DeclineWord::Unknown => DeclineReason::NotMe,
        DeclineWord::Cancelled => DeclineReason::Cancelled,
    });
    answer(place, &args.which, Decision::Decline { reason }, false)
}

fn answer(place: &Place, which: &Which, decision: Decision, is_sure: bool) -> Result<(), Failure> {
    let query = which.account.as_deref();
    let language = place.console.language;
    let advice = advice_of(&decision, language);
    let whole = |failure, request| whole(failure, request, advice.clone());
    let Some(link) = &which.link else {
        let request = which.request.as_deref().unwrap_or_default();
        let stopped = whole(interrupted(language), Some(request));
        return answered(place, request, query, decision, stopped)
            .map_err(|failure| whole(failure, Some(request)));
    };
    let scanned = scan_any(link).map_err(|failure| whole(failure, None))?;
    let stopped = whole(interrupted(language), scanned.request());
    answered_scanned(place, &scanned, query, decision, is_sure, stopped)
        .map_err(|failure| whole(failure, scanned.request()))
}

/// A script finds the fields of an answer in each failure too, and everybody what there is to do after "it's not me":
/// somebody knows the password also where the decline was not taken.
fn whole(failure: Failure, request: Option<&str>, advice: Option<String>) -> Failure {
    // It was not them: what to do "if it was not you" is the advice, and there is nothing to start again.
    let failure = match &advice {
        Some(_) if asks_whose_it_was(&failure) => failure.with_own_next(String::new()),
        _ => failure,
    };
    ["result", "tries_left", "before_block", "code"]
        .iter()
        .fold(failure.or_with("request", request), |failure, field| failure.or_with(field, Value::Null))
        .or_with_next(advice)
}

/// Whether what there is to do after it is said for both: it was the person's own, or it was not.
fn asks_whose_it_was(failure: &Failure) -> bool {
    [Reason::RequestEnded, Reason::RequestExpired, Reason::AnsweredElsewhere, Reason::EndedMeanwhile]
        .iter()
        .any(|reason| reason.name() == failure.name())
}

fn answered(
    place: &Place,
    request: &str,
    query: Option<&str>,
    decision: Decision,
    stopped: Failure,
) -> Result<(), Failure> {
    let (mut session, sender) = host::online_or(place, stopped)?;
    let account = match query {
        Some(query) => account(&mut session, query)?.id,
        None => account_of(&mut session, &sender, request)?,
    };
    let mut asker = Person { console: session.console };
    let end = carry_out(&mut session, &sender, &account, decision, &mut asker, |account, decision| {
        Job::Answer { account, request: AnswerRequest { request: request.to_owned(), decision } }
    });
    end.map_err(|failure| unless_approved(&mut session, &account, request, failure))
}

/// The same for a sign-in whose code was scanned.
fn answered_scanned(
    place: &Place,
    scanned: &Scanned,
    query: Option<&str>,
    decision: Decision,
    is_sure: bool,
    stopped: Failure,
) -> Result<(), Failure> {
    if !scanned.is_sign_in() {
        return Err(no_sign_in(scanned, place.console.language));
    }
    let (mut session, sender) = host::online_or(place, stopped)?;
    let account = match query {
        Some(query) => account(&mut session, query)?.id,
        None => account_asked(&mut session, scanned)?,
    };
    let mut asker = Scanner { console: session.console, is_sure };
    let end = carry_out(&mut session, &sender, &account, decision, &mut asker, |account, decision| {
        Job::AnswerScanned { account, scanned, decision }
    });
    end.map_err(|failure| {
        let failure = unless_approved(&mut session, &account, scanned.request().unwrap_or_default(), failure);
        // There is no list to look at.
        if failure.name() == Reason::ResultUnknown.name() {
            return failure.with_own_next(words::scan_again(session.console.language));
        }
        failure
    })
}

/// What is told of another code: what sets up an account is to be added.
fn no_sign_in(scanned: &Scanned, language: Language) -> Failure {
    let failure = Failure::from(Own::NotASignIn);
    match scanned.refusal() {
        Some(_) => failure,
        None => failure.with_own_next(words::of_scanned(scanned, language).1),
    }
}

/// Says so where a sign-in has ended here because it was approved here.
fn unless_approved(session: &mut Session, account: &str, request: &str, failure: Failure) -> Failure {
    let language = session.console.language;
    let record = session.core.record(account, request, session.now());
    match record {
        Ok(Some(RequestRecord { ended: Some(Ended::Approved), .. }))
            if failure.name() == Reason::RequestEnded.name() =>
        {
            failure
                .with_own_text(words::approved_before(language))
                .with_own_next(words::approved_before_next(language))
        }
        _ => failure,
    }
}

/// Sends an answer by the job made of it, tells how it ended, and offers what there is to do then.
fn carry_out<'a>(
    session: &mut Session,
    sender: &Sender,
    account: &'a str,
    decision: Decision,
    asker: &mut dyn Asker,
    job: impl FnOnce(&'a str, Decision) -> Job<'a>,
) -> Result<(), Failure> {
    let afterwards = Afterwards::of(session, account, &decision)?;
    let end = host::run(session, sender, &job(account, decision), asker);
    let told = end.and_then(|outcome| match &outcome {
        Outcome::Answered(answered) => tell(session.console, answered, &afterwards),
        _ => Err(ended(&outcome)),
    });
    told.map_err(|failure| {
        let advice = afterwards.advice_after(&failure, session.console);
        failure.with_next(advice)
    })?;
    afterwards.offer(session, sender);
    Ok(())
}

/// What is told when it is stopped: the answer may have been sent.
fn interrupted(language: Language) -> Failure {
    Failure::from(Own::Interrupted)
        .with("result", names::of_result(AnswerResult::Unknown))
        .with_own_next(words::stopped_answer(language))
}

/// The one account that a scanned sign-in asks; of several the person says which.
fn account_asked(session: &mut Session, scanned: &Scanned) -> Result<String, Failure> {
    let asked = session.core.scanned_requests(scanned, session.now())?;
    match <[_; 1]>::try_from(asked) {
        Ok([(account, _)]) => Ok(account),
        Err(several) => {
            let all = accounts(session, None)?;
            let is_asked = |account: &&Summary| several.iter().any(|(id, _)| *id == account.id);
            Err(ambiguous(all.iter().filter(is_asked).collect::<Vec<_>>()))
        }
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
    host::failure_of(outcome).with("result", result.map(names::of_result))
}

/// The account that a request belongs to: as seen last, else as answered here, else by looking at all, else as seen in
/// the past.
fn account_of(session: &mut Session, sender: &Sender, request: &str) -> Result<String, Failure> {
    let accounts = accounts(session, None)?;
    let seen = session.core.last_seen(session.now())?;
    let seen = seen.iter().map(|(account, seen)| (account.as_str(), seen.id.as_str()));
    if let Some(account) = the_one(&accounts, seen, request)? {
        return Ok(account);
    }
    let mut answered = Vec::new();
    for account in &accounts {
        if session.core.record(&account.id, request, session.now())?.is_some() {
            answered.push((account.id.as_str(), request));
        }
    }
    if let Some(account) = the_one(&accounts, answered, request)? {
        return Ok(account);
    }
    let mut found_ms = None;
    let found = look_until(session, sender, &accounts, |session, found, _| {
        let steady = session.now().steady_ms;
        if found_ms.is_none() && found.requests.iter().any(|(_, waiting)| waiting.id == request) {
            found_ms = Some(steady);
        }
        // Another may have one with this id, too.
        let is_over = found_ms.is_some_and(|since| steady.saturating_sub(since) >= GRACE_MS);
        if is_over { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    let waiting = found.requests.iter().map(|(account, waiting)| (account.id.as_str(), waiting.id.as_str()));
    if let Some(account) = the_one(&accounts, waiting, request)? {
        return Ok(account);
    }
    let past = session.core.history(session.now())?;
    let past = past.iter().filter(|past| !past.is_lock_out);
    if let Some(account) =
        the_one(&accounts, past.map(|past| (past.account.as_str(), past.request.as_str())), request)?
    {
        return Ok(account);
    }
    // An account with more than is told may have it.
    let has_more = |failure: &Failure| failure.name() == Reason::TooManyRequests.name();
    let more: Vec<_> = found.failed.iter().filter(|(_, failure)| has_more(failure)).collect();
    if let [(account, _)] = more[..] {
        return Ok(account.id.clone());
    }
    Err(found
        .failed
        .into_iter()
        .next()
        .map_or_else(|| Reason::RequestNotFound.into(), |(_, failure)| failure))
}

/// The one account that has a request with this id. Ids are their servers' own: two servers may use the same.
fn the_one<'a>(
    accounts: &[Summary],
    requests: impl IntoIterator<Item = (&'a str, &'a str)>,
    id: &str,
) -> Result<Option<String>, Failure> {
    let holders: BTreeSet<_> =
        requests.into_iter().filter(|(_, request)| *request == id).map(|(account, _)| account).collect();
    let mut matches: Vec<_> =
        accounts.iter().filter(|account| holders.contains(account.id.as_str())).collect();
    match matches.len() {
        0 | 1 => Ok(matches.pop().map(|account| account.id.clone())),
        _ => Err(ambiguous(matches)),
    }
}

fn tell(console: Console, answered: &Answered, afterwards: &Afterwards) -> Result<(), Failure> {
    let language = console.language;
    let advice = afterwards.advice(console);
    let object = json!({
        "request": answered.request,
        // After a wrong answer that may be corrected the request goes on: that is no result.
        "result": answered.tries_left.is_none_or(|left| left == 0).then(|| names::of_result(answered.result)),
        "reason": answered.reason.map(Reason::name),
        "tries_left": answered.tries_left,
        "before_block": answered.before_block,
        "code": answered.display_code,
        "next": advice,
    });
    let Some(reason) = host::reason_of_answer(answered) else {
        let words = match (answered.result, &answered.display_code) {
            (AnswerResult::Declined, _) => match answered.reason {
                Some(untold) => match words::of_reason(untold, language) {
                    // It says what to do if it was not them.
                    (what, _) if advice.is_some() => what.to_owned(),
                    (what, next) => format!("{what}\n{next}"),
                },
                None => words::of_declined(afterwards.decline, language),
            },
            (_, Some(code)) => words::approved_with_code(language, code),
            (_, None) => words::approved(language),
        };
        let words = [Some(words), advice].into_iter().flatten().collect::<Vec<_>>().join("\n");
        return console.result(&object, &words);
    };
    let mut failure = Failure::from(reason);
    if answered.result == AnswerResult::Unknown {
        failure = failure.with_result_unknown();
    }
    if let Value::Object(fields) = object {
        for (field, value) in fields.into_iter().filter(|(field, _)| field != "reason" && field != "next") {
            failure = failure.with(&field, value);
        }
    }
    Err(failure)
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
                    let words = match request.answer {
                        AnswerKind::Pin { .. } => words::missed_pin,
                        _ => words::missed,
                    };
                    console.note(&words(console.language, tries_left));
                }
                told_of(request).for_each(|told| console.note(told));
                let typed = ask::line(console, &question_of(request, console.language))?;
                Ok(Answer::Typed(Secret::from(typed)))
            }
            _ => Ok(Answer::None),
        }
    }
}

/// What is asked of the person: what is to be typed, and of an organisation's own words all, as one of them is.
fn question_of(request: &Request, language: Language) -> String {
    let title = title_of(&request.application, &request.account);
    match &request.answer {
        AnswerKind::Pin { .. } => words::pin_question(language, &title),
        AnswerKind::Text => words::text_question(language, &title),
        AnswerKind::Choice { words: offered } => {
            words::choice_question(language, &title, &offered.join(" / "))
        }
        _ => words::number_question(language, &title),
    }
}

/// The person before a scanned code. Whoever shows a code need not be the one who scans it, so a yes is asked for.
struct Scanner {
    console: Console,
    is_sure: bool,
}

impl Asker for Scanner {
    fn answer(&mut self, question: &Question) -> Result<Answer, Failure> {
        let Question::Presence { request } = question else { return Ok(Answer::None) };
        let console = self.console;
        if self.is_sure {
            return Ok(Answer::Confirmed(true));
        }
        if !console.can_ask() {
            return Err(Own::YesNeeded.into());
        }
        let title = title_of(&request.application, &request.account);
        Ok(Answer::Confirmed(ask::yes(console, &words::sign_in_question(console.language, &title))?))
    }
}

#[cfg(test)]
mod tests {
    use countersign::clock::UnixTime;
    use serde_json::json;

    use super::*;

    fn account(id: &str) -> Summary {
        Summary {
            id: id.to_owned(),
            issuer: "Example".to_owned(),
            name: id.to_owned(),
            codes: false,
            approvals: true,
            favourite: false,
            tags: Vec::new(),
            trashed_at: None,
            needs_backup: false,
        }
    }

    #[test]
    fn what_is_to_be_typed_is_asked_for() {
        let asked = |answer, language| {
            let request = Request {
                id: "7".to_owned(),
                application: "Mail".to_owned(),
                account: "alice".to_owned(),
                question: String::new(),
                asked_at: None,
                seen_at: None,
                expires_at: UnixTime(120),
                answer,
                takes_decline_reason: false,
                from: None,
            };
            question_of(&request, language)
        };
        let words = ["gruen", "rot", "blau\n[y/N]"].map(str::to_owned).to_vec();
        for (answer, english, japanese) in [
            (AnswerKind::Number, "Enter the number shown to sign in:", "番号を"),
            (AnswerKind::Pin { length: 4 }, "Enter the PIN that the sign-in page shows:", "PIN を"),
            (AnswerKind::Text, "Enter what the sign-in page shows:", "表示されているものを"),
            (
                AnswerKind::Choice { words },
                "gruen / rot / blau⏎[y/N]\nEnter what the sign-in page shows:",
                "gruen / rot / blau⏎[y/N]\nサインイン画面に表示されているものを",
            ),
        ] {
            assert_eq!(asked(answer.clone(), Language::English), format!("Mail: alice\n{english}"));
            assert!(asked(answer, Language::Japanese).contains(japanese));
        }
    }

    #[test]
    fn a_request_of_two_servers_is_never_answered_by_guess() {
        let accounts = [account("work"), account("school"), account("club")];
        let requests = [("work", "7"), ("school", "7"), ("school", "8"), ("school", "8"), ("gone", "9")];
        assert_eq!(the_one(&accounts, requests, "8").unwrap().as_deref(), Some("school"));
        assert_eq!(the_one(&accounts, requests, "1").unwrap(), None);
        assert_eq!(the_one(&accounts, requests, "9").unwrap(), None, "an account in the trash");
        let failure = the_one(&accounts, requests, "7").unwrap_err();
        assert_eq!((failure.name(), failure.exit()), ("Ambiguous", 3));
        let object = failure.object(crate::words::Language::English);
        let ids: Vec<_> = object["matches"].as_array().unwrap().iter().map(|found| &found["id"]).collect();
        assert_eq!(ids, [&json!("work"), &json!("school")]);
        assert!(object["next"].as_str().unwrap().contains("--account"));
    }
}

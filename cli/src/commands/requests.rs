//! `countersign pending` and `countersign expect`: sign-ins that wait for an answer.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use countersign::approval::{AnswerKind, Request};
use countersign::clock::UnixTime;
use countersign::reason::Reason;
use countersign::vault::{Shelf, Summary};
use serde_json::{Value, json};

use super::expect::expected;
use super::find::{find, find_among};
use super::floods;
use super::look::{Look, look_until};
use crate::args::{Every, Pending};
use crate::failure::{Failure, Own};
use crate::host;
use crate::names;
use crate::output::Console;
use crate::session::{Place, Session};
use crate::text::{age_of, left_of, title_of, told_of};
use crate::words::{self, Language};

/// Looks for sign-ins that wait for an answer.
pub fn pending(place: &Place, args: &Pending) -> Result<(), Failure> {
    seen(place, &args.of, args.expect)
}

/// Looks until one comes.
pub fn expect(place: &Place, args: &Every) -> Result<(), Failure> {
    seen(place, args, true)
}

fn seen(place: &Place, of: &Every, is_expected: bool) -> Result<(), Failure> {
    let (mut session, sender) = host::looking(place)?;
    let accounts = accounts(&mut session, of.query.as_deref())?;
    let mut shown = BTreeSet::new();
    let mut found = if is_expected {
        expected(&mut session, &sender, &accounts)?
    } else {
        look_until(&mut session, &sender, &accounts, |session, found, has_waited| {
            if has_waited && session.console.is_live() {
                show(session, found, &mut shown);
            }
            ControlFlow::Continue(())
        })
    };
    found.sort();
    // One that had no name has that of its request now.
    for (account, _) in &mut found.requests {
        if let Ok(named) = session.core.summary(&account.id, session.now()) {
            account.clone_from(named);
        }
    }
    let floods = floods::of(&mut session, &accounts)?;
    // Nothing could be looked at: that is no empty list.
    if accounts.len() == 1
        && let Some((_, failure)) = found.unseen().next()
        && found.requests.is_empty()
    {
        return Err(failure
            .with("requests", json!([]))
            .with("failed", failed_of(&found))
            .with("floods", floods::objects(&floods)));
    }
    let console = session.console;
    for flood in &floods {
        console.note(&floods::words(flood, console.language));
    }
    let mut object = object_of(&found);
    object["floods"] = floods::objects(&floods);
    found.requests.retain(|(account, request)| !shown.contains(&(account.id.clone(), request.id.clone())));
    let words = words_of(&found, session.now().wall, console);
    // Nothing is left to say where all that waits has been shown.
    let words = words.or_else(|| shown.is_empty().then(|| words::nothing_waits(console.language)));
    console.result(&object, &words.unwrap_or_default())
}

/// Shows the requests that have come, to a person who has waited for others a while; each once.
fn show(session: &Session, found: &Look, shown: &mut BTreeSet<(String, String)>) {
    let new =
        |(account, request): &&(Summary, Request)| !shown.contains(&(account.id.clone(), request.id.clone()));
    let mut new = Look { requests: found.requests.iter().filter(new).cloned().collect(), ..Look::default() };
    new.sort();
    let Some(words) = words_of(&new, session.now().wall, session.console) else { return };
    // Where it could not be written, the end says so.
    if session.console.result(&Value::Null, &words).is_ok() {
        shown.extend(new.requests.into_iter().map(|(account, request)| (account.id, request.id)));
    }
}

/// The accounts that approve sign-ins: the one that the query means, or all.
pub fn accounts(session: &mut Session, query: Option<&str>) -> Result<Vec<Summary>, Failure> {
    if let Some(query) = query {
        return Ok(vec![account(session, query)?]);
    }
    let all = session.core.accounts(Shelf::InUse, session.now())?;
    Ok(all.into_iter().filter(|account| account.approvals).cloned().collect())
}

/// The account that approves sign-ins and that the query means. One with codes alone may have the same names.
pub fn account(session: &mut Session, query: &str) -> Result<Summary, Failure> {
    match find_among(session, query, Shelf::InUse, |account| account.approvals) {
        Err(failure) if failure.name() == Own::AccountNotFound.name() => {
            find(session, query, Shelf::InUse).and(Err(Own::NoApprovals.into()))
        }
        found => found,
    }
}

fn object_of(found: &Look) -> Value {
    let requests: Vec<_> = found
        .requests
        .iter()
        .map(|(account, request)| {
            json!({
                "request": request.id,
                "account": account.id,
                "application": request.application,
                "question": Some(&request.question).filter(|question| !question.is_empty()),
                "asked_at": request.asked_at,
                "seen_at": request.seen_at,
                "expires_at": request.expires_at,
                "answer": names::of_answer(&request.answer),
                "choices": match &request.answer { AnswerKind::Choice { words } => Some(words), _ => None },
                "reason": unsupported(&request.answer).map(Reason::name),
                "from": request.from,
            })
        })
        .collect();
    json!({"requests": requests, "failed": failed_of(found)})
}

fn failed_of(found: &Look) -> Value {
    found
        .unseen()
        .map(|(account, failure)| json!({"account": account.id, "reason": failure.name()}))
        .collect()
}

/// What a person is told of it; `None` where nothing waits and nothing failed.
fn words_of(found: &Look, now: UnixTime, console: Console) -> Option<String> {
    let language = console.language;
    let mut lines: Vec<String> = found
        .requests
        .iter()
        .map(|(account, request)| {
            let title = title_of(&account.issuer, &account.name);
            let mut line = words::waiting(language, &request.id, &title, &request.application);
            let left = left_of(request, now, language);
            let age = age_of(request, now, language);
            line.push_str("\n  ");
            let wanted = wanted(&request.answer, language);
            let parts: Vec<_> = [age, Some(left), wanted].into_iter().flatten().collect();
            line.push_str(&parts.join(" · "));
            for told in told_of(request) {
                line.push_str("\n  ");
                line.push_str(told);
            }
            match unsupported(&request.answer) {
                Some(reason) => {
                    let (what, _) = words::of_reason(reason, language);
                    format!("{line}\n  {}", words::decline_only(language, &what, &request.id))
                }
                None => line,
            }
        })
        .collect();
    for (account, failure) in found.unseen() {
        let (what, next) = failure.words(language);
        lines.push(format!("{}: {what} {next}", title_of(&account.issuer, &account.name)));
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// What an approval needs, in words; the offered words too, as one of them is to be typed.
fn wanted(answer: &AnswerKind, language: Language) -> Option<String> {
    Some(match answer {
        AnswerKind::Number => words::wants_number(language),
        AnswerKind::Text => words::wants_text(language),
        AnswerKind::Pin { length } => words::wants_pin(language, length),
        AnswerKind::Choice { words: offered } => words::wants_choice(language, &offered.join(" / ")),
        AnswerKind::None => words::wants_yes(language),
        AnswerKind::Unsupported { .. } => return None,
    })
}

/// Why a request can only be declined.
const fn unsupported(answer: &AnswerKind) -> Option<Reason> {
    match answer {
        AnswerKind::Unsupported { reason } => Some(*reason),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_approval_needs_is_said_with_the_words_to_choose_from() {
        let offered = || AnswerKind::Choice { words: ["gruen", "rot", "blau"].map(str::to_owned).to_vec() };
        for (answer, english, japanese) in [
            (AnswerKind::Text, "wants the letters on the page", "画面の文字が必要"),
            (
                offered(),
                "wants the word on the page: gruen / rot / blau",
                "画面の語が必要: gruen / rot / blau",
            ),
            (AnswerKind::None, "wants a yes", "承認だけが必要"),
        ] {
            assert_eq!(wanted(&answer, Language::English).as_deref(), Some(english));
            assert_eq!(wanted(&answer, Language::Japanese).as_deref(), Some(japanese));
        }
        assert_eq!(
            wanted(&AnswerKind::Unsupported { reason: Reason::AnswerKindUnsupported }, Language::English),
            None
        );
    }
}

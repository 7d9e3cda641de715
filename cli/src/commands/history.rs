//! `countersign history`: sign-ins of the past. It leaves this machine only when somebody copies what is printed.

use countersign::approval::{AnswerResult, DeclineReason};
use countersign::authenticator::{PastRequest, PastStanding};
use countersign::clock::Now;
use countersign::reason::Reason;
use countersign::vault::Shelf;
use serde_json::{Value, json};

use super::find;
use crate::args::History;
use crate::failure::Failure;
use crate::names;
use crate::session::Place;
use crate::text::title_of;
use crate::words::{self, Language};

/// Shows the sign-ins of the past, or forgets them.
pub fn history(place: &Place, args: &History) -> Result<(), Failure> {
    let mut session = place.open()?;
    let (console, now) = (session.console, session.now());
    if args.clear {
        let forgotten = session.core.clear_history(now)?;
        session.remember()?;
        let words = words::history_forgotten(console.language, &forgotten);
        return console.result(&json!({"result": "forgotten", "forgotten": forgotten}), &words);
    }
    let account = match &args.of.query {
        Some(query) => Some(find(&mut session, query, Shelf::InUse)?.id),
        None => None,
    };
    let mut past = session.core.history(now)?;
    past.retain(|past| account.as_ref().is_none_or(|id| *id == past.account));
    let objects: Vec<_> = past.iter().map(|past| object(past, now)).collect();
    let lines: Vec<_> = past.iter().map(|past| line(past, now, console.language)).collect();
    let words = if lines.is_empty() { words::no_history(console.language) } else { lines.join("\n") };
    console.result(&json!({"requests": objects}), &words)
}

fn object(past: &PastRequest, now: Now) -> Value {
    let reason = past.answer.and_then(|answer| answer.reason);
    json!({
        "request": (!past.is_lock_out).then_some(&past.request),
        "account": past.account,
        "issuer": past.issuer,
        "account_name": past.name,
        "application": past.application,
        "from": past.from,
        "seen_at": past.seen_at,
        "expires_at": past.expires_at,
        "answered_at": past.answered_at(now),
        "result": names::of_standing(past.standing(now)),
        "reason": reason.map(Reason::name),
        "not_me": past.answer.is_some_and(|answer| answer.decline == Some(DeclineReason::NotMe)),
        "entra": past.entra_reason(now),
    })
}

fn line(past: &PastRequest, now: Now, language: Language) -> String {
    let time = words::local_time(past.seen_at, language);
    let is_declined = past.answer.is_some_and(|answer| answer.result == AnswerResult::Declined);
    let standing = past.standing(now);
    let untyped = past.answer.and_then(|answer| words::of_untyped(answer.reason?, language));
    let ended = untyped
        .filter(|_| standing == PastStanding::Answered(AnswerResult::WrongAnswer))
        .unwrap_or_else(|| words::of_standing(standing, language));
    let became = match past.answer.and_then(|answer| answer.decline) {
        Some(reason) if is_declined => words::of_decline(reason, language).to_owned(),
        Some(DeclineReason::NotMe) => words::said_not_me(language, &ended),
        _ => ended.to_owned(),
    };
    let what =
        [title_of(&past.issuer, &past.name), past.application.clone(), past.from.clone().unwrap_or_default()];
    let what: Vec<_> = what.into_iter().filter(|what| !what.is_empty()).collect();
    words::past_request(language, &time, &became, &what.join(" · "))
}

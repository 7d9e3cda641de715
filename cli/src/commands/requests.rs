//! `countersign pending` and `countersign expect`: sign-ins that wait for an answer.

use countersign::approval::{AnswerKind, Outcome, Request};
use countersign::authenticator::Job;
use countersign::clock::UnixTime;
use countersign::reason::Reason;
use countersign::vault::{Shelf, Summary};
use serde_json::{Value, json};

use super::expect::expected;
use super::find::{find, find_among};
use super::floods;
use crate::args::{Every, Pending};
use crate::failure::{Failure, Own};
use crate::host;
use crate::http::Sender;
use crate::names;
use crate::output::Console;
use crate::session::{Place, Session};
use crate::text::title_of;
use crate::words;

/// What a look at all accounts found.
#[derive(Default)]
pub struct Look {
    /// The requests, each with its account.
    pub requests: Vec<(Summary, Request)>,
    /// The accounts that could not be looked at, and why.
    pub failed: Vec<(Summary, Failure)>,
    /// The accounts whose requests are scanned: nothing is wrong with them.
    pub scanned: Vec<Summary>,
}

impl Look {
    /// Takes how the look at an account ended, in the place of the one before.
    pub fn take(&mut self, account: &Summary, end: Result<Outcome, Failure>) {
        self.failed.retain(|(failed, _)| failed.id != account.id);
        match end {
            Ok(Outcome::Checked { requests }) => {
                self.requests.extend(requests.into_iter().map(|request| (account.clone(), request)));
            }
            Ok(Outcome::Refused(Reason::ScanToAnswer)) => self.scanned.push(account.clone()),
            Ok(outcome) => self.failed.push((account.clone(), host::failure_of(&outcome))),
            Err(failure) => self.failed.push((account.clone(), failure)),
        }
    }

    /// The newest request first, whatever account it is of.
    fn sort(&mut self) {
        self.requests.sort_by(|(_, one), (_, other)| one.newest_first(other));
    }

    /// Those of which nothing is known, and why.
    fn unseen(&self) -> impl Iterator<Item = (&Summary, Failure)> {
        let scanned = self.scanned.iter().map(|account| (account, Reason::ScanToAnswer.into()));
        self.failed.iter().map(|(account, failure)| (account, failure.clone())).chain(scanned)
    }
}

/// Looks for sign-ins that wait for an answer.
pub fn pending(place: &Place, args: &Pending) -> Result<(), Failure> {
    seen(place, &args.of, args.expect)
}

/// Looks until one comes.
pub fn expect(place: &Place, args: &Every) -> Result<(), Failure> {
    seen(place, args, true)
}

fn seen(place: &Place, of: &Every, is_expected: bool) -> Result<(), Failure> {
    let (mut session, sender) = host::online(place)?;
    let accounts = accounts(&mut session, of.query.as_deref())?;
    let mut found = if is_expected {
        expected(&mut session, &sender, &accounts)?
    } else {
        look(&mut session, &sender, &accounts)
    };
    found.sort();
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
    console.result(&object, &words_of(&found, session.now().wall, console))
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

/// Looks at these accounts: one silent server delays only the end.
pub fn look(session: &mut Session, sender: &Sender, accounts: &[Summary]) -> Look {
    let _busy = session.console.busy(words::looking(session.console.language, &accounts.len()));
    let jobs: Vec<_> = accounts.iter().map(|account| Job::Check { account: &account.id }).collect();
    let ends = host::run_all(session, sender, &jobs);
    let mut found = Look::default();
    for (account, end) in accounts.iter().zip(ends) {
        found.take(account, end);
    }
    found
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
                "asked_at": request.asked_at,
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

fn words_of(found: &Look, now: UnixTime, console: Console) -> String {
    let language = console.language;
    let mut lines: Vec<String> = found
        .requests
        .iter()
        .map(|(account, request)| {
            let title = title_of(&account.issuer, &account.name);
            let application =
                if request.application.is_empty() { &request.question } else { &request.application };
            let mut line = words::waiting(language, &request.id, &title, application);
            let left = words::seconds_left(language, &request.expires_at.since(now).max(0));
            let age = request.asked_at.map(|asked| words::asked_ago(language, &now.since(asked).max(0)));
            line.push_str("\n  ");
            line.push_str(&age.map_or_else(|| left.clone(), |age| format!("{age} · {left}")));
            if let Some(from) = &request.from {
                line.push_str("\n  ");
                line.push_str(from);
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
    if lines.is_empty() { words::nothing_waits(language) } else { lines.join("\n") }
}

/// Why a request can only be declined.
const fn unsupported(answer: &AnswerKind) -> Option<Reason> {
    match answer {
        AnswerKind::Unsupported { reason } => Some(*reason),
        _ => None,
    }
}

use countersign::approval::{Answer, Check, CheckKind, Outcome, Question};
use countersign::authenticator::Job;
use countersign::reason::Reason;
use serde_json::{Value, json};

use super::requests::accounts;
use crate::args::{LockOut, Optional};
use crate::failure::{Failure, Own};
use crate::host::{self, Asker};
use crate::names;
use crate::session::Place;
use crate::text::title_of;
use crate::words;

/// Gives an account a new device key.
pub fn rotate_key(place: &Place, query: &str) -> Result<(), Failure> {
    let (mut session, sender) = host::online(place)?;
    let account = accounts(&mut session, Some(query))?.remove(0);
    let language = session.console.language;
    match host::run(&mut session, &sender, &Job::RotateKey { account: &account.id }, &mut Yes)? {
        Outcome::Rotated { .. } => {
            let object = json!({"account": account.id, "result": "rotated"});
            session.console.result(&object, &words::rotated(language))
        }
        outcome => Err(host::failure_of(&outcome)),
    }
}

/// Has the server lock the account.
pub fn lock_out(place: &Place, args: &LockOut) -> Result<(), Failure> {
    if !args.yes {
        return Err(Own::YesNeeded.into());
    }
    let (mut session, sender) = host::online(place)?;
    let account = accounts(&mut session, Some(&args.account))?.remove(0);
    let language = session.console.language;
    match host::run(&mut session, &sender, &Job::LockOut { account: &account.id }, &mut Yes)? {
        Outcome::LockedOut => {
            let object = json!({"account": account.id, "result": "locked_out"});
            session.console.result(&object, &words::locked_out(language))
        }
        outcome => Err(host::failure_of(&outcome)),
    }
}

/// Checks what sign-in requests need.
pub fn self_test(place: &Place, args: &Optional) -> Result<(), Failure> {
    let (mut session, sender) = host::online(place)?;
    let console = session.console;
    let accounts = accounts(&mut session, args.account.as_deref())?;
    let jobs: Vec<_> = accounts.iter().map(|account| Job::SelfTest { account: &account.id }).collect();
    let busy = console.busy(words::waiting_for_server(console.language));
    let outcomes = host::run_all(&mut session, &sender, &jobs, &mut Yes)?;
    drop(busy);
    let (mut objects, mut lines) = (Vec::new(), Vec::new());
    for (account, outcome) in accounts.iter().zip(outcomes) {
        let checks = match outcome {
            Outcome::Tested { checks } => checks,
            outcome => vec![Check { kind: CheckKind::Server, reason: Some(host::reason_of(&outcome)) }],
        };
        for check in checks {
            let words = check.reason.map(|reason| words::of_reason(reason, console.language));
            objects.push(object_of(&account.id, check, words));
            let outcome =
                words.map_or_else(|| words::works(console.language), |(what, next)| format!("{what} {next}"));
            let title = title_of(&account.issuer, &account.name);
            lines.push(format!("{title}: {}: {outcome}", words::of_check(check.kind, console.language)));
        }
    }
    let words = if lines.is_empty() { words::nothing_to_test(console.language) } else { lines.join("\n") };
    console.result(&json!({"checks": objects}), &words)
}

fn object_of(account: &str, check: Check, words: Option<(&str, &str)>) -> Value {
    json!({
        "account": account,
        "check": names::of_check(check.kind),
        "ok": check.reason.is_none(),
        "reason": check.reason.map(Reason::name),
        "text": words.map(|(what, _)| what),
        "next": words.map(|(_, next)| next),
    })
}

/// What was asked for by the command itself has been confirmed by it.
struct Yes;

impl Asker for Yes {
    fn answer(&mut self, question: &Question) -> Result<Answer, Failure> {
        Ok(match question {
            Question::LockOut | Question::Presence { .. } => Answer::Confirmed(true),
            _ => Answer::None,
        })
    }
}

use countersign::approval::{self, Answer, Check, CheckKind, HostFacts, Outcome, Question};
use countersign::authenticator::Job;
use countersign::reason::Reason;
use serde_json::json;

use super::not_me;
use super::requests::{account, accounts};
use crate::args::{Every, LockOut, PushAddress, PushKind};
use crate::ask;
use crate::failure::{Failure, Own};
use crate::host::{self, Asker};
use crate::http::Sender;
use crate::names;
use crate::session::{Place, Session};
use crate::text::title_of;
use crate::words::{self, Language};

/// Gives an account a new device key.
pub fn rotate_key(place: &Place, query: &str) -> Result<(), Failure> {
    change(
        place,
        query,
        "rotated",
        |language, _| words::rotated(language),
        |session, sender, account| host::run(session, sender, &Job::RotateKey { account }, &mut Nobody),
    )
}

/// Has the server lock the account.
pub fn lock_out(place: &Place, args: &LockOut) -> Result<(), Failure> {
    change(
        place,
        &args.of.query,
        "locked_out",
        |language, title| words::locked_out(language, &title),
        |session, sender, account| {
            // No yes makes it possible.
            if !host::can_lock_out(session, account)? {
                return Err(Reason::NotPossibleHere.into());
            }
            if !args.yes && !session.console.can_ask() {
                return Err(Own::YesNeeded.into());
            }
            not_me::lock_out(session, sender, account, args.yes, &mut || {})
        },
    )
}

/// Tells the server where pushes go, or that there are none.
pub fn push_address(place: &Place, args: &PushAddress) -> Result<(), Failure> {
    // Read first: nothing is asked of a server for what can't be read.
    let given = args.address.as_deref().map(ask::read_secret).transpose()?.unwrap_or_default();
    let address = match args.kind {
        PushKind::None => approval::PushAddress::None,
        PushKind::Fcm => approval::PushAddress::Fcm { token: given },
        PushKind::Unifiedpush => approval::PushAddress::UnifiedPush { endpoint: given },
    };
    let done = if args.kind == PushKind::None { words::no_pushes } else { words::pushes };
    change(
        place,
        &args.of.query,
        "set",
        |language, _| done(language),
        |session, sender, account| {
            host::run(session, sender, &Job::SetPushAddress { account, address }, &mut Nobody)
        },
    )
}

/// Has something changed at the server, and says that it is done.
fn change(
    place: &Place,
    query: &str,
    result: &str,
    done: impl FnOnce(Language, &str) -> String,
    run: impl FnOnce(&mut Session, &Sender, &str) -> Result<Outcome, Failure>,
) -> Result<(), Failure> {
    let (mut session, sender) = host::online(place)?;
    let account = account(&mut session, query)?;
    match run(&mut session, &sender, &account.id)? {
        Outcome::Rotated { .. } | Outcome::LockedOut | Outcome::PushAddressSet => {
            let object = json!({"account": account.id, "result": result});
            let title = title_of(&account.issuer, &account.name);
            session.console.result(&object, &done(session.console.language, &title))
        }
        outcome => Err(host::failure_of(&outcome)),
    }
}

/// Looks why a request may be missing.
pub fn self_test(place: &Place, args: &Every) -> Result<(), Failure> {
    let (mut session, sender) = host::looking(place)?;
    let console = session.console;
    let accounts = accounts(&mut session, args.query.as_deref())?;
    // This machine's connections say whether it has a network, and nothing here looks while no command runs.
    let host = HostFacts::default();
    let jobs: Vec<_> = accounts.iter().map(|account| Job::SelfTest { account: &account.id, host }).collect();
    let busy = console.busy(words::waiting_for_server(console.language));
    let outcomes = host::run_all(&mut session, &sender, &jobs);
    drop(busy);
    let (mut objects, mut lines) = (Vec::new(), Vec::new());
    for (account, outcome) in accounts.iter().zip(outcomes) {
        let checks = match outcome {
            Ok(Outcome::Tested { checks }) => {
                checks.into_iter().map(|check| (check, check.reason.map(Failure::from))).collect()
            }
            Ok(outcome) => vec![failed(host::failure_of(&outcome))],
            Err(failure) => vec![failed(failure)],
        };
        for (check, failure) in checks {
            let refused = failure.as_ref().map(|failure| failure.words_of_reason(console.language));
            let (text, next) = words::of_seen(&check, refused, console.language);
            objects.push(json!({
                "account": account.id,
                "check": names::of_check(check.kind),
                "ok": check.works,
                "reason": failure.as_ref().map(Failure::name),
                "figure": check.figure,
                "text": text,
                "next": next,
            }));
            let (title, kind) =
                (title_of(&account.issuer, &account.name), words::of_check(check.kind, console.language));
            let mark = words::of_mark(check.works);
            lines.push(
                format!("{mark} {title}: {kind}: {text} {}", next.unwrap_or_default()).trim_end().to_owned(),
            );
        }
    }
    let words = if lines.is_empty() { words::nothing_to_test(console.language) } else { lines.join("\n") };
    console.result(&json!({"checks": objects}), &words)
}

/// A test that could not be made.
const fn failed(failure: Failure) -> (Check, Option<Failure>) {
    let check = Check { kind: CheckKind::Server, reason: None, works: Some(false), figure: None };
    (check, Some(failure))
}

/// There is nothing to ask.
struct Nobody;

impl Asker for Nobody {
    fn answer(&mut self, _: &Question) -> Result<Answer, Failure> {
        Ok(Answer::None)
    }
}

use std::collections::BTreeSet;
use std::time::Duration;
use std::{cmp, thread};

use countersign::approval::{Answer, CheckKind, Outcome};
use countersign::authenticator::{EXPECTED_FOR_MS, Job};
use countersign::reason::Reason;
use countersign::vault::Summary;

use super::look::Look;
use crate::failure::Failure;
use crate::host::{AT_A_TIME, Flow, Together, Told};
use crate::http::Sender;
use crate::session::Session;
use crate::words;

/// Looks at these accounts as the core says, until a request is there or a sign-in is expected no more. One silent
/// server keeps nobody from the others.
pub fn expected(session: &mut Session, sender: &Sender, accounts: &[Summary]) -> Result<Look, Failure> {
    let mut found = Look::default();
    let mut looked_at = Vec::new();
    for account in accounts {
        if is_scanned(session, account)? {
            found.scanned.push(account.clone());
        } else {
            looked_at.push(account.clone());
        }
    }
    if looked_at.is_empty() {
        return Ok(found);
    }
    let language = session.console.language;
    session.console.note(&words::looking_until(language, &(EXPECTED_FOR_MS / 1000)));
    session.core.expect_sign_in(session.now())?;
    let mut together = Together::new(sender.clone());
    let mut lost = BTreeSet::new();
    while found.requests.is_empty()
        && lost.len() < looked_at.len()
        && let Some(left) = session.core.expecting_ms(session.now())
    {
        let looks = session.core.next_looks(session.now())?;
        for account in looked_at.iter().filter(|account| looks.due.contains(&account.id)) {
            if together.under_way().count() == AT_A_TIME {
                break;
            }
            match Flow::begin(session, &Job::Check { account: &account.id }) {
                Ok(flow) => together.begin(session, account.clone(), flow),
                Err(failure) => found.take(account, Err(failure)),
            }
        }
        let longest = Duration::from_millis(cmp::min(looks.wait_ms, left));
        if together.is_over() {
            thread::sleep(longest);
        }
        for told in together.wait(session, longest) {
            match told {
                Told::Asked(id, _) => together.answer(session, id, Answer::None),
                Told::Ended { about, end, .. } => {
                    if end.as_ref().is_ok_and(is_lost) {
                        lost.insert(about.id.clone());
                    } else {
                        lost.remove(&about.id);
                    }
                    found.take(&about, end);
                }
            }
        }
    }
    // Without a request, what is still waited for has not answered.
    if found.requests.is_empty() {
        let silent: Vec<_> = together.under_way().cloned().collect();
        silent.iter().for_each(|account| found.take(account, Err(Reason::ServerSilent.into())));
    }
    Ok(found)
}

/// Whether another look would find the same: the phone or the server no longer has what a request needs.
fn is_lost(outcome: &Outcome) -> bool {
    let Outcome::Refused(reason) = outcome else { return false };
    matches!(CheckKind::of(*reason), Some(CheckKind::Key | CheckKind::Registration))
}

/// Whether its requests are scanned, so that there is nothing to look for.
fn is_scanned(session: &mut Session, account: &Summary) -> Result<bool, Failure> {
    let registration = session.core.account(&account.id, session.now())?.registration;
    Ok(registration.is_some_and(|registration| registration.is_scanned()))
}

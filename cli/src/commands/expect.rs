use std::collections::BTreeSet;
use std::time::Duration;
use std::{cmp, thread};

use countersign::approval::{Answer, Outcome};
use countersign::authenticator::{EXPECTED_FOR_MS, Job};
use countersign::reason::Reason;
use countersign::vault::Summary;

use super::look::{GRACE_MS, Look};
use crate::failure::Failure;
use crate::host::{Flow, Together, Told};
use crate::http::Sender;
use crate::session::Session;
use crate::words;

/// Looks at these accounts as the core says, for two minutes or until a request is there that no look has found before:
/// one that was seen already is not the expected one, and is only listed as well. One silent server keeps nobody from
/// the others.
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
    let mut together = Together::new(sender.clone());
    let (mut answered, mut lost, mut has_told) = (BTreeSet::new(), BTreeSet::new(), false);
    session.core.expect_sign_in(session.now())?;
    let mut until_ms = session.now().steady_ms.saturating_add(EXPECTED_FOR_MS);
    let mut has_come = false;
    loop {
        let now = session.now();
        // Also where every account is lost.
        let is_expected = session.core.expecting_ms(now).is_some();
        if !has_come && !is_expected && !found.requests.is_empty() {
            (has_come, until_ms) = (true, now.steady_ms.saturating_add(GRACE_MS));
        }
        let left = until_ms.saturating_sub(now.steady_ms);
        let have_all_answered = answered.len() == looked_at.len();
        if left == 0 || has_come && have_all_answered || lost.len() == looked_at.len() {
            break;
        }
        if !has_come && !has_told && !found.requests.is_empty() {
            session.console.note(&words::wait_already(language, &found.requests.len()));
            has_told = true;
        }
        let looks = session.core.next_looks(now)?;
        for account in looked_at.iter().filter(|account| looks.due.contains(&account.id)) {
            if !together.has_room(session) {
                break;
            }
            if has_come && answered.contains(&account.id) {
                continue;
            }
            match Flow::begin(session, &Job::Check { account: &account.id }) {
                Ok(flow) => together.begin(session, account.clone(), flow),
                Err(failure) => {
                    answered.insert(account.id.clone());
                    found.take(account, Err(failure));
                }
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
                    answered.insert(about.id.clone());
                    found.take(&about, end);
                }
            }
        }
    }
    for account in looked_at.iter().filter(|account| !answered.contains(&account.id)) {
        found.take(account, Err(Reason::ServerSilent.into()));
    }
    Ok(found)
}

/// Whether another look would find the same: the phone or the server no longer has what a request needs.
fn is_lost(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Refused(reason) if reason.needs_new_set_up())
}

/// Whether its requests are scanned, so that there is nothing to look for.
fn is_scanned(session: &mut Session, account: &Summary) -> Result<bool, Failure> {
    let registration = session.core.account(&account.id, session.now())?.registration;
    Ok(registration.is_some_and(|registration| registration.is_scanned()))
}

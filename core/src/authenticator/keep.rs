//! What a turn of a run leaves in the vault, in one transaction.

use std::mem;

use super::run::{Envelope, Run};
use super::runs::{Finished, RunId};
use super::watching::{keep_context, keep_requests, record_id};
use super::{Error, found, history};
use crate::account::{Account, Registration};
use crate::approval::{Outcome, Question, Request, RequestRecord, Step, Turn};
use crate::clock::{Now, UnixTime};
use crate::reason::Reason;
use crate::vault::{Change, ValueKind, VaultError};

/// How many seconds after its end a request's record is kept: longer than a clock may have been set wrong meanwhile.
const RECORD_KEPT_S: i64 = 7 * 24 * 60 * 60;

/// Writes a turn, in one transaction with everything that the flow has learnt and done. The last one comes back as the
/// host gets it.
pub(super) fn keep(
    change: &mut Change<'_>,
    id: &RunId,
    before: Option<&Run>,
    run: &Run,
    now: Now,
) -> Result<Option<(Turn, Finished)>, Error> {
    match before {
        Some(before) if !before.only_looks => keep_ownership(change, id, before)?,
        None => {
            keep_to_one(change, run, now)?;
            if let (Some(account), Some(request), Some(decision)) =
                (&run.account, run.request(), run.flow.decision())
            {
                note_pending(change, account, request, now)?;
                history::note_said(change, account, request, decision, now)?;
            }
        }
        Some(_) => {}
    }
    if let Some(account) = &run.account {
        keep_record(change, account, before, run, now)?;
        let registration = keep_registration(change, account, run, now)?;
        keep_context(change, account, registration, &run.flow)?;
    }
    let mut turn = run.flow.current().clone();
    let Step::Done(outcome) = &mut turn.step else {
        if let (Some(account), Step::Ask(question)) = (&run.account, &turn.step)
            && let Some(request) = question.request()
        {
            history::note_seen(change, account, request, now)?;
            // Whoever gives up now has answered wrongly.
            if let (Question::Answer { missed: true, .. }, Some(record)) = (question, run.flow.record()) {
                history::note_missed(change, account, request, record, now)?;
            }
        }
        change.put(ValueKind::Flow, &id.0, run)?;
        return Ok(None);
    };
    change.remove(ValueKind::Flow, &id.0)?;
    let added = keep_outcome(change, outcome, run, now)?;
    let unused_keys = run.flow.unused_keys().to_vec();
    forget_keys(change, &unused_keys)?;
    Ok(Some((turn, Finished { added, unused_keys })))
}

/// Removes the rows in which a host without a key store keeps these keys. In the change that made them useless: after a
/// kill in between nothing would name them any more.
pub(super) fn forget_keys(change: &mut Change<'_>, keys: &[String]) -> Result<(), VaultError> {
    keys.iter().try_for_each(|key| change.remove(ValueKind::Host, key).map(drop))
}

/// A process that slept past its lease must not write over what another one has done since.
fn keep_ownership(change: &Change<'_>, id: &RunId, before: &Run) -> Result<(), Error> {
    let there: Option<Envelope> = change.get(ValueKind::Flow, &id.0)?;
    match there {
        Some(there) if there.owner == before.owner => Ok(()),
        _ => Err(Reason::NoSuchRun.into()),
    }
}

/// At most one run that changes an account's key, and none that answers a request while an answer of another is on its
/// way, whoever began it in the meantime.
fn keep_to_one(change: &Change<'_>, run: &Run, now: Now) -> Result<(), Error> {
    if run.only_looks {
        return Ok(());
    }
    for id in change.ids(ValueKind::Flow)? {
        // One that can't be read goes on nowhere: it must not keep the account from a new key for good.
        let Some(there) = unless_damaged(change.get::<Run>(ValueKind::Flow, &id))? else { continue };
        if there.account != run.account || !there.is_alive(now) {
            continue;
        }
        if run.changes_key && there.changes_key {
            return Err(Reason::AccountBusy.into());
        }
        if run.request().is_some() && run.request() == there.request() && there.is_sending(now) {
            return Err(Reason::RequestBusy.into());
        }
    }
    Ok(())
}

/// The record of the request, unless another process has written it meanwhile: tries are never lost.
fn keep_record(
    change: &mut Change<'_>,
    account: &str,
    before: Option<&Run>,
    run: &Run,
    now: Now,
) -> Result<(), Error> {
    let Some(record) = run.flow.record() else { return Ok(()) };
    let id = record_id(account, &record.request);
    let there: Option<RequestRecord> = change.get(ValueKind::Request, &id)?;
    // What says nothing is not kept: an id that somebody made up leaves no row.
    let kept = |record: &&RequestRecord| !record.is_of_nothing();
    match before {
        // What the server has said for certain stands, whatever another run has noted meanwhile.
        Some(before) if !run.is_settled() && there.as_ref() != before.flow.record().filter(kept) => {
            return Err(Reason::RequestBusy.into());
        }
        Some(_) => {}
        // The run begins with the record as it was read a moment ago.
        None if !is_as_read(there.as_ref(), record) => return Err(Reason::RequestBusy.into()),
        None => forget_old_records(change, now)?,
    }
    if there.as_ref() != Some(record) && kept(&record) {
        change.put(ValueKind::Request, &id, record)?;
    }
    Ok(())
}

/// Whether nobody has written the record since it was read; when the request ends may have been learnt from a look.
fn is_as_read(there: Option<&RequestRecord>, read: &RequestRecord) -> bool {
    let there = there.cloned().unwrap_or_else(|| RequestRecord::new(&read.request));
    RequestRecord { expires_at: read.expires_at, ..there } == *read
}

/// Removes the records of requests whose time is long over.
fn forget_old_records(change: &mut Change<'_>, now: Now) -> Result<(), VaultError> {
    for id in change.ids(ValueKind::Request)? {
        // When the time of a damaged one is over nobody knows: it stays, and stands in no other request's way.
        let record: Option<RequestRecord> = unless_damaged(change.get(ValueKind::Request, &id))?;
        let is_over = |end: UnixTime| now.wall.since(end) > RECORD_KEPT_S;
        if record.and_then(|record| record.expires_at).is_some_and(is_over) {
            change.remove(ValueKind::Request, &id)?;
        }
    }
    Ok(())
}

/// A registration that the flow changed, in the account; gives the one that background checks are to use: none for an
/// account in the trash.
fn keep_registration(
    change: &mut Change<'_>,
    id: &str,
    run: &Run,
    now: Now,
) -> Result<Option<Registration>, VaultError> {
    let mut account = found(change.account(id)?)?;
    if let Some(changed) = run.flow.registration()
        && account.registration.as_ref() != Some(changed)
    {
        account.registration = Some(changed.clone());
        account.changed_at = now.wall;
        change.put_account(id, &account)?;
    }
    Ok(account.registration.filter(|_| account.trashed_at.is_none()))
}

/// What the flow came to, in the vault; what is not news any more goes from `outcome`. Gives the account that was added.
fn keep_outcome(
    change: &mut Change<'_>,
    outcome: &mut Outcome,
    run: &Run,
    now: Now,
) -> Result<Option<String>, VaultError> {
    match (outcome, &run.account) {
        (Outcome::Enrolled(enrolled), _) => {
            let account = Account {
                registration: Some(enrolled.registration.clone()),
                ..Account::new(enrolled.issuer.clone(), enrolled.account.clone(), now.wall)
            };
            let id = change.add_account(&account)?;
            keep_context(change, &id, Some(enrolled.registration.clone()), &run.flow)?;
            return Ok(Some(id));
        }
        (Outcome::Checked { requests, hidden }, Some(id)) => {
            // The list may have been fetched before an answer that was kept meanwhile.
            let mut open = Vec::with_capacity(requests.len());
            for request in mem::take(requests) {
                if !has_ended(unless_damaged(change.get(ValueKind::Request, &record_id(id, &request.id)))?) {
                    open.push(request);
                }
            }
            name_by(change, id, &open, now)?;
            open.iter().try_for_each(|request| history::note_seen(change, id, request, now))?;
            if hidden.is_none() {
                history::note_all_that_wait(change, id, &open, now)?;
            }
            keep_requests(change, id, &open, now)?;
            *requests = open;
        }
        (Outcome::Answered(answered), Some(id)) => {
            note_pending(change, id, &answered.request, now)?;
            let mut requests = pending(change, id)?;
            // An id that somebody made up leaves no row.
            if let Some(record) = run.flow.record().filter(|record| !record.is_of_nothing()) {
                // No list has it, and a decline asks nothing.
                if let Some(request) = run.flow.scanned_request(now.wall) {
                    history::note_seen(change, id, &request, now)?;
                }
                history::note_answer(change, id, answered, run.flow.decision(), record, now)?;
            }
            requests.retain(|request| {
                request.id != answered.request || answered.tries_left.is_some_and(|left| left > 0)
            });
            keep_requests(change, id, &requests, now)?;
        }
        (Outcome::Refused(reason) | Outcome::Unknown(reason), Some(id)) => {
            if let (Some(decision), Some(record)) = (run.flow.decision(), run.flow.record()) {
                history::note_not_taken(change, id, decision, *reason, record, now)?;
            }
        }
        // Nobody signs in any more: what still waited has ended.
        (Outcome::LockedOut, Some(id)) => {
            history::note_lock_out(change, id, now)?;
            keep_requests(change, id, &[], now)?;
        }
        _ => {}
    }
    Ok(None)
}

/// The requests that waited at the last look.
fn pending(change: &Change<'_>, account: &str) -> Result<Vec<Request>, VaultError> {
    Ok(unless_damaged(change.get(ValueKind::Pending, account))?.unwrap_or_default())
}

/// Notes one of them, as a look in the background writes no history.
fn note_pending(change: &mut Change<'_>, account: &str, request: &str, now: Now) -> Result<(), VaultError> {
    match pending(change, account)?.iter().find(|waiting| waiting.id == request) {
        Some(waiting) => history::note_seen(change, account, waiting, now),
        None => Ok(()),
    }
}

/// Gives an account without a name the one by which its server calls the user: some tell it with a request only.
fn name_by(change: &mut Change<'_>, id: &str, requests: &[Request], now: Now) -> Result<(), VaultError> {
    let Some(request) = requests.iter().find(|request| !request.account.is_empty()) else { return Ok(()) };
    match unless_damaged(change.account(id))? {
        Some(account) if account.name.is_empty() => {
            let name = request.account.clone();
            change.put_account(id, &Account { name, changed_at: now.wall, ..account })
        }
        _ => Ok(()),
    }
}

/// Whether this phone is done with a request. A record that can't be read hides nothing.
pub(super) fn has_ended(record: Option<RequestRecord>) -> bool {
    record.is_some_and(|record| record.ended.is_some())
}

/// A row that is there and can be read; a vault that failed is another matter.
pub(super) fn unless_damaged<T>(read: Result<Option<T>, VaultError>) -> Result<Option<T>, VaultError> {
    match read {
        Err(error) if error.is_of_row() => Ok(None),
        read => read,
    }
}

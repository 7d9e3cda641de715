//! Flows over an open vault: each turn is sealed and committed before the host acts on it, so an app that is killed
//! goes on where it was.

use std::collections::{HashMap, VecDeque};
use std::mem;

use serde::{Deserialize, Serialize};

use super::jobs::{self, Job};
use super::watching::{keep_context, keep_requests, record_id};
use super::{Authenticator, Error, found};
use crate::account::{Account, Registration};
use crate::approval::{
    AnswerResult, Context, Event, Flow, Outcome, Request, RequestRecord, Start, Step, Turn,
};
use crate::clock::{Now, UnixTime};
use crate::entropy::{SeededEntropy, random};
use crate::reason::Reason;
use crate::vault::{Change, RowKind, VaultError};

/// After so many milliseconds without a turn, a run of another process counts as ended.
const LEASE_MS: u64 = 120_000;

/// A clock may have been read so many milliseconds before a turn that another process has kept since.
const READ_EARLIER_MS: u64 = 60_000;

/// A request to a server that is longer under way than this may be one of a process that was killed.
const ON_ITS_WAY_MS: u64 = 5_000;

/// How many seconds after its end a request's record is kept: longer than a clock may have been set wrong meanwhile.
const RECORD_KEPT_S: i64 = 7 * 24 * 60 * 60;

/// How many ended runs are remembered.
const MAX_FINISHED: usize = 64;

/// The id of a run: random, so that two processes never share one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RunId(pub String);

/// What a run left behind when it was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Finished {
    /// The account that it added.
    pub added: Option<String>,
    /// Device keys that no account needs any more: the host deletes them.
    pub unused_keys: Vec<String>,
}

/// A run that another process began and did not end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfinished {
    /// To go on with it: [`Authenticator::resume`].
    pub run: RunId,
    /// The account that it is about; none for a set-up.
    pub account: Option<String>,
}

/// A run as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Run {
    pub(super) flow: Flow,
    pub(super) account: Option<String>,
    /// Device keys that no account has yet. Beside the flow, so that another version of the app can name them.
    pub(super) keys: Vec<String>,
    /// Who goes on with it: random, new at each resumption. A process that has slept too long finds another's here.
    pub(super) owner: String,
    /// Whether it changes the account's key: at most one such an account.
    pub(super) changes_key: bool,
    /// Whether it changes nothing at the server: after a kill it is simply begun anew.
    pub(super) only_looks: bool,
    /// When the last turn was handed out, by the steady clock.
    pub(super) renewed_ms: u64,
}

/// What of a stored run every version of the app can read.
#[derive(Deserialize)]
struct Envelope {
    #[serde(default)]
    account: Option<String>,
    #[serde(default)]
    keys: Vec<String>,
    #[serde(default)]
    owner: String,
}

/// The runs of this process.
#[derive(Default)]
pub(super) struct Runs {
    active: HashMap<RunId, Run>,
    /// The latest: a host asks at once what a run came to, and a phone that looks every two seconds has many.
    finished: VecDeque<(RunId, Turn, Finished)>,
}

impl Runs {
    fn finish(&mut self, id: &RunId, turn: Turn, finished: Finished) {
        self.active.remove(id);
        if self.finished.len() == MAX_FINISHED {
            self.finished.pop_front();
        }
        self.finished.push_back((id.clone(), turn, finished));
    }

    fn active(&self, id: &RunId) -> Option<&Run> {
        self.active.get(id)
    }

    fn turn(&self, id: &RunId) -> Result<Turn, Error> {
        let ended = self.finished(id).map(|(turn, _)| turn);
        let turn = ended.or_else(|| Some(self.active(id)?.flow.current()));
        Ok(turn.ok_or(Reason::NoSuchRun)?.clone())
    }

    fn finished(&self, id: &RunId) -> Option<(&Turn, &Finished)> {
        self.finished.iter().rev().find(|(run, ..)| run == id).map(|(_, turn, finished)| (turn, finished))
    }
}

impl Authenticator {
    /// Begins a job. Its first turn is at [`Self::current`].
    ///
    /// # Errors
    /// `Refused(AccountBusy)` while another process changes this account's key, `Refused` for what can't begin,
    /// `NoSuchAccount`, those of a change.
    pub fn begin(&mut self, job: &Job<'_>, now: Now) -> Result<RunId, Error> {
        self.awake(now)?;
        if let Some(interrupted) = self.interrupted(job, now)? {
            self.resume(&interrupted, now)?;
            return Ok(interrupted);
        }
        let mut run = jobs::run_of(self, job, now)?;
        run.owner = self.random_id()?;
        let id = RunId(self.random_id()?);
        self.commit(&id, None, run, now)?;
        Ok(id)
    }

    /// The turn that a run of this process stands at. One that another process began is taken up by
    /// [`Self::resume`] first: its last step may have been carried out.
    ///
    /// # Errors
    /// `Refused(NoSuchRun)`.
    pub fn current(&mut self, run: &RunId, now: Now) -> Result<Turn, Error> {
        self.awake(now)?;
        self.runs.turn(run)
    }

    /// Takes what came of a step and gives the next turn. An event for an older turn changes nothing.
    ///
    /// # Errors
    /// `WrongEvent`, `Refused(NoSuchRun)`; when the commit fails the old turn stays.
    pub fn next(&mut self, run: &RunId, turn: u64, event: Event, now: Now) -> Result<Turn, Error> {
        self.awake(now)?;
        if let Some((last, _)) = self.runs.finished(run) {
            return Ok(last.clone());
        }
        let before = self.runs.active(run).ok_or(Reason::NoSuchRun)?.clone();
        let mut after = before.clone();
        after.flow.next(turn, event, now).map_err(|_| Error::WrongEvent)?;
        self.commit(run, Some(&before), after, now)?;
        self.runs.turn(run)
    }

    /// Runs that were begun and not ended, by processes that are gone.
    ///
    /// # Errors
    /// `Locked`, `Damaged`.
    pub fn unfinished(&mut self, now: Now) -> Result<Vec<Unfinished>, Error> {
        self.awake(now)?;
        let mut unfinished = Vec::new();
        for id in self.vault.ids(RowKind::Flow, now)? {
            let account = match self.vault.get::<Run>(RowKind::Flow, &id, now) {
                Ok(Some(run)) if run.is_alive(now) => continue,
                Ok(Some(run)) => run.account,
                Ok(None) => continue,
                // One of another version, or a damaged one: `resume` says so.
                Err(error) if error.is_of_row() => {
                    let envelope = self.vault.get::<Envelope>(RowKind::Flow, &id, now);
                    unless_damaged(envelope)?.and_then(|envelope| envelope.account)
                }
                Err(error) => return Err(error.into()),
            };
            unfinished.push(Unfinished { run: RunId(id), account });
        }
        Ok(unfinished)
    }

    /// Goes on with an unfinished run: what may have been sent is not sent again, the flow looks what became of it.
    ///
    /// # Errors
    /// `Refused(NoSuchRun)`, those of a change; `Refused(RequestBusy)` when another run has worked on the same request
    /// or changed the account's key since then: this one is forgotten. `Refused(FlowOutdated)` for one of another
    /// version of the app, and for one whose row is damaged: it is to be abandoned.
    pub fn resume(&mut self, run: &RunId, now: Now) -> Result<Turn, Error> {
        self.awake(now)?;
        let before = self.taken_up(run, now)?;
        if !self.fits_account(&before, now)? {
            self.abandon(run, now)?;
            return Err(Reason::RequestBusy.into());
        }
        let mut after = before.clone();
        after.flow.resume(now);
        after.owner = self.random_id()?;
        match self.commit(run, Some(&before), after, now) {
            // It could never go on. What it had done stands in the request's record, where the other run found it.
            Err(Error::Refused(Reason::RequestBusy)) => {
                self.abandon(run, now)?;
                Err(Reason::RequestBusy.into())
            }
            result => result.and_then(|()| self.runs.turn(run)),
        }
    }

    /// Forgets a run: for one that a person stopped at a question. What was sent stays sent. What it leaves behind is
    /// the device keys that it made and that no account has: the host deletes them.
    ///
    /// # Errors
    /// Those of a change.
    pub fn abandon(&mut self, run: &RunId, now: Now) -> Result<Finished, Error> {
        self.awake(now)?;
        let looked = self.runs.active.remove(run).map(|run| run.keys);
        let unused_keys = self.vault.change(&mut *self.entropy, now, |change| {
            // A damaged row names no keys; it goes nevertheless.
            let there = unless_damaged(change.get::<Envelope>(RowKind::Flow, &run.0))?;
            change.remove(RowKind::Flow, &run.0)?;
            Ok::<_, VaultError>(there.map(|envelope| envelope.keys).or(looked).unwrap_or_default())
        })?;
        Ok(Finished { added: None, unused_keys })
    }

    /// What a run left behind; `None` while it goes on, and once 64 others have ended after it.
    #[must_use]
    pub fn finished(&self, run: &RunId) -> Option<&Finished> {
        self.runs.finished(run).map(|(_, finished)| finished)
    }

    /// Requests as they were seen last, with their account. A look ([`Job::Check`]) brings newer ones.
    ///
    /// # Errors
    /// `Locked`, `Damaged`.
    pub fn last_seen(&mut self, now: Now) -> Result<Vec<(String, Request)>, Error> {
        self.awake(now)?;
        let mut seen = Vec::new();
        for account in self.vault.ids(RowKind::Pending, now)? {
            let requests: Vec<Request> = self.vault.get(RowKind::Pending, &account, now)?.unwrap_or_default();
            for request in requests {
                // A look in the background does not know what was answered.
                let record = self.vault.get(RowKind::Request, &record_id(&account, &request.id), now);
                if !has_ended(unless_damaged(record)?) {
                    seen.push((account.clone(), request));
                }
            }
        }
        Ok(seen)
    }

    /// What this phone has done about a request.
    ///
    /// # Errors
    /// `Locked`, `Damaged`.
    pub fn record(&mut self, account: &str, request: &str, now: Now) -> Result<Option<RequestRecord>, Error> {
        self.awake(now)?;
        Ok(self.vault.get(RowKind::Request, &record_id(account, request), now)?)
    }

    /// The start of a flow: fresh randomness, and what is known of the server.
    pub(super) fn start(&mut self, context: Context, now: Now) -> Result<Start, Error> {
        Ok(Start { now, entropy: SeededEntropy::from_entropy(&mut *self.entropy)?, context })
    }

    /// An unfinished run that changes the key of the account that this job wants to change as well.
    fn interrupted(&mut self, job: &Job<'_>, now: Now) -> Result<Option<RunId>, Error> {
        let Some(account) = job.key_of() else { return Ok(None) };
        for id in self.vault.ids(RowKind::Flow, now)? {
            // One that can't be read can't be gone on with: `resume` says so to who asks for it.
            let Some(run) = unless_damaged(self.vault.get::<Run>(RowKind::Flow, &id, now))? else {
                continue;
            };
            if run.changes_key && run.account.as_deref() == Some(account) && !run.is_alive(now) {
                return Ok(Some(RunId(id)));
            }
        }
        Ok(None)
    }

    /// A run to go on with, of this process or of one that is gone.
    fn taken_up(&mut self, id: &RunId, now: Now) -> Result<Run, Error> {
        if let Some(run) = self.runs.active(id) {
            return Ok(run.clone());
        }
        match self.vault.get(RowKind::Flow, &id.0, now) {
            Ok(run) => Ok(run.ok_or(Reason::NoSuchRun)?),
            Err(error) if error.is_of_row() => Err(Reason::FlowOutdated.into()),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether the account still is what the run began with, or made of it: with an older key it would only find that
    /// the server does not know it.
    fn fits_account(&mut self, run: &Run, now: Now) -> Result<bool, Error> {
        let Some(account) = &run.account else { return Ok(true) };
        let Some(account) = self.vault.account(account, now)? else { return Ok(false) };
        let (there, flow) = (account.registration.as_ref(), &run.flow);
        Ok(there.is_some() && (there == flow.began_with() || there == flow.registration()))
    }

    fn random_id(&mut self) -> Result<String, Error> {
        Ok(random::<16>(&mut *self.entropy)?.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Seals and commits a turn, and with the last one what the flow came to. Only then does anybody see the turn.
    fn commit(&mut self, id: &RunId, before: Option<&Run>, mut run: Run, now: Now) -> Result<(), Error> {
        run.renewed_ms = now.steady_ms;
        run.keys = run.flow.keys_without_account().to_vec();
        let finished = if run.only_looks && !run.flow.is_done() {
            None
        } else {
            let kept =
                self.vault.change(&mut *self.entropy, now, |change| keep(change, id, before, &run, now));
            if matches!(kept, Err(Error::Refused(Reason::NoSuchRun))) {
                self.runs.active.remove(id);
            }
            kept?
        };
        match finished {
            Some((turn, finished)) => self.runs.finish(id, turn, finished),
            None => {
                self.runs.active.insert(id.clone(), run);
            }
        }
        Ok(())
    }
}

impl Run {
    /// Whether something that it sent may arrive at this moment.
    fn is_sending(&self, now: Now) -> bool {
        let is_new = now.steady_ms.saturating_sub(self.renewed_ms) < ON_ITS_WAY_MS;
        is_new && matches!(self.flow.current().step, Step::Send(_))
    }

    /// Whether the server has said that it took the answer.
    fn is_settled(&self) -> bool {
        let Step::Done(Outcome::Answered(answered)) = &self.flow.current().step else { return false };
        matches!(answered.result, AnswerResult::Approved | AnswerResult::Declined)
    }

    /// The request that it answers.
    fn request(&self) -> Option<&str> {
        self.flow.record().map(|record| record.request.as_str())
    }

    fn is_alive(&self, now: Now) -> bool {
        match now.steady_ms.checked_sub(self.renewed_ms) {
            Some(idle) => idle < LEASE_MS,
            // Another process went on after this one had read the clock. A steady clock that stands long before the
            // last turn is that of another start of the device.
            None => self.renewed_ms - now.steady_ms < READ_EARLIER_MS,
        }
    }
}

/// Whether this phone is done with a request. A record that can't be read hides nothing.
fn has_ended(record: Option<RequestRecord>) -> bool {
    record.is_some_and(|record| record.ended.is_some())
}

/// A row that is there and can be read; a vault that failed is another matter.
fn unless_damaged<T>(read: Result<Option<T>, VaultError>) -> Result<Option<T>, VaultError> {
    match read {
        Err(error) if error.is_of_row() => Ok(None),
        read => read,
    }
}

/// Writes a turn, in one transaction with everything that the flow has learnt and done. The last one comes back as the
/// host gets it.
fn keep(
    change: &mut Change<'_>,
    id: &RunId,
    before: Option<&Run>,
    run: &Run,
    now: Now,
) -> Result<Option<(Turn, Finished)>, Error> {
    match before {
        Some(before) if !before.only_looks => keep_ownership(change, id, before)?,
        None => keep_to_one(change, run, now)?,
        Some(_) => {}
    }
    if let Some(account) = &run.account {
        keep_record(change, account, before, run, now)?;
        let registration = keep_registration(change, account, run, now)?;
        keep_context(change, account, registration, &run.flow)?;
    }
    let mut turn = run.flow.current().clone();
    let Step::Done(outcome) = &mut turn.step else {
        change.put(RowKind::Flow, &id.0, run)?;
        return Ok(None);
    };
    change.remove(RowKind::Flow, &id.0)?;
    let added = keep_outcome(change, outcome, run, now)?;
    Ok(Some((turn, Finished { added, unused_keys: run.flow.unused_keys().to_vec() })))
}

/// A process that slept past its lease must not write over what another one has done since.
fn keep_ownership(change: &Change<'_>, id: &RunId, before: &Run) -> Result<(), Error> {
    let there: Option<Envelope> = change.get(RowKind::Flow, &id.0)?;
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
    for id in change.ids(RowKind::Flow)? {
        // One that can't be read goes on nowhere: it must not keep the account from a new key for good.
        let Some(there) = unless_damaged(change.get::<Run>(RowKind::Flow, &id))? else { continue };
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
    let there: Option<RequestRecord> = change.get(RowKind::Request, &id)?;
    // What says nothing is not kept: an id that somebody made up leaves no row.
    let kept = |record: &&RequestRecord| !record.is_of_nothing();
    match before {
        // What the server has said for certain stands, whatever another run has noted meanwhile.
        Some(before) if !run.is_settled() && there.as_ref() != before.flow.record().filter(kept) => {
            return Err(Reason::RequestBusy.into());
        }
        Some(_) => {}
        None => forget_old_records(change, now)?,
    }
    if there.as_ref() != Some(record) && kept(&record) {
        change.put(RowKind::Request, &id, record)?;
    }
    Ok(())
}

/// Removes the records of requests whose time is long over.
fn forget_old_records(change: &mut Change<'_>, now: Now) -> Result<(), VaultError> {
    for id in change.ids(RowKind::Request)? {
        // When the time of a damaged one is over nobody knows: it stays, and stands in no other request's way.
        let record: Option<RequestRecord> = unless_damaged(change.get(RowKind::Request, &id))?;
        let is_over = |end: UnixTime| now.wall.since(end) > RECORD_KEPT_S;
        if record.and_then(|record| record.expires_at).is_some_and(is_over) {
            change.remove(RowKind::Request, &id)?;
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
        (Outcome::Checked { requests }, Some(id)) => {
            // The list may have been fetched before an answer that was kept meanwhile.
            let mut open = Vec::with_capacity(requests.len());
            for request in mem::take(requests) {
                if !has_ended(unless_damaged(change.get(RowKind::Request, &record_id(id, &request.id)))?) {
                    open.push(request);
                }
            }
            keep_requests(change, id, &open)?;
            *requests = open;
        }
        (Outcome::Answered(answered), Some(id)) => {
            let mut requests: Vec<Request> = change.get(RowKind::Pending, id)?.unwrap_or_default();
            requests.retain(|request| {
                request.id != answered.request || answered.tries_left.is_some_and(|left| left > 0)
            });
            keep_requests(change, id, &requests)?;
        }
        _ => {}
    }
    Ok(None)
}

//! Flows over an open vault: each turn is sealed and committed before the host acts on it, so an app that is killed
//! goes on where it was.

use std::collections::{HashMap, VecDeque};

use serde::{Deserialize, Serialize};

use super::jobs::{self, Job};
use super::watching::{keep_context, keep_requests, record_id};
use super::{Authenticator, Error, found};
use crate::account::{Account, Registration};
use crate::approval::{Context, Event, Flow, Outcome, Request, RequestRecord, Start, Step, Turn};
use crate::clock::{Now, UnixTime};
use crate::entropy::{SeededEntropy, random};
use crate::reason::Reason;
use crate::vault::{Change, RowKind, VaultError};

/// After so many milliseconds without a turn, a run of another process counts as ended.
const LEASE_MS: u64 = 120_000;

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

    /// The turn that a run stands at.
    ///
    /// # Errors
    /// `Refused(NoSuchRun)`.
    pub fn current(&mut self, run: &RunId, now: Now) -> Result<Turn, Error> {
        self.awake(now)?;
        if let Some((turn, _)) = self.runs.finished(run) {
            return Ok(turn.clone());
        }
        Ok(self.run(run, now)?.flow.current().clone())
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
        let before = self.run(run, now)?;
        let mut after = before.clone();
        after.flow.next(turn, event, now).map_err(|_| Error::WrongEvent)?;
        self.commit(run, Some(&before), after, now)?;
        self.current(run, now)
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
                // One of another version: `resume` says so.
                Err(_) => match self.vault.get::<Envelope>(RowKind::Flow, &id, now)? {
                    Some(envelope) => envelope.account,
                    None => continue,
                },
            };
            unfinished.push(Unfinished { run: RunId(id), account });
        }
        Ok(unfinished)
    }

    /// Goes on with an unfinished run: what may have been sent is not sent again, the flow looks what became of it.
    ///
    /// # Errors
    /// `Refused(NoSuchRun)`, those of a change; `Refused(RequestBusy)` when another run has worked on the same request
    /// or changed the account's key since then: this one is forgotten. `Refused(FlowOutdated)` for one of another version of the app: it is to be
    /// abandoned.
    pub fn resume(&mut self, run: &RunId, now: Now) -> Result<Turn, Error> {
        self.awake(now)?;
        let before = self.run(run, now)?;
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
            result => result.and_then(|()| self.current(run, now)),
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
            let there = change.get::<Envelope>(RowKind::Flow, &run.0).unwrap_or_default();
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
            seen.extend(requests.into_iter().map(|request| (account.clone(), request)));
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
            let Some(run) = self.vault.get::<Run>(RowKind::Flow, &id, now).unwrap_or_default() else {
                continue;
            };
            if run.changes_key && run.account.as_deref() == Some(account) && !run.is_alive(now) {
                return Ok(Some(RunId(id)));
            }
        }
        Ok(None)
    }

    fn run(&mut self, id: &RunId, now: Now) -> Result<Run, Error> {
        if let Some(run) = self.runs.active.get(id) {
            return Ok(run.clone());
        }
        match self.vault.get(RowKind::Flow, &id.0, now) {
            Ok(run) => Ok(run.ok_or(Reason::NoSuchRun)?),
            Err(error) => match self.vault.get::<Envelope>(RowKind::Flow, &id.0, now) {
                Ok(Some(_)) => Err(Reason::FlowOutdated.into()),
                _ => Err(error.into()),
            },
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
            Some(finished) => self.runs.finish(id, run.flow.current().clone(), finished),
            None => {
                self.runs.active.insert(id.clone(), run);
            }
        }
        Ok(())
    }
}

impl Run {
    fn is_alive(&self, now: Now) -> bool {
        // A steady clock that stands before the last turn is that of another start of the device.
        now.steady_ms.checked_sub(self.renewed_ms).is_some_and(|idle| idle < LEASE_MS)
    }
}

/// Writes a turn, in one transaction with everything that the flow has learnt and done.
fn keep(
    change: &mut Change<'_>,
    id: &RunId,
    before: Option<&Run>,
    run: &Run,
    now: Now,
) -> Result<Option<Finished>, Error> {
    match before {
        Some(before) if !before.only_looks => keep_ownership(change, id, before)?,
        None if run.changes_key => keep_to_one(change, run, now)?,
        _ => {}
    }
    if let Some(account) = &run.account {
        keep_record(change, account, before, run, now)?;
        let registration = keep_registration(change, account, run, now)?;
        keep_context(change, account, registration, &run.flow)?;
    }
    let Step::Done(outcome) = &run.flow.current().step else {
        change.put(RowKind::Flow, &id.0, run)?;
        return Ok(None);
    };
    change.remove(RowKind::Flow, &id.0)?;
    let added = keep_outcome(change, outcome, run, now)?;
    Ok(Some(Finished { added, unused_keys: run.flow.unused_keys().to_vec() }))
}

/// A process that slept past its lease must not write over what another one has done since.
fn keep_ownership(change: &Change<'_>, id: &RunId, before: &Run) -> Result<(), Error> {
    let there: Option<Envelope> = change.get(RowKind::Flow, &id.0)?;
    match there {
        Some(there) if there.owner == before.owner => Ok(()),
        _ => Err(Reason::NoSuchRun.into()),
    }
}

/// At most one run that changes an account's key, whoever began it in the meantime.
fn keep_to_one(change: &Change<'_>, run: &Run, now: Now) -> Result<(), Error> {
    for id in change.ids(RowKind::Flow)? {
        let there: Option<Run> = change.get(RowKind::Flow, &id).unwrap_or_default();
        if there.is_some_and(|there| there.changes_key && there.account == run.account && there.is_alive(now))
        {
            return Err(Reason::AccountBusy.into());
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
        Some(before) if there.as_ref() != before.flow.record().filter(kept) => {
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
        let record: Option<RequestRecord> = change.get(RowKind::Request, &id).unwrap_or_default();
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

fn keep_outcome(
    change: &mut Change<'_>,
    outcome: &Outcome,
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
        (Outcome::Checked { requests }, Some(id)) => keep_requests(change, id, requests)?,
        (Outcome::Answered(answered), Some(id)) => {
            let mut requests: Vec<Request> = change.get(RowKind::Pending, id)?.unwrap_or_default();
            requests.retain(|request| {
                request.id != answered.request || answered.tries_left.is_some_and(|left| left > 0)
            });
            change.put(RowKind::Pending, id, &requests)?;
        }
        _ => {}
    }
    Ok(None)
}

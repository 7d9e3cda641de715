//! Flows over an open vault: each turn is sealed and committed before the host acts on it, so an app that is killed
//! goes on where it was.

use std::collections::{HashMap, VecDeque};

use super::jobs::{self, Job};
use super::keep::{forget_keys, has_ended, keep, unless_damaged};
use super::run::{Envelope, Run};
use super::schedule::End;
use super::watching::record_id;
use super::{Authenticator, Error, Scanned};
use crate::approval::{Context, Event, Outcome, Request, RequestRecord, Start, Step, Turn, scanned_request};
use crate::clock::Now;
use crate::entropy::{SeededEntropy, random};
use crate::hex::hex;
use crate::link::Recognised;
use crate::order::sort_short;
use crate::reason::Reason;
use crate::vault::{Shelf, ValueKind, VaultError};

/// How many ended runs are remembered.
const MAX_FINISHED: usize = 64;

/// The id of a run: random, so that two processes never share one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RunId(pub String);

/// What a run left behind when it was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "nothing else names the device keys that are to be deleted"]
pub struct Finished {
    /// The account that it added.
    pub added: Option<String>,
    /// Device keys that no account needs any more: the host deletes them. Its own rows of these names are gone already,
    /// with the change that made the keys useless.
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

    /// Drops looks that no host goes on with: nothing of them is in the vault, so nothing else would ever end them.
    fn forget_idle_looks(&mut self, now: Now) {
        self.active.retain(|_, run| !run.only_looks || run.is_alive(now));
    }

    /// Whether a look at the account is under way. One that no host goes on with is not.
    pub(super) fn is_looking_at(&self, account: &str, now: Now) -> bool {
        let is_of = |run: &Run| run.account.as_deref() == Some(account);
        self.active.values().any(|run| run.flow.is_look() && is_of(run) && run.is_alive(now))
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
        let Job::Check { account } = job else { return self.begin_run(job, now) };
        self.look_begins(account, now)?;
        let begun = self.begin_run(job, now);
        if begun.is_err() {
            // A host that does as it is told would begin it again at once.
            self.look_failed(account, now);
        }
        begun
    }

    fn begin_run(&mut self, job: &Job<'_>, now: Now) -> Result<RunId, Error> {
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
        for id in self.vault.ids(ValueKind::Flow, now)? {
            let account = match self.vault.get::<Run>(ValueKind::Flow, &id, now) {
                Ok(Some(run)) if run.is_alive(now) => continue,
                Ok(Some(run)) => run.account,
                Ok(None) => continue,
                // One of another version, or a damaged one: `resume` says so.
                Err(error) if error.is_of_row() => {
                    let envelope = self.vault.get::<Envelope>(ValueKind::Flow, &id, now);
                    match unless_damaged(envelope)? {
                        Some(envelope) if envelope.is_alive(now) => continue,
                        envelope => envelope.and_then(|envelope| envelope.account),
                    }
                }
                Err(error) => return Err(error.into()),
            };
            unfinished.push(Unfinished { run: RunId(id), account });
        }
        Ok(unfinished)
    }

    /// Goes on with an unfinished run: what may have been sent is not sent again, the flow looks what became of it.
    ///
    /// One that can't go on is at its end with this, and [`Self::finished`] names the keys that it leaves behind:
    /// `Refused(RequestBusy)` when another run has worked on the same request or changed the account's key since then,
    /// `Refused(NoSuchAccount)` when the account is gone. A person need not hear of either.
    ///
    /// # Errors
    /// `Refused(NoSuchRun)`, those of a change; `Refused(FlowOutdated)` for one of another version of the app, and for
    /// one whose row is damaged: it is to be abandoned.
    pub fn resume(&mut self, run: &RunId, now: Now) -> Result<Turn, Error> {
        self.awake(now)?;
        let before = self.taken_up(run, now)?;
        if let Some(reason) = self.overtaken(&before, now)? {
            return self.give_up(run, &before, reason, now);
        }
        let mut after = before.clone();
        after.flow.resume(now);
        after.owner = self.random_id()?;
        match self.commit(run, Some(&before), after, now) {
            // What it had done stands in the request's record, where the other run found it.
            Err(Error::Refused(reason @ Reason::RequestBusy)) => self.give_up(run, &before, reason, now),
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
        let stopped = self.runs.active.remove(run);
        if let Some(account) =
            stopped.as_ref().filter(|run| run.flow.is_look()).and_then(|run| run.account.as_deref())
        {
            self.schedule.ended(account, End::Neither, now.steady_ms);
        }
        let looked = stopped.map(|run| run.keys);
        let unused_keys = self.vault.change(&mut *self.entropy, now, |change| {
            // A damaged row names no keys; it goes nevertheless.
            let there = unless_damaged(change.get::<Envelope>(ValueKind::Flow, &run.0))?;
            change.remove(ValueKind::Flow, &run.0)?;
            let keys = there.map(|envelope| envelope.keys).or(looked).unwrap_or_default();
            forget_keys(change, &keys)?;
            Ok::<_, VaultError>(keys)
        })?;
        Ok(Finished { added: None, unused_keys })
    }

    /// What a run left behind; `None` while it goes on, and once 64 others have ended after it.
    #[must_use]
    pub fn finished(&self, run: &RunId) -> Option<&Finished> {
        self.runs.finished(run).map(|(_, finished)| finished)
    }

    /// Requests as they were seen last, with their account, the newest first. A look ([`Job::Check`]) brings newer ones.
    ///
    /// # Errors
    /// `Locked`, `Damaged`.
    pub fn last_seen(&mut self, now: Now) -> Result<Vec<(String, Request)>, Error> {
        self.awake(now)?;
        let mut seen = Vec::new();
        for account in self.vault.ids(ValueKind::Pending, now)? {
            let requests: Option<Vec<Request>> =
                unless_damaged(self.vault.get(ValueKind::Pending, &account, now))?;
            for request in requests.into_iter().flatten() {
                // A look in the background does not know what was answered.
                let record = self.vault.get(ValueKind::Request, &record_id(&account, &request.id), now);
                if !has_ended(unless_damaged(record)?) {
                    seen.push((account.clone(), request));
                }
            }
        }
        sort_short(&mut seen, |(_, one), (_, other)| one.newest_first(other).is_lt());
        Ok(seen)
    }

    /// The requests of a sign-in that was scanned, one for each account that it asks, in the person's order: of several
    /// the person answers one.
    ///
    /// # Errors
    /// `Refused(SignInAccountUnknown)` where no account is asked, `Refused` for another text, `Locked`, `Damaged`.
    pub fn scanned_requests(&mut self, scanned: &Scanned, now: Now) -> Result<Vec<(String, Request)>, Error> {
        let Recognised::SignIn(link) = scanned.recognised() else {
            return Err(scanned.refusal().unwrap_or(Reason::NotAddedThisWay).into());
        };
        let approving = self.accounts(Shelf::InUse, now)?.into_iter().filter(|account| account.approvals);
        let mut requests = Vec::new();
        for id in approving.map(|account| account.id.clone()).collect::<Vec<_>>() {
            // A damaged one answers nothing; the list of accounts tells of it.
            let account = unless_damaged(self.vault.account(&id, now))?;
            let registration = account.and_then(|account| account.registration);
            let request = registration.and_then(|held| scanned_request(&held, link, now.wall));
            requests.extend(request.map(|request| (id, request)));
        }
        if requests.is_empty() { Err(Reason::SignInAccountUnknown.into()) } else { Ok(requests) }
    }

    /// What this phone has done about a request.
    ///
    /// # Errors
    /// `Locked`, `Damaged`.
    pub fn record(&mut self, account: &str, request: &str, now: Now) -> Result<Option<RequestRecord>, Error> {
        self.awake(now)?;
        Ok(self.vault.get(ValueKind::Request, &record_id(account, request), now)?)
    }

    /// The start of a flow: fresh randomness, and what is known of the server.
    pub(super) fn start(&mut self, context: Context, now: Now) -> Result<Start, Error> {
        Ok(Start { now, entropy: SeededEntropy::from_entropy(&mut *self.entropy)?, context })
    }

    /// An unfinished run that changes the key of the account that this job wants to change as well.
    fn interrupted(&mut self, job: &Job<'_>, now: Now) -> Result<Option<RunId>, Error> {
        let Some(account) = job.key_of() else { return Ok(None) };
        for id in self.vault.ids(ValueKind::Flow, now)? {
            // One that can't be read can't be gone on with: `resume` says so to who asks for it.
            let Some(run) = unless_damaged(self.vault.get::<Run>(ValueKind::Flow, &id, now))? else {
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
        match self.vault.get(ValueKind::Flow, &id.0, now) {
            Ok(run) => Ok(run.ok_or(Reason::NoSuchRun)?),
            Err(error) if error.is_of_row() => Err(Reason::FlowOutdated.into()),
            Err(error) => Err(error.into()),
        }
    }

    /// Why a run can never go on, unless the account still is what the run began with, or made of it: with an older key
    /// it would only find that the server does not know it.
    fn overtaken(&mut self, run: &Run, now: Now) -> Result<Option<Reason>, Error> {
        let Some(account) = &run.account else { return Ok(None) };
        let Some(account) = self.vault.account(account, now)? else { return Ok(Some(Reason::NoSuchAccount)) };
        let (there, flow) = (account.registration.as_ref(), &run.flow);
        let fits = there.is_some() && (there == flow.began_with() || there == flow.registration());
        Ok((!fits).then_some(Reason::RequestBusy))
    }

    /// Ends a run here, with the keys that it leaves behind.
    fn give_up(&mut self, id: &RunId, run: &Run, reason: Reason, now: Now) -> Result<Turn, Error> {
        let left = self.abandon(id, now)?;
        let number = run.flow.current().number.saturating_add(1);
        let turn = Turn { number, step: Step::Done(Outcome::Refused(reason)) };
        self.runs.finish(id, turn.clone(), left);
        Ok(turn)
    }

    fn random_id(&mut self) -> Result<String, Error> {
        Ok(hex(&random::<16>(&mut *self.entropy)?))
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
        // What is not news any more is not what is expected.
        let step = finished.as_ref().map_or(&run.flow.current().step, |(turn, _)| &turn.step);
        if let (Some(end), Some(account)) = (End::of(&run.flow, step), &run.account) {
            self.schedule.ended(account, end, now.steady_ms);
        }
        match finished {
            Some((turn, finished)) => self.runs.finish(id, turn, finished),
            None => {
                self.runs.forget_idle_looks(now);
                self.runs.active.insert(id.clone(), run);
            }
        }
        Ok(())
    }
}

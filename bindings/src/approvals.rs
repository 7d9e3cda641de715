use countersign::approval::Request;
use countersign::authenticator::{Finished, RunId, ServerClock, Stored, Unfinished};
use countersign::clock::Now;
use countersign::secret::Secret;

use crate::authenticator::Authenticator;
use crate::error::Result;
use crate::event::{ClientAnswer, Event, client, typed};
use crate::jobs::Job;
use crate::scan::Scanned;
use crate::step::Turn;

/// A request with its account.
#[derive(uniffi::Record)]
pub(crate) struct SeenRequest {
    account: String,
    request: Request,
}

/// Runs: perform the step of the current turn, hand back what came of it, until it is done. Each turn is sealed and
/// committed before it is handed out, so a killed app goes on with `unfinished` and `resume`.
///
/// Calls with the id of a run that is not there fail with `Refused(NoSuchRun)`.
#[uniffi::export]
impl Authenticator {
    /// Begins a job; the id of its run. Fails with `Refused` for what can't begin.
    fn begin(&self, job: Job, now: Now) -> Result<RunId> {
        Ok(self.core.lock().begin(&job.as_core(), now)?)
    }

    /// The turn that a run stands at.
    fn current(&self, run: RunId, now: Now) -> Result<Turn> {
        Ok(self.core.lock().current(&run, now)?.into())
    }

    /// Takes what came of a step and gives the next turn. An event for an older turn changes nothing: the current
    /// turn comes back. An event of another kind than the step waits for is `WrongEvent`.
    fn next(&self, run: RunId, turn: u64, event: Event, now: Now) -> Result<Turn> {
        Ok(self.core.lock().next(&run, turn, event.into(), now)?.into())
    }

    /// `next` for `Question.Answer`: what was typed, UTF-8, up to 1,024 bytes.
    fn answer_typed(&self, run: RunId, turn: u64, answer: &[u8], now: Now) -> Result<Turn> {
        Ok(self.core.lock().next(&run, turn, typed(answer), now)?.into())
    }

    /// `next` for `Question.Client`: the client secret, UTF-8, up to 1,024 bytes.
    fn answer_client(&self, run: RunId, answer: ClientAnswer, secret: &[u8], now: Now) -> Result<Turn> {
        Ok(self.core.lock().next(&run, answer.turn, client(answer.id, secret), now)?.into())
    }

    /// Runs that were begun and not ended, by an app that is gone.
    fn unfinished(&self, now: Now) -> Result<Vec<Unfinished>> {
        Ok(self.core.lock().unfinished(now)?)
    }

    /// Goes on with an unfinished run: what may have been sent is not sent again, the run looks what became of it. One
    /// that can't go on is at its end with this, and a person need not hear of it: `Refused(RequestBusy)` when another
    /// run has done it, `Refused(NoSuchAccount)` when its account is gone. `finished` names the keys that it leaves.
    fn resume(&self, run: RunId, now: Now) -> Result<Turn> {
        Ok(self.core.lock().resume(&run, now)?.into())
    }

    /// Forgets a run: for one that a person stopped at a question. What was sent stays sent.
    fn abandon(&self, run: RunId, now: Now) -> Result<Finished> {
        Ok(self.core.lock().abandon(&run, now)?)
    }

    /// What a run left behind; none while it goes on.
    fn finished(&self, run: RunId) -> Option<Finished> {
        self.core.lock().finished(&run).cloned()
    }

    /// Requests as they were seen last. A look (`Job.Check`) brings newer ones.
    fn last_seen(&self, now: Now) -> Result<Vec<SeenRequest>> {
        Ok(with_accounts(self.core.lock().last_seen(now)?))
    }

    /// The clocks of all servers that have told their time, in the order of the accounts. A look brings newer ones.
    fn clocks(&self, now: Now) -> Result<Vec<ServerClock>> {
        Ok(self.core.lock().clocks(now)?)
    }

    /// Makes the codes of this account's issuer and account name by its server's clock, or no more. Fails with `Refused`:
    /// `NoApprovals`, `ClockNotMeasured`, `ClockDiffers` (more than a day).
    fn use_for_codes(&self, account: &str, used: bool, now: Now) -> Result<()> {
        Ok(self.core.lock().use_for_codes(account, used, now)?)
    }

    /// Seconds that the server that differs most is ahead of this device's clock; negative: behind; none: no server has
    /// told its time yet.
    fn clock_offset(&self, now: Now) -> Result<Option<i64>> {
        Ok(self.core.lock().clock_offset(now)?.map(|offset| offset.seconds))
    }

    /// The requests of a sign-in that was scanned (`tiqr_sign_in`), one for each account that it asks: of several the
    /// person answers one, by `Job.ApproveScanned`. Fails with `Refused`: `SignInAccountUnknown`.
    fn scanned_requests(&self, scanned: &Scanned, now: Now) -> Result<Vec<SeenRequest>> {
        Ok(with_accounts(self.core.lock().scanned_requests(&scanned.core, now)?))
    }
}

fn with_accounts(seen: Vec<(String, Request)>) -> Vec<SeenRequest> {
    seen.into_iter().map(|(account, request)| SeenRequest { account, request }).collect()
}

/// What the app keeps for runs: client credentials of organisations, and rows of its own.
#[uniffi::export]
impl Authenticator {
    /// Stores an organisation link's credentials; `trusted` is the origin (`Description`) that the person said yes to.
    /// Others of the same issuer are replaced only when `replace` says so: `Refused(OrganisationExists)`.
    fn store_organisation(
        &self,
        scanned: &Scanned,
        trusted: &str,
        replace: bool,
        now: Now,
    ) -> Result<Stored> {
        Ok(self.core.lock().store_organisation(&scanned.core, trusted, replace, now)?)
    }

    /// Forgets an organisation's credentials, by its origin; accounts set up with them have their own copy.
    fn remove_organisation(&self, origin: &str, now: Now) -> Result<()> {
        Ok(self.core.lock().remove_organisation(origin, now)?)
    }

    /// The origins of the organisations that are stored.
    fn organisations(&self, now: Now) -> Result<Vec<String>> {
        Ok(self.core.lock().organisations(now)?.into_iter().map(|(origin, _)| origin).collect())
    }

    /// A row of the app's own, such as a software key: sealed like everything else.
    fn host_row(&self, id: &str, now: Now) -> Result<Option<Vec<u8>>> {
        let row: Option<Secret> = self.core.lock().host_row(id, now)?;
        // EXPOSE: the app asked for what it has kept.
        Ok(row.map(|row| row.expose().to_vec()))
    }

    /// Writes a row of the app's own, up to 16 KiB.
    fn put_host_row(&self, id: &str, value: &[u8], now: Now) -> Result<()> {
        Ok(self.core.lock().put_host_row(id, &Secret::copy_of(value), now)?)
    }

    /// Removes rows of the app's own; those that are not there don't matter.
    fn remove_host_rows(&self, ids: Vec<String>, now: Now) -> Result<()> {
        Ok(self.core.lock().remove_host_rows(&ids, now)?)
    }
}

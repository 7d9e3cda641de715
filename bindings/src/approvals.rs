use countersign::approval::Request;
use countersign::authenticator::{Finished, RunId, Unfinished};
use countersign::clock::Now;

use crate::authenticator::Authenticator;
use crate::error::CountersignError;
use crate::event::{ClientAnswer, Event, client, typed};
use crate::jobs::Job;
use crate::step::Turn;

/// A request with its account.
#[derive(uniffi::Record)]
pub(crate) struct SeenRequest {
    /// The account's id.
    account: String,
    /// The request as it was seen last.
    request: Request,
}

/// Runs: perform the step of the current turn, hand back what came of it, until it is done. Each turn is sealed and
/// committed before it is handed out, so a killed app goes on with `unfinished` and `resume`.
///
/// Calls with the id of a run that is not there fail with `Refused(NoSuchRun)`.
#[uniffi::export]
impl Authenticator {
    /// Begins a job; the id of its run. Fails with `Refused` for what can't begin.
    fn begin(&self, job: Job, now: Now) -> Result<RunId, CountersignError> {
        Ok(self.core.lock().begin(&job.as_core(), now)?)
    }

    /// The turn that a run stands at.
    fn current(&self, run: RunId, now: Now) -> Result<Turn, CountersignError> {
        Ok(self.core.lock().current(&run, now)?.into())
    }

    /// Takes what came of a step and gives the next turn. An event for an older turn changes nothing: the current
    /// turn comes back. An event of another kind than the step waits for is `WrongEvent`.
    fn next(&self, run: RunId, turn: u64, event: Event, now: Now) -> Result<Turn, CountersignError> {
        Ok(self.core.lock().next(&run, turn, event.into(), now)?.into())
    }

    /// `next` for `Question.Answer`: what was typed, UTF-8, up to 1,024 bytes.
    fn answer_typed(&self, run: RunId, turn: u64, answer: &[u8], now: Now) -> Result<Turn, CountersignError> {
        Ok(self.core.lock().next(&run, turn, typed(answer), now)?.into())
    }

    /// `next` for `Question.Client`: the client secret, UTF-8, up to 1,024 bytes.
    fn answer_client(
        &self,
        run: RunId,
        answer: ClientAnswer,
        secret: &[u8],
        now: Now,
    ) -> Result<Turn, CountersignError> {
        Ok(self.core.lock().next(&run, answer.turn, client(answer.id, secret), now)?.into())
    }

    /// Runs that were begun and not ended, by an app that is gone.
    fn unfinished(&self, now: Now) -> Result<Vec<Unfinished>, CountersignError> {
        Ok(self.core.lock().unfinished(now)?)
    }

    /// Goes on with an unfinished run: what may have been sent is not sent again, the run looks what became of it.
    fn resume(&self, run: RunId, now: Now) -> Result<Turn, CountersignError> {
        Ok(self.core.lock().resume(&run, now)?.into())
    }

    /// Forgets a run: for one that a person stopped at a question. What was sent stays sent.
    fn abandon(&self, run: RunId, now: Now) -> Result<(), CountersignError> {
        Ok(self.core.lock().abandon(&run, now)?)
    }

    /// What a run left behind; none while it goes on.
    fn finished(&self, run: RunId) -> Option<Finished> {
        self.core.lock().finished(&run).cloned()
    }

    /// Requests as they were seen last. A look (`Job.Check`) brings newer ones.
    fn last_seen(&self, now: Now) -> Result<Vec<SeenRequest>, CountersignError> {
        let seen = self.core.lock().last_seen(now)?;
        Ok(seen.into_iter().map(|(account, request)| SeenRequest { account, request }).collect())
    }
}

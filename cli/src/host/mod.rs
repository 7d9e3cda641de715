//! The host loop: carries out the steps of a flow and hands back what came of them.

mod together;

pub use together::{AT_A_TIME, Together, Told, run_all};

use std::process;
use std::thread;
use std::time::Duration;

use countersign::account::KeyAlgorithm;
use countersign::approval::{
    Answer, AnswerResult, Answered, Event, HttpRequest, KeyFailure, KeyRequest, Outcome, PublicKey, Question,
    SignRequest, Signature, Step, Turn,
};
use countersign::authenticator::{Error, Job, RunId};
use countersign::reason::Reason;
use countersign::secret::Secret;
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Own};
use crate::http::Sender;
use crate::keys::SoftwareKey;
use crate::session::{Place, Session};
use crate::signals;
use crate::text::title_of;
use crate::words::{self, Language};

/// So long a command waits for what an earlier process left unfinished, before it does its own work.
const LEFTOVERS_FOR_MS: u64 = 10_000;

/// Who answers the questions of a flow.
pub trait Asker {
    /// The answer to `question`, or [`Answer::None`].
    ///
    /// A failure ends the flow: nothing more is sent.
    fn answer(&mut self, question: &Question) -> Result<Answer, Failure>;
}

/// A device key as the vault keeps it.
#[derive(Serialize, Deserialize)]
struct StoredKey {
    algorithm: KeyAlgorithm,
    pkcs8: Secret,
    spki: Vec<u8>,
}

/// A job under way. Keys and signatures it sees to by itself; what takes time or a person is wanted from outside.
pub struct Flow {
    run: RunId,
    turn: Turn,
}

/// What a job wants from outside before it can go on.
pub enum Wanted {
    /// Sent once, and what came of it.
    Send(HttpRequest),
    /// Asked, and what was said.
    Ask(Question),
    /// Nothing for so long.
    Wait(Duration),
    /// It has ended.
    End(Outcome),
}

impl Flow {
    /// Begins a job.
    pub fn begin(session: &mut Session, job: &Job<'_>) -> Result<Self, Failure> {
        let run = session.core.begin(job, session.now())?;
        Self::of(session, run)
    }

    /// The job of a run that was begun.
    pub fn of(session: &mut Session, run: RunId) -> Result<Self, Failure> {
        let turn = session.core.current(&run, session.now())?;
        Ok(Self { run, turn })
    }

    /// Goes on until something is wanted.
    pub fn wanted(&mut self, session: &mut Session) -> Result<Wanted, Failure> {
        loop {
            let event = match &self.turn.step {
                Step::CreateKey(request) => create_key(session, request)?,
                Step::Sign(request) => sign(session, request)?,
                Step::Send(request) => return Ok(Wanted::Send(request.clone())),
                Step::Ask(question) => return Ok(Wanted::Ask(question.clone())),
                Step::Wait { ms } => return Ok(Wanted::Wait(Duration::from_millis(*ms))),
                Step::Done(outcome) => {
                    let outcome = outcome.clone();
                    self.tidy(session)?;
                    return Ok(Wanted::End(outcome));
                }
            };
            self.give(session, event)?;
        }
    }

    /// Takes what was wanted.
    pub fn give(&mut self, session: &mut Session, event: Event) -> Result<(), Failure> {
        self.turn = session.core.next(&self.run, self.turn.number, event, session.now())?;
        Ok(())
    }

    /// The account that it added, once it has ended.
    pub fn added(&self, session: &Session) -> Option<String> {
        session.core.finished(&self.run)?.added.clone()
    }

    /// Ends it where it stands; nothing more is sent.
    pub fn abandon(&self, session: &mut Session) -> Result<(), Failure> {
        let unused = session.core.abandon(&self.run, session.now())?.unused_keys;
        session.core.remove_host_rows(&unused, session.now())?;
        session.remember()
    }

    fn tidy(&self, session: &mut Session) -> Result<(), Failure> {
        if let Some(finished) = session.core.finished(&self.run) {
            let unused = finished.unused_keys.clone();
            session.core.remove_host_rows(&unused, session.now())?;
        }
        session.remember()
    }
}

/// Nobody is asked: for looks, which ask nothing, and for what goes on without the person who began it.
pub struct Nobody;

impl Asker for Nobody {
    fn answer(&mut self, _: &Question) -> Result<Answer, Failure> {
        Ok(Answer::None)
    }
}

/// An open vault and a sender, with what an earlier process left unfinished brought to its end. From here on being asked
/// to end is told.
pub fn online(place: &Place) -> Result<(Session, Sender), Failure> {
    let mut session = place.open()?;
    let sender = ready(&mut session)?;
    Ok((session, sender))
}

/// The same for a vault that is open.
pub fn ready(session: &mut Session) -> Result<Sender, Failure> {
    let (console, sender) = (session.console, Sender::new());
    // At any moment as good as a power loss, which loses nothing.
    let stop = move || process::exit(console.failure(&Own::Interrupted.into()).into());
    signals::on_stop(stop).map_err(|_| Own::Internal)?;
    go_on(session, &sender)?;
    Ok(sender)
}

/// Goes on with runs whose process is gone. What a server keeps silent about waits for the next time.
pub fn go_on(session: &mut Session, sender: &Sender) -> Result<(), Failure> {
    let console = session.console;
    let mut together = Together::new(sender.clone());
    for flow in leftovers(session)? {
        together.begin(session, (), flow);
    }
    session.tell();
    let until = session.now().steady_ms.saturating_add(LEFTOVERS_FOR_MS);
    while !together.is_over() {
        let left = until.saturating_sub(session.now().steady_ms);
        if left == 0 {
            console.note(&words::still_interrupted(console.language));
            break;
        }
        for told in together.wait(session, Duration::from_millis(left)) {
            match told {
                Told::Asked(id, _) => together.answer(session, id, Answer::None),
                Told::Ended { end, .. } => {
                    session.warnings.extend(end_of_leftover(&end?, console.language));
                    session.tell();
                }
            }
        }
    }
    Ok(())
}

/// Takes up the runs whose process is gone: nothing is sent twice, each looks what became of it.
pub fn leftovers(session: &mut Session) -> Result<Vec<Flow>, Failure> {
    let mut flows = Vec::new();
    for left in session.core.unfinished(session.now())? {
        match session.core.resume(&left.run, session.now()) {
            // Another run has done it meanwhile.
            Err(Error::Refused(Reason::RequestBusy)) => continue,
            // Of another version of this program: nothing can be done with it.
            Err(Error::Refused(Reason::FlowOutdated)) => {
                let unused = session.core.abandon(&left.run, session.now())?.unused_keys;
                session.core.remove_host_rows(&unused, session.now())?;
                let language = session.console.language;
                session.warnings.extend(end_of_leftover(&Outcome::Refused(Reason::FlowOutdated), language));
                continue;
            }
            resumed => resumed?,
        };
        flows.push(Flow::of(session, left.run)?);
    }
    Ok(flows)
}

/// What a person is told of the end of a run that was interrupted; a look or an answer that came through tells itself.
pub fn end_of_leftover(outcome: &Outcome, language: Language) -> Option<String> {
    match outcome {
        Outcome::Enrolled(enrolled) => {
            Some(words::went_on(language, &title_of(&enrolled.issuer, &enrolled.account)))
        }
        Outcome::Refused(reason) | Outcome::Unknown(reason) => {
            let (what, next) = words::of_reason(*reason, language);
            Some(words::ended_interrupted(language, &what, &next))
        }
        _ => None,
    }
}

/// Begins a job and carries out its steps to the end.
pub fn run(
    session: &mut Session,
    sender: &Sender,
    job: &Job<'_>,
    asker: &mut dyn Asker,
) -> Result<Outcome, Failure> {
    let mut flow = Flow::begin(session, job)?;
    finish(session, sender, &mut flow, asker)
}

/// Carries out the steps of a begun job to the end.
pub fn finish(
    session: &mut Session,
    sender: &Sender,
    flow: &mut Flow,
    asker: &mut dyn Asker,
) -> Result<Outcome, Failure> {
    let console = session.console;
    loop {
        let event = match flow.wanted(session)? {
            Wanted::Send(request) => {
                let _busy = console.busy(words::waiting_for_server(console.language));
                sender.send(&request)
            }
            Wanted::Ask(question) => match asker.answer(&question) {
                Ok(answer) => Event::Answered(answer),
                // The flow can't go on. At a question nothing of it is under way; after any other failure, as of the
                // vault, it stays to be gone on with.
                Err(failure) => {
                    flow.abandon(session)?;
                    return Err(failure);
                }
            },
            Wanted::Wait(time) => {
                let _busy = console.busy(words::waiting_to_try(console.language));
                thread::sleep(time);
                Event::Woke
            }
            Wanted::End(outcome) => return Ok(outcome),
        };
        flow.give(session, event)?;
    }
}

/// Makes a key pair, or takes the one that an interrupted run has made under the same name.
fn create_key(session: &mut Session, request: &KeyRequest) -> Result<Event, Failure> {
    let now = session.now();
    if let Some(there) = session.core.host_row::<StoredKey>(&request.key_id, now)? {
        return Ok(Event::KeyCreated(PublicKey(there.spki)));
    }
    let Ok(key) = SoftwareKey::make(request.algorithm) else {
        return Ok(Event::KeyRefused(KeyFailure::Failed));
    };
    let spki = key.spki().to_vec();
    let row = StoredKey { algorithm: request.algorithm, pkcs8: key.pkcs8().clone(), spki: spki.clone() };
    session.core.put_host_row(&request.key_id, &row, now)?;
    Ok(Event::KeyCreated(PublicKey(spki)))
}

fn sign(session: &mut Session, request: &SignRequest) -> Result<Event, Failure> {
    let Some(row) = session.core.host_row::<StoredKey>(&request.key_id, session.now())? else {
        return Ok(Event::KeyRefused(KeyFailure::Gone));
    };
    // EXPOSE: the bytes are what the key signs.
    let signed = SoftwareKey::stored(row.algorithm, row.pkcs8).sign(request.bytes.expose());
    Ok(signed.map_or(Event::KeyRefused(KeyFailure::Failed), |signature| Event::Signed(Signature(signature))))
}

/// The failure that an end of a flow is, where it is none that the command waited for.
pub fn failure_of(outcome: &Outcome) -> Failure {
    let failure = Failure::from(reason_of(outcome));
    if matches!(outcome, Outcome::Unknown(_)) { failure.with_result_unknown() } else { failure }
}

/// The reason of an end that the command did not wait for.
pub const fn reason_of(outcome: &Outcome) -> Reason {
    match outcome {
        Outcome::Refused(reason) | Outcome::Unknown(reason) => *reason,
        _ => Reason::ResultUnknown,
    }
}

/// Why an answer did not become what was asked for; none where it did.
pub fn reason_of_answer(answered: &Answered) -> Option<Reason> {
    match (answered.result, answered.reason) {
        (AnswerResult::Approved, _) | (AnswerResult::Declined, None) => None,
        (_, Some(reason)) => Some(reason),
        (AnswerResult::Expired, None) => Some(Reason::RequestExpired),
        (AnswerResult::AnsweredElsewhere, None) => Some(Reason::AnsweredElsewhere),
        (AnswerResult::WrongAnswer, None) => Some(Reason::WrongNumber),
        (AnswerResult::Unknown, None) => Some(Reason::ResultUnknown),
    }
}

//! The host loop: carries out the steps of a flow and hands back what came of them.

use std::thread;
use std::time::Duration;

use countersign::account::KeyAlgorithm;
use countersign::approval::{
    Answer, Event, KeyFailure, KeyRequest, Outcome, PublicKey, Question, SignRequest, Signature, Step,
};
use countersign::authenticator::{Job, RunId};
use countersign::reason::Reason;
use countersign::secret::Secret;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::http::Sender;
use crate::keys::SoftwareKey;
use crate::session::Session;

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

/// Begins a job and carries out its steps to the end.
pub fn run(
    session: &mut Session,
    sender: &Sender,
    job: &Job<'_>,
    asker: &mut dyn Asker,
) -> Result<Outcome, Failure> {
    let run = session.core.begin(job, session.now())?;
    finish(session, sender, &run, asker)
}

/// Carries out the steps of a begun job to the end.
pub fn finish(
    session: &mut Session,
    sender: &Sender,
    run: &RunId,
    asker: &mut dyn Asker,
) -> Result<Outcome, Failure> {
    let result = steps(session, sender, run, asker);
    if result.is_err() {
        // A question without an answer: the flow can't go on, and nothing of it is under way.
        session.core.abandon(run, session.now())?;
    }
    if let Some(finished) = session.core.finished(run) {
        let unused = finished.unused_keys.clone();
        session.core.remove_host_rows(&unused, session.now())?;
    }
    session.remember()?;
    result
}

fn steps(
    session: &mut Session,
    sender: &Sender,
    run: &RunId,
    asker: &mut dyn Asker,
) -> Result<Outcome, Failure> {
    let mut turn = session.core.current(run, session.now())?;
    loop {
        let event = match &turn.step {
            Step::Send(request) => sender.send(request),
            Step::CreateKey(request) => create_key(session, request)?,
            Step::Sign(request) => sign(session, request)?,
            Step::Ask(question) => Event::Answered(asker.answer(question)?),
            Step::Wait { ms } => {
                thread::sleep(Duration::from_millis(*ms));
                Event::Woke
            }
            Step::Done(outcome) => return Ok(outcome.clone()),
        };
        turn = session.core.next(run, turn.number, event, session.now())?;
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
    if matches!(outcome, Outcome::Unknown(_)) { failure.as_unknown() } else { failure }
}

/// The reason of an end that the command did not wait for.
pub const fn reason_of(outcome: &Outcome) -> Reason {
    match outcome {
        Outcome::Refused(reason) | Outcome::Unknown(reason) => *reason,
        _ => Reason::ResultUnknown,
    }
}

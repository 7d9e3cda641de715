//! The host loop: carries out the steps of a flow and hands back what came of them.

mod together;

pub use together::{LATE_MS, Together, Told, run_all, run_each};

use std::collections::BTreeSet;
use std::process;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use countersign::account::KeyAlgorithm;
use countersign::approval::{
    Answer, AnswerResult, Answered, Event, HttpRequest, KeyFailure, KeyRequest, Outcome, PublicKey, Question,
    SignRequest, Signature, Step, Turn, abilities,
};
use countersign::authenticator::{Error, Job, RunId};
use countersign::reason::Reason;
use countersign::secret::Secret;
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Own};
use crate::http::Sender;
use crate::keys::{KeyError, SoftwareKey};
use crate::session::{Place, Session};
use crate::signals;
use crate::text::{title_of, visible};
use crate::words::{self, Language};

/// So long a command waits for what an earlier process left unfinished, before it does its own work.
const LEFTOVERS_FOR_MS: u64 = 10_000;

/// What is told when the process is asked to end, once it has done what it was to do.
static DONE: Mutex<Option<String>> = Mutex::new(None);

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

/// A job under way. Signatures and stored keys it sees to by itself; what takes time or a person is wanted from outside.
pub struct Flow {
    run: RunId,
    turn: Turn,
    /// Whose it is, of one that was taken up: what becomes of it is told without a word of what it is about.
    title: Option<String>,
}

/// What a job wants from outside before it can go on.
pub enum Wanted {
    /// Sent once, and what came of it.
    Send(HttpRequest),
    /// A key pair of this kind made, which may take seconds: [`Flow::made`].
    MakeKey(KeyAlgorithm),
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
        let turn = session.core.current(&run, session.now())?;
        Ok(Self { run, turn, title: None })
    }

    /// The run that it is.
    pub const fn run(&self) -> &RunId {
        &self.run
    }

    /// Whose it is, of one that was taken up; none of a set-up.
    pub const fn title(&self) -> Option<&String> {
        self.title.as_ref()
    }

    /// Goes on until something is wanted.
    pub fn wanted(&mut self, session: &mut Session) -> Result<Wanted, Failure> {
        loop {
            let event = match &self.turn.step {
                Step::CreateKey(request) => match stored_key(session, request)? {
                    Some(there) => Event::KeyCreated(PublicKey(there.spki)),
                    None => return Ok(Wanted::MakeKey(request.algorithm)),
                },
                Step::Sign(request) => sign(session, request)?,
                Step::Send(request) => return Ok(Wanted::Send(request.clone())),
                Step::Ask(question) => return Ok(Wanted::Ask(question.clone())),
                Step::Wait { ms } => return Ok(Wanted::Wait(Duration::from_millis(*ms))),
                Step::Done(outcome) => {
                    let outcome = outcome.clone();
                    session.remember()?;
                    return Ok(Wanted::End(outcome));
                }
            };
            self.give(session, event)?;
        }
    }

    /// Keeps the key that was wanted, and takes it.
    pub fn made(&mut self, session: &mut Session, key: Result<SoftwareKey, KeyError>) -> Result<(), Failure> {
        let event = match (&self.turn.step, key) {
            (Step::CreateKey(request), Ok(key)) => {
                let spki = key.spki().to_vec();
                let row = StoredKey {
                    algorithm: request.algorithm,
                    pkcs8: key.pkcs8().clone(),
                    spki: spki.clone(),
                };
                session.core.put_host_row(&request.key_id, &row, session.now())?;
                Event::KeyCreated(PublicKey(spki))
            }
            _ => Event::KeyRefused(KeyFailure::Failed),
        };
        self.give(session, event)
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
        give_up(session, &self.run)?;
        session.remember()
    }
}

/// An open vault and a sender, with what an earlier process left unfinished brought to its end. From here on being asked
/// to end is told.
pub fn online(place: &Place) -> Result<(Session, Sender), Failure> {
    online_or(place, Own::Interrupted.into())
}

/// The same for a command that only looks: it leaves nothing halfway.
pub fn looking(place: &Place) -> Result<(Session, Sender), Failure> {
    let next = words::stopped_look(place.console.language);
    online_or(place, Failure::from(Own::Interrupted).with_own_next(next))
}

/// The same where more is to be told than that it was interrupted.
pub fn online_or(place: &Place, interrupted: Failure) -> Result<(Session, Sender), Failure> {
    let mut session = place.open()?;
    let sender = ready(&mut session, interrupted)?;
    Ok((session, sender))
}

/// The same for a vault that is open.
pub fn ready(session: &mut Session, interrupted: Failure) -> Result<Sender, Failure> {
    let (console, sender) = (session.console, Sender::new());
    // At any moment as good as a power loss, which loses nothing.
    let stop = move || {
        let done = DONE.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(note) = done else { process::exit(console.failure(&interrupted).into()) };
        console.note(&note);
        process::exit(0)
    };
    signals::on_stop(stop).map_err(|_| Own::Internal)?;
    go_on(session, &sender)?;
    Ok(sender)
}

/// What the command was to do is done and told, and it goes on with something that the person may still do. To be asked
/// to end is no failure any more; `note` is told then.
pub fn is_done_but(note: String) {
    *DONE.lock().unwrap_or_else(PoisonError::into_inner) = Some(note);
}

/// Goes on with runs whose process is gone. What a server keeps silent about waits for the next time.
pub fn go_on(session: &mut Session, sender: &Sender) -> Result<(), Failure> {
    let console = session.console;
    let mut together = Together::new(sender.clone());
    for flow in leftovers(session, |_| false)? {
        together.begin(session, flow.title().cloned(), flow);
    }
    session.tell();
    let mut said = BTreeSet::new();
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
                Told::Ended { about, end, .. } => {
                    let words = end_of_leftover(&end, about.as_deref(), console.language);
                    // What became of two answers is often the same.
                    session.warnings.extend(words.filter(|words| said.insert(words.clone())));
                    session.tell();
                }
            }
        }
    }
    Ok(())
}

/// Takes up the runs whose process is gone, but for those that are under way here.
pub fn leftovers(session: &mut Session, is_ours: impl Fn(&RunId) -> bool) -> Result<Vec<Flow>, Failure> {
    let mut flows = Vec::new();
    for left in session.core.unfinished(session.now())? {
        if !is_ours(&left.run) {
            let title = left.account.and_then(|account| title_in(session, &account));
            flows.extend(take_up(session, &left.run, title)?);
        }
    }
    Ok(flows)
}

/// What an account is called, unless it is gone.
pub fn title_in(session: &mut Session, account: &str) -> Option<String> {
    let summary = session.core.summary(account, session.now()).ok()?;
    Some(title_of(&summary.issuer, &summary.name))
}

/// Takes up a run that was left, of the account of this title: nothing is sent twice, it looks what became of it. `None`
/// where nothing is left to do.
pub fn take_up(session: &mut Session, run: &RunId, title: Option<String>) -> Result<Option<Flow>, Failure> {
    match session.core.resume(run, session.now()) {
        // Another process does it or has done it; or it only looked, and is begun anew.
        Err(Error::Refused(Reason::NoSuchRun)) => Ok(None),
        // Of another version of this program: nothing can be done with it.
        Err(Error::Refused(Reason::FlowOutdated)) => {
            give_up(session, run)?;
            let language = session.console.language;
            let end = Ok(Outcome::Refused(Reason::FlowOutdated));
            session.warnings.extend(end_of_leftover(&end, title.as_deref(), language));
            Ok(None)
        }
        resumed => Ok(Some(Flow { run: run.clone(), turn: resumed?, title })),
    }
}

/// Forgets a run. The keys that it leaves behind are rows of the vault, which go with it.
fn give_up(session: &mut Session, run: &RunId) -> Result<(), Failure> {
    let _in_the_vault = session.core.abandon(run, session.now())?;
    Ok(())
}

/// What a person is told of the end of a run that was interrupted, of the account of this title; what changes nothing for
/// them has nothing to tell.
pub fn end_of_leftover(
    end: &Result<Outcome, Failure>,
    title: Option<&str>,
    language: Language,
) -> Option<String> {
    let words = words_of_leftover(end, language)?;
    Some(match title {
        Some(title) => format!("{}: {words}", visible(title)),
        None => words,
    })
}

fn words_of_leftover(end: &Result<Outcome, Failure>, language: Language) -> Option<String> {
    let (what, next) = match end {
        Ok(Outcome::Enrolled(enrolled)) => {
            return Some(words::went_on(language, &title_of(&enrolled.issuer, &enrolled.account)));
        }
        Ok(Outcome::Answered(answered)) => {
            return Some(match reason_of_answer(answered) {
                None => words::answer_arrived(language),
                Some(reason) => {
                    let (what, next) = words::of_reason(reason, language);
                    words::ended_answer(language, &what, &next)
                }
            });
        }
        Ok(Outcome::Rotated { .. }) => return Some(words::rotated(language)),
        Ok(Outcome::LockedOut) => return Some(words::lock_out_went_on(language)),
        // Who was asked has gone away.
        Ok(Outcome::Refused(Reason::LockOutNotConfirmed)) => return Some(words::lock_out_not_confirmed(language)),
        Ok(
            Outcome::Checked { .. }
            | Outcome::Tested { .. }
            | Outcome::PushAddressSet
            // Another run has done it meanwhile, or its account is gone.
            | Outcome::Refused(Reason::RequestBusy | Reason::NoSuchAccount),
        ) => return None,
        Ok(Outcome::Refused(reason) | Outcome::Unknown(reason)) => words::of_reason(*reason, language),
        Err(failure) => failure.words_of_reason(language),
    };
    Some(words::ended_interrupted(language, &what, &next))
}

/// Whether the server of this account can lock it.
pub fn can_lock_out(session: &mut Session, account: &str) -> Result<bool, Failure> {
    let registration = session.core.account(account, session.now())?.registration;
    Ok(registration.is_some_and(|held| abilities(&held).lock_out))
}

/// What a person is told of the end of the lock-out of this account.
pub fn end_of_lock_out(end: Result<&Outcome, &Failure>, title: &str, language: Language) -> String {
    let failure = match end {
        Ok(Outcome::LockedOut) => return words::locked_out(language, &title),
        Ok(Outcome::Refused(Reason::LockOutNotConfirmed)) => return words::not_locked_out(language, &title),
        Ok(outcome) => &failure_of(outcome),
        Err(failure) => failure,
    };
    let (what, next) = failure.words(language);
    format!("{}: {what} {next}", visible(title))
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
            Wanted::MakeKey(algorithm) => {
                let _busy = console.busy(words::making_key(console.language));
                flow.made(session, SoftwareKey::make(algorithm))?;
                continue;
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

/// The key that an interrupted run has made under the same name.
fn stored_key(session: &mut Session, request: &KeyRequest) -> Result<Option<StoredKey>, Failure> {
    Ok(session.core.host_row(&request.key_id, session.now())?)
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

/// Why an answer did not become what was asked for; none where it did, also where no server is told of a decline.
pub fn reason_of_answer(answered: &Answered) -> Option<Reason> {
    match (answered.result, answered.reason) {
        (AnswerResult::Approved, _) | (AnswerResult::Declined, None | Some(Reason::NoDecline)) => None,
        (_, Some(reason)) => Some(reason),
        (AnswerResult::Expired, None) => Some(Reason::RequestExpired),
        (AnswerResult::AnsweredElsewhere, None) => Some(Reason::AnsweredElsewhere),
        (AnswerResult::WrongAnswer, None) => Some(Reason::WrongNumber),
        (AnswerResult::Unknown, None) => Some(Reason::ResultUnknown),
    }
}

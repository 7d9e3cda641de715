//! The step machine: one type for setting up, looking, answering, and all else that is done with a server.
//!
//! A flow is a procedure that is run again from its start at each event, with the events so far as its input,
//! until it comes to a step that has no event yet. So its state is what it was started with and the list of its
//! events, and a flow that was stored and read back goes on as if nothing had happened.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use super::io::{Entry, Halt, Io, Kept};
use super::kept::{Context, RequestRecord};
use super::outcome::{Outcome, Request};
use super::program::{AnswerRequest, Decision, EnrolRequest, HostFacts, Program, PushAddress};
use super::step::{Event, HttpReply, NetworkFailure, Step, Turn};
use crate::account::Registration;
use crate::clock::{Now, UnixTime};
use crate::entropy::SeededEntropy;
use crate::link::SignInLink;
use crate::reason::Reason;

/// Goes up when a stored flow of an older version can't go on in this one.
const VERSION: u32 = 1;

/// More events than any flow has; a server that keeps one busy is left.
const MAX_EVENTS: usize = 200;
/// Most bytes of bodies in one flow: what it has received is kept with it, in a row of the vault.
const MAX_BODIES: usize = 1024 * 1024;

/// Something that is done with a server, step by step.
///
/// Nothing here sends, signs, asks or waits: [`Flow::current`] tells the host what to do, and [`Flow::next`] takes
/// what came of it. After each, the host keeps the flow, its [`Context`], its [`RequestRecord`] and a changed
/// [`Registration`] in one transaction, and only then does the step.
#[derive(Clone, Debug)]
pub struct Flow {
    state: State,
    turn: Turn,
    kept: Kept,
}

/// What a flow is made of.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct State {
    version: u32,
    program: Program,
    start: Start,
    log: Vec<Entry>,
}

/// What every flow starts with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Start {
    /// The clocks.
    pub now: Now,
    /// Where its ids come from; seeded by the system's randomness.
    pub entropy: SeededEntropy,
    /// What is known of the server from earlier flows of the same account.
    pub context: Context,
}

/// An event that does not belong to the current step. Nothing changed.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the event does not belong to the current step")]
pub struct WrongEvent;

impl Flow {
    /// Sets up an account from a scanned link.
    #[must_use]
    pub fn enrol(request: EnrolRequest, start: Start) -> Self {
        Self::begin(Program::Enrol(Box::new(request)), start)
    }

    /// Looks for requests.
    #[must_use]
    pub fn check(registration: Registration, start: Start) -> Self {
        Self::begin(Program::Check { registration }, start)
    }

    /// Approves or declines one request; `record` is what is known of it from earlier flows.
    #[must_use]
    pub fn answer(
        registration: Registration,
        request: AnswerRequest,
        record: RequestRecord,
        start: Start,
    ) -> Self {
        Self::begin(Program::Answer { registration, request, record, scanned: None }, start)
    }

    /// The same for a request that was scanned: its id is that of the link.
    #[must_use]
    pub fn answer_scanned(
        registration: Registration,
        link: SignInLink,
        decision: Decision,
        record: RequestRecord,
        start: Start,
    ) -> Self {
        let request = AnswerRequest { request: link.session.clone(), decision };
        Self::begin(Program::Answer { registration, request, record, scanned: Some(link) }, start)
    }

    /// Gives the account a new device key.
    #[must_use]
    pub fn rotate_key(registration: Registration, start: Start) -> Self {
        Self::begin(Program::RotateKey { registration }, start)
    }

    /// Tells the server where pushes go.
    #[must_use]
    pub fn set_push_address(registration: Registration, address: PushAddress, start: Start) -> Self {
        Self::begin(Program::SetPushAddress { registration, address }, start)
    }

    /// Locks the account at the server, after asking.
    #[must_use]
    pub fn lock_out(registration: Registration, start: Start) -> Self {
        Self::begin(Program::LockOut { registration }, start)
    }

    /// Looks why a request may be missing; `host` is what only the host can tell, `ended` the ids of requests that this
    /// phone is done with.
    #[must_use]
    pub fn self_test(registration: Registration, host: HostFacts, ended: Vec<String>, start: Start) -> Self {
        Self::begin(Program::SelfTest { registration, host, ended }, start)
    }

    /// What to do now.
    #[must_use]
    pub const fn current(&self) -> &Turn {
        &self.turn
    }

    /// Takes what came of the step of turn `turn`. For an older turn (a late answer, a double tap) nothing changes
    /// and the current turn comes back.
    ///
    /// # Errors
    /// [`WrongEvent`] for an event that the current step does not wait for, or a turn that is yet to come.
    pub fn next(&mut self, turn: u64, event: Event, now: Now) -> Result<&Turn, WrongEvent> {
        if turn < self.turn.number {
            return Ok(&self.turn);
        }
        if turn > self.turn.number || !self.turn.step.awaits(&event) {
            return Err(WrongEvent);
        }
        self.state.log.push(Entry { event: self.within_limits(event), now });
        self.run();
        Ok(&self.turn)
    }

    /// Goes on with a flow that was read back after its process ended. What may have been sent then is not sent
    /// again: the flow looks what became of it.
    pub fn resume(&mut self, now: Now) -> &Turn {
        if matches!(self.turn.step, Step::Send(_)) {
            self.state.log.push(Entry { event: Event::NoReply(NetworkFailure::Interrupted), now });
            self.run();
        }
        &self.turn
    }

    /// The account's registration as the flow began with it; none for a set-up.
    #[must_use]
    pub const fn began_with(&self) -> Option<&Registration> {
        self.state.program.registration()
    }

    /// Whether it looks for requests.
    pub(crate) const fn is_look(&self) -> bool {
        matches!(self.state.program, Program::Check { .. })
    }

    /// How long the server wants to be left alone, where its last answer was that it is busy.
    pub(crate) fn retry_after_ms(&self) -> Option<u64> {
        match &self.state.log.last()?.event {
            Event::Reply(reply) => super::http::wants_to_be_left_alone(reply),
            _ => None,
        }
    }

    /// What the person decided, for a flow that answers a request.
    pub(crate) const fn decision(&self) -> Option<&Decision> {
        self.state.program.decision()
    }

    /// The request as it is at `now`, for a flow that answers one that was scanned.
    pub(crate) fn scanned_request(&self, now: UnixTime) -> Option<Request> {
        self.state.program.scanned_request(now)
    }

    /// What is known of the server now.
    #[must_use]
    pub const fn context(&self) -> &Context {
        &self.kept.context
    }

    /// What this phone did about the request, for a flow that answers one.
    #[must_use]
    pub const fn record(&self) -> Option<&RequestRecord> {
        self.kept.record.as_ref()
    }

    /// The registration, where the flow changed it: while a new key is on its way it holds both. Not for a new
    /// account, which comes with [`Outcome::Enrolled`].
    #[must_use]
    pub const fn registration(&self) -> Option<&Registration> {
        self.kept.registration.as_ref()
    }

    /// Names of keys that this account needs no more, once the flow is done; the host deletes them.
    #[must_use]
    pub fn unused_keys(&self) -> &[String] {
        if self.is_done() { &self.kept.unused_keys } else { &[] }
    }

    /// Names of keys that the flow has made and that no account has yet: to delete when it is given up at a question.
    #[must_use]
    pub fn keys_without_account(&self) -> &[String] {
        &self.kept.unused_keys
    }

    /// Whether the end is reached.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        matches!(self.turn.step, Step::Done(_))
    }

    fn begin(program: Program, start: Start) -> Self {
        Self::from_state(State { version: VERSION, program, start, log: Vec::new() })
    }

    fn from_state(state: State) -> Self {
        let kept = Kept::new(&state.start.context, state.program.record());
        let turn = Turn { number: 1, step: Step::Wait { ms: 0 } };
        let mut flow = Self { state, turn, kept };
        flow.run();
        flow
    }

    fn run(&mut self) {
        let State { program, start, log, .. } = &self.state;
        let mut io = Io::new(start, program.record(), log);
        let step = match program.run(&mut io) {
            _ if log.len() > MAX_EVENTS => Step::Done(Outcome::Unknown(Reason::TooManySteps)),
            Ok(outcome) => Step::Done(outcome),
            Err(Halt::End(outcome)) => Step::Done(*outcome),
            Err(Halt::Turn(step)) => *step,
        };
        self.kept = io.into_kept();
        self.turn = Turn { number: u64::try_from(log.len()).unwrap_or(u64::MAX).saturating_add(1), step };
    }

    /// The event as it is kept: without a body that is oversized, alone or together with those before it, and with no
    /// more headers than are read.
    fn within_limits(&self, event: Event) -> Event {
        match (&self.turn.step, event) {
            (Step::Send(request), Event::Reply(reply))
                if reply.body.len() > request.max_reply_bytes.min(self.state.room()) =>
            {
                Event::NoReply(NetworkFailure::TooLarge)
            }
            (_, Event::Reply(reply)) => Event::Reply(HttpReply {
                headers: reply.headers.into_iter().filter(super::http::is_read).collect(),
                ..reply
            }),
            (_, event) => event,
        }
    }
}

impl State {
    /// How many bytes of bodies may still be kept.
    fn room(&self) -> usize {
        let kept = self.log.iter().map(|entry| match &entry.event {
            Event::Reply(reply) => reply.body.len(),
            _ => 0,
        });
        MAX_BODIES.saturating_sub(kept.sum())
    }
}

impl Serialize for Flow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.state.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Flow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let state = State::deserialize(deserializer)?;
        if state.version != VERSION {
            return Err(D::Error::custom("a flow of another version"));
        }
        Ok(Self::from_state(state))
    }
}

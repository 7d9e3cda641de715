//! What a procedure may do: each call gives the event that the log has for it, or halts the run with the step
//! that has none yet.

use serde::{Deserialize, Serialize};

use super::flow::Start;
use super::http::Failure;
use super::kept::{Context, RequestRecord};
use super::keys;
use super::outcome::Outcome;
use super::step::{
    Answer, Event, HttpReply, HttpRequest, KeyFailure, KeyProtection, KeyRequest, NetworkFailure, PublicKey,
    Question, SignRequest, Signature, Step, Why,
};
use crate::account::{DeviceKey, KeyAlgorithm, Registration};
use crate::clock::{ClockOffset, Now, UnixTime};
use crate::entropy::{Entropy as _, SeededEntropy};
use crate::hex::hex;
use crate::reason::Reason;
use crate::secret::Secret;

/// Clocks that differ by more, in seconds, are worth telling.
const MAX_OFFSET: i64 = 30;

/// How long a call may be on its way, in seconds, before that counts as a difference of clocks.
const NOISE: i64 = 2;
/// After so many seconds the same offset counts as measured anew.
const MEASURED_ANEW: i64 = 3_600;

/// How long a look may take, in milliseconds: it can be repeated, and somebody may be waiting for it.
pub(super) const LOOK_MS: u64 = 20_000;
/// The shortest time for which an answer is waited for, in milliseconds.
const SHORTEST_MS: u64 = 2_000;

/// An event and when it came.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) event: Event,
    pub(super) now: Now,
}

/// Why a run ends before the procedure does.
pub(super) enum Halt {
    /// This step has no event yet.
    Turn(Box<Step>),
    /// There is nothing more to do.
    End(Box<Outcome>),
}

/// A value, or a halt: `?` takes a procedure from step to step.
pub(super) type Run<T> = Result<T, Halt>;

/// Ends the flow: refused for this reason.
pub(super) fn refuse<T>(reason: Reason) -> Run<T> {
    Err(Halt::End(Box::new(Outcome::Refused(reason))))
}

/// Ends the flow: the result can't be known, for this reason.
pub(super) fn unknown<T>(reason: Reason) -> Run<T> {
    Err(Halt::End(Box::new(Outcome::Unknown(reason))))
}

/// The refusal of a part as what came of it: for a procedure that tells of each of its parts.
pub(super) fn settled<T>(part: Run<T>) -> Run<Result<T, Reason>> {
    match part {
        Err(Halt::End(outcome)) => match *outcome {
            Outcome::Refused(reason) => Ok(Err(reason)),
            outcome => Err(Halt::End(Box::new(outcome))),
        },
        part => part.map(Ok),
    }
}

/// What a flow leaves behind besides its outcome.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) context: Context,
    pub(super) record: Option<RequestRecord>,
    pub(super) registration: Option<Registration>,
    pub(super) unused_keys: Vec<String>,
}

impl Kept {
    pub(super) fn new(context: &Context, record: Option<&RequestRecord>) -> Self {
        Self {
            context: context.clone(),
            record: record.cloned(),
            registration: None,
            unused_keys: Vec::new(),
        }
    }
}

/// One run of a procedure.
pub(super) struct Io<'log> {
    log: &'log [Entry],
    at: usize,
    started: Now,
    now: Now,
    entropy: SeededEntropy,
    pub(super) kept: Kept,
    /// All of it is to take no longer, in milliseconds.
    pub(super) longest_ms: Option<u64>,
    /// The server has given its list of requests: it answers and knows this phone, whatever is in the list.
    pub(super) has_list: bool,
    /// Whether the server told its time in this run: what was kept from others may be of another clock of this device.
    pub(super) has_time: bool,
}

impl<'log> Io<'log> {
    pub(super) fn new(start: &Start, record: Option<&RequestRecord>, log: &'log [Entry]) -> Self {
        Self {
            log,
            at: 0,
            started: start.now,
            now: start.now,
            entropy: start.entropy.clone(),
            kept: Kept::new(&start.context, record),
            longest_ms: None,
            has_list: false,
            has_time: false,
        }
    }

    pub(super) fn into_kept(self) -> Kept {
        self.kept
    }

    /// The clocks at the last event.
    pub(super) const fn now(&self) -> Now {
        self.now
    }

    /// The clocks when the flow began.
    pub(super) const fn started(&self) -> Now {
        self.started
    }

    /// How far the server's clock is ahead, as far as known.
    pub(super) fn offset(&self) -> ClockOffset {
        self.kept.context.offset.unwrap_or_default()
    }

    /// Why the clocks are worth telling of, if they are.
    pub(super) fn clocks_differ(&self) -> Option<Reason> {
        (self.offset().seconds.saturating_abs() > MAX_OFFSET).then_some(Reason::ClockDiffers)
    }

    /// The server's time, as far as known.
    pub(super) fn server_time(&self) -> UnixTime {
        self.now.at_server(self.offset())
    }

    /// What this phone did about the request that is answered.
    pub(super) fn record(&mut self) -> &mut RequestRecord {
        self.kept.record.get_or_insert_with(|| RequestRecord::new(""))
    }

    /// Sends once. Where the time is over what is left to send gets the shortest: a phone that was asleep between two
    /// steps still ends what it began. A `Date` in the answer sets the server's clock (RFC 9110, section 6.6.1).
    pub(super) fn send(&mut self, mut request: HttpRequest) -> Run<Result<&'log HttpReply, NetworkFailure>> {
        if let Some(left) = self.left_ms() {
            request.timeout_ms = request.timeout_ms.min(left.max(SHORTEST_MS));
        }
        match self.take(Step::Send(request))? {
            Event::Reply(reply) => {
                if let Some(told) = super::http::date(reply) {
                    self.learn_time(told);
                }
                Ok(Ok(reply))
            }
            Event::NoReply(failure) => Ok(Err(*failure)),
            _ => unknown(Reason::FlowOutdated),
        }
    }

    /// How long to wait before try number `tried + 1` of something that changes nothing; `None` when that is over, would
    /// not help, or would take longer than there is time.
    pub(super) fn pause_ms(&self, failure: &Failure, tried: usize) -> Option<u64> {
        failure.pause_ms(tried).filter(|pause| self.has_time(*pause))
    }

    /// Whether there is time for one try more after a pause, in milliseconds.
    pub(super) fn has_time(&self, pause: u64) -> bool {
        self.left_ms().is_none_or(|left| pause.saturating_add(SHORTEST_MS) <= left)
    }

    /// How much of the time is left, where it is limited.
    fn left_ms(&self) -> Option<u64> {
        let passed = self.now.ms_since(self.started).unwrap_or_default();
        Some(self.longest_ms?.saturating_sub(passed))
    }

    /// Notes the server's time as just told. A second or two is the way it took: that is no other offset, and what is the
    /// same as before is not written anew at each look.
    pub(super) fn learn_time(&mut self, told: UnixTime) {
        self.has_time = true;
        let (measured, now) = (ClockOffset::measured(told, self.now.wall), self.now.wall);
        let Context { offset, measured_at, .. } = &mut self.kept.context;
        let differs = offset
            .is_none_or(|known| measured.seconds.saturating_sub(known.seconds).saturating_abs() > NOISE);
        if differs {
            *offset = Some(measured);
        }
        if differs || measured_at.is_none_or(|at| !(0..MEASURED_ANEW).contains(&now.since(at))) {
            *measured_at = Some(now);
        }
    }

    /// A new key pair on this device. Until [`Io::key_in_use`], it is one to delete.
    pub(super) fn create_key(&mut self, algorithm: KeyAlgorithm) -> Run<DeviceKey> {
        let key_id = format!("key-{}", self.random_hex::<16>()?);
        let protection = KeyProtection::Background;
        self.kept.unused_keys.push(key_id.clone());
        match self.take(Step::CreateKey(KeyRequest { key_id: key_id.clone(), algorithm, protection }))? {
            Event::KeyCreated(PublicKey(bytes)) => match keys::to_spki(algorithm, bytes) {
                Some(spki) => Ok(DeviceKey { id: key_id, algorithm, spki }),
                None => refuse(Reason::DeviceKeyUnusable),
            },
            Event::KeyRefused(failure) => refuse(key_reason(*failure)),
            _ => unknown(Reason::FlowOutdated),
        }
    }

    /// Takes a key from those to delete.
    pub(super) fn key_in_use(&mut self, key: &DeviceKey) {
        self.kept.unused_keys.retain(|unused| *unused != key.id);
    }

    /// A signature by a device key, verified with its public half, as JOSE has it: r and s for ECDSA.
    pub(super) fn sign(&mut self, key: &DeviceKey, bytes: &[u8], why: Why) -> Run<Vec<u8>> {
        let request = SignRequest {
            key_id: key.id.clone(),
            algorithm: key.algorithm,
            bytes: Secret::copy_of(bytes),
            why,
        };
        match self.take(Step::Sign(request))? {
            Event::Signed(Signature(signature)) => {
                // One that an earlier run went on with was verified by it.
                let is_new = self.at == self.log.len();
                match keys::jose_signature(key, signature) {
                    Some(signature) if !is_new || keys::verifies(key, bytes, &signature) => Ok(signature),
                    _ => refuse(Reason::DeviceKeyUnusable),
                }
            }
            Event::KeyRefused(failure) => refuse(key_reason(*failure)),
            _ => unknown(Reason::FlowOutdated),
        }
    }

    /// What a person says.
    pub(super) fn ask(&mut self, question: Question) -> Run<&'log Answer> {
        match self.take(Step::Ask(question))? {
            Event::Answered(answer) => Ok(answer),
            _ => unknown(Reason::FlowOutdated),
        }
    }

    pub(super) fn wait(&mut self, ms: u64) -> Run<()> {
        self.take(Step::Wait { ms }).map(|_| ())
    }

    /// Random bytes, the same in each run.
    pub(super) fn random<const N: usize>(&mut self) -> Run<[u8; N]> {
        let mut bytes = [0; N];
        match self.entropy.fill(&mut bytes) {
            Ok(()) => Ok(bytes),
            Err(_) => unknown(Reason::FlowOutdated),
        }
    }

    /// Random bytes in hexadecimal.
    pub(super) fn random_hex<const N: usize>(&mut self) -> Run<String> {
        Ok(hex(&self.random::<N>()?))
    }

    fn take(&mut self, step: Step) -> Run<&'log Event> {
        let Some(entry) = self.log.get(self.at) else { return Err(Halt::Turn(Box::new(step))) };
        if !step.awaits(&entry.event) {
            return unknown(Reason::FlowOutdated);
        }
        self.at += 1;
        self.now = entry.now;
        Ok(&entry.event)
    }
}

const fn key_reason(failure: KeyFailure) -> Reason {
    match failure {
        KeyFailure::Gone => Reason::DeviceKeyGone,
        KeyFailure::Locked => Reason::DeviceKeyLocked,
        KeyFailure::Cancelled => Reason::DeviceKeyNotAllowed,
        KeyFailure::Failed => Reason::DeviceKeyFailed,
    }
}

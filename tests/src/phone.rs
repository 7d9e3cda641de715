//! A phone: the facade over a real vault file, software keys in the place of a key store, and the host's loop.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use countersign::account::KeyAlgorithm;
use countersign::approval::{
    Answer, DeviceInfo, Event, HttpRequest, KeyFailure, Outcome, PublicKey, Question, Signature, Step, Turn,
};
use countersign::authenticator::{Authenticator, Enrol, Error, Job, RunId, Scanned};
use countersign::clock::Now;
use countersign::entropy::SeededEntropy;
use countersign::reason::Reason;
use countersign::vault::{Finding, NewWays, Vault, VaultError, WayIn};
use p256::SecretKey;
use p256::pkcs8::EncodePublicKey as _;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};

use crate::dice::Dice;
use crate::token_server::{phone_rsa_key, phone_rsa_sign};

/// More steps than any job takes.
const MAX_STEPS: usize = 400;
/// The platform's way in of the vaults here: the one without a slow derivation.
pub const PLATFORM: [u8; 32] = [7; 32];

/// What is around a phone: clocks, a network, a person.
pub trait World {
    /// The clocks.
    fn now(&self) -> Now;
    /// Carries a request, in the time that it takes.
    fn send(&mut self, request: &HttpRequest) -> Event;
    /// Lets time pass.
    fn wait(&mut self, ms: u64);
    /// What the person says.
    fn answer(&mut self, question: &Question) -> Answer;
}

/// A key of the key store.
enum Key {
    P256(Box<P256>),
    /// All phones have the same one.
    Rsa,
}

/// A P-256 key. `ring` signs with it, as half of the time of thousands of runs was `p256`'s.
struct P256 {
    pair: EcdsaKeyPair,
    /// SubjectPublicKeyInfo.
    spki: Vec<u8>,
}

impl P256 {
    /// The key of this scalar; `None` where it is out of range, once in 2³² times.
    fn of(scalar: &[u8; 32]) -> Option<Self> {
        let public = SecretKey::from_slice(scalar).ok()?.public_key();
        let (spki, point) = (public.to_public_key_der().ok()?.into_vec(), public.to_sec1_bytes());
        let (algorithm, random) = (&ECDSA_P256_SHA256_ASN1_SIGNING, SystemRandom::new());
        let pair = EcdsaKeyPair::from_private_key_and_public_key(algorithm, scalar, &point, &random).ok()?;
        Some(Self { pair, spki })
    }
}

/// A phone.
pub struct Phone {
    path: PathBuf,
    /// `None` only while it starts again.
    core: Option<Authenticator>,
    /// Outside the vault, as a device's key store is; all processes of the device have the same.
    keys: Rc<RefCell<BTreeMap<String, Key>>>,
    dice: Dice,
}

impl Phone {
    /// A new phone whose vault lies in `folder`.
    ///
    /// # Panics
    /// When the vault can't be made.
    #[must_use]
    pub fn new(folder: &Path, seed: u64, now: Now) -> Self {
        let path = folder.join("vault.db");
        let mut dice = Dice::new(seed);
        let ways = NewWays { platform: Some(&PLATFORM), recovery: true, ..NewWays::default() };
        let made = Authenticator::create(&path, &ways, Box::new(SeededEntropy::new(&dice.bytes())), now);
        let (core, _) = made.unwrap_or_else(|error| panic!("no vault: {error}"));
        Self { path, core: Some(core), keys: Rc::default(), dice }
    }

    /// The facade.
    ///
    /// # Panics
    /// Never: between two calls there is one.
    pub fn core(&mut self) -> &mut Authenticator {
        self.core.as_mut().unwrap_or_else(|| panic!("the phone is on"))
    }

    /// The app is killed, without a word to the core, and started again.
    ///
    /// # Panics
    /// When the vault does not open as it should.
    pub fn start_again(&mut self, now: Now) {
        self.core = None;
        self.core = Some(self.opened(now).unwrap_or_else(|error| panic!("the vault does not open: {error}")));
    }

    /// A second process on the same device.
    ///
    /// # Panics
    /// When the vault does not open as it should.
    #[must_use]
    pub fn second_process(&self, now: Now) -> Self {
        let (path, keys) = (self.path.clone(), Rc::clone(&self.keys));
        let mut second = Self { path, core: None, keys, dice: Dice::new(2) };
        second.start_again(now);
        second
    }

    /// The vault itself, below the facade.
    ///
    /// # Panics
    /// When it does not open.
    #[must_use]
    pub fn vault(&self, now: Now) -> Vault {
        let open = || {
            let mut vault = Vault::open(&self.path)?;
            let opened = vault.derivation(WayIn::Platform(&PLATFORM))?.run()?;
            vault.unlock(&opened, None, now)?;
            Ok::<_, VaultError>(vault)
        };
        open().unwrap_or_else(|error| panic!("the vault does not open: {error}"))
    }

    /// The names of the keys in its key store.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        self.keys.borrow().keys().cloned().collect()
    }

    /// Its key store has lost all keys.
    pub fn lose_keys(&mut self) {
        self.keys.borrow_mut().clear();
    }

    /// Sets up the account of a scanned text; with the id of the account that was added.
    ///
    /// # Errors
    /// Those of beginning a job.
    pub fn enrol(&mut self, text: &str, world: &mut impl World) -> Result<(Outcome, Option<String>), Error> {
        let scanned = Scanned::read(text.as_bytes());
        let run = self.core().begin(&Job::Enrol(enrolment(&scanned)), world.now())?;
        let outcome = self.finish(&run, world);
        Ok((outcome, self.core().finished(&run).and_then(|left| left.added.clone())))
    }

    /// Does a job to its end.
    ///
    /// # Errors
    /// Those of beginning a job.
    ///
    /// # Panics
    /// When a step is refused.
    pub fn run(&mut self, job: &Job<'_>, world: &mut impl World) -> Result<Outcome, Error> {
        let run = self.core().begin(job, world.now())?;
        Ok(self.finish(&run, world))
    }

    /// Answers once more what this phone knows to be approved: nothing is asked and nothing is sent.
    ///
    /// # Panics
    /// When it is.
    pub fn tap_again(&mut self, job: &Job<'_>, now: Now) {
        let outcome = self.run(job, &mut Nothing(now)).unwrap_or_else(|error| panic!("not begun: {error}"));
        assert_eq!(reason(&outcome), Some(Reason::RequestEnded), "approved twice");
    }

    /// Carries out the steps of a begun run to its end.
    ///
    /// # Panics
    /// When a step is refused, or there is no end.
    pub fn finish(&mut self, run: &RunId, world: &mut impl World) -> Outcome {
        for _ in 0..MAX_STEPS {
            let turn = self.turn(run, world.now());
            if let Step::Done(outcome) = turn.step {
                let unused =
                    self.core().finished(run).map(|left| left.unused_keys.clone()).unwrap_or_default();
                unused.iter().for_each(|id| drop(self.keys.borrow_mut().remove(id)));
                return outcome;
            }
            if let Some(event) = self.perform(&turn.step, world) {
                self.tell(run, &turn, event, world.now());
            }
        }
        panic!("a run without an end")
    }

    /// The turn that a run stands at.
    ///
    /// # Panics
    /// When there is none.
    pub fn turn(&mut self, run: &RunId, now: Now) -> Turn {
        self.core().current(run, now).unwrap_or_else(|error| panic!("no turn: {error}"))
    }

    /// Hands over what came of a turn.
    ///
    /// # Panics
    /// When it is refused.
    pub fn tell(&mut self, run: &RunId, turn: &Turn, event: Event, now: Now) {
        if let Err(error) = self.core().next(run, turn.number, event, now) {
            panic!("turn {} refused: {error}", turn.number);
        }
    }

    /// Carries out one step; `None` for the last one.
    pub fn perform(&mut self, step: &Step, world: &mut impl World) -> Option<Event> {
        Some(match step {
            Step::Send(request) => world.send(request),
            Step::CreateKey(request) => self.create_key(&request.key_id, request.algorithm),
            // EXPOSE: the bytes are what the key signs.
            Step::Sign(request) => self.sign(&request.key_id, request.bytes.expose()),
            Step::Ask(question) => Event::Answered(world.answer(question)),
            Step::Wait { ms } => {
                world.wait(*ms);
                Event::Woke
            }
            Step::Done(_) => return None,
        })
    }

    fn opened(&mut self, now: Now) -> Result<Authenticator, Error> {
        let mut core = Authenticator::open(&self.path, Box::new(SeededEntropy::new(&self.dice.bytes())))?;
        let opened = core.derivation(WayIn::Platform(&PLATFORM))?.run()?;
        match core.unlock(&opened, None, now)? {
            Finding::Clean => Ok(core),
            _ => Err(Reason::VaultDamaged.into()),
        }
    }

    /// Makes a key pair, or takes the one that is there: a step may be carried out twice.
    fn create_key(&mut self, id: &str, algorithm: KeyAlgorithm) -> Event {
        let bytes = self.dice.bytes();
        let mut keys = self.keys.borrow_mut();
        let key = keys.entry(id.to_owned()).or_insert_with(|| match algorithm {
            KeyAlgorithm::Es256 => Key::P256(Box::new(P256::of(&bytes).unwrap_or_else(|| panic!("no key")))),
            KeyAlgorithm::Rs256 { .. } => Key::Rsa,
        });
        match key {
            Key::Rsa => Event::KeyCreated(PublicKey(phone_rsa_key().to_vec())),
            Key::P256(key) => Event::KeyCreated(PublicKey(key.spki.clone())),
        }
    }

    fn sign(&self, id: &str, bytes: &[u8]) -> Event {
        let keys = self.keys.borrow();
        Event::Signed(Signature(match keys.get(id) {
            None => return Event::KeyRefused(KeyFailure::Gone),
            Some(Key::Rsa) => phone_rsa_sign(bytes),
            Some(Key::P256(key)) => match key.pair.sign(&SystemRandom::new(), bytes) {
                Ok(signature) => signature.as_ref().to_vec(),
                Err(_) => return Event::KeyRefused(KeyFailure::Failed),
            },
        }))
    }
}

/// What is around a phone that has nothing to do.
struct Nothing(Now);

impl World for Nothing {
    fn now(&self) -> Now {
        self.0
    }

    fn send(&mut self, request: &HttpRequest) -> Event {
        panic!("sent though all is done: {}", request.method.name())
    }

    fn wait(&mut self, _: u64) {
        panic!("waits though all is done")
    }

    fn answer(&mut self, question: &Question) -> Answer {
        panic!("asks though all is done: {question:?}")
    }
}

/// A set-up as a test phone does it.
#[must_use]
pub fn enrolment<'a>(scanned: &'a Scanned) -> Enrol<'a> {
    Enrol {
        scanned,
        client_id: None,
        client_secret: None,
        device: DeviceInfo { label: "Test phone".to_owned(), kind: "android".to_owned(), rsa_bits: 2048 },
        allow_plain_http: true,
    }
}

/// The reason that an end gives, for every end that is not what was wanted.
#[must_use]
pub const fn reason(outcome: &Outcome) -> Option<Reason> {
    match outcome {
        Outcome::Refused(reason) | Outcome::Unknown(reason) => Some(*reason),
        Outcome::Answered(answered) => answered.reason,
        _ => None,
    }
}

//! The host's side of a flow: software keys, a person who answers by script, and a clock that only a test moves.

use std::collections::HashMap;
use std::sync::OnceLock;

use countersign::account::{KeyAlgorithm, Registration};
use countersign::approval::{
    Answer, AnswerRequest, Answered, Context, Decision, DeviceInfo, EnrolRequest, Event, Flow, Given,
    HttpReply, HttpRequest, KeyFailure, NetworkFailure, Outcome, PublicKey, Question, Request, RequestRecord,
    Signature, Start, Step,
};
use countersign::clock::{Now, UnixTime};
use countersign::entropy::SeededEntropy;
use countersign::reason::Reason;
use countersign::secret::{Secret, from_json, to_json};
use p256::ecdsa::signature::Signer as _;
use rsa::pkcs8::{EncodePrivateKey as _, EncodePublicKey as _};

/// What came of sending.
pub(crate) type Received = Result<HttpReply, NetworkFailure>;

/// The other end.
pub(crate) trait Server {
    /// Answers one request at this moment of the server's own clock, or not.
    fn receive(&mut self, request: &HttpRequest, now: UnixTime) -> Received;
}

impl<F: FnMut(&HttpRequest, UnixTime) -> Received> Server for F {
    fn receive(&mut self, request: &HttpRequest, now: UnixTime) -> Received {
        self(request, now)
    }
}

/// A key in software.
#[derive(Clone)]
pub(crate) enum Key {
    Ec(p256::ecdsa::SigningKey),
    Rsa(Box<rsa::PrivateKey>),
}

/// A phone.
#[derive(Clone)]
pub(crate) struct Phone {
    pub(crate) keys: HashMap<String, Key>,
    pub(crate) context: Context,
    pub(crate) records: HashMap<String, RequestRecord>,
    /// By the phone's own clock.
    pub(crate) now: Now,
    /// How far the server's clock is ahead of it.
    pub(crate) server_ahead: i64,
    /// What was asked, by name, in order.
    pub(crate) asked: Vec<&'static str>,
    /// Addresses that were sent to, in order.
    pub(crate) sent: Vec<String>,
    /// What is typed, one after the other; nothing when it runs out.
    pub(crate) typed: Vec<&'static str>,
    /// How long the person takes for an answer.
    pub(crate) thinks_ms: u64,
    pub(crate) trusts: bool,
    pub(crate) is_there: bool,
    pub(crate) seed: u64,
    /// Signatures as DER instead of r and s.
    pub(crate) der: bool,
}

impl Phone {
    pub(crate) fn new(wall: i64) -> Self {
        Self {
            keys: HashMap::new(),
            context: Context::default(),
            records: HashMap::new(),
            now: Now { wall: UnixTime(wall), steady_ms: 1_000 },
            server_ahead: 0,
            asked: Vec::new(),
            sent: Vec::new(),
            typed: Vec::new(),
            thinks_ms: 0,
            trusts: true,
            is_there: true,
            seed: 0,
            der: false,
        }
    }

    pub(crate) fn start(&mut self) -> Start {
        self.seed += 1;
        Start {
            now: self.now,
            entropy: SeededEntropy::new(&self.seed.to_be_bytes()),
            context: self.context.clone(),
        }
    }

    pub(crate) fn enrol(&mut self, text: &str, server: &mut dyn Server) -> Outcome {
        let request = enrol_request(text);
        self.enrol_with(request, server)
    }

    pub(crate) fn enrol_with(&mut self, request: EnrolRequest, server: &mut dyn Server) -> Outcome {
        let flow = Flow::enrol(request, self.start());
        self.run(flow, server)
    }

    pub(crate) fn enrolled(&mut self, text: &str, server: &mut dyn Server) -> Registration {
        match self.enrol(text, server) {
            Outcome::Enrolled(enrolled) => enrolled.registration,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn check(&mut self, registration: &Registration, server: &mut dyn Server) -> Outcome {
        let flow = Flow::check(registration.clone(), self.start());
        self.run(flow, server)
    }

    pub(crate) fn approve(
        &mut self,
        registration: &Registration,
        request: &str,
        given: Option<&str>,
        server: &mut dyn Server,
    ) -> Outcome {
        let given = given.map(|given| Given::Any(Secret::copy_of(given.as_bytes())));
        self.answer(registration, request, Decision::Approve { given }, server)
    }

    pub(crate) fn answer(
        &mut self,
        registration: &Registration,
        request: &str,
        decision: Decision,
        server: &mut dyn Server,
    ) -> Outcome {
        let record = self.records.get(request).cloned().unwrap_or_else(|| RequestRecord::new(request));
        let what = AnswerRequest { request: request.to_owned(), decision };
        let flow = Flow::answer(registration.clone(), what, record, self.start());
        self.run(flow, server)
    }

    /// Runs a flow to its end. Each turn is done by a copy that was stored and read back, as after a kill.
    pub(crate) fn run(&mut self, flow: Flow, server: &mut dyn Server) -> Outcome {
        let mut flow = flow;
        loop {
            flow = stored(&flow);
            self.keep(&flow);
            let turn = flow.current().clone();
            if let Step::Done(outcome) = turn.step {
                for key in flow.unused_keys() {
                    self.keys.remove(key);
                }
                return outcome;
            }
            let event = self.perform(&turn.step, server);
            flow.next(turn.number, event, self.now).unwrap();
        }
    }

    pub(crate) fn keep(&mut self, flow: &Flow) {
        self.context = flow.context().clone();
        if let Some(record) = flow.record() {
            self.records.insert(record.request.clone(), record.clone());
        }
    }

    pub(crate) fn perform(&mut self, step: &Step, server: &mut dyn Server) -> Event {
        match step {
            Step::Send(request) => {
                self.sent.push(request.url.clone());
                self.pass(30);
                let at = self.now.wall.plus(self.server_ahead);
                match server.receive(request, at) {
                    Ok(reply) if reply.body.len() > request.max_reply_bytes => {
                        Event::NoReply(NetworkFailure::TooLarge)
                    }
                    Ok(reply) => Event::Reply(reply),
                    Err(failure) => Event::NoReply(failure),
                }
            }
            Step::CreateKey(request) => {
                let key =
                    self.keys.entry(request.key_id.clone()).or_insert_with(|| match request.algorithm {
                        KeyAlgorithm::Es256 => Key::Ec(ec_key(&request.key_id)),
                        KeyAlgorithm::Rs256 { .. } => Key::Rsa(Box::new(rsa_key(1).clone())),
                    });
                Event::KeyCreated(PublicKey(public(key)))
            }
            Step::Sign(request) => match self.keys.get(&request.key_id) {
                Some(key) => Event::Signed(Signature(sign(key, request.bytes.expose(), self.der))),
                None => Event::KeyRefused(KeyFailure::Gone),
            },
            Step::Ask(question) => {
                self.pass(self.thinks_ms);
                Event::Answered(self.answer_question(question))
            }
            Step::Wait { ms } => {
                self.pass(*ms);
                Event::Woke
            }
            Step::Done(_) => panic!("nothing to do"),
        }
    }

    fn answer_question(&mut self, question: &Question) -> Answer {
        let (name, answer) = match question {
            Question::Trust { .. } => ("trust", Answer::Confirmed(self.trusts)),
            Question::Client { .. } => ("client", Answer::None),
            Question::Answer { .. } if self.typed.is_empty() => ("answer", Answer::None),
            Question::Answer { .. } => {
                ("answer", Answer::Typed(Secret::copy_of(self.typed.remove(0).as_bytes())))
            }
            Question::Presence { .. } => ("presence", Answer::Confirmed(self.is_there)),
            Question::LockOut => ("lock-out", Answer::Confirmed(self.is_there)),
        };
        self.asked.push(name);
        answer
    }

    pub(crate) fn pass(&mut self, ms: u64) {
        let before = self.now.steady_ms / 1_000;
        self.now.steady_ms += ms;
        let seconds = self.now.steady_ms / 1_000 - before;
        self.now.wall = self.now.wall.plus(i64::try_from(seconds).unwrap());
    }
}

/// The flow as it comes out of the vault; its turn is the one that was put in.
pub(crate) fn stored(flow: &Flow) -> Flow {
    let copy: Flow = from_json(to_json(flow).unwrap().expose()).unwrap();
    assert_eq!(format!("{:?}", copy.current()), format!("{:?}", flow.current()));
    if let (Step::Send(a), Step::Send(b)) = (&copy.current().step, &flow.current().step) {
        assert_eq!((&a.url, &a.body, &a.headers), (&b.url, &b.body, &b.headers));
    }
    assert_eq!(copy.context(), flow.context());
    assert_eq!(copy.record(), flow.record());
    copy
}

pub(crate) fn enrol_request(text: &str) -> EnrolRequest {
    EnrolRequest {
        code: Secret::copy_of(text.as_bytes()),
        client_id: None,
        client_secret: None,
        organisation: None,
        device: DeviceInfo { label: "Test phone".to_owned(), kind: "cli".to_owned(), rsa_bits: 2048 },
        allow_plain_http: true,
    }
}

/// A key that follows from its name.
pub(crate) fn ec_key(name: &str) -> p256::ecdsa::SigningKey {
    let digest = ring::digest::digest(&ring::digest::SHA256, name.as_bytes());
    p256::ecdsa::SigningKey::from_slice(digest.as_ref()).unwrap()
}

/// One of two RSA keys; making one takes long, so they are shared by all tests.
pub(crate) fn rsa_key(which: usize) -> &'static rsa::PrivateKey {
    static KEYS: [OnceLock<rsa::PrivateKey>; 2] = [const { OnceLock::new() }; 2];
    KEYS[which].get_or_init(|| rsa::PrivateKey::new(&mut Dice(which as u64 + 7), 2048).unwrap())
}

fn public(key: &Key) -> Vec<u8> {
    match key {
        Key::Ec(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
        Key::Rsa(key) => key.to_public_key().to_public_key_der().unwrap().as_bytes().to_vec(),
    }
}

pub(crate) fn sign(key: &Key, bytes: &[u8], der: bool) -> Vec<u8> {
    match key {
        Key::Ec(key) => {
            let signature: p256::ecdsa::Signature = key.sign(bytes);
            if der { signature.to_der().as_bytes().to_vec() } else { signature.to_bytes().to_vec() }
        }
        Key::Rsa(key) => rsa_sign(key, bytes),
    }
}

pub(crate) fn rsa_sign(key: &rsa::PrivateKey, bytes: &[u8]) -> Vec<u8> {
    let pair = ring::signature::RsaKeyPair::from_pkcs8(key.to_pkcs8_der().unwrap().as_bytes()).unwrap();
    let mut signature = vec![0; pair.public().modulus_len()];
    let random = ring::rand::SystemRandom::new();
    pair.sign(&ring::signature::RSA_PKCS1_SHA256, &random, bytes, &mut signature).unwrap();
    signature
}

/// Numbers that follow from a seed (SplitMix64).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to `below - 1`.
    pub(crate) fn below(&mut self, below: u64) -> u64 {
        self.roll() % below
    }
}

impl rsa::rand_core::TryRng for Dice {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok(self.roll() as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Ok(self.roll())
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Self::Error> {
        for chunk in out.chunks_mut(8) {
            chunk.copy_from_slice(&self.roll().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

impl rsa::rand_core::TryCryptoRng for Dice {}

/// What became of a request.
pub(crate) fn answered(outcome: Outcome) -> Answered {
    match outcome {
        Outcome::Answered(answered) => answered,
        other => panic!("{other:?}"),
    }
}

/// The requests that a look found.
pub(crate) fn requests(outcome: Outcome) -> Vec<Request> {
    match outcome {
        Outcome::Checked { requests, .. } => requests,
        other => panic!("{other:?}"),
    }
}

/// Ended for this reason.
#[track_caller]
pub(crate) fn refused(outcome: Outcome, reason: Reason) {
    assert!(matches!(outcome, Outcome::Refused(found) if found == reason), "{outcome:?}");
}

#[track_caller]
pub(crate) fn unknown(outcome: Outcome, reason: Reason) {
    assert!(matches!(outcome, Outcome::Unknown(found) if found == reason), "{outcome:?}");
}

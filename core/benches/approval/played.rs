//! Flows that were played once against a small server, with everything that came of their steps.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Mutex, PoisonError};

use countersign::account::{KeyAlgorithm, Registration};
use countersign::approval::{
    AnswerRequest, Decision, Event, Flow, Given, HttpRequest, Outcome, RequestRecord, Signature, Step,
};
use countersign::clock::{Now, UnixTime};
use countersign::link::{Recognised, recognise};
use countersign::secret::Secret;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use rsa::pkcs8::EncodePrivateKey as _;
use serde_json::json;

use crate::app_authenticator::AppAuthenticator;
use crate::keycloak::{Keycloak, LOGIN, T0};
use crate::phone::{Dice, Key, Phone, Server, enrol_request, requests};
use crate::push_token::{Make, PushServer};
use crate::tiqr::Tiqr;

const YES: Decision = Decision::Approve { given: None };

/// Keys in software that are ready, by their ids.
pub(crate) type Keys = Rc<HashMap<String, SoftwareKey>>;

pub(crate) enum SoftwareKey {
    Ec(Box<EcdsaKeyPair>),
    /// In PKCS#8, read anew for each signature: as the command line has it.
    Stored(Vec<u8>),
    Rsa(Box<RsaKeyPair>),
}

impl SoftwareKey {
    fn of(key: &Key) -> Self {
        match key {
            Key::Ec(key) => {
                let (private, public) = (key.to_bytes(), key.verifying_key().to_sec1_point(false));
                let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
                let random = SystemRandom::new();
                let pair = EcdsaKeyPair::from_private_key_and_public_key(
                    algorithm,
                    &private,
                    public.as_bytes(),
                    &random,
                );
                Self::Ec(Box::new(pair.unwrap()))
            }
            Key::Rsa(key) => {
                let pair = RsaKeyPair::from_pkcs8(key.to_pkcs8_der().unwrap().as_bytes());
                Self::Rsa(Box::new(pair.unwrap()))
            }
        }
    }

    /// The same key as the command line keeps it.
    pub(crate) fn stored(key: &Key) -> Self {
        match key {
            Key::Ec(key) => Self::Stored(key.to_pkcs8_der().unwrap().as_bytes().to_vec()),
            Key::Rsa(_) => Self::of(key),
        }
    }

    fn sign(&self, bytes: &[u8]) -> Signature {
        let random = SystemRandom::new();
        Signature(match self {
            Self::Ec(pair) => pair.sign(&random, bytes).unwrap().as_ref().to_vec(),
            Self::Stored(pkcs8) => {
                let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
                let pair = EcdsaKeyPair::from_pkcs8(algorithm, pkcs8, &random).unwrap();
                pair.sign(&random, bytes).unwrap().as_ref().to_vec()
            }
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, bytes, &mut signature).unwrap();
                signature
            }
        })
    }
}

/// A flow from its start, and what came of its steps.
pub(crate) struct Played {
    pub(crate) first: Flow,
    pub(crate) events: Vec<(Event, Now)>,
    pub(crate) keys: Keys,
    stored: Keys,
}

impl Played {
    pub(crate) fn copy(&self) -> Self {
        let (keys, stored) = (Rc::clone(&self.keys), Rc::clone(&self.stored));
        Self { first: self.first.clone(), events: self.events.clone(), keys, stored }
    }

    /// The same with the keys as the command line has them.
    pub(crate) fn with_stored_keys(self) -> Self {
        Self { keys: Rc::clone(&self.stored), ..self }
    }

    pub(crate) fn play(self) -> Flow {
        self.play_with(|flow| flow)
    }

    /// Plays it with the signatures that were made when it was first played.
    pub(crate) fn play_signed(self) -> Flow {
        self.through(|flow, _, event, now| take(flow, event, now), |flow| flow)
    }

    /// Plays it, and does something with the flow after each turn.
    pub(crate) fn play_with(self, after: impl Fn(Flow) -> Flow) -> Flow {
        self.through(step, after)
    }

    fn through(self, next: fn(&mut Flow, &Keys, Event, Now), after: impl Fn(Flow) -> Flow) -> Flow {
        let mut flow = self.first;
        for (event, now) in self.events {
            next(&mut flow, &self.keys, event, now);
            flow = after(flow);
        }
        assert!(matches!(flow.current().step, Step::Done(_)));
        flow
    }
}

/// One step; a signature is made again.
pub(crate) fn step(flow: &mut Flow, keys: &Keys, event: Event, now: Now) {
    let event = match &flow.current().step {
        Step::Sign(request) => Event::Signed(keys[&request.key_id].sign(request.bytes.expose())),
        _ => event,
    };
    take(flow, event, now);
}

fn take(flow: &mut Flow, event: Event, now: Now) {
    let number = flow.current().number;
    flow.next(number, event, now).unwrap();
}

/// Plays a flow to its end, with RSA keys of the size that is asked for.
fn played(phone: &mut Phone, first: Flow, server: &mut dyn Server) -> Played {
    let (mut flow, mut events) = (first.clone(), Vec::new());
    while !flow.is_done() {
        let turn = flow.current().clone();
        if let Step::CreateKey(request) = &turn.step
            && let KeyAlgorithm::Rs256 { bits } = request.algorithm
        {
            phone.keys.insert(request.key_id.clone(), Key::Rsa(Box::new(rsa_key(bits))));
        }
        let event = phone.perform(&turn.step, server);
        flow.next(turn.number, event.clone(), phone.now).unwrap();
        events.push((event, phone.now));
    }
    phone.keep(&flow);
    let keys = |made: fn(&Key) -> SoftwareKey| {
        Rc::new(phone.keys.iter().map(|(id, key)| (id.clone(), made(key))).collect())
    };
    let (keys, stored) = (keys(SoftwareKey::of), keys(SoftwareKey::stored));
    Played { first, events, keys, stored }
}

/// Made once for each size: it takes seconds.
fn rsa_key(bits: u16) -> rsa::PrivateKey {
    static MADE: Mutex<Vec<(u16, rsa::PrivateKey)>> = Mutex::new(Vec::new());
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, key)) = made.iter().find(|(size, _)| *size == bits) {
        return key.clone();
    }
    let key = rsa::PrivateKey::new(&mut Dice(u64::from(bits)), bits.into()).unwrap();
    made.push((bits, key.clone()));
    key
}

/// An account that is set up.
fn set_up(link: &str, rsa_bits: u16, server: &mut dyn Server) -> (Phone, Registration) {
    let (mut phone, mut request) = (Phone::new(T0), enrol_request(link));
    request.device.rsa_bits = rsa_bits;
    let flow = Flow::enrol(request, phone.start());
    let end = played(&mut phone, flow, server).play();
    let Step::Done(Outcome::Enrolled(enrolled)) = end.current().step.clone() else { panic!("not set up") };
    (phone, enrolled.registration)
}

/// Looks at an account, or approves the request that waits for it.
fn look_or_approve(
    phone: &mut Phone,
    registration: Registration,
    approved: Option<AnswerRequest>,
    server: &mut dyn Server,
) -> Played {
    let start = phone.start();
    let flow = match approved {
        None => Flow::check(registration, start),
        Some(request) => {
            let record = RequestRecord::new(&request.request);
            Flow::answer(registration, request, record, start)
        }
    };
    played(phone, flow, server)
}

/// Keycloak Push MFA: an access token, the list, and for an approval the number and the answer.
pub(crate) fn keycloak(approves: bool) -> Played {
    let mut server = Keycloak::new();
    let link = server.link(T0);
    let (mut phone, registration) = set_up(&link, 2048, &mut server);
    let numbers = json!({"type": "number-match", "numbers": ["9", "3", "34"]});
    server.login(LOGIN, T0 + 120, Some(numbers), Some("9"));
    phone.context.token = None;
    let given = Some(Given::Any(Secret::copy_of(b"9")));
    let request = AnswerRequest { request: LOGIN.to_owned(), decision: Decision::Approve { given } };
    let played = look_or_approve(&mut phone, registration, approves.then_some(request), &mut server);
    assert_eq!(server.answers.len(), usize::from(approves));
    played
}

/// privacyIDEA or eduMFA.
pub(crate) fn push_token(make: Make, rsa_bits: u16, approves: bool) -> Played {
    let mut server = PushServer::new(make);
    let (mut phone, registration) = set_up(&make.link(), rsa_bits, &mut server);
    let request = AnswerRequest { request: server.ask(None, None), decision: YES };
    let played = look_or_approve(&mut phone, registration, approves.then_some(request), &mut server);
    assert_eq!(server.answers.len(), usize::from(approves));
    played
}

/// netzbegruenung's App Authenticator.
pub(crate) fn app_authenticator(approves: bool) -> Played {
    let mut server = AppAuthenticator::new("https://login.example/realms/staff");
    let link = server.show_set_up_code(T0 * 1_000);
    let at = |server: &mut AppAuthenticator, request: &HttpRequest, now: UnixTime| {
        Ok(server.take(request, now.0 * 1_000))
    };
    let (mut phone, registration) =
        set_up(&link, 2048, &mut |request: &HttpRequest, now| at(&mut server, request, now));
    let device_id = server.devices.keys().next().unwrap().clone();
    server.sign_in(&device_id, phone.now.wall.0 * 1_000);
    let mut receive = |request: &HttpRequest, now| at(&mut server, request, now);
    let request = requests(phone.check(&registration, &mut receive)).remove(0).id;
    let request = AnswerRequest { request, decision: YES };
    let played = look_or_approve(&mut phone, registration, approves.then_some(request), &mut receive);
    assert_eq!(server.answers.len(), usize::from(approves));
    played
}

/// tiqr: what was scanned is answered at once.
pub(crate) fn tiqr() -> Played {
    let mut server = Tiqr::new("https://tiqr.example");
    let link = server.show_set_up_code("alice", T0);
    let (mut phone, registration) =
        set_up(&link, 2048, &mut |request: &HttpRequest, now: UnixTime| Ok(server.take(request, now.0)));
    let (code, session) = server.sign_in(Some("alice"), phone.now.wall.0);
    let Recognised::SignIn(link) = recognise(&code) else { panic!("no sign-in") };
    let flow = Flow::answer_scanned(registration, link, YES, RequestRecord::new(&session), phone.start());
    let mut receive = |request: &HttpRequest, now: UnixTime| Ok(server.take(request, now.0));
    let played = played(&mut phone, flow, &mut receive);
    assert_eq!(server.answered, [session]);
    played
}

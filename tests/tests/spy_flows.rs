//! The facade under a spy in the place of the allocator: no block that is freed holds a long-lived secret, from
//! unlocking to an approval. Short-lived ones (access tokens, proofs, the number) are not looked for.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "the counts are part of what `./check` says")]

#[path = "../../core/tests/spy/mod.rs"]
mod spy;

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign::approval::{
    Answer, AnswerRequest, AnswerResult, Answered, Decision, Event, HostFacts, KeyFailure, Outcome,
    PublicKey, Question, Signature, Step,
};
use countersign::authenticator::{Authenticator, Job, Scanned, Stored};
use countersign::entropy::SystemEntropy;
use countersign::secret::Secret;
use countersign::vault::{Finding, NewWays, Shelf, WayIn};
use countersign_practice::Settings;
use countersign_practice::realm::Standing;
use countersign_tests::network::{Clock, Server as _};
use countersign_tests::phone::enrolment;
use countersign_tests::realm::{CLIENT_SECRET, Realm};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{DerSignature, SigningKey};
use p256::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, EncodePublicKey as _};
use serde::{Deserialize, Serialize};
use spy::{know, spied, watched};

const PASSWORD: &[u8] = b"Password:0d1f6b7c";
const PLATFORM: [u8; 32] = *b"Platform:8a7b6c5d4e3f20191817161";
/// The seed `Seed:4f0c5e9b7a2d81` of an account, as its set-up code has it.
const SEED_BASE32: &[u8] = b"KNSWKZB2GRTDAYZVMU4WEN3BGJSDQMI";
const SEED: &[u8] = b"Seed:4f0c5e9b7a2d81";
const CODE: &[u8] = b"otpauth://totp/Example:alice?secret=KNSWKZB2GRTDAYZVMU4WEN3BGJSDQMI&issuer=Example";
const COUNTER: &[u8] =
    b"otpauth://hotp/Example:bob?secret=KNSWKZB2GRTDAYZVMU4WEN3BGJSDQMI&issuer=Example&counter=1";
/// As the person was shown it.
const REALM: &str = "http://127.0.0.1:8080/realms/practice";
/// Before the client secret of the realm.
const ORGANISATION: &str = "countersign://organisation?issuer=http%3A%2F%2F127.0.0.1%3A8080%2Frealms%2Fpractice\
    &name=Practice&client_id=push-device-client&client_secret=";
/// A device key that the host keeps in a row of its own.
const KEY: [u8; 32] = *b"DeviceKey-5b1e90c7a3d4f2886e0d11";

/// A device key as a host with software keys keeps it.
#[derive(Serialize, Deserialize)]
struct StoredKey {
    pkcs8: Secret,
}

/// A phone whose calls of the core are looked at; what the realm does in between is not.
struct Bench {
    core: Authenticator,
    realm: Realm,
    clock: Clock,
    number: Option<String>,
    keys: u8,
}

impl Bench {
    fn job(&mut self, what: &str, job: &Job<'_>) -> (Outcome, Option<String>) {
        let now = self.clock.device();
        let run = watched(|| self.core.begin(job, now)).unwrap();
        loop {
            let turn = watched(|| self.core.current(&run, now)).unwrap();
            let event = match &turn.step {
                Step::Send(request) => Event::Reply(self.realm.take(request, self.clock.server())),
                Step::CreateKey(request) => self.create_key(&request.key_id),
                Step::Sign(request) => self.sign(&request.key_id, request.bytes.expose()),
                Step::Ask(question) => Event::Answered(self.answer(question)),
                Step::Wait { .. } => Event::Woke,
                Step::Done(outcome) => {
                    let (outcome, added) =
                        (outcome.clone(), self.core.finished(&run).and_then(|left| left.added.clone()));
                    watched(|| drop(turn));
                    spy::report(what);
                    return (outcome, added);
                }
            };
            let number = turn.number;
            watched(|| {
                drop(turn);
                self.core.next(&run, number, event, now).map(drop)
            })
            .unwrap();
        }
    }

    fn answer(&self, question: &Question) -> Answer {
        match (question, &self.number) {
            (Question::Answer { .. }, Some(number)) => Answer::Typed(Secret::copy_of(number.as_bytes())),
            _ => Answer::Confirmed(true),
        }
    }

    fn create_key(&mut self, id: &str) -> Event {
        self.keys += 1;
        let mut scalar = KEY;
        scalar[31] = self.keys;
        let key = p256::SecretKey::from_slice(&scalar).unwrap();
        let pkcs8 = Secret::copy_of(key.to_pkcs8_der().unwrap().as_bytes());
        if self.keys == 1 {
            know_within(pkcs8.expose(), &scalar);
        }
        let now = self.clock.device();
        watched(|| self.core.put_host_row(id, &StoredKey { pkcs8 }, now)).unwrap();
        Event::KeyCreated(PublicKey(key.public_key().to_public_key_der().unwrap().into_vec()))
    }

    fn sign(&mut self, id: &str, bytes: &[u8]) -> Event {
        let now = self.clock.device();
        watched(|| {
            let Some(row) = self.core.host_row::<StoredKey>(id, now).unwrap() else {
                return Event::KeyRefused(KeyFailure::Gone);
            };
            let key = SigningKey::from_pkcs8_der(row.pkcs8.expose()).unwrap();
            let signature: DerSignature = key.sign(bytes);
            Event::Signed(Signature(signature.as_bytes().to_vec()))
        })
    }

    /// A sign-in, answered; gives what the realm says of it.
    fn sign_in(&mut self, account: &str, what: &str, approves: bool) -> Standing {
        let sign_in = self.realm.sign_in("alice", self.clock.server());
        self.number = sign_in.shown;
        let (checked, _) = self.job("look", &Job::Check { account });
        let Outcome::Checked { requests, .. } = checked else { panic!("{checked:?}") };
        let decision =
            if approves { Decision::Approve { given: None } } else { Decision::Decline { reason: None } };
        let request = AnswerRequest { request: requests[0].id.clone(), decision };
        let (outcome, _) = self.job(what, &Job::Answer { account, request });
        let done = if approves { AnswerResult::Approved } else { AnswerResult::Declined };
        assert!(
            matches!(outcome, Outcome::Answered(Answered { result, .. }) if result == done),
            "{outcome:?}"
        );
        self.realm.standing(&sign_in.id, self.clock.server())
    }
}

/// The Base64 of `whole` is looked for where it holds `part` alone.
fn know_within(whole: &[u8], part: &[u8]) {
    let at = whole.windows(part.len()).position(|window| window == part).unwrap();
    let from = at.div_ceil(3) * 4;
    know(&STANDARD.encode(whole).as_bytes()[from..from + 16]);
}

fn unlock(core: &mut Authenticator, way: WayIn<'_>, clock: &Clock) {
    let opened = core.derivation(way).unwrap().run().unwrap();
    assert_eq!(core.unlock(&opened, None, clock.device()).unwrap(), Finding::Clean);
}

fn create(path: &Path, clock: &Clock) -> Authenticator {
    let ways = NewWays { password: Some(PASSWORD), platform: Some(&PLATFORM), recovery: false };
    spied("create", || Authenticator::create(path, &ways, Box::new(SystemEntropy::new()), clock.device()))
        .unwrap()
        .0
}

// One test, as blocks freed by another at the same time would be looked at too.
#[test]
fn no_freed_block_holds_a_long_lived_secret() {
    let client_secret = CLIENT_SECRET.as_bytes();
    for secret in [PASSWORD, &PLATFORM, SEED, SEED_BASE32, client_secret, &KEY] {
        know(secret);
        know(STANDARD.encode(secret).as_bytes());
    }
    know(CLIENT_SECRET.replace(':', "%3A").as_bytes());
    assert!(spy::sees(SEED) && spy::sees(SEED_BASE32), "the spy sees what it should");

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.db");
    let clock = Clock::new(0);
    let now = clock.device();
    let core = create(&path, &clock);
    let realm = Realm::new(Settings::default(), &["alice"], 1);
    let mut bench = Bench { core, realm, clock: clock.clone(), number: None, keys: 0 };

    codes(&mut bench);
    let core = &mut bench.core;
    spied("lock", || core.lock());
    spied("unlock by password", || unlock(core, WayIn::Password(PASSWORD), &clock));
    spied("lock", || core.lock());
    spied("unlock by platform", || unlock(core, WayIn::Platform(&PLATFORM), &clock));

    let link = format!("{ORGANISATION}{CLIENT_SECRET}");
    let stored =
        spied("organisation", || core.store_organisation(&Scanned::read(link.as_bytes()), REALM, false, now));
    assert_eq!(stored, Ok(Stored::Added));
    let text = bench.realm.show_set_up_code("alice", clock.server());
    let code = spied("scan", || Scanned::read(text.as_bytes()));
    let (outcome, account) = bench.job("set-up", &Job::Enrol(enrolment(&code)));
    assert!(matches!(outcome, Outcome::Enrolled(_)), "{outcome:?}");
    let account = account.unwrap();
    spied("scanned code away", || drop(code));
    know_details(&mut bench, &account);

    assert_eq!(bench.sign_in(&account, "approve", true), Standing::Approved);
    assert_eq!(bench.sign_in(&account, "decline", false), Standing::Denied);
    let (outcome, _) = bench.job("rotate key", &Job::RotateKey { account: &account });
    assert!(matches!(outcome, Outcome::Rotated { .. }), "{outcome:?}");
    know_details(&mut bench, &account);
    assert_eq!(bench.sign_in(&account, "approve with the new key", true), Standing::Approved);
    bench.job("self-test", &Job::SelfTest { account: &account, host: HostFacts::default() });

    let text = bench.realm.show_set_up_code("alice", clock.server());
    let secret = format!("client_secret={}&", CLIENT_SECRET.replace(':', "%3A"));
    assert!(text.contains(&secret));
    let code = Scanned::read(text.replace(&secret, "").as_bytes());
    let (outcome, account) = bench.job("set-up by the organisation's secret", &Job::Enrol(enrolment(&code)));
    assert!(matches!(outcome, Outcome::Enrolled(_)), "{outcome:?}");
    assert_eq!(bench.sign_in(&account.unwrap(), "approve", true), Standing::Approved);
    spied("lock", || bench.core.lock());
    spied("close", || drop(bench.core));
    println!("counted: flows: {} forms of secrets looked for, 0 freed blocks with one in", spy::known());
}

/// The details of a registration hold the client secret, and are sealed as Base64 of JSON that holds Base64.
fn know_details(bench: &mut Bench, account: &str) {
    let registration = bench.core.account(account, bench.clock.device()).unwrap().registration.unwrap();
    know_within(registration.details.expose(), STANDARD.encode(CLIENT_SECRET).as_bytes());
}

/// Accounts with one-time codes, in all that is done with them.
fn codes(bench: &mut Bench) {
    let (core, now) = (&mut bench.core, bench.clock.device());
    let added = spied("add", || core.add(&Scanned::read(CODE), now)).unwrap();
    assert!(added.added && !spied("add again", || core.add(&Scanned::read(CODE), now)).unwrap().added);
    let counter = spied("add by use", || core.add(&Scanned::read(COUNTER), now)).unwrap();
    let listed = spied("list", || core.accounts(Shelf::InUse, now).map(|list| list.len()));
    assert_eq!(listed, Ok(2));
    spied("codes", || core.codes(std::slice::from_ref(&added.id), now).map(drop)).unwrap();
    spied("code", || core.codes_of(&added.id, now).map(drop)).unwrap();
    spied("code by use", || core.use_counter(&counter.id, now).map(drop)).unwrap();
    spied("set-up text", || core.setup_text(&added.id, now).map(drop)).unwrap();
    spied("rename", || core.rename(&added.id, "Another", "alice", now)).unwrap();
    spied("trash", || core.remove(&counter.id, now)).unwrap();
    spied("purge", || core.purge(&counter.id, now)).unwrap();
}

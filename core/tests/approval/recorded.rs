//! Flows fed with what a real Keycloak 26.7.1 with the extension 2.3.2 answered, the clock set from the record.
//!
//! The recorded phone's private keys are not in the record, so this phone has keys of its own, and a recorded access
//! token is bound to them before it is handed over: the phone reads that binding and does not verify the signature,
//! which is for the server.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign::account::Registration;
use countersign::approval::{
    AnswerKind, AnswerResult, Decision, Flow, HttpReply, HttpRequest, Outcome, PushAddress,
};
use countersign::clock::UnixTime;
use countersign::reason::Reason;
use countersign::secret::Secret;
use serde_json::{Value, json};

use crate::keycloak::{Jws, header, reply, thumbprint};
use crate::phone::{Phone, Received, answered, enrol_request, refused, requests};

fn records() -> Vec<Value> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/keycloak_push/exchanges.json");
    #[allow(clippy::disallowed_methods, reason = "a fixture")]
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

/// A server that gives recorded answers in order; token requests get a recorded token bound to the caller's key, and
/// key requests the recorded keys.
struct Tape {
    records: Vec<Value>,
    answers: Vec<usize>,
    /// Paths that were called, but those for tokens and keys.
    called: Vec<(String, Value)>,
}

impl Tape {
    fn new(answers: &[usize]) -> Self {
        Self { records: records(), answers: answers.to_vec(), called: Vec::new() }
    }

    fn recorded(&self, place: usize) -> HttpReply {
        let answer = &self.records[place]["response"];
        reply(
            u16::try_from(answer["status"].as_u64().unwrap()).unwrap(),
            answer["body"].as_str().unwrap().as_bytes(),
        )
    }

    fn token(&self, request: &HttpRequest) -> HttpReply {
        let proof = Jws::read(&header(request, "DPoP").unwrap());
        let recorded = self.records[28]["response"]["body"].as_str().unwrap();
        let mut body: Value = serde_json::from_str(recorded).unwrap();
        let mut parts: Vec<_> =
            body["access_token"].as_str().unwrap().split('.').map(str::to_owned).collect();
        let mut claims = Jws::read(body["access_token"].as_str().unwrap()).claims;
        claims["cnf"]["jkt"] = json!(thumbprint(&proof.header["jwk"]));
        claims["iat"] = proof.claims["iat"].clone();
        parts[1] = URL_SAFE_NO_PAD.encode(claims.to_string());
        body["access_token"] = json!(parts.join("."));
        reply(200, body.to_string().as_bytes())
    }
}

impl crate::phone::Server for Tape {
    fn receive(&mut self, request: &HttpRequest, _: UnixTime) -> Received {
        if request.url.ends_with("/token") {
            return Ok(self.token(request));
        }
        if request.url.ends_with("/certs") {
            return Ok(self.recorded(27));
        }
        let sent = match &request.body {
            Some(body) => serde_json::from_slice(body.expose()).unwrap(),
            None => Value::Null,
        };
        self.called.push((request.url.clone(), sent));
        let next = self.answers.remove(0);
        let recorded = self.records[next]["request"]["url"].as_str().unwrap();
        let kind = |url: &str| url.split('?').next().unwrap().rsplit('/').next().unwrap().to_owned();
        assert!(
            kind(recorded) == kind(&request.url) || recorded.contains("/request-token/"),
            "record {next}"
        );
        Ok(self.recorded(next))
    }
}

fn time(records: &[Value], place: usize) -> i64 {
    records[place]["now"].as_f64().unwrap() as i64
}

fn phone_at(place: usize) -> Phone {
    Phone::new(time(&records(), place))
}

/// The account of the first recorded enrolment.
fn account(phone: &mut Phone) -> Registration {
    let there = phone.now;
    phone.now.wall = UnixTime(time(&records(), 26));
    let registration = match enrol(phone, 26, &[37]) {
        Outcome::Enrolled(enrolled) => enrolled.registration,
        other => panic!("{other:?}"),
    };
    phone.now = there;
    phone.context.token = None;
    registration
}

fn enrol(phone: &mut Phone, page: usize, answers: &[usize]) -> Outcome {
    let mut tape = Tape::new(answers);
    let mut request = enrol_request(tape.records[page]["qr"].as_str().unwrap());
    request.client_secret = Some(Secret::copy_of(b"device-client-secret"));
    let outcome = phone.enrol_with(request, &mut tape);
    assert!(tape.answers.is_empty(), "all answers were wanted");
    outcome
}

/// What the flow ends with when `answers` come, and what it sent.
fn answer(
    phone: &mut Phone,
    registration: &Registration,
    decision: Decision,
    answers: &[usize],
) -> (Outcome, Tape) {
    let mut tape = Tape::new(answers);
    let id = request_in(&tape.records, answers[0]);
    let outcome = phone.answer(registration, &id, decision, &mut tape);
    assert!(tape.answers.is_empty(), "all answers were wanted");
    (outcome, tape)
}

fn request_in(records: &[Value], list: usize) -> String {
    let list: Value = serde_json::from_str(records[list]["response"]["body"].as_str().unwrap()).unwrap();
    list["challenges"][0]["cid"].as_str().unwrap().to_owned()
}

fn approve(given: Option<&str>) -> Decision {
    let given = given.map(|given| countersign::approval::Given::Any(Secret::copy_of(given.as_bytes())));
    Decision::Approve { given }
}

#[test]
fn set_up_by_token_and_by_address() {
    let mut phone = phone_at(26);
    let Outcome::Enrolled(enrolled) = enrol(&mut phone, 26, &[37]) else { panic!() };
    assert_eq!((enrolled.issuer.as_str(), enrolled.account.as_str()), ("Example Ltd", "alice"));
    assert_eq!(enrolled.registration.origin.to_string(), "http://127.0.0.1:18080/realms/push");
    let mut phone = phone_at(143);
    assert!(matches!(enrol(&mut phone, 143, &[144, 146]), Outcome::Enrolled(_)));
}

#[test]
fn what_is_sent_at_enrolment_has_the_recorded_shape() {
    let mut tape = Tape::new(&[37]);
    let mut phone = phone_at(26);
    let mut request = enrol_request(tape.records[26]["qr"].as_str().unwrap());
    request.client_secret = Some(Secret::copy_of(b"device-client-secret"));
    phone.enrol_with(request, &mut tape);
    let ours = Jws::read(tape.called[0].1["token"].as_str().unwrap());
    let body: Value = serde_json::from_str(tape.records[37]["request"]["body"].as_str().unwrap()).unwrap();
    let theirs = Jws::read(body["token"].as_str().unwrap());
    let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let mut expected = names(&theirs.claims);
    expected.push("pushProviderType".to_owned());
    expected.sort();
    let mut found = names(&ours.claims);
    found.sort();
    assert_eq!(found, expected);
    for name in ["enrollmentId", "nonce", "sub"] {
        assert_eq!(ours.claims[name], theirs.claims[name]);
    }
    assert!(ours.claims["deviceLabel"].as_str().unwrap().starts_with("Test phone \u{b7} "));
}

#[test]
fn refused_enrolments() {
    refused(enrol(&mut phone_at(128), 128, &[129]), Reason::DeviceNameTaken);
    // Whose set-up used the code up is seen by a look: another's, where the server does not know this device.
    refused(enrol(&mut phone_at(128), 128, &[130, 141]), Reason::SetupUsed);
    refused(enrol(&mut phone_at(131), 131, &[39, 141]), Reason::SetupUsed);
    refused(enrol(&mut phone_at(26), 26, &[32]), Reason::SetupTokenDamaged);
    refused(enrol(&mut phone_at(143), 143, &[147]), Reason::SetupUsed);
    refused(enrol(&mut phone_at(143), 143, &[148]), Reason::RequestNotUnderstood);
    // A garbage access token: another one is got, once.
    let mut phone = phone_at(26);
    assert!(matches!(enrol(&mut phone, 26, &[31, 37]), Outcome::Enrolled(_)));
    refused(enrol(&mut phone_at(26), 26, &[31, 31]), Reason::AccessTokenRefused);
}

#[test]
fn a_set_up_that_the_network_doubled_is_found() {
    // The first of the two calls set the account up; the answer to the second is what came back.
    assert!(matches!(enrol(&mut phone_at(26), 26, &[39, 40]), Outcome::Enrolled(_)));
}

#[test]
fn lists() {
    let mut phone = phone_at(42);
    let registration = account(&mut phone);
    let mut check = |place| requests(phone.check(&registration, &mut Tape::new(&[place])));
    assert!(check(40).is_empty());
    let listed = check(42);
    assert_eq!((listed[0].application.as_str(), listed[0].account.as_str()), ("Example Web App", "alice"));
    assert_eq!(
        (listed[0].asked_at, listed[0].expires_at),
        (Some(UnixTime(1_795_475_314)), UnixTime(1_795_475_434))
    );
    assert_eq!(listed[0].answer, AnswerKind::Number);
    assert_eq!(check(120)[0].answer, AnswerKind::Pin { length: 4 });
    assert_eq!(check(124)[0].answer, AnswerKind::None);
}

#[test]
fn the_number_on_the_page_is_approved_with_what_the_list_offered() {
    let mut phone = phone_at(75);
    let registration = account(&mut phone);
    let shown = records()[41]["shown_number"].as_str().unwrap().to_owned();
    let (outcome, tape) = answer(&mut phone, &registration, approve(Some(&shown)), &[42, 75]);
    assert_eq!(answered(outcome).result, AnswerResult::Approved);
    let ours = Jws::read(tape.called[1].1["token"].as_str().unwrap());
    let body: Value = serde_json::from_str(tape.records[75]["request"]["body"].as_str().unwrap()).unwrap();
    let theirs = Jws::read(body["token"].as_str().unwrap());
    for name in ["cid", "action", "userVerification"] {
        assert_eq!(ours.claims[name], theirs.claims[name], "{name}");
    }
    assert!(ours.claims["userVerification"].is_string());
}

#[test]
fn a_wrong_number_is_declined() {
    let mut phone = phone_at(44);
    let registration = account(&mut phone);
    let (outcome, tape) = answer(&mut phone, &registration, approve(Some("3")), &[42, 44, 96]);
    let end = answered(outcome);
    assert_eq!((end.result, end.reason), (AnswerResult::WrongAnswer, Some(Reason::WrongNumber)));
    assert_eq!(Jws::read(tape.called[2].1["token"].as_str().unwrap()).claims["action"], "deny");
}

#[test]
fn pins() {
    let mut phone = phone_at(120);
    let registration = account(&mut phone);
    phone.typed = vec!["0000", "7619"];
    let (outcome, _) = answer(&mut phone, &registration, approve(None), &[120, 121, 122]);
    assert_eq!(answered(outcome).result, AnswerResult::Approved);
}

#[test]
fn without_a_number_and_declined() {
    let mut phone = phone_at(124);
    let registration = account(&mut phone);
    let (outcome, _) = answer(&mut phone, &registration, approve(None), &[124, 125]);
    assert_eq!(answered(outcome).result, AnswerResult::Approved);
    let mut phone = phone_at(95);
    let registration = account(&mut phone);
    let (outcome, _) = answer(&mut phone, &registration, Decision::Decline { reason: None }, &[95, 96]);
    assert_eq!(answered(outcome).result, AnswerResult::Declined);
}

#[test]
fn answers_that_come_too_late() {
    for reply in [77, 78, 79, 92, 117] {
        let mut phone = phone_at(75);
        let registration = account(&mut phone);
        let (outcome, _) = answer(&mut phone, &registration, approve(Some("9")), &[42, reply]);
        let end = answered(outcome);
        assert_eq!(
            (end.result, end.reason),
            (AnswerResult::Unknown, Some(Reason::EndedMeanwhile)),
            "{reply}"
        );
    }
    // By the recorded clock the request is over.
    let mut phone = phone_at(142);
    phone.now.wall = UnixTime(1_795_475_434);
    let registration = account(&mut phone);
    let (outcome, _) = answer(&mut phone, &registration, approve(Some("9")), &[42]);
    assert_eq!(answered(outcome).result, AnswerResult::Expired);
}

#[test]
fn refusals_of_a_look() {
    for (replies, reason) in [
        (&[49, 49, 49][..], Reason::ConnectionLost),
        (&[50], Reason::DeviceKeyRefused),
        (&[51], Reason::ServerAddressDiffers),
        (&[52], Reason::RequestNotUnderstood),
        (&[55], Reason::CallNotAuthorised),
        (&[56], Reason::CallNotAuthorised),
        (&[57], Reason::CallNotAuthorised),
        (&[60], Reason::DeviceKeyRefused),
        (&[61], Reason::RequestNotUnderstood),
        (&[62, 63], Reason::ClockDiffers),
        (&[81, 81], Reason::AccessTokenRefused),
        (&[141], Reason::DeviceNotRegistered),
        (&[142], Reason::UserNotFound),
    ] {
        let mut phone = phone_at(48);
        let registration = account(&mut phone);
        refused(phone.check(&registration, &mut Tape::new(replies)), reason);
    }
    // Once: a new token, a new proof, and it works.
    for first in [49, 62, 81] {
        let mut phone = phone_at(48);
        let registration = account(&mut phone);
        assert_eq!(requests(phone.check(&registration, &mut Tape::new(&[first, 48]))).len(), 1);
    }
}

#[test]
fn rotation_push_address_and_lock_out() {
    let mut phone = phone_at(103);
    let registration = account(&mut phone);
    let flow = Flow::rotate_key(registration.clone(), phone.start());
    let mut tape = Tape::new(&[40, 103]);
    assert!(matches!(phone.run(flow, &mut tape), Outcome::Rotated { .. }));
    let body: Value = serde_json::from_str(tape.records[103]["request"]["body"].as_str().unwrap()).unwrap();
    let names =
        |value: &Value| value["publicKeyJwk"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let mut expected = names(&body);
    expected.retain(|name| name != "kid");
    assert_eq!(names(&tape.called[1].1), expected);

    for (place, works) in [(103, true), (101, false), (102, false)] {
        let mut phone = phone_at(101);
        let registration = account(&mut phone);
        let flow = Flow::rotate_key(registration, phone.start());
        let outcome = phone.run(flow, &mut Tape::new(&[40, place]));
        assert_eq!(matches!(outcome, Outcome::Rotated { .. }), works);
        assert_eq!(phone.keys.len(), 1);
    }
    for place in [114, 115] {
        let mut phone = phone_at(place);
        let registration = account(&mut phone);
        let flow = Flow::set_push_address(registration, PushAddress::None, phone.start());
        let mut tape = Tape::new(&[place]);
        assert!(matches!(phone.run(flow, &mut tape), Outcome::PushAddressSet));
        let body: Value =
            serde_json::from_str(tape.records[place]["request"]["body"].as_str().unwrap()).unwrap();
        assert_eq!(tape.called[0].1, body);
    }
    for place in [136, 139] {
        let mut phone = phone_at(place);
        let registration = account(&mut phone);
        let flow = Flow::lock_out(registration, phone.start());
        assert!(matches!(phone.run(flow, &mut Tape::new(&[place])), Outcome::LockedOut));
    }
}

#[test]
fn a_rotation_whose_answer_is_lost_is_settled_by_both_keys() {
    // 104: the old key is refused. 107: the new key works.
    let mut phone = phone_at(103);
    let registration = account(&mut phone);
    let flow = Flow::rotate_key(registration, phone.start());
    let mut tape = Tape::new(&[40, 107]);
    let mut cut = |request: &HttpRequest, now: UnixTime| {
        if request.url.ends_with("/rotate-key") {
            return Err(countersign::approval::NetworkFailure::Cut);
        }
        crate::phone::Server::receive(&mut tape, request, now)
    };
    assert!(matches!(phone.run(flow, &mut cut), Outcome::Rotated { .. }));
}

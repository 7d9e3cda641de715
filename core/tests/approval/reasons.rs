//! Ends that take more than one thing to go wrong, each by its reason.

use countersign::account::Registration;
use countersign::approval::{
    AnswerKind, AnswerResult, Decision, Ended, Event, Flow, HttpRequest, KeyFailure, NetworkFailure, Outcome,
    Step,
};
use countersign::clock::UnixTime;
use countersign::reason::Reason;
use countersign::secret::{Secret, to_json};
use serde_json::{Value, json};

use crate::keycloak::{Keycloak, LOGIN, T0, reply, set_up, set_up_with_login};
use crate::phone::{Phone, Received, Server, answered, refused, requests, unknown};
use crate::push_token::{Make, PushServer, set_up_with};

const LOST: Received = Err(NetworkFailure::Cut);

/// A server whose answers to addresses that hold one of these words are others.
fn with<'a, S: Server>(
    server: &'a mut S,
    otherwise: &'a [(&'a str, Received)],
) -> impl FnMut(&HttpRequest, UnixTime) -> Received + 'a {
    move |request, now| match otherwise.iter().find(|(word, _)| request.url.contains(word)) {
        Some((_, answer)) => answer.clone(),
        None => server.receive(request, now),
    }
}

fn says(status: u16, error: &str) -> Received {
    Ok(reply(status, json!({"error": error}).to_string().as_bytes()))
}

fn privacy_idea() -> (Phone, PushServer, Registration) {
    set_up_with(Make::PrivacyIdea)
}

fn pin() -> Option<Value> {
    Some(json!({"type": "pin", "pinLength": 4}))
}

// --- answers -------------------------------------------------------------------------------------------

#[test]
fn a_pin_of_another_length_is_not_sent_and_costs_no_try() {
    let (mut phone, mut server, registration) = set_up();
    server.login(LOGIN, T0 + 120, pin(), Some("1234"));
    for given in ["123", "12345", ""] {
        let end = answered(phone.approve(&registration, LOGIN, Some(given), &mut server));
        assert_eq!(
            (end.result, end.reason, end.tries_left),
            (AnswerResult::WrongAnswer, Some(Reason::PinLengthDiffers), Some(2))
        );
    }
    assert!(phone.sent.iter().all(|url| !url.ends_with("/respond")));
    let end = answered(phone.approve(&registration, LOGIN, Some("1234"), &mut server));
    assert_eq!(end.result, AnswerResult::Approved);
}

#[test]
fn what_is_no_answer_is_not_sent_and_costs_no_try() {
    let (mut phone, mut server, registration) = set_up_with_login(120);
    for given in ["", " ", "x", "3 4"] {
        let end = answered(phone.approve(&registration, LOGIN, Some(given), &mut server));
        assert_eq!(
            (end.result, end.reason, end.tries_left),
            (AnswerResult::WrongAnswer, Some(Reason::NumberNotOffered), Some(2)),
            "{given:?}"
        );
    }
    assert!(server.answers.is_empty());
    phone.typed = vec!["", "50", "x", "9"];
    let end = answered(phone.approve(&registration, LOGIN, None, &mut server));
    assert_eq!(end.result, AnswerResult::Approved, "asked again until it is an answer");
    assert!(phone.typed.is_empty());
}

/// Who has said no has said it, also when nobody knows whether the server heard it.
#[test]
fn a_decline_without_a_reply_can_be_sent_again_and_approves_nothing() {
    let (mut phone, mut server, registration) = set_up_with_login(120);
    let decline = || Decision::Decline { reason: None };
    let end = {
        let mut deaf = with(&mut server, &[("/respond", LOST)]);
        answered(phone.answer(&registration, LOGIN, decline(), &mut deaf))
    };
    assert_eq!(end.result, AnswerResult::Unknown);
    refused(phone.approve(&registration, LOGIN, Some("9"), &mut server), Reason::RequestEnded);
    let end = answered(phone.answer(&registration, LOGIN, decline(), &mut server));
    assert_eq!(end.result, AnswerResult::Declined);
}

#[test]
fn a_request_of_an_unknown_kind_hides_no_other_and_can_be_declined() {
    let (mut phone, mut server, registration) = set_up_with_login(120);
    server.login("other", T0 + 100, Some(json!({"type": "fingerprint"})), None);
    let seen = requests(phone.check(&registration, &mut server));
    let kinds: Vec<_> = seen.iter().map(|request| (request.id.as_str(), &request.answer)).collect();
    let unsupported = AnswerKind::Unsupported { reason: Reason::AnswerKindUnsupported };
    assert_eq!(kinds, [(LOGIN, &AnswerKind::Number), ("other", &unsupported)]);
    refused(phone.approve(&registration, "other", None, &mut server), Reason::AnswerKindUnsupported);
    let end = answered(phone.approve(&registration, LOGIN, Some("9"), &mut server));
    assert_eq!(end.result, AnswerResult::Approved);
    assert_eq!(requests(phone.check(&registration, &mut server)).len(), 1, "alone it is listed too");
    let declined = Decision::Decline { reason: None };
    let end = answered(phone.answer(&registration, "other", declined, &mut server));
    assert_eq!(end.result, AnswerResult::Declined);
    assert_eq!(requests(phone.check(&registration, &mut server)), []);
}

#[test]
fn a_request_that_this_phone_is_declining_was_not_answered_elsewhere() {
    let (mut phone, mut server, registration) = set_up_with_login(120);
    let mut replies_lost = |request: &HttpRequest, now: UnixTime| {
        server.receive(request, now).and_then(|reply| match request.url.ends_with("/respond") {
            true => LOST,
            false => Ok(reply),
        })
    };
    let declined = Decision::Decline { reason: None };
    phone.answer(&registration, LOGIN, declined, &mut replies_lost);
    assert_eq!(server.answers.len(), 1);
    // As a second process finds it, before the first has kept how it ended.
    phone.records.get_mut(LOGIN).unwrap().ended = None;
    refused(phone.approve(&registration, LOGIN, Some("9"), &mut server), Reason::RequestEnded);
}

#[test]
fn a_decline_that_was_not_sent_leaves_the_request_to_others() {
    let not_sent = [("/respond", Err(NetworkFailure::NotConnected))];
    let refused_by_server = [("/respond", says(403, "no"))];
    for otherwise in [&not_sent, &refused_by_server] {
        let (mut phone, mut server, registration) = set_up_with_login(120);
        let declined = Decision::Decline { reason: None };
        let outcome = phone.answer(&registration, LOGIN, declined.clone(), &mut with(&mut server, otherwise));
        assert!(matches!(outcome, Outcome::Refused(_)), "{outcome:?}");
        server.logins[0].ended = Some("approved");
        let end = answered(phone.answer(&registration, LOGIN, declined, &mut server));
        assert_eq!(
            (end.result, end.reason),
            (AnswerResult::AnsweredElsewhere, Some(Reason::AnsweredElsewhere))
        );
    }
}

#[test]
fn a_wrong_answer_ends_the_request_here_even_where_the_server_can_not_be_told() {
    let gone = [("/respond", Err(NetworkFailure::NotConnected))];
    let forbidden = [("/respond", says(403, "no"))];
    for otherwise in [&gone, &forbidden] {
        let (mut phone, mut server, registration) = set_up_with_login(120);
        answered(phone.approve(&registration, LOGIN, Some("50"), &mut server));
        let mut cut = with(&mut server, otherwise);
        let end = answered(phone.approve(&registration, LOGIN, Some("51"), &mut cut));
        assert_eq!(
            (end.result, end.reason, end.tries_left),
            (AnswerResult::WrongAnswer, Some(Reason::DeclineNotSent), Some(0))
        );
        drop(cut);
        assert!(server.answers.is_empty());
        let ended = Some(Ended::Declined { reason: Some(Reason::WrongNumber) });
        assert_eq!(phone.records[LOGIN].ended, ended);
        refused(phone.approve(&registration, LOGIN, Some("9"), &mut server), Reason::RequestEnded);
    }
}

#[test]
fn a_no_to_a_plain_yes_is_a_rule_of_the_organisation() {
    let (mut phone, mut server, registration) = privacy_idea();
    // An answer that the challenge did not ask for.
    let nonce = server.ask(None, Some("A"));
    refused(phone.approve(&registration, &nonce, None, &mut server), Reason::AnswerRefusedByRule);
    assert!(server.challenges[0].is_open);
    let end = answered(phone.answer(&registration, &nonce, Decision::Decline { reason: None }, &mut server));
    assert_eq!(end.result, AnswerResult::Declined);
}

#[test]
fn a_person_who_never_comes_to_an_end_is_left() {
    let (mut phone, mut server, registration) = set_up();
    server.login(LOGIN, T0 + 6_000, pin(), Some("1234"));
    phone.typed = vec!["1"; 300];
    unknown(phone.approve(&registration, LOGIN, None, &mut server), Reason::TooManySteps);
    assert!(!phone.typed.is_empty());
    assert!(server.answers.is_empty());
}

// --- what can't be known -------------------------------------------------------------------------------

#[test]
fn whether_the_account_was_set_up() {
    let (mut phone, mut server) = (Phone::new(T0), Keycloak::new());
    let link = server.link(T0);
    let otherwise = [("/enroll/complete", LOST), ("/login/pending", says(503, "busy"))];
    unknown(phone.enrol(&link, &mut with(&mut server, &otherwise)), Reason::EnrolmentUnknown);
    assert!(phone.keys.is_empty());

    let mut phone = Phone::new(T0);
    let mut always_lost = |_: &HttpRequest, _: UnixTime| LOST;
    unknown(phone.enrol(&Make::PrivacyIdea.link(), &mut always_lost), Reason::EnrolmentUnknown);
    assert!(phone.keys.is_empty());
}

#[test]
fn whether_the_server_took_the_new_key() {
    let (mut phone, mut server, registration) = set_up();
    let mut is_rotating = false;
    let mut silent_from_then = |request: &HttpRequest, now: UnixTime| {
        is_rotating |= request.url.ends_with("/rotate-key");
        if is_rotating { LOST } else { server.receive(request, now) }
    };
    let mut flow = Flow::rotate_key(registration, phone.start());
    while !flow.is_done() {
        let turn = flow.current().clone();
        let event = phone.perform(&turn.step, &mut silent_from_then);
        flow.next(turn.number, event, phone.now).unwrap();
    }
    assert!(flow.unused_keys().is_empty(), "both keys are kept");
    // Whichever it took: the account goes on.
    let kept = flow.registration().unwrap().clone();
    let Step::Done(outcome) = flow.current().step.clone() else { panic!() };
    unknown(outcome, Reason::RotationUnknown);
    assert!(matches!(phone.check(&kept, &mut server), Outcome::Checked { .. }));
}

#[test]
fn whether_the_account_was_locked() {
    let (mut phone, mut server, registration) = set_up();
    let otherwise = [("/lockout", LOST)];
    // No request waits that would have ended with it.
    let flow = Flow::lock_out(registration, phone.start());
    unknown(phone.run(flow, &mut with(&mut server, &otherwise)), Reason::LockOutUnknown);
}

// --- servers -------------------------------------------------------------------------------------------

#[test]
fn a_server_without_the_realm_or_the_extension() {
    for (word, answer, reason) in [
        ("/protocol/", says(404, "Realm does not exist"), Reason::RealmNotFound),
        ("/login/pending", says(404, "HTTP 404 Not Found"), Reason::ExtensionMissing),
        ("/login/pending", Ok(reply(404, b"<html>")), Reason::ExtensionMissing),
    ] {
        let (mut phone, mut server, registration) = set_up();
        phone.context.token = None;
        let otherwise = [(word, answer)];
        refused(phone.check(&registration, &mut with(&mut server, &otherwise)), reason);
    }
    let (mut phone, mut server, registration) = privacy_idea();
    let otherwise = [("/ttype/push", Ok(reply(404, b"<html>")))];
    refused(phone.check(&registration, &mut with(&mut server, &otherwise)), Reason::ExtensionMissing);
}

#[test]
fn a_server_that_tells_no_key_to_check_it_by() {
    // `RSAPublicKey` with 512 bits; bytes that are no key; no Base64; nothing.
    let small = "MEgCQQDc92M9WsMHbCqJfIX+yj3h7qsMDngS108FSQUaffCxUws74BZBd85/HhckeWlFNgiupm0RQd1VnVE7QRykOYRxAgMBAAE=";
    for key in [json!(small), json!("AAAA"), json!("not Base64!"), json!(""), json!(null)] {
        let (mut phone, mut server) = (Phone::new(T0), PushServer::new(Make::PrivacyIdea));
        let mut other_key = |request: &HttpRequest, now: UnixTime| {
            let mut answer = server.receive(request, now)?;
            let mut body: Value = serde_json::from_slice(answer.body.expose()).unwrap();
            body["detail"]["public_key"] = key.clone();
            answer.body = Secret::from(body.to_string());
            Ok(answer)
        };
        refused(phone.enrol(&Make::PrivacyIdea.link(), &mut other_key), Reason::ServerKeyUnusable);
        assert!(phone.keys.is_empty());
    }
}

#[test]
fn what_the_network_did() {
    for (received, reason) in [
        (Err(NetworkFailure::Offline), Reason::NoNetwork),
        (Err(NetworkFailure::NameUnknown), Reason::ServerNotFound),
        (Err(NetworkFailure::NotConnected), Reason::ServerUnreachable),
        (Err(NetworkFailure::TlsFailed), Reason::TlsFailed),
        (says(503, "busy"), Reason::ServerBusy),
        (says(500, "unknown_error"), Reason::ServerFailed),
    ] {
        let (mut phone, mut server, registration) = set_up();
        let otherwise = [("/login/pending", received)];
        refused(phone.check(&registration, &mut with(&mut server, &otherwise)), reason);
    }
}

// --- this phone ----------------------------------------------------------------------------------------

#[test]
fn signing_that_takes_too_long_each_time() {
    // Also where the time of day is set back meanwhile.
    for set_by in [0, -11] {
        let (mut phone, mut server, registration) = set_up();
        let mut flow = Flow::check(registration, phone.start());
        let sent = phone.sent.len();
        let mut signatures = 0;
        while !flow.is_done() {
            let turn = flow.current().clone();
            let event = phone.perform(&turn.step, &mut server);
            phone.pass(11_000);
            phone.now.wall = phone.now.wall.plus(set_by);
            flow.next(turn.number, event, phone.now).unwrap();
            signatures += 1;
        }
        let Step::Done(outcome) = flow.current().step.clone() else { panic!() };
        refused(outcome, Reason::SigningTooSlow);
        assert_eq!((signatures, phone.sent.len()), (3, sent), "nothing is sent that is too old");
    }
}

#[test]
fn a_key_store_that_refuses() {
    for (failure, reason) in [
        (KeyFailure::Locked, Reason::DeviceKeyLocked),
        (KeyFailure::Cancelled, Reason::DeviceKeyNotAllowed),
        (KeyFailure::Failed, Reason::DeviceKeyFailed),
    ] {
        let (mut phone, _, registration) = set_up();
        let mut flow = Flow::check(registration, phone.start());
        flow.next(1, Event::KeyRefused(failure), phone.now).unwrap();
        let Step::Done(outcome) = flow.current().step.clone() else { panic!() };
        refused(outcome, reason);
    }
}

#[test]
fn a_stored_flow_whose_events_do_not_fit_its_steps() {
    let (mut phone, mut server, registration) = set_up();
    let mut flow = Flow::check(registration, phone.start());
    while !flow.is_done() {
        let turn = flow.current().clone();
        let event = phone.perform(&turn.step, &mut server);
        flow.next(turn.number, event, phone.now).unwrap();
    }
    let mut state: Value = serde_json::from_slice(to_json(&flow).unwrap().expose()).unwrap();
    state["log"][0]["event"] = json!("Woke");
    let flow: Flow = serde_json::from_value(state).unwrap();
    let Step::Done(outcome) = flow.current().step.clone() else { panic!() };
    unknown(outcome, Reason::FlowOutdated);
}

#[test]
fn an_account_whose_own_data_can_not_be_read() {
    let (mut phone, mut server, of_keycloak) = set_up();
    let (_, _, of_privacy_idea) = privacy_idea();
    let sent = phone.sent.len();
    for registration in [of_keycloak, of_privacy_idea] {
        for details in [&b""[..], b"{}", b"\xff"] {
            let damaged = Registration { details: Secret::copy_of(details), ..registration.clone() };
            refused(phone.check(&damaged, &mut server), Reason::RegistrationDamaged);
        }
    }
    assert_eq!(phone.sent.len(), sent);
}

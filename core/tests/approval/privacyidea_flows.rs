//! privacyIDEA push from the set-up code to the code that is shown after an approval.

use countersign::account::Registration;
use countersign::approval::{
    AnswerKind, AnswerResult, Answered, Decision, DeclineReason, Flow, HttpRequest, NetworkFailure, Outcome,
    PushAddress, Request,
};
use countersign::clock::UnixTime;
use countersign::reason::Reason;
use countersign::secret::Secret;
use serde_json::{Value, json};

use crate::keycloak::reply;
use crate::phone::{Phone, Server as _};
use crate::privacyidea::PrivacyIdea;

const T0: i64 = 1_795_475_312;

fn set_up() -> (Phone, PrivacyIdea, Registration) {
    let (mut phone, mut server) = (Phone::new(T0), PrivacyIdea::new());
    let registration = phone.enrolled(&PrivacyIdea::link(), &mut server);
    (phone, server, registration)
}

fn listed(phone: &mut Phone, registration: &Registration, server: &mut PrivacyIdea) -> Vec<Request> {
    match phone.check(registration, server) {
        Outcome::Checked { requests } => requests,
        other => panic!("{other:?}"),
    }
}

fn answered(outcome: Outcome) -> Answered {
    match outcome {
        Outcome::Answered(answered) => answered,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn refused(outcome: Outcome, reason: Reason) {
    assert!(matches!(outcome, Outcome::Refused(found) if found == reason), "{outcome:?}");
}

#[test]
fn sets_up_and_approves_by_the_typed_letter() {
    let (mut phone, mut server, registration) = set_up();
    assert_eq!(phone.asked, ["trust"]);
    assert!(listed(&mut phone, &registration, &mut server).is_empty());
    let nonce = server.ask(Some("A,Q,Z"), Some("Q"));
    let requests = listed(&mut phone, &registration, &mut server);
    assert_eq!((requests[0].id.as_str(), &requests[0].answer), (nonce.as_str(), &AnswerKind::Text));
    assert_eq!(requests[0].question, "Do you want to confirm the login?");
    phone.typed = vec!["q"];
    let end = answered(phone.approve(&registration, &nonce, None, &mut server));
    assert_eq!(end.result, AnswerResult::Approved);
    assert_eq!(server.answers, [(nonce, "approved".to_owned())]);
}

#[test]
fn numbers_keep_the_servers_leading_zero_and_words_are_picked() {
    let (mut phone, mut server, registration) = set_up();
    let number = server.ask(Some("05,31,93"), Some("05"));
    let word = server.ask(Some("red,green"), Some("green"));
    let kinds: Vec<_> =
        listed(&mut phone, &registration, &mut server).into_iter().map(|request| request.answer).collect();
    assert!(kinds.contains(&AnswerKind::Number));
    assert!(kinds.contains(&AnswerKind::Choice { words: vec!["red".to_owned(), "green".to_owned()] }));
    for (nonce, typed) in [(number, "5"), (word, "Green")] {
        let end = answered(phone.approve(&registration, &nonce, Some(typed), &mut server));
        assert_eq!(end.result, AnswerResult::Approved, "{typed}");
    }
}

#[test]
fn an_answer_that_the_server_refuses_ends_the_request() {
    let (mut phone, mut server, registration) = set_up();
    let nonce = server.ask(Some("05,31,93"), Some("05"));
    let end = answered(phone.approve(&registration, &nonce, Some("31"), &mut server));
    assert_eq!((end.result, end.tries_left), (AnswerResult::WrongAnswer, Some(0)));
    assert_eq!(server.answers, [(nonce, "declined".to_owned())]);
}

#[test]
fn a_code_for_the_other_screen_is_shown_after_the_approval() {
    let (mut phone, mut server, registration) = set_up();
    let nonce = server.ask(None, None);
    server.challenges[0].code = Some("42");
    let end = answered(phone.approve(&registration, &nonce, None, &mut server));
    assert_eq!((end.result, end.display_code.as_deref()), (AnswerResult::Approved, Some("42")));
}

#[test]
fn a_reason_is_sent_only_to_a_server_that_takes_it() {
    for (takes, told) in [(true, "unknown_trigger"), (false, "declined")] {
        let (mut phone, mut server, registration) = set_up();
        let nonce = server.ask(None, None);
        server.challenges[0].capabilities = takes;
        assert_eq!(listed(&mut phone, &registration, &mut server)[0].takes_decline_reason, takes);
        let decline = Decision::Decline { reason: Some(DeclineReason::NotMe) };
        let end = answered(phone.answer(&registration, &nonce, decline, &mut server));
        assert_eq!(end.result, AnswerResult::Declined);
        assert_eq!(server.answers, [(nonce, told.to_owned())]);
    }
}

#[test]
fn what_is_not_signed_by_the_server_is_refused() {
    for (name, value) in [
        ("title", json!("Your bank")),
        ("question", json!("")),
        ("nonce", json!("THWFRBFVOE2EDUYEZSVTF5UJHKGJUO5X")),
        ("require_presence", json!("1,2")),
        ("signature", json!("AAAA")),
        ("signature", json!("not Base32!")),
        ("capabilities", json!(r#"{"decline_reason": true, "more": 1}"#)),
        ("capabilities_signature", json!("AAAA")),
        ("capabilities_signature", json!(null)),
    ] {
        let (mut phone, mut server, registration) = set_up();
        server.ask(None, None);
        server.challenges[0].capabilities = true;
        server.tamper = Some((name, value));
        refused(phone.check(&registration, &mut server), Reason::SignatureWrong);
    }
}

#[test]
fn what_is_signed_but_leads_elsewhere_is_refused() {
    for (name, value, reason) in [
        ("url", "https://evil.example/ttype/push", Reason::OriginDiffers),
        ("url", "https://mfa.example/ttype/push/", Reason::OriginDiffers),
        ("serial", "PIPU00000000", Reason::ReplyUnreadable),
        ("nonce", "a&decline=1", Reason::ReplyUnreadable),
    ] {
        let (mut phone, mut server, registration) = set_up();
        server.ask(None, None);
        server.instead = Some((name, value.to_owned()));
        refused(phone.check(&registration, &mut server), reason);
    }
}

/// One entry that this phone can't answer, or can't read at all, is in no other's way.
#[test]
fn an_odd_request_hides_no_other() {
    let (mut phone, mut server, registration) = set_up();
    let odd = server.ask(Some("red,,green"), None);
    let sound = server.ask(Some("A,Q,Z"), Some("Q"));
    let listed = listed(&mut phone, &registration, &mut server);
    let kind_of = |id: &str| &listed.iter().find(|request| request.id == id).unwrap().answer;
    assert_eq!(kind_of(&sound), &AnswerKind::Text);
    assert_eq!(kind_of(&odd), &AnswerKind::Unsupported { reason: Reason::ReplyUnreadable });

    let mut with_another = |request: &HttpRequest, now| {
        let answer = server.receive(request, now)?;
        let mut body: Value = serde_json::from_slice(answer.body.expose()).unwrap();
        body["result"]["value"].as_array_mut().unwrap().insert(0, json!({"nonce": 5}));
        Ok(reply(200, body.to_string().as_bytes()))
    };
    let Outcome::Checked { requests } = phone.check(&registration, &mut with_another) else { panic!() };
    assert_eq!(requests.len(), 2);

    let end = answered(phone.answer(&registration, &odd, Decision::Decline { reason: None }, &mut server));
    assert_eq!(end.result, AnswerResult::Declined);
    assert_eq!(server.answers, [(odd, "declined".to_owned())]);
}

#[test]
fn a_wrong_clock_is_set_by_the_servers_answer() {
    for ahead in [-3_600, 3_600] {
        let (mut phone, mut server, registration) = set_up();
        phone.server_ahead = ahead;
        assert!(matches!(phone.check(&registration, &mut server), Outcome::Checked { .. }));
        assert_eq!(phone.context.offset.unwrap().seconds, ahead);
    }
}

#[test]
fn a_request_is_over_two_minutes_after_it_was_first_seen() {
    let (mut phone, mut server, registration) = set_up();
    let nonce = server.ask(None, None);
    let first = listed(&mut phone, &registration, &mut server)[0].expires_at;
    phone.pass(60_000);
    assert_eq!(listed(&mut phone, &registration, &mut server)[0].expires_at, first);
    phone.pass(61_000);
    assert!(listed(&mut phone, &registration, &mut server).is_empty());
    let end = answered(phone.approve(&registration, &nonce, None, &mut server));
    assert_eq!(end.result, AnswerResult::Expired);
    assert!(server.answers.is_empty());
}

#[test]
fn a_set_up_code_is_used_once_and_in_time() {
    let (mut phone, mut server, _) = set_up();
    refused(phone.enrol(&PrivacyIdea::link(), &mut server), Reason::SetupUsed);
    assert_eq!(phone.keys.len(), 1);

    // Whatever the time of day is set to meanwhile.
    for (passed_ms, set_by, is_over) in [(601_000, 0, true), (601_000, -300, true), (1_000, 700, false)] {
        let (mut phone, mut server) = (Phone::new(T0), PrivacyIdea::new());
        let mut flow = Flow::enrol(crate::phone::enrol_request(&PrivacyIdea::link()), phone.start());
        phone.pass(passed_ms);
        phone.now.wall = phone.now.wall.plus(set_by);
        let event = phone.perform(&flow.current().step.clone(), &mut server);
        flow.next(1, event, phone.now).unwrap();
        let end = phone.run(flow, &mut server);
        if is_over {
            refused(end, Reason::SetupExpired);
        } else {
            assert!(matches!(end, Outcome::Enrolled(_)), "{end:?}");
        }
    }
}

#[test]
fn an_enrolment_whose_answer_is_lost_is_not_sent_again() {
    let (mut phone, mut server) = (Phone::new(T0), PrivacyIdea::new());
    let mut cut = |request: &HttpRequest, now: UnixTime| {
        let answer = server.receive(request, now);
        if request.url.contains('?') { answer } else { Err(NetworkFailure::Cut) }
    };
    refused(phone.enrol(&PrivacyIdea::link(), &mut cut), Reason::EnrolmentReplyLost);
    assert!(phone.keys.is_empty());
    // It did not arrive: sent again, and set up.
    let (mut phone, mut server, mut sends) = (Phone::new(T0), PrivacyIdea::new(), 0);
    let mut lost = |request: &HttpRequest, now: UnixTime| {
        sends += 1;
        if sends == 1 { Err(NetworkFailure::TimedOut) } else { server.receive(request, now) }
    };
    assert!(matches!(phone.enrol(&PrivacyIdea::link(), &mut lost), Outcome::Enrolled(_)));
}

#[test]
fn other_refusals_by_name() {
    let (mut phone, mut server, registration) = set_up();
    server.forbids = true;
    refused(phone.check(&registration, &mut server), Reason::ServerForbids);
    server.forbids = false;
    server.phone_key = None;
    refused(phone.check(&registration, &mut server), Reason::DeviceNotRegistered);
    let flow = Flow::rotate_key(registration.clone(), phone.start());
    refused(phone.run(flow, &mut server), Reason::NotPossibleHere);
    let flow = Flow::lock_out(registration, phone.start());
    refused(phone.run(flow, &mut server), Reason::NotPossibleHere);
}

#[test]
fn push_address_and_self_test() {
    let (mut phone, mut server, registration) = set_up();
    for (address, told) in [
        (PushAddress::Fcm { token: Secret::copy_of(b"abc:def") }, "abc:def"),
        (PushAddress::None, "no_firebase_token"),
    ] {
        let flow = Flow::set_push_address(registration.clone(), address, phone.start());
        assert!(matches!(phone.run(flow, &mut server), Outcome::PushAddressSet));
        assert_eq!(server.push, told);
    }
    let mut unwilling =
        |_: &HttpRequest, _| Ok(reply(200, br#"{"result": {"status": true, "value": false}}"#));
    let flow = Flow::set_push_address(registration.clone(), PushAddress::None, phone.start());
    refused(phone.run(flow, &mut unwilling), Reason::ServerForbids);
    let flow = Flow::self_test(registration, phone.start());
    let Outcome::Tested { checks } = phone.run(flow, &mut server) else { panic!() };
    assert!(checks.len() == 4 && checks.iter().all(|check| check.reason.is_none()));
}

//! Keycloak Push MFA from the set-up code to the lock-out.

use countersign::approval::{
    AnswerKind, AnswerRequest, AnswerResult, CheckKind, Decision, Ended, Event, Flow, HostFacts, HttpRequest,
    NetworkFailure, Outcome, PushAddress, RequestRecord, Step,
};
use countersign::clock::UnixTime;
use countersign::reason::Reason;
use countersign::secret::Secret;
use serde_json::{Value, json};

use crate::keycloak::{Keycloak, LOGIN, T0, numbers, reply, set_up};
use crate::phone::{Phone, Received, Server, answered, enrol_request, refused, requests};

fn pin() -> Option<Value> {
    Some(json!({"type": "pin", "pinLength": 4}))
}

#[test]
fn sets_up_and_approves_by_the_typed_number() {
    let (mut phone, mut server, registration) = set_up();
    assert_eq!(phone.asked, ["trust"]);
    assert_eq!(server.devices.len(), 1);
    server.login(LOGIN, T0 + 120, numbers(), Some("9"));
    let listed = requests(phone.check(&registration, &mut server));
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].application, "Example Web App");
    assert_eq!((&listed[0].answer, listed[0].from.as_ref()), (&AnswerKind::Number, None));
    assert!(!format!("{listed:?}").contains("34"));
    phone.typed = vec!["09"];
    let end = answered(phone.approve(&registration, LOGIN, None, &mut server));
    assert_eq!((end.result, end.reason), (AnswerResult::Approved, None));
    assert_eq!(server.answers, [(LOGIN.to_owned(), "approved")]);
    assert_eq!(phone.asked, ["trust", "answer", "presence"]);
    // One access token was enough for all of it.
    assert_eq!(server.tokens, 1);
    refused(phone.approve(&registration, LOGIN, Some("9"), &mut server), Reason::RequestEnded);
}

#[test]
fn signatures_as_der_do_as_well() {
    let (mut phone, mut server) = (Phone { der: true, ..Phone::new(T0) }, Keycloak::new());
    let link = server.link(T0);
    phone.enrolled(&link, &mut server);
}

#[test]
fn nothing_is_sent_before_the_origin_is_trusted() {
    let (mut phone, mut server) = (Phone { trusts: false, ..Phone::new(T0) }, Keycloak::new());
    let handle = format!(
        "https://login.example/realms/staff/push-mfa/enroll/request-token/{}",
        "b4f9089e-1b04-4214-9774-558c9dfb5c47"
    );
    for link in [server.link(T0), format!("x://y?request_uri={handle}")] {
        refused(phone.enrol(&link, &mut server), Reason::TrustRefused);
    }
    assert_eq!((phone.asked.len(), phone.sent.len()), (2, 0));
}

#[test]
fn plain_http_only_to_this_machine_and_only_where_allowed() {
    let (mut phone, mut server) = (Phone::new(T0), Keycloak::new());
    server.issuer = "http://127.0.0.1:8080/realms/staff".to_owned();
    let mut request = enrol_request(&server.link(T0));
    request.allow_plain_http = false;
    refused(phone.enrol_with(request.clone(), &mut server), Reason::PlainHttp);
    assert!(phone.asked.is_empty() && phone.sent.is_empty());
    request.allow_plain_http = true;
    assert!(matches!(phone.enrol_with(request, &mut server), Outcome::Enrolled(_)));
}

#[test]
fn credentials_are_taken_from_the_first_that_has_them() {
    let (mut phone, mut server) = (Phone::new(T0), Keycloak::new());
    let token = server.enrolment(T0);
    let bare = enrol_request(&format!("my-secure://enroll?token={token}"));
    refused(phone.enrol_with(bare.clone(), &mut server), Reason::ClientSecretMissing);
    assert_eq!(phone.asked, ["trust", "client"]);
    assert!(phone.keys.is_empty(), "no key is made for nothing");

    let mut wrong = bare.clone();
    wrong.client_id = Some("phone".to_owned());
    wrong.client_secret = Some(Secret::copy_of(b"wrong"));
    refused(phone.enrol_with(wrong, &mut server), Reason::ClientRefused);
    assert!(phone.keys.is_empty(), "the key of an enrolment that failed is deleted");

    let mut of_organisation = bare;
    of_organisation.organisation =
        Some(countersign::approval::Client { id: "phone".to_owned(), secret: Secret::copy_of(b"hush") });
    assert!(matches!(phone.enrol_with(of_organisation, &mut server), Outcome::Enrolled(_)));
}

#[test]
fn a_number_that_is_not_offered_is_not_sent_and_may_be_corrected_once() {
    let (mut phone, mut server, registration) = set_up();
    server.login(LOGIN, T0 + 120, numbers(), Some("9"));
    let first = answered(phone.approve(&registration, LOGIN, Some("50"), &mut server));
    assert_eq!(
        (first.result, first.reason, first.tries_left),
        (AnswerResult::WrongAnswer, Some(Reason::NumberNotOffered), Some(1))
    );
    assert!(phone.sent.iter().all(|url| !url.ends_with("/respond")));
    let second = answered(phone.approve(&registration, LOGIN, Some("51"), &mut server));
    assert_eq!(
        (second.result, second.reason, second.tries_left),
        (AnswerResult::WrongAnswer, Some(Reason::WrongNumber), Some(0))
    );
    assert_eq!(server.answers, [(LOGIN.to_owned(), "denied")]);
    refused(phone.approve(&registration, LOGIN, Some("9"), &mut server), Reason::RequestEnded);
}

#[test]
fn a_correction_in_time_is_approved() {
    let (mut phone, mut server, registration) = set_up();
    server.login(LOGIN, T0 + 120, numbers(), Some("9"));
    phone.typed = vec!["50", "\u{ff19}"];
    let end = answered(phone.approve(&registration, LOGIN, None, &mut server));
    assert_eq!(end.result, AnswerResult::Approved);
    assert_eq!(phone.records[LOGIN].tries_used, 1);
}

#[test]
fn a_number_that_the_server_refuses_ends_the_request() {
    let (mut phone, mut server, registration) = set_up();
    server.login(LOGIN, T0 + 120, numbers(), Some("9"));
    let end = answered(phone.approve(&registration, LOGIN, Some("34"), &mut server));
    assert_eq!((end.result, end.tries_left), (AnswerResult::WrongAnswer, Some(0)));
    assert_eq!(server.answers, [(LOGIN.to_owned(), "denied")]);
    assert_eq!(phone.records[LOGIN].ended, Some(Ended::Declined { reason: Some(Reason::WrongNumber) }));
}

#[test]
fn a_pin_may_be_corrected_once() {
    for (pins, result, ended) in [
        (["0000", "0419"], AnswerResult::Approved, "approved"),
        (["0000", "1111"], AnswerResult::WrongAnswer, "denied"),
    ] {
        let (mut phone, mut server, registration) = set_up();
        server.login(LOGIN, T0 + 120, pin(), Some("0419"));
        phone.typed = vec!["41", pins[0], pins[1]];
        let end = answered(phone.approve(&registration, LOGIN, None, &mut server));
        assert_eq!(end.result, result);
        assert_eq!(server.answers, [(LOGIN.to_owned(), ended)]);
        // Each PIN that is sent is confirmed.
        assert_eq!(phone.asked, ["trust", "answer", "answer", "presence", "answer", "presence"]);
    }
}

#[test]
fn a_given_pin_ends_the_flow_and_leaves_one_try() {
    let (mut phone, mut server, registration) = set_up();
    server.login(LOGIN, T0 + 120, pin(), Some("0419"));
    let first = answered(phone.approve(&registration, LOGIN, Some("0000"), &mut server));
    assert_eq!(
        (first.result, first.reason, first.tries_left),
        (AnswerResult::WrongAnswer, Some(Reason::WrongPin), Some(1))
    );
    let second = answered(phone.approve(&registration, LOGIN, Some("0419"), &mut server));
    assert_eq!(second.result, AnswerResult::Approved);
}

#[test]
fn without_a_number_it_is_approved_after_the_presence_check_alone() {
    let (mut phone, mut server, registration) = set_up();
    server.login(LOGIN, T0 + 120, None, None);
    refused(phone.approve(&registration, LOGIN, Some("9"), &mut server), Reason::AnswerKindDiffers);
    phone.is_there = false;
    refused(phone.approve(&registration, LOGIN, None, &mut server), Reason::PresenceRefused);
    assert!(server.answers.is_empty());
    phone.is_there = true;
    let end = answered(phone.approve(&registration, LOGIN, None, &mut server));
    assert_eq!(end.result, AnswerResult::Approved);
}

/// How long ago a person was there is told by the clock that nobody sets.
#[test]
fn setting_the_time_neither_keeps_nor_ends_the_presence_check() {
    for (passed_ms, set_by, questions) in [(90_000, -60, 2), (1_000, 100, 1)] {
        let (mut phone, mut server, registration) = set_up();
        server.login(LOGIN, T0 + 600, None, None);
        phone.asked.clear();
        let what = AnswerRequest { request: LOGIN.to_owned(), decision: Decision::Approve { given: None } };
        let mut flow = Flow::answer(registration, what, RequestRecord::new(LOGIN), phone.start());
        let mut answers = 0;
        while answers < 2 {
            let turn = flow.current().clone();
            let event = match &turn.step {
                Step::Send(request) if request.url.ends_with("/respond") => {
                    answers += 1;
                    phone.pass(passed_ms);
                    phone.now.wall = phone.now.wall.plus(set_by);
                    Event::NoReply(NetworkFailure::NotConnected)
                }
                step => phone.perform(step, &mut server),
            };
            flow.next(turn.number, event, phone.now).unwrap();
        }
        assert_eq!(phone.asked, vec!["presence"; questions], "{passed_ms} ms, set by {set_by} s");
    }
}

#[test]
fn a_decline_asks_nothing() {
    let (mut phone, mut server, registration) = set_up();
    server.login(LOGIN, T0 + 120, numbers(), Some("9"));
    phone.asked.clear();
    let decline = Decision::Decline { reason: None };
    let end = answered(phone.answer(&registration, LOGIN, decline.clone(), &mut server));
    assert_eq!((end.result, end.reason), (AnswerResult::Declined, None));
    assert!(phone.asked.is_empty());
    refused(phone.answer(&registration, LOGIN, decline, &mut server), Reason::RequestEnded);
}

#[test]
fn without_an_answer_nothing_is_sent() {
    let (mut phone, mut server, registration) = set_up();
    server.login(LOGIN, T0 + 120, numbers(), Some("9"));
    refused(phone.approve(&registration, LOGIN, None, &mut server), Reason::AnswerNeeded);
    assert!(server.answers.is_empty());
}

#[test]
fn what_is_known_of_a_request_that_is_gone() {
    let (mut phone, mut server, registration) = set_up();
    refused(phone.approve(&registration, LOGIN, Some("9"), &mut server), Reason::RequestNotFound);
    server.login(LOGIN, T0 + 120, numbers(), Some("9"));
    answered(phone.approve(&registration, LOGIN, Some("50"), &mut server));
    server.logins[0].ended = Some("denied");
    let end = answered(phone.approve(&registration, LOGIN, Some("9"), &mut server));
    assert_eq!((end.result, end.reason), (AnswerResult::AnsweredElsewhere, Some(Reason::AnsweredElsewhere)));
    phone.pass(121_000);
    let end = answered(phone.approve(&registration, LOGIN, Some("9"), &mut server));
    assert_eq!((end.result, end.reason), (AnswerResult::Expired, Some(Reason::RequestExpired)));
}

#[test]
fn expiry_is_judged_by_the_servers_clock() {
    for ahead in [-100, 100] {
        let mut phone = Phone { server_ahead: ahead, ..Phone::new(T0) };
        let mut server = Keycloak::new();
        let link = server.link(T0 + ahead);
        let registration = phone.enrolled(&link, &mut server);
        assert_eq!(phone.context.offset.unwrap().seconds, ahead);
        server.login(LOGIN, T0 + ahead + 50, numbers(), Some("9"));
        let listed = requests(phone.check(&registration, &mut server));
        assert!((listed[0].expires_at.0 - (T0 + 50)).abs() <= 2, "shown by the phone's clock");
        let end = answered(phone.approve(&registration, LOGIN, Some("9"), &mut server));
        assert_eq!(end.result, AnswerResult::Approved);
    }
}

#[test]
fn the_clock_is_searched_for_where_the_server_only_says_that_it_is_wrong() {
    for ahead in [-290, -61, -25, -16, 16, 24, 25, 26, 130, 290] {
        let (mut phone, mut server, registration) = set_up();
        phone.context.token = None;
        phone.server_ahead = ahead;
        assert!(matches!(phone.check(&registration, &mut server), Outcome::Checked { .. }), "{ahead}");
        assert!((phone.context.offset.unwrap().seconds - ahead).abs() <= 24, "{ahead}");
    }
    let (mut phone, mut server, registration) = set_up();
    phone.context.token = None;
    phone.server_ahead = 3_600;
    refused(phone.check(&registration, &mut server), Reason::ClockDiffers);
}

/// Fails once, in place of the first access token that it would give.
struct Stumbling<'a> {
    server: &'a mut Keycloak,
    status: u16,
    has_failed: bool,
}

impl Server for Stumbling<'_> {
    fn receive(&mut self, request: &HttpRequest, now: UnixTime) -> Received {
        let tokens = self.server.tokens;
        let received = self.server.receive(request, now)?;
        let fails = !self.has_failed && self.server.tokens > tokens;
        self.has_failed |= fails;
        Ok(if fails { reply(self.status, b"") } else { received })
    }
}

#[test]
fn a_failure_at_the_right_clock_loses_nothing() {
    for status in [500, 503] {
        for ahead in [0, -130, 290] {
            let (mut phone, mut server, registration) = set_up();
            phone.context.token = None;
            phone.server_ahead = ahead;
            let mut server = Stumbling { server: &mut server, status, has_failed: false };
            let checked = phone.check(&registration, &mut server);
            assert!(matches!(checked, Outcome::Checked { .. }), "{status} {ahead} {checked:?}");
            assert!(server.has_failed);
        }
    }
}

/// The edge at which Keycloak fails is met by any guess, also where it failed before for a reason of its own.
#[test]
fn a_failure_hides_no_edge() {
    for ahead in (-8..=8).flat_map(|step| [step * 35 - 25, step * 35 + 25]) {
        let (mut phone, mut server, registration) = set_up();
        phone.context.token = None;
        phone.server_ahead = ahead;
        let mut has_failed = false;
        let mut failing_first = |request: &HttpRequest, now: UnixTime| {
            if std::mem::replace(&mut has_failed, true) {
                return server.receive(request, now);
            }
            Ok(reply(500, b""))
        };
        let checked = phone.check(&registration, &mut failing_first);
        assert!(matches!(checked, Outcome::Checked { .. }), "{ahead} {checked:?}");
    }
}

#[test]
fn a_clock_that_is_set_right_is_found_however_wrong_it_was() {
    for (was, is) in [(86_400, 0), (7_200, 130), (7_200, -290), (20, 0)] {
        let mut phone = Phone { server_ahead: was, ..Phone::new(T0) };
        let mut server = Keycloak::new();
        let link = server.link(T0 + was - 100);
        let registration = phone.enrolled(&link, &mut server);
        assert_eq!(phone.context.offset.unwrap().seconds, was);
        phone.context.token = None;
        phone.server_ahead = is;
        assert!(matches!(phone.check(&registration, &mut server), Outcome::Checked { .. }), "{was} {is}");
        assert!((phone.context.offset.unwrap().seconds - is).abs() <= 24, "{was} {is}");
    }
}

#[test]
fn a_set_up_code_tells_the_time_however_wrong_the_clock_is() {
    for ahead in [86_400, 7_200] {
        let mut phone = Phone { server_ahead: ahead, ..Phone::new(T0) };
        let mut server = Keycloak::new();
        // The page was rendered 100 s ago.
        let link = server.link(T0 + ahead - 100);
        assert!(matches!(phone.enrol(&link, &mut server), Outcome::Enrolled(_)), "{ahead}");
    }
}

#[test]
fn an_access_token_is_replaced_before_it_ends_and_when_it_is_refused() {
    let (mut phone, mut server, registration) = set_up();
    phone.pass(260_000);
    phone.check(&registration, &mut server);
    assert_eq!(server.tokens, 1);
    phone.pass(11_000);
    phone.check(&registration, &mut server);
    assert_eq!(server.tokens, 2);
    phone.context.token.as_mut().unwrap().expires_at = countersign::clock::UnixTime(T0 + 100_000);
    phone.pass(400_000);
    assert!(matches!(phone.check(&registration, &mut server), Outcome::Checked { .. }));
    assert_eq!(server.tokens, 3);
}

#[test]
fn several_requests_newest_first_and_none_that_is_over() {
    let (mut phone, mut server, registration) = set_up();
    for (id, end) in [("a", 60), ("b", 120), ("c", 90)] {
        server.login(id, T0 + end, None, None);
    }
    let ids: Vec<_> =
        requests(phone.check(&registration, &mut server)).into_iter().map(|request| request.id).collect();
    assert_eq!(ids, ["b", "c", "a"]);
    answered(phone.approve(&registration, "c", None, &mut server));
    assert_eq!(server.answers, [("c".to_owned(), "approved")]);
}

#[test]
fn of_a_flood_the_newest_are_told() {
    let (mut phone, mut server, registration) = set_up();
    (1..=120).for_each(|number| server.login(&format!("{number}"), T0 + 60 + number, None, None));
    let told: Vec<_> =
        requests(phone.check(&registration, &mut server)).into_iter().map(|it| it.id).collect();
    assert!(told.iter().eq((21..=120).rev().map(|number| number.to_string()).collect::<Vec<_>>().iter()));
}

#[test]
fn a_request_that_the_list_has_twice_is_one() {
    let (mut phone, mut server, registration) = set_up();
    for (id, end) in [("a", 60), ("b", 90), ("a", 120)] {
        server.login(id, T0 + end, None, None);
    }
    let requests = requests(phone.check(&registration, &mut server));
    let seen: Vec<_> = requests.iter().map(|request| (request.id.as_str(), request.expires_at.0)).collect();
    assert_eq!(seen, [("b", T0 + 90), ("a", T0 + 60)], "as for an answer, the first counts");
    let tested = Flow::self_test(registration, HostFacts::default(), Vec::new(), phone.start());
    let Outcome::Tested { checks } = phone.run(tested, &mut server) else { panic!() };
    assert!(checks.iter().any(|check| (check.kind, check.figure) == (CheckKind::Requests, Some(2))));
}

#[test]
fn a_new_key_replaces_the_old_one() {
    let (mut phone, mut server, registration) = set_up();
    let flow = Flow::rotate_key(registration.clone(), phone.start());
    let Outcome::Rotated { registration: rotated } = phone.run(flow, &mut server) else { panic!() };
    assert_ne!(rotated.key, registration.key);
    assert_eq!(phone.keys.keys().collect::<Vec<_>>(), [&rotated.key.as_ref().unwrap().id]);
    server.login(LOGIN, T0 + 120, numbers(), Some("9"));
    let end = answered(phone.approve(&rotated, LOGIN, Some("9"), &mut server));
    assert_eq!(end.result, AnswerResult::Approved);
    refused(phone.check(&registration, &mut server), Reason::DeviceKeyGone);
}

#[test]
fn push_address_and_lock_out() {
    let (mut phone, mut server, registration) = set_up();
    let flow = Flow::set_push_address(registration.clone(), PushAddress::None, phone.start());
    assert!(matches!(phone.run(flow, &mut server), Outcome::PushAddressSet));
    assert_eq!(server.push_provider.take().unwrap()["pushProviderType"], "none");
    let endpoint = "https://push.example/UP?id=1";
    let set = |address| Flow::set_push_address(registration.clone(), address, phone.clone().start());
    let unified = |text: &str| PushAddress::UnifiedPush { endpoint: Secret::copy_of(text.as_bytes()) };
    let fcm = |text: &str| PushAddress::Fcm { token: Secret::copy_of(text.as_bytes()) };
    assert!(matches!(phone.clone().run(set(unified(endpoint)), &mut server), Outcome::PushAddressSet));
    let told = server.push_provider.take().unwrap();
    assert_eq!(
        (&told["pushProviderType"], &told["pushProviderId"]),
        (&json!("unifiedpush"), &json!(endpoint))
    );
    let long = format!("https://push.example/{}", "a".repeat(2048));
    for address in [
        unified("http://push.example/UP"),
        // Of an account whose own server is on this machine it may be.
        unified("http://127.0.0.1:1/UP"),
        unified("push.example/UP"),
        unified("https://user@push.example/UP"),
        unified("https://push.example/a b"),
        unified(&long),
        unified(""),
        fcm(""),
        fcm("abc def"),
        fcm(&long),
    ] {
        refused(phone.clone().run(set(address), &mut server), Reason::PushAddressUnusable);
        assert!(server.push_provider.is_none());
    }

    phone.is_there = false;
    let flow = Flow::lock_out(registration.clone(), phone.start());
    refused(phone.run(flow, &mut server), Reason::LockOutNotConfirmed);
    assert!(!server.locked);
    phone.is_there = true;
    let flow = Flow::lock_out(registration.clone(), phone.start());
    assert!(matches!(phone.run(flow, &mut server), Outcome::LockedOut));
    assert!(server.locked);
}

#[test]
fn a_removed_device_is_told() {
    let (mut phone, mut server, registration) = set_up();
    server.devices.clear();
    refused(phone.check(&registration, &mut server), Reason::DeviceNotRegistered);
}

#[test]
fn a_used_code_is_told() {
    let (mut phone, mut server) = (Phone::new(T0), Keycloak::new());
    let link = server.link(T0);
    phone.enrolled(&link, &mut server);
    refused(phone.enrol(&link, &mut server), Reason::SetupUsed);
    assert_eq!(phone.keys.len(), 1);
}

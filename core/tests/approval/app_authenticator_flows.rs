//! netzbegruenung's App Authenticator for Keycloak, from the set-up link to the answer.

use countersign::account::Registration;
use countersign::approval::{
    AnswerKind, AnswerResult, Decision, DeclineReason, Flow, HttpRequest, NetworkFailure, Outcome,
    PushAddress, Step,
};
use countersign::clock::{ClockOffset, UnixTime};
use countersign::reason::Reason;
use countersign::secret::Secret;
use serde_json::{Value, json};

use crate::app_authenticator::AppAuthenticator;
use crate::keycloak::{T0, reply};
use crate::phone::{Phone, Received, Server, answered, refused, requests, unknown};

pub(crate) const ISSUER: &str = "https://login.example/realms/staff";

impl Server for AppAuthenticator {
    fn receive(&mut self, request: &HttpRequest, now: UnixTime) -> Received {
        Ok(self.take(request, now.0 * 1_000))
    }
}

pub(crate) fn set_up() -> (Phone, AppAuthenticator, Registration) {
    let (mut phone, mut server) = (Phone::new(T0), AppAuthenticator::new(ISSUER));
    let link = server.show_set_up_code(T0 * 1_000);
    let registration = phone.enrolled(&link, &mut server);
    (phone, server, registration)
}

/// Begins a sign-in: its number at the server, and the name that the phone has for it.
pub(crate) fn sign_in(
    phone: &mut Phone,
    server: &mut AppAuthenticator,
    registration: &Registration,
) -> (u64, String) {
    let device_id = server.devices.keys().next().unwrap().clone();
    let number = server.sign_in(&device_id, phone.now.wall.plus(phone.server_ahead).0 * 1_000);
    let [request] = &requests(phone.check(registration, server))[..] else { panic!() };
    (number, request.id.clone())
}

#[test]
fn sets_up_and_approves() {
    let (mut phone, mut server, registration) = set_up();
    assert_eq!(phone.asked, ["trust"]);
    assert!(phone.sent.iter().all(|url| url.starts_with(ISSUER)));
    assert!(requests(phone.check(&registration, &mut server)).is_empty());
    let (number, id) = sign_in(&mut phone, &mut server, &registration);
    let request = requests(phone.check(&registration, &mut server)).remove(0);
    assert_eq!((request.application.as_str(), request.account.as_str()), ("Example Web App", "alice"));
    assert_eq!(request.from.as_deref(), Some("203.0.113.7, Firefox/120.0, Ubuntu"));
    assert_eq!((request.answer, request.takes_decline_reason), (AnswerKind::None, false));
    assert_eq!(request.expires_at.since(request.asked_at.unwrap()), 60);

    let end = answered(phone.approve(&registration, &id, None, &mut server));
    assert_eq!(end.result, AnswerResult::Approved);
    assert_eq!(phone.asked, ["trust", "presence"]);
    assert_eq!((server.granted(number), &server.answers[..]), (Some(true), &[(number, true)][..]));
    assert!(requests(phone.check(&registration, &mut server)).is_empty());
    // Whoever has approved once has.
    refused(phone.approve(&registration, &id, None, &mut server), Reason::RequestEnded);
}

#[test]
fn declines_without_a_reason() {
    let (mut phone, mut server, registration) = set_up();
    let (number, id) = sign_in(&mut phone, &mut server, &registration);
    let decline = Decision::Decline { reason: Some(DeclineReason::NotMe) };
    let end = answered(phone.answer(&registration, &id, decline, &mut server));
    assert_eq!((end.result, &server.answers[..]), (AnswerResult::Declined, &[(number, false)][..]));
    assert_eq!(phone.asked, ["trust"]);
}

#[test]
fn a_number_is_no_answer_to_it() {
    let (mut phone, mut server, registration) = set_up();
    let (_, id) = sign_in(&mut phone, &mut server, &registration);
    refused(phone.approve(&registration, &id, Some("7"), &mut server), Reason::AnswerKindDiffers);
    assert!(server.answers.is_empty());
}

/// The server keeps one request for each device.
#[test]
fn a_newer_sign_in_takes_the_place_of_one_that_waits() {
    let (mut phone, mut server, registration) = set_up();
    let (_, first) = sign_in(&mut phone, &mut server, &registration);
    phone.pass(5_000);
    let (second_number, second) = sign_in(&mut phone, &mut server, &registration);
    assert_ne!(first, second);
    refused(phone.approve(&registration, &first, None, &mut server), Reason::RequestNotFound);
    let end = answered(phone.approve(&registration, &second, None, &mut server));
    assert_eq!((end.result, &server.answers[..]), (AnswerResult::Approved, &[(second_number, true)][..]));
}

/// It stays with the server, which then says so in a refusal.
#[test]
fn a_request_that_is_over_is_none() {
    let (mut phone, mut server, registration) = set_up();
    sign_in(&mut phone, &mut server, &registration);
    phone.pass(61_000);
    assert!(requests(phone.check(&registration, &mut server)).is_empty());
    assert!(server.answers.is_empty());
}

/// Keycloak sends no `Date`: a clock may be off by a few seconds either way and must not hide a request.
#[test]
fn a_clock_that_is_somewhat_off_finds_a_fresh_request() {
    for ahead in [-5, -4, 0, 4, 5] {
        let (mut phone, mut server, registration) = set_up();
        phone.server_ahead = ahead;
        let (number, id) = sign_in(&mut phone, &mut server, &registration);
        let end = answered(phone.approve(&registration, &id, None, &mut server));
        assert_eq!((end.result, &server.answers[..]), (AnswerResult::Approved, &[(number, true)][..]));
        // One that is behind has learnt so from the request's own date.
        assert_eq!(phone.context.offset.map(|offset| offset.seconds), (ahead > 0).then_some(ahead));
    }
}

/// To a signature older than the request the server says that the request is over: no reason to believe it.
#[test]
fn a_clock_that_is_behind_is_found_by_trying() {
    for ahead in [6, 10, 15, 20, 30, 40, 50, 55] {
        let (mut phone, mut server, registration) = set_up();
        phone.server_ahead = ahead;
        let (number, id) = sign_in(&mut phone, &mut server, &registration);
        let learnt = phone.context.offset.unwrap().seconds;
        assert!((learnt - ahead).abs() <= 5, "{learnt} {ahead}");
        let sent = phone.sent.len();
        let end = answered(phone.approve(&registration, &id, None, &mut server));
        assert_eq!((end.result, &server.answers[..]), (AnswerResult::Approved, &[(number, true)][..]));
        assert_eq!(phone.sent.len(), sent + 3, "tried once");
    }
}

/// What was learnt of a clock is forgotten when the clock is set.
#[test]
fn a_clock_that_is_put_right_is_noticed() {
    for (seconds, ahead) in
        [(0, 20), (0, 40), (30, 0), (30, 70), (-7, 0), (-30, 0), (-58, 0), (-58, 20), (-88, -58), (-290, 0)]
    {
        let (mut phone, mut server, registration) = set_up();
        phone.context.offset = Some(ClockOffset { seconds });
        phone.server_ahead = ahead;
        let (number, id) = sign_in(&mut phone, &mut server, &registration);
        let end = answered(phone.approve(&registration, &id, None, &mut server));
        assert_eq!((end.result, &server.answers[..]), (AnswerResult::Approved, &[(number, true)][..]));
    }
}

/// A call that was long on its way arrives when its date is no longer far ahead: that says nothing of the clock.
#[test]
fn a_slow_network_is_no_wrong_clock() {
    for (seconds, learnt) in [(4, 0), (5, 5), (8, 2), (12, 0)] {
        let (mut phone, mut server, registration) = set_up();
        let device_id = server.devices.keys().next().unwrap().clone();
        server.sign_in(&device_id, (T0 - 90) * 1_000);
        let mut flow = Flow::check(registration.clone(), phone.start());
        while !flow.is_done() {
            let turn = flow.current().clone();
            if let Step::Send(_) = turn.step {
                phone.pass(seconds * 1_000);
            }
            let event = phone.perform(&turn.step, &mut server);
            flow.next(turn.number, event, phone.now).unwrap();
        }
        phone.keep(&flow);
        let offset = phone.context.offset.unwrap().seconds;
        assert!((offset - learnt).abs() <= 5, "{seconds}: {offset}");
        assert!(requests(phone.check(&registration, &mut server)).is_empty());
    }
}

/// By a clock that is right one more date is tried, and refused.
#[test]
fn a_clock_that_is_right_is_known_to_be() {
    let (mut phone, mut server, registration) = set_up();
    let device_id = server.devices.keys().next().unwrap().clone();
    server.sign_in(&device_id, (T0 - 90) * 1_000);
    for asks in [2, 2, 2] {
        let sent = phone.sent.len();
        assert!(requests(phone.check(&registration, &mut server)).is_empty());
        assert_eq!((phone.sent.len() - sent, phone.context.offset.unwrap().seconds), (asks, 0));
    }
}

/// Whether the request is over is not known then: no look says that nothing waits, and no answer that it is gone.
#[test]
fn where_a_later_date_can_not_be_tried_nothing_is_known() {
    let (mut phone, mut server, registration) = set_up();
    phone.server_ahead = 40;
    let (_, id) = sign_in(&mut phone, &mut server, &registration);
    // As before the phone's clock was set back.
    phone.context.offset = Some(ClockOffset { seconds: 0 });
    for is_answer in [false, true] {
        let mut calls = 0;
        let mut cut = |request: &HttpRequest, now: UnixTime| {
            calls += 1;
            if calls == 1 { server.receive(request, now) } else { Err(NetworkFailure::Cut) }
        };
        let end = match is_answer {
            true => phone.approve(&registration, &id, None, &mut cut),
            false => phone.check(&registration, &mut cut),
        };
        refused(end, Reason::ConnectionLost);
        assert_eq!(phone.context.offset, Some(ClockOffset { seconds: 0 }));
    }
}

/// What is signed so far ahead, or so long ago, is refused without a time.
#[test]
fn a_clock_that_is_far_off_is_found_by_trying() {
    for ahead in [-300, -290, -90, -60, -30, -12, -7, -6, 66, 90, 290, 300] {
        let (mut phone, mut server, registration) = set_up();
        phone.server_ahead = ahead;
        let (number, id) = sign_in(&mut phone, &mut server, &registration);
        let learnt = phone.context.offset.unwrap().seconds;
        assert!((learnt - ahead).abs() <= 3, "{learnt} {ahead}");
        let sent = phone.sent.len();
        let end = answered(phone.approve(&registration, &id, None, &mut server));
        assert_eq!((end.result, &server.answers[..]), (AnswerResult::Approved, &[(number, true)][..]));
        assert!(phone.sent.len() <= sent + 3, "tried once");
    }
    for ahead in [-3_600, 3_600] {
        let (mut phone, mut server, registration) = set_up();
        phone.server_ahead = ahead;
        refused(phone.check(&registration, &mut server), Reason::ClockDiffers);
    }
}

#[test]
fn a_phone_whose_clock_is_ahead_is_set_up() {
    for ahead in [-7, -12, -90, -290, -310, -1_000, -3_600, -86_000] {
        let (mut phone, mut server) = (Phone::new(T0), AppAuthenticator::new(ISSUER));
        phone.server_ahead = ahead;
        let link = server.show_set_up_code((T0 + ahead) * 1_000);
        let registration = phone.enrolled(&link, &mut server);
        let (_, id) = sign_in(&mut phone, &mut server, &registration);
        let end = answered(phone.approve(&registration, &id, None, &mut server));
        assert_eq!(end.result, AnswerResult::Approved, "{ahead}");
    }
}

/// Where even the code's own time does not help, the clock is what is told.
#[test]
fn a_set_up_by_a_clock_that_can_t_be_found_says_so() {
    let (mut phone, mut server) = (Phone::new(T0), AppAuthenticator::new(ISSUER));
    let link = server.show_set_up_code(T0 * 1_000);
    let mut later = |request: &HttpRequest, now: UnixTime| {
        let is_set_up = request.url.contains("device_id=");
        server.receive(request, now.plus(if is_set_up { 0 } else { 7_200 }))
    };
    unknown(phone.enrol(&link, &mut later), Reason::ClockDiffers);
}

/// The set-up code was made a moment ago: it tells a phone that its clock is behind.
#[test]
fn a_clock_that_is_behind_is_set_by_the_set_up_code() {
    let (mut phone, mut server) = (Phone::new(T0 - 3_600), AppAuthenticator::new(ISSUER));
    phone.server_ahead = 3_600;
    let link = server.show_set_up_code(T0 * 1_000);
    let registration = phone.enrolled(&link, &mut server);
    let (_, id) = sign_in(&mut phone, &mut server, &registration);
    let end = answered(phone.approve(&registration, &id, None, &mut server));
    assert_eq!(end.result, AnswerResult::Approved);
}

#[test]
fn a_set_up_code_is_used_once_and_in_time() {
    let (mut phone, mut server) = (Phone::new(T0), AppAuthenticator::new(ISSUER));
    let link = server.show_set_up_code(T0 * 1_000);
    phone.enrolled(&link, &mut server);
    refused(phone.enrol(&link, &mut server), Reason::SetupUsed);
    assert_eq!((phone.keys.len(), server.devices.len()), (1, 1));

    let link = server.show_set_up_code(phone.now.wall.0 * 1_000);
    phone.pass(301_000);
    refused(phone.enrol(&link, &mut server), Reason::SetupExpired);
    phone.pass(24 * 60 * 60 * 1_000);
    let sent = phone.sent.len();
    refused(phone.enrol(&link, &mut server), Reason::SetupExpired);
    assert_eq!(phone.sent.len(), sent, "what is that old is not sent");
}

#[test]
fn a_set_up_whose_answer_is_lost_is_found_by_looking() {
    let (mut phone, mut server) = (Phone::new(T0), AppAuthenticator::new(ISSUER));
    let link = server.show_set_up_code(T0 * 1_000);
    let mut cut = |request: &HttpRequest, now: UnixTime| {
        let answer = server.receive(request, now);
        if request.url.contains("device_id=") { Err(NetworkFailure::Cut) } else { answer }
    };
    let registration = phone.enrolled(&link, &mut cut);
    assert!(requests(phone.check(&registration, &mut server)).is_empty());
    assert_eq!(server.devices.len(), 1);
}

/// A page of somebody between is no yes, neither to a set-up nor to an answer.
#[test]
fn a_page_that_came_instead_is_no_answer() {
    let page = || Ok(reply(200, b"<title>Welcome to our Wi-Fi</title>"));
    let (mut phone, mut server) = (Phone::new(T0), AppAuthenticator::new(ISSUER));
    let link = server.show_set_up_code(T0 * 1_000);
    let mut between = |request: &HttpRequest, now: UnixTime| {
        if request.url.contains("action-token") { page() } else { server.receive(request, now) }
    };
    refused(phone.enrol(&link, &mut between), Reason::ReplyUnreadable);
    assert!(phone.keys.is_empty());

    let (mut phone, mut server, registration) = set_up();
    let (_, id) = sign_in(&mut phone, &mut server, &registration);
    let mut between = |request: &HttpRequest, now: UnixTime| {
        if request.url.contains("action-token") { page() } else { server.receive(request, now) }
    };
    let end = answered(phone.approve(&registration, &id, None, &mut between));
    assert_eq!((end.result, end.reason), (AnswerResult::Unknown, Some(Reason::ResultUnknown)));
    assert!(server.answers.is_empty());
}

#[test]
fn what_leads_elsewhere_or_can_not_be_read_is_refused() {
    let key = "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3OTU0NzU0MDB9.c2ln";
    let other_origin = format!("https://evil.example/realms/staff/login-actions/action-token?key={key}");
    let other_realm = format!("https://login.example/realms/other/login-actions/action-token?key={key}");
    let broken = format!("{ISSUER}/login-actions/action-token?key={key}&x=a b");
    let long = format!("{ISSUER}/login-actions/action-token?key={key}&x={}", "x".repeat(8_192));
    for (name, value, reason) in [
        ("targetUrl", json!(other_origin), Reason::OriginDiffers),
        ("targetUrl", json!(other_realm), Reason::OriginDiffers),
        ("targetUrl", json!(broken), Reason::OriginDiffers),
        ("targetUrl", json!(long), Reason::OriginDiffers),
        ("targetUrl", json!(format!("{ISSUER}/login-actions/action-token?key=x")), Reason::ReplyUnreadable),
        ("targetUrl", json!(null), Reason::ReplyUnreadable),
        ("codeChallenge", json!(""), Reason::ReplyUnreadable),
        ("codeChallenge", json!("x,granted:true"), Reason::ReplyUnreadable),
        ("codeChallenge", json!("x".repeat(5_000)), Reason::ReplyUnreadable),
        ("updatedTimestamp", json!("now"), Reason::ReplyUnreadable),
    ] {
        let (mut phone, mut server, registration) = set_up();
        let device_id = server.devices.keys().next().unwrap().clone();
        server.sign_in(&device_id, T0 * 1_000);
        server.instead = vec![(name, value)];
        refused(phone.check(&registration, &mut server), reason);
        assert_eq!(phone.context.offset, None, "a clock is not set by it");
    }
}

#[test]
fn what_a_person_sees_is_cleaned_and_may_be_missing() {
    let (mut phone, mut server, registration) = set_up();
    let device_id = server.devices.keys().next().unwrap().clone();
    server.sign_in(&device_id, T0 * 1_000);
    let nothing = ["ipAddress", "browser", "os", "osVersion", "device", "clientName", "userName"];
    server.instead = nothing.map(|name| (name, Value::Null)).to_vec();
    let request = requests(phone.check(&registration, &mut server)).remove(0);
    assert_eq!((request.from, request.application.as_str(), request.account.as_str()), (None, "", ""));
    server.instead = vec![
        ("browser", json!("Fire\u{202e}fox\n1")),
        ("osVersion", json!("24.04")),
        ("device", json!("Pixel 8")),
    ];
    let request = requests(phone.check(&registration, &mut server)).remove(0);
    assert_eq!(request.from.as_deref(), Some("203.0.113.7, Firefox 1, Ubuntu 24.04, Pixel 8"));
}

#[test]
fn refusals_by_name() {
    let says = |status, body: &'static str| move |_: &HttpRequest, _| Ok(reply(status, body.as_bytes()));
    for (status, body, reason) in [
        (401, r#"{"error":"challenge_rejected","message":"Invalid signature"}"#, Reason::DeviceNotRegistered),
        (403, r#"{"error":"challenge_rejected","message":"Invalid signature"}"#, Reason::DeviceNotRegistered),
        (409, r#"{"error":"no_credential"}"#, Reason::DeviceNotRegistered),
        (412, r#"{"error":"no_credential"}"#, Reason::DeviceNotRegistered),
        (403, "<html>", Reason::ServerForbids),
        (404, r#"{"error":"HTTP 404 Not Found"}"#, Reason::ExtensionMissing),
        (400, "{}", Reason::RequestNotUnderstood),
        (409, "{}", Reason::RequestNotUnderstood),
        (302, "", Reason::RedirectRefused),
        (200, "{}", Reason::ReplyUnreadable),
    ] {
        let (mut phone, _, registration) = set_up();
        refused(phone.check(&registration, &mut says(status, body)), reason);
    }
    let (mut phone, _, registration) = set_up();
    let mut expired = says(403, r#"{"error":"challenge_rejected","message":"Challenge expired"}"#);
    assert!(requests(phone.check(&registration, &mut expired)).is_empty());
    let many = format!("[{}]", vec!["{}"; 1_001].join(","));
    let mut many = |_: &HttpRequest, _| Ok(reply(200, many.as_bytes()));
    refused(phone.check(&registration, &mut many), Reason::TooManyRequests);

    let (mut phone, mut server, registration) = set_up();
    for flow in [
        Flow::rotate_key(registration.clone(), phone.start()),
        Flow::lock_out(registration.clone(), phone.start()),
    ] {
        refused(phone.run(flow, &mut server), Reason::NotPossibleHere);
    }
    server.devices.clear();
    refused(phone.check(&registration, &mut server), Reason::DeviceNotRegistered);
}

#[test]
fn push_address() {
    let (mut phone, mut server, registration) = set_up();
    for (address, told) in [
        (PushAddress::Fcm { token: Secret::copy_of(b"abc:def") }, Some("abc:def")),
        (PushAddress::None, None),
    ] {
        let flow = Flow::set_push_address(registration.clone(), address, phone.start());
        assert!(matches!(phone.run(flow, &mut server), Outcome::PushAddressSet));
        assert_eq!(server.devices.values().next().unwrap().push_id.as_deref(), told);
    }
    let unified = PushAddress::UnifiedPush { endpoint: Secret::copy_of(b"https://push.example/x") };
    let flow = Flow::set_push_address(registration.clone(), unified, phone.start());
    refused(phone.run(flow, &mut server), Reason::NotPossibleHere);
}

#[test]
fn nothing_secret_in_debug() {
    let (mut phone, mut server, registration) = set_up();
    let (_, id) = sign_in(&mut phone, &mut server, &registration);
    let request = countersign::approval::AnswerRequest {
        request: id.clone(),
        decision: Decision::Approve { given: None },
    };
    let record = countersign::approval::RequestRecord::new(&id);
    let mut flow = Flow::answer(registration, request, record, phone.start());
    let mut text = String::new();
    while !flow.is_done() {
        let turn = flow.current().clone();
        let event = phone.perform(&turn.step, &mut server);
        text += &format!("{turn:?} {event:?} {flow:?}");
        flow.next(turn.number, event, phone.now).unwrap();
    }
    assert!(matches!(flow.current().step, Step::Done(_)));
    for secret in ["eyJ", "0000000000", "signature:", "key="] {
        assert!(!text.contains(secret), "{secret}");
    }
}

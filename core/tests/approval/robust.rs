//! Late and doubled events, events of the wrong kind, kills at each step, and anything a host might hand in.

use countersign::account::Registration;
use countersign::approval::{
    Answer, AnswerRequest, AnswerResult, Client, Decision, Event, Flow, Given, HostFacts, HttpReply,
    KeyFailure, NetworkFailure, Outcome, PublicKey, RequestRecord, Signature, Step, WrongEvent,
};
use countersign::reason::Reason;
use countersign::secret::{Secret, to_json};
use proptest::prelude::*;

use crate::app_authenticator::AppAuthenticator;
use crate::app_authenticator_flows::ISSUER;
use crate::keycloak::{Keycloak, LOGIN, T0, set_up_with_login};
use crate::phone::{Phone, Server, answered, enrol_request, requests, stored};
use crate::push_token::Make;

fn approval(phone: &mut Phone, registration: &Registration) -> Flow {
    let given = Some(Given::Any(Secret::copy_of(b"9")));
    let request = AnswerRequest { request: LOGIN.to_owned(), decision: Decision::Approve { given } };
    Flow::answer(registration.clone(), request, RequestRecord::new(LOGIN), phone.start())
}

fn state(flow: &Flow) -> Vec<u8> {
    to_json(flow).unwrap().expose().to_vec()
}

#[test]
fn a_late_or_doubled_event_changes_nothing() {
    let (mut phone, mut server, registration) = set_up_with_login(120);
    let mut flow = approval(&mut phone, &registration);
    let mut earlier = Vec::new();
    while !flow.is_done() {
        let turn = flow.current().clone();
        let event = phone.perform(&turn.step, &mut server);
        flow.next(turn.number, event.clone(), phone.now).unwrap();
        earlier.push((turn.number, event));
        for (number, event) in &earlier {
            let before = (state(&flow), flow.current().number);
            assert_eq!(flow.next(*number, event.clone(), phone.now).unwrap().number, before.1);
            assert_eq!((state(&flow), flow.current().number), before);
        }
        let ahead = flow.current().number + 1;
        assert_eq!(flow.next(ahead, Event::Woke, phone.now).unwrap_err(), WrongEvent);
    }
    assert_eq!(server.answers.len(), 1);
}

#[test]
fn an_event_of_the_wrong_kind_is_an_error_and_changes_nothing() {
    let (mut phone, mut server, registration) = set_up_with_login(120);
    let mut flow = approval(&mut phone, &registration);
    loop {
        let turn = flow.current().clone();
        let before = state(&flow);
        for event in events() {
            if !turn.step.awaits(&event) {
                assert_eq!(flow.next(turn.number, event, phone.now).unwrap_err(), WrongEvent);
                assert_eq!(state(&flow), before);
            }
        }
        if flow.is_done() {
            break;
        }
        let event = phone.perform(&turn.step, &mut server);
        flow.next(turn.number, event, phone.now).unwrap();
    }
}

fn events() -> Vec<Event> {
    vec![
        Event::Reply(HttpReply { status: 200, headers: vec![], body: Secret::default() }),
        Event::NoReply(NetworkFailure::Cut),
        Event::KeyCreated(PublicKey(vec![4; 65])),
        Event::Signed(Signature(vec![0; 64])),
        Event::Signed(Signature(vec![0; 100_000])),
        Event::KeyRefused(KeyFailure::Gone),
        Event::Answered(Answer::Confirmed(true)),
        Event::Answered(Answer::Typed(Secret::copy_of(b"9"))),
        Event::Answered(Answer::Client(Client { id: "x".to_owned(), secret: Secret::default() })),
        Event::Woke,
    ]
}

/// Where a process is killed: before a request goes out, or after it arrived.
#[derive(Clone, Copy, PartialEq)]
enum Kill {
    Before,
    After,
}

/// Runs a flow that is killed at one sending and goes on from what was stored.
fn run_killed(
    phone: &mut Phone,
    mut flow: Flow,
    server: &mut dyn Server,
    at: usize,
    kill: Kill,
) -> (Outcome, usize, Flow) {
    let mut sends = 0;
    loop {
        flow = stored(&flow);
        phone.keep(&flow);
        let turn = flow.current().clone();
        match &turn.step {
            Step::Done(outcome) => {
                flow.unused_keys().iter().for_each(|key| drop(phone.keys.remove(key)));
                return (outcome.clone(), sends, flow);
            }
            Step::Send(request) => {
                sends += 1;
                if sends == at + 1 {
                    if kill == Kill::After {
                        let _ = server.receive(request, phone.now.wall);
                    }
                    phone.pass(3_000);
                    flow.resume(phone.now);
                    continue;
                }
            }
            // Read back in the middle of anything else, the same step is there to do again.
            _ => assert_eq!(flow.resume(phone.now).number, turn.number),
        }
        let event = phone.perform(&turn.step, server);
        flow.next(turn.number, event, phone.now).unwrap();
    }
}

#[test]
fn killed_at_each_sending_of_an_approval() {
    for kill in [Kill::Before, Kill::After] {
        for at in 0.. {
            let (mut phone, mut server, registration) = set_up_with_login(120);
            phone.context.token = None;
            let flow = approval(&mut phone, &registration);
            let (outcome, sends, _) = run_killed(&mut phone, flow, &mut server, at, kill);
            let Outcome::Answered(answered) = outcome else { panic!("{outcome:?}") };
            match answered.result {
                AnswerResult::Approved => {}
                AnswerResult::Unknown => {
                    assert!(kill == Kill::After && answered.reason == Some(Reason::ResultUnknown))
                }
                other => panic!("{other:?}"),
            }
            assert_eq!(server.answers, [(LOGIN.to_owned(), "approved")]);
            if sends <= at {
                assert!(at >= 3);
                break;
            }
        }
    }
}

#[test]
fn killed_at_each_sending_of_an_enrolment() {
    for kill in [Kill::Before, Kill::After] {
        for at in 0.. {
            let (mut phone, mut server) = (Phone::new(T0), Keycloak::new());
            let flow = Flow::enrol(enrol_request(&server.link(T0)), phone.start());
            let (outcome, sends, _) = run_killed(&mut phone, flow, &mut server, at, kill);
            let Outcome::Enrolled(enrolled) = outcome else { panic!("{outcome:?}") };
            assert!(matches!(phone.check(&enrolled.registration, &mut server), Outcome::Checked { .. }));
            assert_eq!(server.devices.len(), 1);
            if sends <= at {
                break;
            }
        }
    }
}

/// A server that says nothing in its answers: what became of them is looked up.
#[test]
fn killed_at_each_sending_to_an_app_authenticator() {
    for kill in [Kill::Before, Kill::After] {
        for at in 0.. {
            let (mut phone, mut server) = (Phone::new(T0), AppAuthenticator::new(ISSUER));
            let link = server.show_set_up_code(T0 * 1_000);
            let flow = Flow::enrol(enrol_request(&link), phone.start());
            let (outcome, sends, _) = run_killed(&mut phone, flow, &mut server, at, kill);
            let Outcome::Enrolled(enrolled) = outcome else { panic!("{outcome:?}") };
            assert_eq!(server.devices.len(), 1);
            let device_id = server.devices.keys().next().unwrap().clone();
            let number = server.sign_in(&device_id, phone.now.wall.0 * 1_000);
            let id = requests(phone.check(&enrolled.registration, &mut server)).remove(0).id;
            let flow = Flow::answer(
                enrolled.registration,
                AnswerRequest { request: id.clone(), decision: Decision::Approve { given: None } },
                RequestRecord::new(&id),
                phone.start(),
            );
            let (outcome, of_answer, _) = run_killed(&mut phone, flow, &mut server, at, kill);
            let result = answered(outcome).result;
            let is_settled = matches!(result, AnswerResult::Approved);
            assert!(is_settled || result == AnswerResult::Unknown && kill == Kill::After, "{at}: {result:?}");
            assert_eq!(server.answers, [(number, true)]);
            if sends.max(of_answer) <= at {
                break;
            }
        }
    }
}

#[test]
fn killed_at_each_sending_of_a_rotation() {
    for kill in [Kill::Before, Kill::After] {
        for at in 0.. {
            let (mut phone, mut server, registration) = set_up_with_login(120);
            let flow = Flow::rotate_key(registration, phone.start());
            let (outcome, sends, flow) = run_killed(&mut phone, flow, &mut server, at, kill);
            let Outcome::Rotated { registration } = outcome else { panic!("{outcome:?}") };
            assert_eq!(flow.registration().unwrap().key, registration.key);
            let end = phone.approve(&registration, LOGIN, Some("9"), &mut server);
            assert!(matches!(end, Outcome::Answered(answered) if answered.result == AnswerResult::Approved));
            if sends <= at {
                break;
            }
        }
    }
}

#[test]
fn a_flow_that_is_dropped_in_the_middle_of_a_rotation_leaves_both_keys() {
    let (mut phone, mut server, mut registration) = set_up_with_login(120);
    let mut flow = Flow::rotate_key(registration.clone(), phone.start());
    loop {
        if let Some(changed) = flow.registration() {
            registration = changed.clone();
        }
        let turn = flow.current().clone();
        if let Step::Send(request) = &turn.step
            && request.url.ends_with("/rotate-key")
        {
            let _ = server.receive(request, phone.now.wall);
            break;
        }
        let event = phone.perform(&turn.step, &mut server);
        flow.next(turn.number, event, phone.now).unwrap();
    }
    drop(flow);
    // The account goes on with the key that the server took.
    phone.context.token = None;
    let flow = Flow::check(registration.clone(), phone.start());
    let (outcome, _, flow) = run_killed(&mut phone, flow, &mut server, usize::MAX - 1, Kill::Before);
    assert!(matches!(outcome, Outcome::Checked { .. }));
    let settled = flow.registration().unwrap().clone();
    assert_ne!(settled.key, registration.key);
    assert_eq!(phone.keys.len(), 1);
    let end = phone.approve(&settled, LOGIN, Some("9"), &mut server);
    assert!(matches!(end, Outcome::Answered(answered) if answered.result == AnswerResult::Approved));
}

#[test]
fn a_signature_that_took_long_is_made_anew() {
    let (mut phone, mut server, registration) = set_up_with_login(120);
    phone.context.token = None;
    let mut flow = Flow::check(registration, phone.start());
    // The phone was asleep for an hour between the step and its signature.
    let turn = flow.current().clone();
    let event = phone.perform(&turn.step, &mut server);
    phone.pass(3_600_000);
    flow.next(turn.number, event, phone.now).unwrap();
    assert!(matches!(flow.current().step, Step::Sign(_)));
    assert!(matches!(phone.run(flow, &mut server), Outcome::Checked { .. }));
}

#[test]
fn a_key_store_that_lies_is_noticed() {
    let (mut phone, mut server, registration) = set_up_with_login(120);
    phone.context.token = None;
    let mut flow = Flow::check(registration, phone.start());
    flow.next(1, Event::Signed(Signature(vec![1; 64])), phone.now).unwrap();
    assert!(matches!(flow.current().step, Step::Done(Outcome::Refused(Reason::DeviceKeyUnusable))));
    let sent = phone.sent.len();
    phone.run(flow, &mut server);
    assert_eq!(phone.sent.len(), sent);
}

#[test]
fn a_stored_flow_of_another_version_is_an_error() {
    let (mut phone, _, registration) = set_up_with_login(120);
    let flow = Flow::check(registration, phone.start());
    let text = String::from_utf8(state(&flow)).unwrap();
    assert!(serde_json::from_str::<Flow>(&text).is_ok());
    assert!(serde_json::from_str::<Flow>(&text.replacen("\"version\":1", "\"version\":2", 1)).is_err());
}

#[test]
fn nothing_secret_in_debug() {
    let (mut phone, mut server, registration) = set_up_with_login(120);
    let mut text = String::new();
    let mut flow = approval(&mut phone, &registration);
    while !flow.is_done() {
        let turn = flow.current().clone();
        let event = phone.perform(&turn.step, &mut server);
        text += &format!("{turn:?} {event:?} {flow:?}");
        flow.next(turn.number, event, phone.now).unwrap();
    }
    for secret in ["hush", "eyJ", "Bearer", "access_token", "34"] {
        // Key bytes are shown as numbers between commas, so a number stands alone in quotes.
        let quoted = format!("\"{secret}\"");
        assert!(!text.contains(&quoted) && (secret == "34" || !text.contains(secret)), "{secret}");
    }
}

fn any_event() -> impl Strategy<Value = Event> {
    let bytes = proptest::collection::vec(any::<u8>(), 0..80);
    let words = prop_oneof![
        Just(String::new()),
        Just(r#"{"challenges":[]}"#.to_owned()),
        Just(format!(r#"{{"challenges":[{{"cid":"{LOGIN}","expiresAt":9999999999}}]}}"#)),
        Just(r#"{"access_token":"a.b.c","expires_in":300}"#.to_owned()),
        Just(r#"{"keys":[]}"#.to_owned()),
        Just(r#"{"error":"Invalid access token"}"#.to_owned()),
        Just(r#"{"error":"User verification mismatch"}"#.to_owned()),
        Just(r#"{"error":"DPoP proof is not active"}"#.to_owned()),
        Just(r#"{"result":{"status":true,"value":true}}"#.to_owned()),
        Just(r#"{"result":{"status":true,"value":[]}}"#.to_owned()),
        Just(r#"{"result":{"status":true,"value":false}}"#.to_owned()),
        ".{0,60}",
    ];
    let status =
        prop_oneof![Just(200_u16), Just(400), Just(403), Just(404), Just(500), Just(503), any::<u16>()];
    prop_oneof![
        6 => (status, words).prop_map(|(status, body)| Event::Reply(HttpReply {
            status,
            headers: vec![("Date".to_owned(), "Tue, 24 Nov 2026 12:00:00 GMT".to_owned())],
            body: Secret::from(body),
        })),
        1 => Just(Event::NoReply(NetworkFailure::Cut)),
        1 => Just(Event::NoReply(NetworkFailure::NotConnected)),
        1 => bytes.prop_map(|bytes| Event::Signed(Signature(bytes))),
        1 => Just(Event::KeyRefused(KeyFailure::Locked)),
        1 => any::<bool>().prop_map(|yes| Event::Answered(Answer::Confirmed(yes))),
        1 => "[0-9]{0,3}".prop_map(|typed| Event::Answered(Answer::Typed(Secret::from(typed)))),
        1 => Just(Event::Answered(Answer::None)),
        1 => Just(Event::Woke),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Keys sign as they should; all else is anything, at any time.
    #[test]
    fn any_events_come_to_an_end(which in 0_usize..7, events in proptest::collection::vec((any_event(), -400_i64..400), 260)) {
        let (mut phone, mut server, registration) = set_up_with_login(120);
        let start = phone.start();
        let mut flow = match which {
            0 => Flow::enrol(enrol_request(&server.link(T0)), start),
            1 => Flow::check(registration, start),
            2 => approval(&mut phone, &registration),
            3 => Flow::rotate_key(registration, start),
            4 => Flow::lock_out(registration, start),
            5 => Flow::self_test(registration, HostFacts::default(), Vec::new(), start),
            _ => Flow::enrol(enrol_request(&Make::PrivacyIdea.link()), start),
        };
        for (event, jump) in events {
            let turn = flow.current().clone();
            phone.now.wall = phone.now.wall.plus(jump);
            let event = match &turn.step {
                Step::Done(_) => break,
                Step::Sign(_) | Step::CreateKey(_) => phone.perform(&turn.step, &mut server),
                _ => event,
            };
            let expected = turn.step.awaits(&event);
            prop_assert_eq!(flow.next(turn.number, event, phone.now).is_ok(), expected);
            if !expected {
                let event = phone.perform(&turn.step, &mut server);
                flow.next(turn.number, event, phone.now).unwrap();
            }
        }
        prop_assert!(flow.current().number <= 202);
    }
}

//! Push tokens: what holds for privacyIDEA and for eduMFA.

use countersign::approval::{
    AnswerKind, AnswerRequest, AnswerResult, Decision, DeclineReason, Flow, HostFacts, HttpRequest,
    NetworkFailure, Outcome, PushAddress, RequestRecord,
};
use countersign::clock::UnixTime;
use countersign::reason::Reason;
use countersign::secret::Secret;
use serde_json::{Value, json};

use crate::keycloak::{T0, reply};
use crate::phone::{Phone, Received, Server as _, answered, enrol_request, refused, requests};
use crate::push_token::{Make, PushServer, set_up_with};

#[test]
fn what_is_not_signed_by_the_server_is_refused() {
    for make in Make::ALL {
        for (name, value) in [
            ("title", json!("Your bank")),
            ("question", json!("")),
            ("nonce", json!("THWFRBFVOE2EDUYEZSVTF5UJHKGJUO5X")),
            ("signature", json!("AAAA")),
            ("signature", json!("not Base32!")),
        ] {
            let (mut phone, mut server, registration) = set_up_with(make);
            server.ask(None, None);
            server.tamper = Some((name, value));
            refused(phone.check(&registration, &mut server), Reason::SignatureWrong);
        }
    }
}

/// The server says no time, and lists them in the order in which they came.
#[test]
fn of_those_that_are_seen_at_once_the_newest_is_the_first() {
    for make in Make::ALL {
        let (mut phone, mut server, registration) = set_up_with(make);
        let ids: Vec<_> = [(); 3].map(|()| server.ask(None, None)).into_iter().rev().collect();
        let seen = requests(phone.check(&registration, &mut server));
        assert_eq!(
            seen.iter().map(|request| &request.id).collect::<Vec<_>>(),
            ids.iter().collect::<Vec<_>>()
        );
    }
}

#[test]
fn what_is_signed_but_leads_elsewhere_is_refused() {
    for make in Make::ALL {
        for (name, value, reason) in [
            ("url", "https://evil.example/ttype/push", Reason::OriginDiffers),
            ("url", "https://mfa.example/ttype/push/", Reason::OriginDiffers),
            ("serial", "PIPU00000000", Reason::ReplyUnreadable),
            ("nonce", "a&decline=1", Reason::ReplyUnreadable),
        ] {
            let (mut phone, mut server, registration) = set_up_with(make);
            server.ask(None, None);
            server.instead = Some((name, value.to_owned()));
            refused(phone.check(&registration, &mut server), reason);
        }
    }
}

#[test]
fn a_wrong_clock_is_set_by_the_servers_answer() {
    for make in Make::ALL {
        for ahead in [-3_600, 3_600] {
            let (mut phone, mut server, registration) = set_up_with(make);
            phone.server_ahead = ahead;
            assert!(matches!(phone.check(&registration, &mut server), Outcome::Checked { .. }));
            assert_eq!(phone.context.offset.unwrap().seconds, ahead);
        }
    }
}

#[test]
fn a_request_waits_for_two_minutes_and_for_as_long_as_the_server_lists_it() {
    for make in Make::ALL {
        let (mut phone, mut server, registration) = set_up_with(make);
        let nonce = server.ask(None, None);
        let first = requests(phone.check(&registration, &mut server)).remove(0);
        // The age that people are shown is not made up: the server tells none.
        assert_eq!(
            (first.asked_at, first.seen_at.map(|seen| seen.plus(120))),
            (None, Some(first.expires_at))
        );
        phone.pass(60_000);
        assert_eq!(requests(phone.check(&registration, &mut server)), std::slice::from_ref(&first));
        // Its administrator has set another time.
        phone.pass(500_000);
        let late = requests(phone.check(&registration, &mut server)).remove(0);
        assert_eq!((late.seen_at, late.expires_at.since(phone.now.wall)), (first.seen_at, 30));
        let end = answered(phone.approve(&registration, &nonce, None, &mut server));
        assert_eq!((end.result, server.answers.len()), (AnswerResult::Approved, 1));
    }
}

/// The end that was guessed is over while the person is asked; whether the request is, the list says.
#[test]
fn an_answer_that_takes_long_is_sent_while_the_server_lists_the_request() {
    for make in Make::ALL {
        for is_listed in [true, false] {
            let (mut phone, mut server, registration) = set_up_with(make);
            let nonce = server.ask(None, None);
            phone.check(&registration, &mut server);
            phone.pass(200_000);
            phone.thinks_ms = 31_000;
            let end_of = phone.now.wall.plus(20);
            let mut until_then = |request: &HttpRequest, now: UnixTime| {
                if !is_listed && now >= end_of {
                    server.challenges.clear();
                }
                server.receive(request, now)
            };
            let end = answered(phone.approve(&registration, &nonce, None, &mut until_then));
            let expected = if is_listed { AnswerResult::Approved } else { AnswerResult::Expired };
            assert_eq!((end.result, server.answers.len()), (expected, usize::from(is_listed)), "{make:?}");
        }
    }
}

#[test]
fn of_a_flood_the_newest_are_told_and_any_can_be_answered() {
    for make in Make::ALL {
        let (mut phone, mut server, registration) = set_up_with(make);
        // Once as many as a list may hold, or nearly so: each takes a signature of the server.
        let count = if make == Make::PrivacyIdea { 280 } else { 120 };
        let ids: Vec<_> = (0..count).map(|_| server.ask(None, None)).collect();
        for _ in 0..3 {
            let looked = phone.check(&registration, &mut server);
            let Outcome::Checked { requests, hidden } = looked else { panic!("{looked:?}") };
            assert!(requests.iter().map(|request| &request.id).eq(ids.iter().rev().take(100)));
            assert_eq!(hidden, Some(Reason::TooManyRequests));
            phone.pass(2_000);
        }
        let host = HostFacts::default();
        let tested = phone
            .run(Flow::self_test(registration.clone(), host, Vec::new(), phone.clone().start()), &mut server);
        let Outcome::Tested { checks } = tested else { panic!("{tested:?}") };
        let last = checks.last().unwrap();
        assert_eq!((last.works, last.reason), (None, Some(Reason::TooManyRequests)), "{checks:?}");
        for id in [&ids[count - 1], &ids[0]] {
            let end = answered(phone.approve(&registration, id, None, &mut server));
            assert_eq!(end.result, AnswerResult::Approved);
        }
    }
}

/// A server without an order lists a new one before an old one.
#[test]
fn a_new_request_is_new_wherever_it_is_listed() {
    for make in Make::ALL {
        let (mut phone, mut server, registration) = set_up_with(make);
        let old = server.ask(None, None);
        let began = phone.now.wall;
        requests(phone.check(&registration, &mut server));
        phone.pass(90_000);
        let new = server.ask(None, None);
        server.challenges.reverse();
        let listed = requests(phone.check(&registration, &mut server));
        let ids: Vec<_> = listed.iter().map(|request| &request.id).collect();
        assert_eq!(ids, [&new, &old]);
        let ages = [0, 1].map(|place: usize| listed[place].seen_at.unwrap().since(began));
        assert!(ages[0] >= 90 && ages[1] < 5, "{ages:?}");
    }
}

/// What a list holds that can't be read leaves nothing behind.
#[test]
fn first_sights_are_of_what_can_be_read() {
    for make in Make::ALL {
        let (mut phone, mut server, registration) = set_up_with(make);
        server.ask(None, None);
        requests(phone.check(&registration, &mut server));
        let seen = phone.context.seen.clone();
        assert_eq!(seen.len(), 1);
        server.challenges.clear();
        server.instead = Some(("serial", "PIPU00000000".to_owned()));
        (0..20).for_each(|_| drop(server.ask(None, None)));
        refused(phone.check(&registration, &mut server), Reason::ReplyUnreadable);
        server.instead = Some(("nonce", "&".repeat(200)));
        refused(phone.check(&registration, &mut server), Reason::ReplyUnreadable);
        assert_eq!(phone.context.seen, seen);
    }
}

/// The answer of a server in whose list the first entry is another thing.
fn with_the_first_unreadable(received: Received) -> Received {
    let answer = received?;
    // EXPOSE: the answer is changed.
    let mut body: Value = serde_json::from_slice(answer.body.expose()).unwrap();
    if let Some(first) = body["result"]["value"].get_mut(0) {
        *first = json!({"nonce": 5});
    }
    Ok(reply(200, body.to_string().as_bytes()))
}

#[test]
fn what_can_not_be_read_may_be_the_request_that_is_answered() {
    for make in Make::ALL {
        let (mut phone, mut server, registration) = set_up_with(make);
        let ids = [(); 2].map(|()| server.ask(None, None));
        assert_eq!(requests(phone.check(&registration, &mut server)).len(), 2);
        let mut changed =
            |request: &HttpRequest, now| with_the_first_unreadable(server.receive(request, now));
        refused(phone.approve(&registration, &ids[0], None, &mut changed), Reason::ReplyUnreadable);

        // It was readable until the answer was lost on its way.
        let mut is_sent = false;
        let mut cut = |request: &HttpRequest, now| {
            is_sent |= request.body.is_some();
            match (is_sent, request.body.is_some()) {
                (_, true) => Err(NetworkFailure::Cut),
                (true, false) => with_the_first_unreadable(server.receive(request, now)),
                (false, false) => server.receive(request, now),
            }
        };
        let end = answered(phone.approve(&registration, &ids[0], None, &mut cut));
        assert_eq!((end.result, end.reason), (AnswerResult::Unknown, Some(Reason::ResultUnknown)));
        let end = answered(phone.approve(&registration, &ids[0], None, &mut server));
        assert_eq!(end.result, AnswerResult::Approved);
        assert_eq!(server.answers.len(), 1);
    }
}

/// More of them is what is told, not what is wrong with one: any can be answered.
#[test]
fn of_a_flood_with_an_unreadable_one_it_is_told_that_there_are_more() {
    let (mut phone, mut server, registration) = set_up_with(Make::EduMfa);
    (0..110).for_each(|_| drop(server.ask(None, None)));
    let mut changed = |request: &HttpRequest, now| with_the_first_unreadable(server.receive(request, now));
    let looked = phone.check(&registration, &mut changed);
    let Outcome::Checked { requests, hidden } = looked else { panic!("{looked:?}") };
    assert_eq!((requests.len(), hidden), (100, Some(Reason::TooManyRequests)));
}

#[test]
fn a_decline_that_was_interrupted_is_looked_after_by_the_next() {
    for make in Make::ALL {
        let (mut phone, mut server, registration) = set_up_with(make);
        let nonce = server.ask(None, None);
        let decline = || Decision::Decline { reason: Some(DeclineReason::NotMe) };
        let what = AnswerRequest { request: nonce.clone(), decision: decline() };
        let mut flow = Flow::answer(registration.clone(), what, RequestRecord::new(&nonce), phone.start());
        loop {
            phone.keep(&flow);
            let turn = flow.current().clone();
            let event = phone.perform(&turn.step, &mut server);
            // The phone was stopped before the answer came.
            if !server.answers.is_empty() {
                break;
            }
            flow.next(turn.number, event, phone.now).unwrap();
        }
        let end = answered(phone.answer(&registration, &nonce, decline(), &mut server));
        assert_eq!((end.result, end.reason), (AnswerResult::Unknown, Some(Reason::ResultUnknown)));
        refused(phone.approve(&registration, &nonce, None, &mut server), Reason::RequestEnded);
        assert_eq!(server.answers.len(), 1);
    }
}

/// However many there were: the age of each is known.
#[test]
fn a_request_is_as_old_as_its_first_sight() {
    for make in Make::ALL {
        let (mut phone, mut server, registration) = set_up_with(make);
        for _ in 0..250 {
            server.ask(None, None);
            phone.check(&registration, &mut server);
            server.challenges.last_mut().unwrap().is_open = false;
        }
        server.ask(None, None);
        let first = requests(phone.check(&registration, &mut server)).remove(0);
        phone.pass(7_200_000);
        let late = requests(phone.check(&registration, &mut server)).remove(0);
        assert_eq!((&late.id, late.seen_at), (&first.id, first.seen_at));
        assert_eq!(phone.context.seen.len(), 1);
    }
}

#[test]
fn a_set_up_code_is_used_once_and_in_time() {
    for make in Make::ALL {
        let (mut phone, mut server, _) = set_up_with(make);
        refused(phone.enrol(&make.link(), &mut server), Reason::SetupUsed);
        assert_eq!(phone.keys.len(), 1);

        // Whatever the time of day is set to meanwhile.
        for (passed_ms, set_by, is_over) in [(601_000, 0, true), (601_000, -300, true), (1_000, 700, false)] {
            let (mut phone, mut server) = (Phone::new(T0), PushServer::new(make));
            let mut flow = Flow::enrol(enrol_request(&make.link()), phone.start());
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
}

#[test]
fn an_enrolment_whose_answer_is_lost_is_not_sent_again() {
    for make in Make::ALL {
        let (mut phone, mut server) = (Phone::new(T0), PushServer::new(make));
        let mut cut = |request: &HttpRequest, now: UnixTime| {
            let answer = server.receive(request, now);
            if request.url.contains('?') { answer } else { Err(NetworkFailure::Cut) }
        };
        refused(phone.enrol(&make.link(), &mut cut), Reason::EnrolmentReplyLost);
        assert!(phone.keys.is_empty());
        // It did not arrive: sent again, and set up.
        let (mut phone, mut server, mut sends) = (Phone::new(T0), PushServer::new(make), 0);
        let mut lost = |request: &HttpRequest, now: UnixTime| {
            sends += 1;
            if sends == 1 { Err(NetworkFailure::TimedOut) } else { server.receive(request, now) }
        };
        assert!(matches!(phone.enrol(&make.link(), &mut lost), Outcome::Enrolled(_)));
    }
}

#[test]
fn other_refusals_by_name() {
    for make in Make::ALL {
        let (mut phone, mut server, registration) = set_up_with(make);
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
}

#[test]
fn push_address() {
    for make in Make::ALL {
        let (mut phone, mut server, registration) = set_up_with(make);
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
    }
}

#[test]
fn approves_and_declines_where_nothing_is_typed() {
    for make in Make::ALL {
        let (mut phone, mut server, registration) = set_up_with(make);
        assert_eq!(phone.asked, ["trust"]);
        assert!(requests(phone.check(&registration, &mut server)).is_empty());
        let [first, second] = [(); 2].map(|()| server.ask(None, None));
        for request in requests(phone.check(&registration, &mut server)) {
            assert_eq!((request.answer, request.takes_decline_reason), (AnswerKind::None, false));
            assert_eq!(request.question, "Do you want to confirm the login?");
        }
        let end = answered(phone.approve(&registration, &first, None, &mut server));
        assert_eq!(end.result, AnswerResult::Approved);
        let decline = Decision::Decline { reason: Some(DeclineReason::NotMe) };
        let end = answered(phone.answer(&registration, &second, decline, &mut server));
        assert_eq!(end.result, AnswerResult::Declined);
        assert_eq!(server.answers, [(first, "approved".to_owned()), (second, "declined".to_owned())]);
    }
}

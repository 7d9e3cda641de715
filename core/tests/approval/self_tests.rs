//! Why a request may be missing, in words, for every system alike.

use countersign::account::{Registration, System};
use countersign::approval::{Check, CheckKind, Flow, HostFacts, HttpRequest, NetworkFailure, Outcome};
use countersign::reason::Reason;
use countersign::secret::Secret;

use crate::app_authenticator_flows;
use crate::keycloak::{self, LOGIN, T0, numbers, reply};
use crate::phone::{Phone, Received, Server, requests};
use crate::push_token::{Make, set_up_with};

/// What the host knows nothing of.
const NOTHING_TOLD: HostFacts = HostFacts { online: None, notifications: None, background: None };

/// An account at each system that lists its requests.
pub(crate) fn accounts() -> Vec<(Phone, Box<dyn Server>, Registration)> {
    fn boxed<S: Server + 'static>(
        (phone, server, registration): (Phone, S, Registration),
    ) -> (Phone, Box<dyn Server>, Registration) {
        (phone, Box::new(server), registration)
    }
    let push_tokens = Make::ALL.map(|make| boxed(set_up_with(make)));
    [boxed(keycloak::set_up()), boxed(app_authenticator_flows::set_up())]
        .into_iter()
        .chain(push_tokens)
        .collect()
}

fn test(
    phone: &mut Phone,
    registration: &Registration,
    host: HostFacts,
    server: &mut dyn Server,
) -> Vec<Check> {
    let flow = Flow::self_test(registration.clone(), host, Vec::new(), phone.start());
    match phone.run(flow, server) {
        Outcome::Tested { checks } => checks,
        other => panic!("{other:?}"),
    }
}

fn of(checks: &[Check], kind: CheckKind) -> Option<(Option<bool>, Option<Reason>)> {
    let mut found = checks.iter().filter(|check| check.kind == kind);
    let only = found.next().map(|check| (check.works, check.reason));
    assert!(found.next().is_none(), "{checks:?}");
    only
}

/// The check that failed, and why: one only.
#[track_caller]
fn failed(checks: &[Check]) -> (CheckKind, Reason) {
    let failed: Vec<_> = checks.iter().filter(|check| check.works == Some(false)).collect();
    let [only] = failed[..] else { panic!("{checks:?}") };
    let reason = only.reason.unwrap();
    assert!(CheckKind::of(reason).is_some(), "{reason:?} has no place");
    (only.kind, reason)
}

const WORKS: Option<(Option<bool>, Option<Reason>)> = Some((Some(true), None));

#[test]
fn where_all_works_nothing_waits_and_another_phone_may_have_it() {
    for (mut phone, mut server, registration) in accounts() {
        let checks = test(&mut phone, &registration, NOTHING_TOLD, &mut *server);
        for kind in [CheckKind::Key, CheckKind::Network, CheckKind::Server, CheckKind::Registration] {
            assert_eq!(of(&checks, kind), WORKS, "{kind:?}");
        }
        let has_client = registration.system == System::KeycloakPush;
        assert_eq!(of(&checks, CheckKind::Client), WORKS.filter(|_| has_client));
        assert_eq!(of(&checks, CheckKind::Requests), Some((Some(true), Some(Reason::NothingWaits))));
        // Who is asked on all phones is asked on this one.
        let asks_one = matches!(registration.system, System::KeycloakPush | System::AppAuthenticator);
        let other = (None, Some(Reason::MaybeOnOtherPhone));
        assert_eq!(of(&checks, CheckKind::OtherPhone), asks_one.then_some(other));
        // What nobody has told is not claimed.
        assert_eq!(of(&checks, CheckKind::Notifications), None);
        assert_eq!(of(&checks, CheckKind::Background), None);
        let waiting = checks.iter().find(|check| check.kind == CheckKind::Requests).unwrap();
        assert_eq!(waiting.figure, Some(0));
    }
}

#[test]
fn what_fails_on_the_way_has_the_same_words_at_every_system() {
    type End = fn() -> Received;
    let ends: [(End, CheckKind, Reason, bool); 9] = [
        (|| Err(NetworkFailure::Offline), CheckKind::Network, Reason::NoNetwork, false),
        (|| Err(NetworkFailure::NameUnknown), CheckKind::Server, Reason::ServerNotFound, false),
        (|| Err(NetworkFailure::NotConnected), CheckKind::Server, Reason::ServerUnreachable, false),
        (|| Err(NetworkFailure::TimedOut), CheckKind::Server, Reason::ServerSilent, false),
        (|| Err(NetworkFailure::Cut), CheckKind::Server, Reason::ConnectionLost, false),
        (|| Err(NetworkFailure::TlsFailed), CheckKind::Server, Reason::TlsFailed, true),
        (|| Ok(reply(500, b"")), CheckKind::Server, Reason::ServerFailed, true),
        (|| Ok(reply(503, b"")), CheckKind::Server, Reason::ServerBusy, true),
        (|| Ok(reply(302, b"")), CheckKind::Server, Reason::RedirectRefused, true),
    ];
    for (end, kind, reason, heard) in ends {
        for (phone, _, registration) in accounts() {
            let mut server = |_: &HttpRequest, _| end();
            for (online, network) in [
                (None, WORKS.filter(|_| heard)),
                (Some(true), WORKS),
                // What was heard counts, whatever the host thinks of its network.
                (Some(false), if heard { WORKS } else { Some((Some(false), Some(Reason::NoNetwork))) }),
            ] {
                let mut phone = phone.clone();
                let host = HostFacts { online, ..NOTHING_TOLD };
                let checks = test(&mut phone, &registration, host, &mut server);
                let told = if online == Some(false) && !heard {
                    (CheckKind::Network, Reason::NoNetwork)
                } else {
                    (kind, reason)
                };
                assert_eq!(failed(&checks), told, "{:?}", registration.system);
                assert_eq!(of(&checks, CheckKind::Key), WORKS);
                if told.0 == CheckKind::Server {
                    assert_eq!(of(&checks, CheckKind::Network), network, "{reason:?} {online:?}");
                }
                assert_eq!(of(&checks, CheckKind::Requests), None);
            }
        }
    }
}

#[test]
fn a_network_without_a_way_to_the_outside_may_have_the_server_in_it() {
    for (mut phone, mut server, registration) in accounts() {
        let host = HostFacts { online: Some(false), ..NOTHING_TOLD };
        let checks = test(&mut phone, &registration, host, &mut *server);
        assert_eq!(of(&checks, CheckKind::Network), WORKS);
        assert!(checks.iter().all(|check| check.works != Some(false)), "{checks:?}");
    }
}

#[test]
fn a_clock_that_is_off_is_told_with_its_seconds() {
    for ahead in [95, -95] {
        for (mut phone, mut server, registration) in accounts() {
            phone.server_ahead = ahead;
            let checks = test(&mut phone, &registration, NOTHING_TOLD, &mut *server);
            let clock = checks.iter().find(|check| check.kind == CheckKind::Clock).unwrap();
            // The App Authenticator tells no time: its is found by trying.
            assert!((clock.figure.unwrap() - ahead).abs() <= 3, "{clock:?}");
            // Approvals work by the server's clock nevertheless: nothing fails, and nothing is left out.
            assert_eq!((clock.works, clock.reason), (None, Some(Reason::ClockDiffers)));
            assert!(checks.iter().all(|check| check.works != Some(false)), "{checks:?}");
            assert!(of(&checks, CheckKind::Requests).is_some());
        }
    }
    let (mut phone, mut server, registration) = set_up_with(Make::PrivacyIdea);
    phone.server_ahead = 12;
    let checks = test(&mut phone, &registration, NOTHING_TOLD, &mut server);
    let clock = checks.iter().find(|check| check.kind == CheckKind::Clock).unwrap();
    assert_eq!((clock.works, clock.reason, clock.figure), (Some(true), None, Some(12)));
}

/// A Keycloak tells its time with a token only, which it gives to nobody whose clock is hours off.
#[test]
fn how_far_an_earlier_look_found_the_clock_off_is_not_told_of_another_time() {
    for hours in [3, -3] {
        let (mut phone, mut server, registration) = keycloak::set_up();
        phone.server_ahead = 40;
        let checks = test(&mut phone, &registration, NOTHING_TOLD, &mut server);
        assert!(checks.iter().any(|check| check.kind == CheckKind::Clock && check.figure.is_some()));
        phone.server_ahead = hours * 3_600;
        phone.context.token = None;
        let checks = test(&mut phone, &registration, NOTHING_TOLD, &mut server);
        assert_eq!(failed(&checks), (CheckKind::Clock, Reason::ClockDiffers));
        assert_eq!(checks.last().unwrap().figure, None);
    }
}

#[test]
fn a_key_that_is_gone_is_told_and_nothing_is_sent() {
    for (mut phone, mut server, registration) in accounts() {
        phone.keys.clear();
        let sent = phone.sent.len();
        let host = HostFacts { background: Some(false), ..NOTHING_TOLD };
        let checks = test(&mut phone, &registration, host, &mut *server);
        assert_eq!(of(&checks, CheckKind::Key), Some((Some(false), Some(Reason::DeviceKeyGone))));
        assert_eq!(of(&checks, CheckKind::Background), Some((Some(false), Some(Reason::BackgroundLimited))));
        assert_eq!((checks.len(), phone.sent.len()), (2, sent));
        // The details of an account that were damaged are what this phone keeps as well.
        let damaged = Registration { details: Secret::copy_of(b"{}"), ..registration };
        let checks = test(&mut phone, &damaged, NOTHING_TOLD, &mut *server);
        assert_eq!(failed(&checks), (CheckKind::Key, Reason::RegistrationDamaged));
    }
}

#[test]
fn an_account_that_was_removed_at_the_server_is_told() {
    let told = |checks: &[Check]| {
        assert_eq!(failed(checks), (CheckKind::Registration, Reason::DeviceNotRegistered));
        assert_eq!(of(checks, CheckKind::Server), WORKS);
        assert_eq!(of(checks, CheckKind::OtherPhone), None);
    };
    let (mut phone, mut server, registration) = keycloak::set_up();
    server.devices.clear();
    told(&test(&mut phone, &registration, NOTHING_TOLD, &mut server));
    let (mut phone, mut server, registration) = app_authenticator_flows::set_up();
    server.devices.clear();
    told(&test(&mut phone, &registration, NOTHING_TOLD, &mut server));
    for make in Make::ALL {
        let (mut phone, mut server, registration) = set_up_with(make);
        server.phone_key = None;
        told(&test(&mut phone, &registration, NOTHING_TOLD, &mut server));
    }
}

#[test]
fn credentials_that_the_server_does_not_take_are_the_organisations() {
    let (mut phone, mut site, registration) = keycloak::set_up();
    let mut server = |request: &HttpRequest, now| {
        if request.url.ends_with("/token") {
            Ok(reply(401, br#"{"error":"invalid_client","error_description":"Invalid client or Invalid client credentials"}"#))
        } else {
            site.receive(request, now)
        }
    };
    // A token of before would have hidden it.
    assert!(phone.context.token.is_some());
    let checks = test(&mut phone, &registration, NOTHING_TOLD, &mut server);
    assert_eq!(failed(&checks), (CheckKind::Client, Reason::ClientRefused));
    assert_eq!(of(&checks, CheckKind::Registration), None);
}

/// Beside a request that can be told, one that can't be is not passed over in silence.
#[test]
fn what_hides_in_a_list_is_told() {
    for make in Make::ALL {
        let (mut phone, mut site, registration) = set_up_with(make);
        let _ = [(); 2].map(|()| site.ask(None, None));
        let mut server = |request: &HttpRequest, now| {
            let answer = site.receive(request, now)?;
            let mut body: serde_json::Value = serde_json::from_slice(answer.body.expose()).unwrap();
            body["result"]["value"][0]["title"] = serde_json::json!("Your bank");
            Ok(reply(200, body.to_string().as_bytes()))
        };
        let checks = test(&mut phone, &registration, NOTHING_TOLD, &mut server);
        let found = checks.iter().find(|check| check.kind == CheckKind::Requests).unwrap();
        let told = (found.works, found.reason, found.figure);
        assert_eq!(told, (None, Some(Reason::SignatureWrong), Some(1)));
    }
}

/// A server that gives its list answers and knows this phone.
#[test]
fn requests_that_are_too_many_or_unreadable_are_no_fault_of_the_server() {
    let told = |checks: &[Check], reason| {
        assert_eq!(failed(checks), (CheckKind::Requests, reason));
        for kind in [CheckKind::Network, CheckKind::Server, CheckKind::Registration] {
            assert_eq!(of(checks, kind), WORKS, "{kind:?}");
        }
    };
    for (list, reason) in
        [(vec!["{}"; 1_001], Reason::TooManyRequests), (vec!["{}"], Reason::ReplyUnreadable)]
    {
        let list = list.join(",");
        let (mut phone, mut site, registration) = keycloak::set_up();
        let mut server = |request: &HttpRequest, now| match request.url.contains("/login/pending") {
            true => Ok(reply(200, format!("{{\"challenges\":[{list}]}}").as_bytes())),
            false => site.receive(request, now),
        };
        told(&test(&mut phone, &registration, NOTHING_TOLD, &mut server), reason);
        let (mut phone, _, registration) = app_authenticator_flows::set_up();
        let mut server = |_: &HttpRequest, _| Ok(reply(200, format!("[{list}]").as_bytes()));
        told(&test(&mut phone, &registration, NOTHING_TOLD, &mut server), reason);
    }
    for make in Make::ALL {
        let (mut phone, mut server, registration) = set_up_with(make);
        server.ask(None, None);
        server.tamper = Some(("title", serde_json::json!("Your bank")));
        told(&test(&mut phone, &registration, NOTHING_TOLD, &mut server), Reason::SignatureWrong);
    }
    // What is no list at all is no answer of the system's.
    for (mut phone, _, registration) in accounts() {
        let mut server = |_: &HttpRequest, _| Ok(reply(200, b"<html>"));
        let checks = test(&mut phone, &registration, NOTHING_TOLD, &mut server);
        assert_eq!(failed(&checks), (CheckKind::Server, Reason::ReplyUnreadable));
    }
}

#[test]
fn requests_that_wait_are_counted() {
    let (mut phone, mut server, registration) = keycloak::set_up_with_login(100);
    server.login("c2726661-f272-4da7-917c-8da28f43125d", T0 - 1, numbers(), Some("9"));
    let checks = test(&mut phone, &registration, NOTHING_TOLD, &mut server);
    let waiting = checks.last().unwrap();
    // One is over, and does not wait.
    assert_eq!(
        (waiting.kind, waiting.works, waiting.reason, waiting.figure),
        (CheckKind::Requests, Some(true), None, Some(1))
    );
}

#[test]
fn what_only_the_host_knows_is_told_with_the_rest() {
    let (mut phone, mut server, registration) = keycloak::set_up();
    let host = HostFacts { online: Some(true), notifications: Some(false), background: Some(true) };
    let checks = test(&mut phone, &registration, host, &mut server);
    assert_eq!(failed(&checks), (CheckKind::Notifications, Reason::NotificationsOff));
    assert_eq!(of(&checks, CheckKind::Background), WORKS);
}

/// To a phone whose account is locked, Keycloak says what it says when nothing waits: only the phone knows.
#[test]
fn an_account_that_this_phone_locked_is_remembered_until_a_request_comes() {
    let (mut phone, mut server, registration) = keycloak::set_up();
    let flow = Flow::lock_out(registration.clone(), phone.start());
    assert!(matches!(phone.run(flow, &mut server), Outcome::LockedOut));
    let locked = Some((None, Some(Reason::AccountBlocked)));
    for _ in 0..2 {
        let checks = test(&mut phone, &registration, NOTHING_TOLD, &mut server);
        assert_eq!(of(&checks, CheckKind::Registration), locked);
        assert!(requests(phone.check(&registration, &mut server)).is_empty());
    }
    server.locked = false;
    server.login(LOGIN, T0 + 100, numbers(), Some("9"));
    assert_eq!(requests(phone.check(&registration, &mut server)).len(), 1);
    server.logins.clear();
    let checks = test(&mut phone, &registration, NOTHING_TOLD, &mut server);
    assert_eq!(of(&checks, CheckKind::Registration), WORKS);
}

//! Every recorded exchange with a real server, judged one by one.

use serde_json::Value;

use super::super::challenge::Demand;
use super::super::decision::{self, Typed};
use super::super::jose::{Jws, unverified_claims};
use super::super::jwks::RealmKeys;
use super::super::step::HttpReply;
use super::certs;
use super::pending::Pending;
use super::texts::{Said, judge};
use crate::link::{ApprovalLink, KeycloakGrant, Recognised, recognise};
use crate::reason::Reason;
use crate::secret::Secret;

const ISSUER: &str = "http://127.0.0.1:18080/realms/push";

/// What an exchange is, in the words of `Said`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Is {
    Page,
    Done,
    TokenRefused,
    ClockDiffers,
    Gone,
    WrongAnswer,
    Unclear(Reason),
    Refused(Reason),
}

use Is::{ClockDiffers, Done, Gone, Page, Refused, TokenRefused, Unclear, WrongAnswer};
use Reason::{
    AnswerNeeded, CallNotAuthorised, ClientRefused, ConnectionLost, DeviceKeyRefused, DeviceNameTaken,
    DeviceNotRegistered, RequestNotUnderstood, ServerAddressDiffers, ServerFailed, SetupTokenDamaged,
    UserNotFound,
};

/// From the first place to the last, and what is there.
const TABLE: &[(usize, usize, Is)] = &[
    (0, 0, Done),
    (1, 1, Refused(RequestNotUnderstood)),
    (2, 3, Done),
    (4, 5, Refused(ClientRefused)),
    (6, 6, Refused(ServerAddressDiffers)),
    (7, 11, ClockDiffers),
    (12, 12, Unclear(ServerFailed)),
    (13, 20, Done),
    (21, 25, ClockDiffers),
    (26, 26, Page),
    (27, 28, Done),
    (29, 30, Refused(CallNotAuthorised)),
    (31, 31, TokenRefused),
    (32, 32, Refused(SetupTokenDamaged)),
    (33, 35, Refused(RequestNotUnderstood)),
    (36, 38, Done),
    (39, 39, Gone),
    (40, 40, Done),
    (41, 41, Page),
    (42, 42, Done),
    (43, 43, Refused(AnswerNeeded)),
    (44, 46, WrongAnswer),
    (47, 48, Done),
    (49, 49, Unclear(ConnectionLost)),
    (50, 50, Refused(DeviceKeyRefused)),
    (51, 51, Refused(ServerAddressDiffers)),
    (52, 52, Refused(RequestNotUnderstood)),
    (53, 54, Done),
    (55, 58, Refused(CallNotAuthorised)),
    (59, 59, Done),
    (60, 60, Refused(DeviceKeyRefused)),
    (61, 61, Refused(RequestNotUnderstood)),
    (62, 63, ClockDiffers),
    (64, 67, Done),
    (68, 70, ClockDiffers),
    (71, 73, Refused(RequestNotUnderstood)),
    (74, 74, Gone),
    (75, 76, Done),
    (77, 79, Gone),
    (80, 80, Done),
    (81, 81, TokenRefused),
    (82, 89, Done),
    (90, 90, Page),
    (91, 91, Done),
    (92, 93, Gone),
    (94, 94, Page),
    (95, 96, Done),
    (97, 97, Page),
    (98, 98, Done),
    (99, 99, Page),
    (100, 100, Done),
    (101, 102, Refused(RequestNotUnderstood)),
    (103, 103, Done),
    (104, 105, Refused(DeviceKeyRefused)),
    (106, 107, Done),
    (108, 108, Refused(DeviceKeyRefused)),
    (109, 109, Page),
    (110, 115, Done),
    (116, 116, Page),
    (117, 117, Gone),
    (118, 118, Done),
    (119, 119, Page),
    (120, 120, Done),
    (121, 121, WrongAnswer),
    (122, 122, Done),
    (123, 123, Page),
    (124, 125, Done),
    (126, 126, Page),
    (127, 127, Done),
    (128, 128, Page),
    (129, 129, Refused(DeviceNameTaken)),
    (130, 130, Gone),
    (131, 131, Page),
    (132, 132, Done),
    (133, 133, Page),
    (134, 134, Done),
    (135, 135, Page),
    (136, 140, Done),
    (141, 141, Refused(DeviceNotRegistered)),
    (142, 142, Refused(UserNotFound)),
    (143, 143, Page),
    (144, 146, Done),
    (147, 147, Gone),
    (148, 148, Refused(RequestNotUnderstood)),
];

#[test]
fn every_answer_is_judged_right() {
    let records = records();
    let mut next = 0;
    for (first, last, expected) in TABLE {
        assert_eq!(*first, next, "the table has no holes");
        for (place, record) in records.iter().enumerate().take(last + 1).skip(*first) {
            let step = record["step"].as_str().unwrap_or_default();
            assert_eq!(what_is(record), *expected, "{place}: {step}");
        }
        next = last + 1;
    }
    assert_eq!(next, records.len());
}

#[test]
fn a_proof_of_24_to_minus_15_seconds_is_taken_and_25_is_a_failure() {
    let records = records();
    for record in &records[7..=25] {
        let proof = text(&record["request"]["headers"]["DPoP"]);
        let age = time(record) - unverified_claims::<Value>(proof).unwrap()["iat"].as_i64().unwrap();
        let expected = match age {
            -15..=24 => Done,
            25 => Unclear(ServerFailed),
            _ => ClockDiffers,
        };
        assert_eq!(what_is(record), expected, "{age}");
    }
}

#[test]
fn every_access_token_tells_the_servers_time() {
    let records = records();
    let tokens = records
        .iter()
        .filter(|record| record["request"]["url"].as_str().is_some_and(|url| url.ends_with("/token")));
    let mut seen = 0;
    for record in tokens.filter(|record| record["response"]["status"] == 200) {
        let body: Value = serde_json::from_str(text(&record["response"]["body"])).unwrap();
        let token = text(&body["access_token"]);
        let iat = unverified_claims::<Value>(token).unwrap()["iat"].as_i64().unwrap();
        assert!((0..=1).contains(&(iat - time(record))));
        realm_keys(&records).verify(&Jws::read(token).unwrap()).unwrap();
        seen += 1;
    }
    assert_eq!(seen, 17);
}

#[test]
fn every_page_is_read() {
    let records = records();
    let keys = realm_keys(&records);
    let mut counts = [0, 0, 0];
    for record in records.iter().filter(|record| record["kind"] == "page") {
        if let Some(qr) = record["qr"].as_str() {
            let Recognised::Approval(ApprovalLink::KeycloakPush(link)) = recognise(qr) else {
                panic!("{qr}")
            };
            assert_eq!(
                (link.issuer.as_str(), link.client_id.as_deref()),
                (ISSUER, Some("push-device-client"))
            );
            let shown = text(&record["enrolment_token"]);
            match link.grant {
                KeycloakGrant::Token(token) => {
                    assert_eq!(token.expose_str(), Some(shown));
                    let enrolment = certs::verify(shown, &keys, ISSUER).unwrap();
                    assert_eq!(enrolment.username, "alice");
                    assert!((enrolment.issued_at.0..enrolment.expires_at.0).contains(&time(record)));
                }
                KeycloakGrant::RequestUri(address) => assert_eq!(address.expose_str(), Some(shown)),
            }
            counts[0] += 1;
        }
        if let Some(confirm) = record["confirm_token"].as_str() {
            keys.verify(&Jws::read(confirm).unwrap()).unwrap();
            let Recognised::LookNow(look) = recognise(text(&record["same_device_link"])) else { panic!() };
            let claims: Value = unverified_claims(confirm).unwrap();
            assert_eq!(
                (look.origin.unwrap().to_string(), look.request.as_deref()),
                (ISSUER.to_owned(), claims["cid"].as_str())
            );
            counts[1] += 1;
        }
        counts[2] += usize::from(record["shown_number"].is_string());
    }
    assert_eq!(counts, [4, 12, 11]);
}

#[test]
fn tokens_that_are_fetched_are_verified_and_tell_the_time() {
    let records = records();
    let keys = realm_keys(&records);
    for place in [144, 145] {
        let token = text(&records[place]["response"]["body"]);
        let enrolment = certs::verify(token, &keys, ISSUER).unwrap();
        assert_eq!(enrolment.issued_at.0, time(&records[place]));
        assert_eq!(
            certs::verify(token, &keys, "http://127.0.0.1:18080/realms/other").err(),
            Some(Reason::OriginDiffers)
        );
        let mut bytes = token.as_bytes().to_vec();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        assert!(certs::verify(std::str::from_utf8(&bytes).unwrap(), &keys, ISSUER).is_err());
    }
}

#[test]
fn the_number_on_each_page_is_among_the_offered() {
    let read_list =
        |body: &[u8]| Pending::read(body).and_then(|pending| pending.list()).map(|list| list.challenges);
    let records = records();
    for (page, list) in [(41, 42), (41, 47), (94, 95)] {
        let shown = text(&records[page]["shown_number"]);
        let body = text(&records[list]["response"]["body"]);
        let challenges = read_list(body.as_bytes()).unwrap();
        let Demand::Number(offered) = &challenges[0].demand else { panic!() };
        assert_eq!(offered.len(), 3);
        let typed = decision::read(&challenges[0].demand, &format!("{shown:0>2}"));
        assert_eq!(typed, Typed::Answer(shown.to_owned()));
    }
    let pin = read_list(text(&records[120]["response"]["body"]).as_bytes()).unwrap();
    assert!(pin[0].demand == Demand::Pin { length: 4 });
    let none = read_list(text(&records[124]["response"]["body"]).as_bytes()).unwrap();
    assert!(none[0].demand == Demand::None);
}

fn what_is(record: &Value) -> Is {
    if record["kind"] == "page" {
        return Page;
    }
    let answer = &record["response"];
    let reply = HttpReply {
        status: u16::try_from(answer["status"].as_u64().unwrap()).unwrap(),
        headers: Vec::new(),
        body: Secret::copy_of(text(&answer["body"]).as_bytes()),
    };
    match judge(Ok(&reply)) {
        Said::Done(_) => Done,
        Said::TokenRefused => TokenRefused,
        Said::ClockDiffers => ClockDiffers,
        Said::Gone => Gone,
        Said::WrongAnswer => WrongAnswer,
        Said::Unclear(failure) => Unclear(failure.reason),
        Said::Refused(reason) => Refused(reason),
    }
}

#[allow(clippy::disallowed_methods, reason = "a fixture")]
fn records() -> Vec<Value> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/keycloak_push/exchanges.json");
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

fn realm_keys(records: &[Value]) -> RealmKeys {
    RealmKeys::read(text(&records[27]["response"]["body"]).as_bytes()).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn time(record: &Value) -> i64 {
    record["now"].as_f64().unwrap() as i64
}

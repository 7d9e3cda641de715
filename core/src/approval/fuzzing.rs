//! For the fuzz target `replies`: what must hold whatever a server answers.

use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature as EcSignature, SigningKey};

use super::step::{Answer, Event, HttpReply, NetworkFailure, PublicKey, Signature, Step};
use super::{
    AnswerRequest, Context, Decision, DeviceInfo, EnrolRequest, Flow, Given, HostFacts, Outcome, PushAddress,
    Question, RequestRecord, Start,
};
use crate::account::{DeviceKey, KeyAlgorithm, Registration, System};
use crate::clock::{Now, UnixTime};
use crate::entropy::SeededEntropy;
use crate::link::{Origin, Recognised, recognise};
use crate::secret::{Secret, from_json, to_json};

const ISSUER: &str = "https://a.example/realms/r";
const PUSH: &str = "https://a.example/ttype/push";
const EDU_PUSH: &str = "https://a.example/ttype/edupush";
const REQUEST: &str = "b2726661-f272-4da7-917c-8da28f43125d";
/// How many flows there are.
const FLOWS: u8 = 14;
/// What a request of an App Authenticator is called whose random text is `x`.
const APP_REQUEST: &str = "2d711642b726b04401627ca9fbac32f5";
/// `{"typ":"app-setup-action-token","iat":1795475300,"exp":1795475600}`.
const APP_SETUP: &str =
    "eyJ9.eyJ0eXAiOiJhcHAtc2V0dXAtYWN0aW9uLXRva2VuIiwiaWF0IjoxNzk1NDc1MzAwLCJleHAiOjE3OTU0NzU2MDB9.c2ln";

const TIQR_SETUP: &str = "tiqrenroll://https://a.example/metadata?key=1";
const TIQR_SIGN_IN: &str = "tiqrauth://u@s/0a/0b";

/// Plays a flow whose server answers with pieces of `bytes`: the first byte says which flow, a line is an answer, its
/// first byte the status. It must come to an end, send nothing elsewhere, and approve nothing but what was typed.
pub fn replies(bytes: &[u8]) {
    let (which, bytes) = bytes.split_first().unwrap_or((&0, &[]));
    let Some(mut flow) = flow(*which % FLOWS) else { return };
    let key = SigningKey::from_slice(&[7; 32]).ok();
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let mut now = Now { wall: UnixTime(1_795_475_312), steady_ms: 0 };
    let mut is_confirmed = false;
    loop {
        let turn = flow.current().clone();
        now = Now { wall: now.wall.plus(1), steady_ms: now.steady_ms + 1_000 };
        let event = match &turn.step {
            Step::Done(outcome) => return check(outcome),
            Step::Send(request) => {
                assert!(Origin::of(&request.url).is_ok_and(|origin| origin.host() == "a.example"));
                let is_action = request.url.contains("/action-token?") && !request.url.contains("device_id=");
                let is_answer = ["/respond", "/authentication"].iter().any(|end| request.url.ends_with(end));
                let approves = is_answer || is_action;
                assert!(!approves || is_confirmed, "asked before an approval");
                lines.next().map_or(Event::NoReply(NetworkFailure::NotConnected), reply)
            }
            Step::Sign(request) => match &key {
                Some(key) => {
                    let signature: EcSignature = key.sign(request.bytes.expose());
                    Event::Signed(Signature(signature.to_bytes().to_vec()))
                }
                None => return,
            },
            Step::CreateKey(_) => match &key {
                Some(key) => {
                    Event::KeyCreated(PublicKey(key.verifying_key().to_sec1_point(false).as_bytes().to_vec()))
                }
                None => return,
            },
            Step::Ask(Question::Presence { .. }) => {
                is_confirmed = true;
                Event::Answered(Answer::Confirmed(true))
            }
            Step::Ask(Question::Trust { .. } | Question::LockOut) => Event::Answered(Answer::Confirmed(true)),
            Step::Ask(_) => Event::Answered(Answer::None),
            Step::Wait { ms } => {
                assert!(*ms <= 60_000);
                Event::Woke
            }
        };
        assert!(flow.next(turn.number, event, now).is_ok());
    }
}

fn check(outcome: &Outcome) {
    if let Outcome::Checked { requests, .. } = outcome {
        for request in requests {
            let shown = [&request.application, &request.account, &request.question];
            assert!(
                shown.iter().all(|text| text.chars().count() <= 256 && !text.chars().any(char::is_control))
            );
        }
    }
}

/// An answer out of a line: a digit for the status, or the whole line with 200.
fn reply(line: &[u8]) -> Event {
    let (status, body) = match line {
        [first @ b'0'..=b'9', rest @ ..] => {
            let statuses = [200, 302, 400, 401, 403, 404, 409, 429, 500, 503];
            (statuses.get(usize::from(first - b'0')).copied().unwrap_or(200), rest)
        }
        line => (200, line),
    };
    let headers = vec![("Date".to_owned(), String::from_utf8_lossy(body).into_owned())];
    Event::Reply(HttpReply { status, headers, body: Secret::copy_of(body) })
}

fn flow(which: u8) -> Option<Flow> {
    let start = Start {
        now: Now { wall: UnixTime(1_795_475_312), steady_ms: 0 },
        entropy: SeededEntropy::new(b"fuzz"),
        context: Context::default(),
    };
    let flow = match which {
        0 => Flow::check(keycloak()?, start),
        1 => {
            let given = Some(Given::Any(Secret::copy_of(b"9")));
            let request =
                AnswerRequest { request: REQUEST.to_owned(), decision: Decision::Approve { given } };
            Flow::answer(keycloak()?, request, RequestRecord::new(REQUEST), start)
        }
        2 => Flow::enrol(enrolment(&keycloak_link())?, start),
        3 => Flow::check(push_token(System::PrivacyIdea, PUSH)?, start),
        4 => Flow::rotate_key(keycloak()?, start),
        5 => Flow::self_test(keycloak()?, HostFacts::default(), Vec::new(), start),
        6 => Flow::check(push_token(System::EduMfa, EDU_PUSH)?, start),
        7 => Flow::enrol(enrolment(&edumfa_link())?, start),
        8 => Flow::set_push_address(push_token(System::EduMfa, EDU_PUSH)?, PushAddress::None, start),
        9 => Flow::check(app_authenticator()?, start),
        10 => {
            let request = AnswerRequest {
                request: APP_REQUEST.to_owned(),
                decision: Decision::Approve { given: None },
            };
            Flow::answer(app_authenticator()?, request, RequestRecord::new(APP_REQUEST), start)
        }
        11 => Flow::enrol(enrolment(&app_authenticator_link())?, start),
        12 => Flow::enrol(enrolment(TIQR_SETUP)?, start),
        _ => {
            let Recognised::SignIn(link) = recognise(TIQR_SIGN_IN) else { return None };
            let (record, decision) = (RequestRecord::new(&link.session), Decision::Approve { given: None });
            Flow::answer_scanned(tiqr()?, link, decision, record, start)
        }
    };
    from_json(to_json(&flow).ok()?.expose()).ok()
}

fn enrolment(text: &str) -> Option<EnrolRequest> {
    Some(EnrolRequest {
        code: Secret::copy_of(text.as_bytes()),
        client_id: None,
        client_secret: None,
        organisation: None,
        device: DeviceInfo { label: "x".to_owned(), kind: "x".to_owned(), rsa_bits: 2048 },
        allow_plain_http: false,
    })
}

fn keycloak_link() -> String {
    format!("x://y?client_id=a&client_secret=b&request_uri={ISSUER}/push-mfa/enroll/request-token/{REQUEST}")
}

fn edumfa_link() -> String {
    format!("edumfa-push://edumfa/s?url={EDU_PUSH}&enrollment_credential=c&v=1&serial=s")
}

fn app_authenticator_link() -> String {
    format!("{ISSUER}/login-actions/action-token?key={APP_SETUP}")
}

fn registration(system: System, address: &str, details: &serde_json::Value) -> Option<Registration> {
    let key = SigningKey::from_slice(&[7; 32]).ok()?;
    let algorithm = KeyAlgorithm::Es256;
    let spki = super::keys::to_spki(algorithm, key.verifying_key().to_sec1_point(false).as_bytes())?;
    Some(Registration {
        system,
        origin: Origin::of(address).ok()?,
        key: Some(DeviceKey { id: "key".to_owned(), algorithm, spki }),
        details: to_json(details).ok()?,
    })
}

fn keycloak() -> Option<Registration> {
    let details = serde_json::json!({
        "issuer": ISSUER, "user_id": "u", "username": "n", "device_id": "d", "credential_id": "c",
        "client": {"id": "a", "secret": "Yg=="}, "other_key": null,
    });
    registration(System::KeycloakPush, ISSUER, &details)
}

fn app_authenticator() -> Option<Registration> {
    let details = serde_json::json!({"issuer": ISSUER, "device_id": "d"});
    registration(System::AppAuthenticator, ISSUER, &details)
}

fn tiqr() -> Option<Registration> {
    let details = serde_json::json!({
        "url": "https://a.example/authentication", "server": "s", "server_name": "n", "user": "u", "user_name": "m",
        "suite": "OCRA-1:HOTP-SHA1-6:QH10-S", "secret": "AAAA",
    });
    Some(Registration { key: None, ..registration(System::Tiqr, "https://a.example", &details)? })
}

/// With a server's key that is none: no challenge is signed by it, so everything up to the signature is reached.
fn push_token(system: System, url: &str) -> Option<Registration> {
    let details = serde_json::json!({"url": url, "serial": "s", "account": "n", "server_key": []});
    registration(system, url, &details)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_flow_is_played() {
        for which in 0..FLOWS {
            assert!(flow(which).is_some());
            replies(&[which]);
            replies(&[&[which][..], b"{\"keys\":[]}\n2{\"error\":\"x\"}\n9\n{}\n"].concat());
        }
        let token = br#"{"access_token":"x","expires_in":300}"#;
        let list = format!(r#"{{"challenges":[{{"cid":"{REQUEST}","expiresAt":1795476000}}]}}"#);
        replies(&[&[0][..], token, b"\n", list.as_bytes()].concat());
        replies(&[&[1][..], token, b"\n", list.as_bytes(), b"\n{}"].concat());
        let taken = br#"{"result":{"status":true,"value":true},"detail":{"public_key":"AAAA"}}"#;
        let unsigned = br#"{"result":{"status":true,"value":[{"nonce":"n","question":"","title":"","serial":"s","sslverify":"1","url":"","signature":"AA======"}]}}"#;
        replies(&[&[6][..], unsigned].concat());
        replies(&[&[7][..], taken].concat());
        replies(&[&[8][..], taken].concat());
        let target = format!("{ISSUER}/login-actions/action-token?key={APP_SETUP}");
        let list = format!(
            r#"[{{"targetUrl":"{target}","codeChallenge":"x","updatedTimestamp":1795475312000,"os":"y"}}]"#
        );
        replies(&[&[9][..], list.as_bytes()].concat());
        replies(&[&[10][..], list.as_bytes(), b"\n\n[]"].concat());
        replies(&[&[11][..], b"\n[]"].concat());
        let described = br#"{"service":{"identifier":"s","enrollmentUrl":"https://a.example/e","authenticationUrl":"https://a.example/authentication","ocraSuite":"OCRA-1:HOTP-SHA1-6:QH10-S"},"identity":{"identifier":"u"}}"#;
        replies(&[&[12][..], described, b"\nOK"].concat());
        replies(&[&[13][..], b"3INVALID_RESPONSE:2"].concat());
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        #[test]
        fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            replies(&bytes);
        }
    }
}

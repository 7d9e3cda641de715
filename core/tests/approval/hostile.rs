//! Servers that mean harm, by name. Each is refused with a reason, or made harmless.

use countersign::account::Registration;
use countersign::approval::{AnswerKind, AnswerResult, HttpRequest, NetworkFailure, Outcome};
use countersign::clock::UnixTime;
use countersign::reason::Reason;
use serde_json::{Value, json};

use crate::keycloak::{ISSUER, Keycloak, LOGIN, T0, USER, jwk, jws, numbers, reply};
use crate::phone::{Phone, Received, Server, ec_key};

const HANDLE: &str = "b4f9089e-1b04-4214-9774-558c9dfb5c47";

fn claims() -> Value {
    json!({
        "iss": ISSUER, "aud": "staff", "typ": "push-enroll-challenge", "sub": USER, "username": "alice",
        "enrollmentId": "c8a52d53-470e-491e-ae9b-d6dc9faa8876", "nonce": "n", "iat": T0, "exp": T0 + 240,
    })
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

fn scan(token: &str) -> String {
    format!("my-secure://enroll?client_id=phone&client_secret=hush&token={token}")
}

fn fetched() -> String {
    format!(
        "my-secure://enroll?client_id=phone&client_secret=hush&request_uri={ISSUER}/push-mfa/enroll/request-token/{HANDLE}"
    )
}

/// Enrols with a token that the realm serves at its address, and gives the end.
fn enrol_fetched(token: &str) -> Outcome {
    let mut server = Keycloak::new();
    let token = token.to_owned();
    let mut both = move |request: &HttpRequest, now: UnixTime| -> Received {
        if request.url.contains("/request-token/") {
            return Ok(reply(200, token.as_bytes()));
        }
        server.receive(request, now)
    };
    let mut phone = Phone::new(T0);
    let outcome = phone.enrol(&fetched(), &mut both);
    assert!(phone.sent.iter().all(|url| url.starts_with(ISSUER)), "stays on the origin");
    assert!(!phone.sent.iter().any(|url| url.ends_with("/enroll/complete")), "no key is given away");
    outcome
}

fn enrol_scanned(token: &str) -> Outcome {
    let mut phone = Phone::new(T0);
    let outcome = phone.enrol(&scan(token), &mut Keycloak::new());
    assert!(!phone.sent.iter().any(|url| url.ends_with("/enroll/complete")), "no key is given away");
    outcome
}

#[track_caller]
fn refused(outcome: Outcome, reason: Reason) {
    assert!(matches!(outcome, Outcome::Refused(found) if found == reason), "{outcome:?}");
}

/// An account at a server that answers one path as it likes.
fn account() -> (Phone, Keycloak, Registration) {
    let (mut phone, mut server) = (Phone::new(T0), Keycloak::new());
    let link = server.link(T0);
    let registration = phone.enrolled(&link, &mut server);
    server.login(LOGIN, T0 + 120, numbers(), Some("9"));
    (phone, server, registration)
}

/// A server that answers one path in its own way.
struct Instead<'a, F> {
    server: &'a mut Keycloak,
    path: &'a str,
    answer: F,
}

impl<F: Fn() -> Received> Server for Instead<'_, F> {
    fn receive(&mut self, request: &HttpRequest, now: UnixTime) -> Received {
        if request.url.contains(self.path) { (self.answer)() } else { self.server.receive(request, now) }
    }
}

fn instead<'a, F: Fn() -> Received>(server: &'a mut Keycloak, path: &'a str, answer: F) -> Instead<'a, F> {
    Instead { server, path, answer }
}

fn list(entry: Value) -> Vec<u8> {
    json!({"challenges": [entry]}).to_string().into_bytes()
}

fn entry() -> Value {
    json!({"cid": LOGIN, "username": "alice", "expiresAt": T0 + 120, "createdAt": T0, "clientId": "web-app"})
}

#[test]
fn other_issuer() {
    let token = Keycloak::new().token(&with("iss", json!("https://login.example/realms/other")));
    refused(enrol_fetched(&token), Reason::OriginDiffers);
    // The same place spelt otherwise is not what was signed for.
    let token = Keycloak::new().token(&with("aud", json!("other")));
    refused(enrol_scanned(&token), Reason::SetupForOtherRealm);
    let token = Keycloak::new().token(&with("aud", json!(["account", "other"])));
    refused(enrol_scanned(&token), Reason::SetupForOtherRealm);
}

#[test]
fn other_origin() {
    for issuer in ["https://evil.example/realms/staff", "https://login.example:8443/realms/staff"] {
        refused(enrol_fetched(&Keycloak::new().token(&with("iss", json!(issuer)))), Reason::OriginDiffers);
    }
}

#[test]
fn algorithm_none() {
    for alg in ["none", "None", "nOnE", ""] {
        let token = jws(&ec_key("realm"), &json!({"alg": alg, "typ": "JWT", "kid": "realm-1"}), &claims());
        refused(enrol_scanned(&token), Reason::TokenAlgorithmRefused);
        let unsigned = format!("{}.", token.rsplit_once('.').unwrap().0);
        refused(enrol_scanned(&unsigned), Reason::TokenAlgorithmRefused);
    }
}

#[test]
fn hs256_made_with_the_public_key() {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let public = jwk(&ec_key("realm")).to_string();
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, public.as_bytes());
    let header = json!({"alg": "HS256", "typ": "JWT", "kid": "realm-1"});
    let signed = jws(&ec_key("realm"), &header, &claims());
    let signed = signed.rsplit_once('.').unwrap().0;
    let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(ring::hmac::sign(&key, signed.as_bytes())));
    refused(enrol_scanned(&token), Reason::TokenAlgorithmRefused);
}

#[test]
fn signed_by_another_key() {
    let header = json!({"alg": "ES256", "typ": "JWT", "kid": "realm-1"});
    refused(enrol_scanned(&jws(&ec_key("evil"), &header, &claims())), Reason::SignatureWrong);
    let header = json!({"alg": "ES256", "typ": "JWT", "kid": "evil"});
    refused(enrol_scanned(&jws(&ec_key("evil"), &header, &claims())), Reason::SigningKeyUnknown);
    // A key that the token brings along proves nothing.
    let header = json!({"alg": "ES256", "typ": "JWT", "kid": "realm-1", "jwk": jwk(&ec_key("evil"))});
    refused(enrol_scanned(&jws(&ec_key("evil"), &header, &claims())), Reason::SignatureWrong);
    // An algorithm that the realm's key is not for.
    let header = json!({"alg": "RS256", "typ": "JWT", "kid": "realm-1"});
    refused(enrol_scanned(&jws(&ec_key("realm"), &header, &claims())), Reason::SigningKeyUnknown);
    let header = json!({"alg": "ES256", "typ": "JWT", "kid": "realm-1", "crit": ["b64"], "b64": false});
    refused(enrol_scanned(&jws(&ec_key("realm"), &header, &claims())), Reason::SetupTokenDamaged);
}

#[test]
fn expired() {
    for over in [1, 300, 3_600] {
        let token = Keycloak::new().token(&with("exp", json!(T0 - over)));
        refused(enrol_scanned(&token), Reason::SetupExpired);
    }
    refused(enrol_fetched(&Keycloak::new().token(&with("exp", json!(T0 - 1)))), Reason::SetupExpired);
}

#[test]
fn another_kind_of_token() {
    refused(enrol_fetched(&Keycloak::new().token(&with("typ", json!("Bearer")))), Reason::SetupTokenDamaged);
    refused(enrol_fetched("not a token"), Reason::SetupTokenDamaged);
    refused(enrol_fetched("eyJ9.eyJ9"), Reason::SetupTokenDamaged);
    refused(enrol_fetched(""), Reason::SetupTokenDamaged);
}

#[test]
fn redirect() {
    let (mut phone, mut server, registration) = account();
    for path in ["/login/pending", "/token"] {
        phone.context.token = None;
        phone.sent.clear();
        let mut bad = instead(&mut server, path, || {
            let mut answer = reply(302, b"");
            answer.headers.push(("Location".to_owned(), "https://evil.example/".to_owned()));
            Ok(answer)
        });
        refused(phone.check(&registration, &mut bad), Reason::RedirectRefused);
        assert!(phone.sent.iter().all(|url| url.starts_with(ISSUER)));
    }
}

#[test]
fn ten_megabytes() {
    let (mut phone, mut server, registration) = account();
    let mut bad = instead(&mut server, "/login/pending", || Ok(reply(200, &vec![b' '; 10_000_000])));
    refused(phone.check(&registration, &mut bad), Reason::ReplyTooLarge);
    let mut bad = instead(&mut server, "/login/pending", || Err(NetworkFailure::TooLarge));
    refused(phone.check(&registration, &mut bad), Reason::ReplyTooLarge);
}

#[test]
fn slow_answer() {
    let (mut phone, mut server, registration) = account();
    let mut bad = instead(&mut server, "/login/pending", || Err(NetworkFailure::TimedOut));
    refused(phone.check(&registration, &mut bad), Reason::ServerSilent);
    // Looking is tried again, but not without end.
    assert_eq!(phone.sent.iter().filter(|url| url.contains("pending")).count(), 3);
}

#[test]
fn replay() {
    // Each call has a proof of its own, the same call in a second flow too.
    let (mut phone, mut server, registration) = account();
    let mut proofs = std::collections::HashSet::new();
    for _ in 0..5 {
        let mut spy = |request: &HttpRequest, now: UnixTime| {
            assert!(proofs.insert(crate::keycloak::header(request, "DPoP")), "a proof is used once");
            server.receive(request, now)
        };
        phone.check(&registration, &mut spy);
    }
    // An answer of yesterday's list is not of today's request.
    let old = list(json!({"cid": LOGIN, "expiresAt": T0 - 60, "clientId": "web-app"}));
    let mut bad = instead(&mut server, "/login/pending", || Ok(reply(200, &old)));
    let Outcome::Checked { requests, .. } = phone.check(&registration, &mut bad) else { panic!() };
    assert!(requests.is_empty());
    match phone.approve(&registration, LOGIN, Some("9"), &mut bad) {
        Outcome::Answered(answered) => assert_eq!(answered.result, AnswerResult::Expired),
        other => panic!("{other:?}"),
    }
    assert!(server.answers.is_empty());
}

#[test]
fn bad_utf_8() {
    let (mut phone, mut server, registration) = account();
    for body in [&b"\xff\xfe{}"[..], b"{\"challenges\":[{\"cid\":\"\xc3\x28\"}]}", b"", b"<html>", b"null"] {
        let mut bad = instead(&mut server, "/login/pending", || Ok(reply(200, body)));
        refused(phone.check(&registration, &mut bad), Reason::ReplyUnreadable);
    }
}

#[test]
fn private_parts_in_a_key() {
    let mut private = jwk(&ec_key("realm"));
    private["d"] = json!("AAAA");
    let secret = json!({"kty": "oct", "kid": "x", "k": "AAAA"});
    for keys in [json!([private]), json!([jwk(&ec_key("realm")), secret])] {
        let mut server = Keycloak::new();
        let link = server.link(T0);
        let body = json!({"keys": keys}).to_string().into_bytes();
        let mut bad = instead(&mut server, "/certs", || Ok(reply(200, &body)));
        refused(Phone::new(T0).enrol(&link, &mut bad), Reason::KeyHasPrivateParts);
    }
}

#[test]
fn control_characters_and_right_to_left_marks_in_names() {
    let (mut phone, mut server, registration) = account();
    let mut odd = entry();
    odd["clientName"] = json!("Your\u{0}\u{1b}[31m Bank\r\n\u{202e}moc.live\u{202c}");
    odd["username"] = json!("al\u{2067}ice\u{200b}");
    let body = list(odd);
    let mut bad = instead(&mut server, "/login/pending", || Ok(reply(200, &body)));
    let Outcome::Checked { requests, .. } = phone.check(&registration, &mut bad) else { panic!() };
    assert_eq!(requests[0].application, "Your[31m Bank  moc.live");
    assert_eq!(requests[0].account, "alice");
    let mut odd = entry();
    odd["clientName"] = json!("x".repeat(100_000));
    let body = list(odd);
    let mut bad = instead(&mut server, "/login/pending", || Ok(reply(200, &body)));
    let Outcome::Checked { requests, .. } = phone.check(&registration, &mut bad) else { panic!() };
    assert_eq!(requests[0].application.len(), 256);
}

#[test]
fn a_huge_number_of_challenges() {
    let (mut phone, mut server, registration) = account();
    let body = json!({"challenges": vec![entry(); 1_001]}).to_string().into_bytes();
    let mut bad = instead(&mut server, "/login/pending", || Ok(reply(200, &body)));
    refused(phone.check(&registration, &mut bad), Reason::TooManyRequests);
}

#[test]
fn deep_json() {
    let (mut phone, mut server, registration) = account();
    let deep = format!("{{\"challenges\":{}{}}}", "[".repeat(30_000), "]".repeat(30_000));
    let deeper = format!("{{\"x\":{}1{},\"challenges\":[]}}", "[".repeat(100_000), "]".repeat(100_000));
    for body in [deep, deeper] {
        let mut bad = instead(&mut server, "/login/pending", || Ok(reply(200, body.as_bytes())));
        match phone.check(&registration, &mut bad) {
            Outcome::Refused(Reason::ReplyUnreadable) => {}
            Outcome::Checked { requests, .. } => assert!(requests.is_empty()),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn ids_that_would_lead_elsewhere() {
    let (mut phone, mut server, registration) = account();
    for id in ["../../x", "a/b", "a?b", "", "a b", "a%2fb", "ü"] {
        let mut odd = entry();
        odd["cid"] = json!(id);
        let body = list(odd);
        let mut bad = instead(&mut server, "/login/pending", || Ok(reply(200, &body)));
        refused(phone.check(&registration, &mut bad), Reason::ReplyUnreadable);
    }
}

#[test]
fn demands_that_are_odd() {
    let (mut phone, mut server, registration) = account();
    for (verification, reason) in [
        (json!({"type": "number-match", "numbers": []}), Reason::ReplyUnreadable),
        (json!({"type": "number-match", "numbers": ["x"]}), Reason::ReplyUnreadable),
        (json!({"type": "number-match", "numbers": vec!["1"; 101]}), Reason::ReplyUnreadable),
        (json!({"type": "pin"}), Reason::ReplyUnreadable),
        (json!({"type": "pin", "pinLength": 0}), Reason::ReplyUnreadable),
        (json!({"type": "pin", "pinLength": 4_000_000_000_u32}), Reason::ReplyUnreadable),
        (json!({"type": "fingerprint"}), Reason::AnswerKindUnsupported),
    ] {
        let mut odd = entry();
        odd["userVerification"] = verification;
        let body = list(odd);
        let mut bad = instead(&mut server, "/login/pending", || Ok(reply(200, &body)));
        let Outcome::Checked { requests, .. } = phone.check(&registration, &mut bad) else { panic!() };
        assert_eq!(requests[0].answer, AnswerKind::Unsupported { reason });
    }
    let mut odd = entry();
    odd["userVerification"] = json!({"type": "number-match", "numbers": 5});
    let body = list(odd);
    let mut unreadable = instead(&mut server, "/login/pending", || Ok(reply(200, &body)));
    refused(phone.check(&registration, &mut unreadable), Reason::ReplyUnreadable);
    let mut odd = entry();
    odd["userVerification"] = json!({"type": "number_match", "numbers": ["1"]});
    let body = list(odd);
    let mut other_spelling = instead(&mut server, "/login/pending", || Ok(reply(200, &body)));
    let Outcome::Checked { requests, .. } = phone.check(&registration, &mut other_spelling) else { panic!() };
    assert_eq!(requests[0].answer, AnswerKind::Number);
}

#[test]
fn tokens_that_would_break_out_of_a_header() {
    let (mut phone, mut server, registration) = account();
    for token in ["a\r\nX-Evil: 1", "a b", "", "é", &"a".repeat(20_000)] {
        phone.context.token = None;
        let body = json!({"access_token": token, "expires_in": 300}).to_string().into_bytes();
        let mut bad = instead(&mut server, "/token", || Ok(reply(200, &body)));
        refused(phone.check(&registration, &mut bad), Reason::ReplyUnreadable);
    }
}

#[test]
fn tokens_that_are_not_bound_to_this_key() {
    let (mut phone, mut server, registration) = account();
    for cnf in [json!(null), json!({"jkt": "of another key"})] {
        phone.context.token = None;
        let token = server.token(&json!({"iat": T0, "cnf": cnf}));
        let body = json!({"access_token": token, "expires_in": 300}).to_string().into_bytes();
        let mut bad = instead(&mut server, "/token", || Ok(reply(200, &body)));
        refused(phone.check(&registration, &mut bad), Reason::TokenNotBound);
    }
}

#[test]
fn times_at_the_ends_of_the_scale() {
    let (mut phone, mut server, registration) = account();
    for time in [i64::MIN, i64::MAX] {
        let mut odd = entry();
        odd["expiresAt"] = json!(time);
        odd["createdAt"] = json!(time);
        let body = list(odd);
        let mut bad = instead(&mut server, "/login/pending", || Ok(reply(200, &body)));
        assert!(matches!(phone.check(&registration, &mut bad), Outcome::Checked { .. }));
        phone.context.token = None;
        let token = server.token(&json!({"iat": time, "cnf": {"jkt": "x"}}));
        let body = json!({"access_token": token, "expires_in": time}).to_string().into_bytes();
        let mut bad = instead(&mut server, "/token", || Ok(reply(200, &body)));
        refused(phone.check(&registration, &mut bad), Reason::TokenNotBound);
    }
}

#[test]
fn a_phone_number_on_the_same_phone_is_no_answer() {
    // A link that opens a request may carry the right number: it is only looked at as "look now".
    let token = Keycloak::new().token(&json!({
        "iss": ISSUER, "credId": "x", "cid": LOGIN, "typ": 1, "ver": 1, "iat": T0, "exp": T0 + 120,
        "userVerification": "9",
    }));
    let countersign::link::Recognised::LookNow(look) =
        countersign::link::recognise(&format!("my-secure://confirm?token={token}"))
    else {
        panic!()
    };
    assert_eq!(look.request.as_deref(), Some(LOGIN));
    assert!(!format!("{look:?}").contains("\"9\""));
}

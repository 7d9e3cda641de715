//! Requests of a hostile phone to the practice realm: as bytes, or signed as they should be with any claims in them.
//! An input is lines: the route, then what belongs to it.
//!
//! Whatever comes, there is an answer, a refusal changes nothing but what a refusal may, and no sign-in is approved
//! without the number that its page shows.

#![no_main]

use std::sync::{Arc, LazyLock};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign_practice::realm::{Client, Enrolment, RealmKey, User};
use countersign_practice::{Change, Request, Settings, State, Verdict, judge};
use libfuzzer_sys::fuzz_target;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use ring::digest;
use serde_json::{Value, json};

const BASE: &str = "http://127.0.0.1:8080/realms/practice";
const NOW: u64 = 1_800_000_000;
/// Where signed requests go; the sign-in's own path comes last.
const ROUTES: [(&str, &str); 7] = [
    ("POST", "/protocol/openid-connect/token"),
    ("POST", "/push-mfa/enroll/complete"),
    ("GET", "/push-mfa/login/pending"),
    ("POST", "/push-mfa/login/lockout"),
    ("PUT", "/push-mfa/device/push-provider"),
    ("PUT", "/push-mfa/device/rotate-key"),
    ("POST", ""),
];

/// A realm with a phone, a sign-in that waits for it, and what the phone needs to call.
struct Place {
    state: State,
    key: SigningKey,
    sign_in: String,
    shown: String,
    token: String,
}

static PLACE: LazyLock<Place> = LazyLock::new(Place::new);

fuzz_target!(|bytes: &[u8]| {
    let place = &*PLACE;
    let parts: Vec<&[u8]> = bytes.splitn(5, |byte| *byte == b'\n').collect();
    let part = |at: usize| String::from_utf8_lossy(parts.get(at).copied().unwrap_or_default()).into_owned();
    let route = part(0).bytes().next().map(|first| usize::from(first) % 8);
    let request = match route.and_then(|route| ROUTES.get(route)) {
        Some((method, path)) => place.signed(method, path, &part(1), &part(2), &part(3)),
        None => Request {
            method: part(1),
            url: format!("{BASE}{}", part(2)),
            headers: part(3)
                .split('\t')
                .filter_map(|line| line.split_once(": "))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            body: parts.get(4).copied().unwrap_or_default().to_vec(),
        },
    };
    let verdict = judge(&request, &place.state, NOW, &[9; 32]);
    place.must_hold(&verdict, &request);
    let mut state = place.state.clone();
    state.apply(&verdict.changes);
    assert!(state.users().count() == 1 && state.user("alice").is_some());
});

impl Place {
    fn new() -> Self {
        let key = SigningKey::from_slice(&[7; 32]).unwrap();
        let realm_key = Arc::new(RealmKey::generate().unwrap());
        let mut state = State::new(Settings::default(), realm_key, Client::practice("secret".to_owned()));
        state.apply(&[Change::UserAdded(User::new("alice", "alice"))]);
        let mut place =
            Self { state, key, sign_in: String::new(), shown: String::new(), token: String::new() };

        let form = "grant_type=client_credentials&client_id=push-device-client&client_secret=secret";
        let answer: Value = serde_json::from_str(&place.take(0, form).response.body).unwrap();
        place.token = answer["access_token"].as_str().unwrap().to_owned();
        let enrolment = place.show_set_up_code(1);
        let claims = json!({
            "enrollmentId": enrolment.id, "nonce": enrolment.nonce, "sub": "alice", "deviceType": "test",
            "credentialId": "credential", "deviceId": "device", "cnf": {"jwk": jwk(&place.key)},
        });
        assert_eq!(place.take(1, &format!("!{claims}")).response.status, 200);
        place.show_set_up_code(2);
        let started = place.state.start_login("alice", None, Client::SITE, NOW, &[3; 32]).unwrap();
        place.state.apply(&started.changes);
        (place.sign_in, place.shown) = (started.id, started.shown.unwrap());
        place
    }

    fn take(&mut self, route: usize, body: &str) -> Verdict {
        let (method, path) = ROUTES[route];
        let verdict = judge(&self.signed(method, path, "", body, ""), &self.state, NOW, &[4; 32]);
        self.state.apply(&verdict.changes);
        verdict
    }

    fn show_set_up_code(&mut self, seed: u8) -> Enrolment {
        let started = self.state.start_enrolment("http://127.0.0.1:8080", "alice", NOW, &[seed; 32]).unwrap();
        self.state.apply(&started.changes);
        self.state.enrolment(&started.id, NOW).unwrap().clone()
    }

    /// A request with a proof whose claims are `claims`, or right ones; a body that is `body`, or a signed token with
    /// the claims after a `!`. `CID` in them is the sign-in's id, `NUMBER` its number.
    fn signed(&self, method: &str, path: &str, claims: &str, body: &str, query: &str) -> Request {
        let respond = format!("/push-mfa/login/challenges/{}/respond", self.sign_in);
        let path = if path.is_empty() { &respond } else { path };
        let claims = if claims.is_empty() { self.right_claims(method, path) } else { claims.to_owned() };
        let proof =
            self.jws(&json!({"alg": "ES256", "typ": "dpop+jwt", "jwk": jwk(&self.key)}).to_string(), &claims);
        let body = match body.strip_prefix('!') {
            Some(claims) => {
                let claims = claims.replace("CID", &self.sign_in).replace("NUMBER", &self.shown);
                json!({"token": self.jws(r#"{"alg":"ES256","typ":"JWT"}"#, &claims)}).to_string()
            }
            None => body.to_owned(),
        };
        let query = if query.is_empty() { "userId=alice" } else { query };
        Request {
            method: method.to_owned(),
            url: format!("{BASE}{path}?{query}"),
            headers: vec![
                ("Authorization".to_owned(), format!("DPoP {}", self.token)),
                ("DPoP".to_owned(), proof),
                ("Content-Type".to_owned(), "application/json".to_owned()),
            ],
            body: body.into_bytes(),
        }
    }

    fn right_claims(&self, method: &str, path: &str) -> String {
        let hash = digest::digest(&digest::SHA256, self.token.as_bytes());
        json!({
            "htm": method, "htu": format!("{BASE}{path}"), "iat": NOW, "jti": "one", "sub": "alice",
            "deviceId": "device", "ath": URL_SAFE_NO_PAD.encode(hash),
        })
        .to_string()
    }

    fn jws(&self, header: &str, claims: &str) -> String {
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        let signature: Signature = self.key.sign(signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }

    fn must_hold(&self, verdict: &Verdict, request: &Request) {
        assert!((200..600).contains(&verdict.response.status));
        assert!(verdict.response.headers.iter().all(|(_, value)| !value.contains(['\r', '\n'])));
        let is_refused = verdict.response.status >= 400;
        for change in &verdict.changes {
            match change {
                Change::ChallengeSettled { standing, .. } if standing.word() == "APPROVED" => {
                    assert!(!is_refused && self.says_number(request));
                }
                Change::ChallengeSettled { .. }
                | Change::PhoneAdded { .. }
                | Change::KeyRotated { .. }
                | Change::PushAddress { .. }
                | Change::UserEnabled { .. } => assert!(!is_refused),
                _ => {}
            }
        }
    }

    /// Whether the token of an answer has the number that the page shows.
    fn says_number(&self, request: &Request) -> bool {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let claims = body["token"].as_str().unwrap().split('.').nth(1).unwrap();
        let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
        claims["userVerification"].as_str().is_some_and(|number| number.trim() == self.shown)
    }
}

fn jwk(key: &SigningKey) -> Value {
    let point = key.verifying_key().to_sec1_point(false);
    let (x, y) = (point.x().unwrap(), point.y().unwrap());
    let encode = |part: &[u8]| URL_SAFE_NO_PAD.encode(part);
    json!({"kty": "EC", "crv": "P-256", "x": encode(x), "y": encode(y), "alg": "ES256"})
}

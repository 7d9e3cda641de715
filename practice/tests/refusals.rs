//! What the recordings don't have: each rule of the protocol broken by itself, without sockets and without a clock.

#![allow(clippy::expect_used, reason = "a test ends where something is not as expected")]

use std::sync::{Arc, LazyLock};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign_practice::Change;
use countersign_practice::realm::{
    Client, Enrolment, RealmKey, Request, Response, Settings, Standing, State, User, judge,
};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use ring::digest;
use serde_json::{Value, json};

const ISSUER: &str = "http://127.0.0.1:8080/realms/practice";
const NOW: u64 = 1_800_000_000;
const ENROLMENT: &str = "11111111-1111-4111-8111-111111111111";
static KEY: LazyLock<Arc<RealmKey>> = LazyLock::new(|| Arc::new(RealmKey::generate().expect("a key")));

/// A realm with alice, an open enrolment of hers, and a phone that is about to use it.
struct Bench {
    state: State,
    now: u64,
    key: SigningKey,
    access_token: String,
    serial: u32,
}

/// A change to something that would be right.
type Edit<'e> = &'e dyn Fn(&mut Value);
const SOUND: Edit<'static> = &|_| {};

impl Bench {
    fn new() -> Self {
        let mut state =
            State::new(Settings::default(), Arc::clone(&KEY), Client::practice("secret".to_owned()));
        state.apply(&[
            Change::UserAdded(User::new("alice-id", "alice")),
            Change::UserAdded(User::new("bob-id", "bob")),
            Change::EnrolmentStarted(Enrolment {
                id: ENROLMENT.to_owned(),
                handle: "22222222-2222-4222-8222-222222222222".to_owned(),
                user: "alice-id".to_owned(),
                nonce: "n+/".to_owned(),
                secret: String::new(),
                created_at: NOW,
                expires_at: NOW + 240,
                standing: Standing::Pending,
                phone: None,
            }),
        ]);
        let key = SigningKey::from_slice(&[7; 32]).expect("a key");
        let mut bench = Self { state, now: NOW, key, access_token: String::new(), serial: 0 };
        let answer = bench.token(SOUND, SOUND);
        let answer: Value = serde_json::from_str(&answer.body).expect("JSON");
        bench.access_token = answer["access_token"].as_str().expect("a token").to_owned();
        bench
    }

    fn enrolled() -> Self {
        let mut bench = Self::new();
        assert_eq!(bench.enrol(SOUND, SOUND, SOUND).status, 200);
        bench
    }

    /// Enrolled, and with a sign-in that waits.
    fn asked() -> (Self, String, String) {
        let mut bench = Self::enrolled();
        let started =
            bench.state.start_login("alice-id", None, Client::SITE, NOW, &[5; 32]).expect("started");
        bench.state.apply(&started.changes);
        (bench, started.id, started.shown.expect("a number"))
    }

    fn token(&mut self, header: Edit<'_>, claims: Edit<'_>) -> Response {
        let path = "/protocol/openid-connect/token";
        let proof = self.proof("POST", path, false, header, claims);
        let form = "grant_type=client_credentials&client_id=push-device-client&client_secret=secret";
        self.send("POST", path, &[("DPoP", &proof)], form)
    }

    fn enrol(&mut self, header: Edit<'_>, claims: Edit<'_>, proof: Edit<'_>) -> Response {
        let token = self.signed(
            json!({"alg": "ES256", "typ": "JWT"}),
            json!({
                "enrollmentId": ENROLMENT, "nonce": "n+/", "sub": "alice-id", "deviceType": "test",
                "credentialId": "credential", "deviceId": "device", "deviceLabel": "Phone", "cnf": {"jwk": self.jwk()},
            }),
            header,
            claims,
        );
        self.authenticated("POST", "/push-mfa/enroll/complete", &json!({"token": token}), proof)
    }

    fn pending(&mut self, header: Edit<'_>, proof: Edit<'_>) -> Response {
        let target = "/push-mfa/login/pending?userId=alice-id";
        let proof = self.proof("GET", target, true, header, proof);
        let authorization = format!("DPoP {}", self.access_token);
        self.send("GET", target, &[("DPoP", &proof), ("Authorization", &authorization)], "")
    }

    fn respond(&mut self, cid: &str, claims: &Value) -> Response {
        let token = self.signed(json!({"alg": "ES256", "typ": "JWT"}), claims.clone(), SOUND, SOUND);
        let target = format!("/push-mfa/login/challenges/{cid}/respond");
        self.authenticated("POST", &target, &json!({"token": token}), SOUND)
    }

    fn authenticated(&mut self, method: &str, target: &str, body: &Value, proof: Edit<'_>) -> Response {
        let proof = self.proof(method, target, true, SOUND, proof);
        let authorization = format!("DPoP {}", self.access_token);
        let headers = [
            ("DPoP", proof.as_str()),
            ("Authorization", authorization.as_str()),
            ("Content-Type", "application/json"),
        ];
        self.send(method, target, &headers, &body.to_string())
    }

    fn proof(
        &mut self,
        method: &str,
        target: &str,
        with_token: bool,
        header: Edit<'_>,
        claims: Edit<'_>,
    ) -> String {
        self.serial += 1;
        let path = target.split('?').next().expect("a path");
        let mut sound = json!({
            "htm": method, "htu": format!("{ISSUER}{path}"), "iat": self.now, "jti": format!("{}", self.serial),
        });
        if with_token {
            let hash = digest::digest(&digest::SHA256, self.access_token.as_bytes());
            sound["ath"] = json!(URL_SAFE_NO_PAD.encode(hash));
            sound["sub"] = json!("alice-id");
            sound["deviceId"] = json!("device");
        }
        self.signed(json!({"alg": "ES256", "typ": "dpop+jwt", "jwk": self.jwk()}), sound, header, claims)
    }

    fn signed(
        &self,
        mut header: Value,
        mut claims: Value,
        edit_header: Edit<'_>,
        edit_claims: Edit<'_>,
    ) -> String {
        edit_header(&mut header);
        edit_claims(&mut claims);
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", encode(&header), encode(&claims));
        let signature: Signature = self.key.sign(signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }

    fn jwk(&self) -> Value {
        let point = self.key.verifying_key().to_sec1_point(false);
        let encode =
            |part: Option<&_>| URL_SAFE_NO_PAD.encode::<&[u8]>(AsRef::as_ref(part.expect("a point")));
        json!({"kty": "EC", "crv": "P-256", "x": encode(point.x()), "y": encode(point.y()), "alg": "ES256"})
    }

    fn send(&mut self, method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> Response {
        let request = Request {
            method: method.to_owned(),
            url: format!("{ISSUER}{target}"),
            headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            body: body.as_bytes().to_vec(),
        };
        let verdict = judge(&request, &self.state, self.now, &[9; 32]);
        self.state.apply(&verdict.changes);
        verdict.response
    }
}

fn said(response: &Response) -> (u16, String) {
    let body: Value = serde_json::from_str(&response.body).expect("JSON");
    let text = body.get("error_description").or_else(|| body.get("error")).and_then(Value::as_str);
    (response.status, text.unwrap_or_default().to_owned())
}

#[track_caller]
fn refused(response: &Response, status: u16, text: &str) {
    assert_eq!(said(response), (status, text.to_owned()));
}

/// An edit that sets one field; `null` takes it away.
fn set(name: &'static str, value: Value) -> impl Fn(&mut Value) {
    move |fields| {
        let fields = fields.as_object_mut().expect("an object");
        match &value {
            Value::Null => {
                fields.remove(name);
            }
            value => {
                fields.insert(name.to_owned(), value.clone());
            }
        }
    }
}

#[test]
fn proofs_at_the_extension() {
    let long = "j".repeat(129);
    for (name, value, status, text) in [
        ("htm", Value::Null, 400, "Missing field: htm"),
        ("htu", json!(" "), 400, "Missing field: htu"),
        ("htu", json!(format!("{ISSUER}/push-mfa/login/pending/")), 403, "DPoP proof htu mismatch"),
        ("iat", json!("soon"), 400, "DPoP proof missing iat"),
        ("iat", json!(NOW - 121), 400, "DPoP proof expired"),
        ("iat", json!(NOW + 121), 400, "DPoP proof expired"),
        ("jti", Value::Null, 400, "Missing field: jti"),
        ("jti", json!(long), 400, "Field too long: jti"),
        ("ath", json!("AAAA"), 403, "DPoP proof ath mismatch"),
        ("sub", Value::Null, 400, "Missing field: sub"),
        ("sub", json!("alice\u{7}"), 400, "Invalid characters in field: sub"),
        ("sub", json!("carol-id"), 404, "User not found"),
        ("sub", json!("bob-id"), 403, "Device not registered for user"),
        ("deviceId", json!("another"), 403, "Device not registered for user"),
    ] {
        let mut bench = Bench::enrolled();
        refused(&bench.pending(SOUND, &set(name, value)), status, text);
    }
    for (name, value, status, text) in [
        ("typ", json!("JWT"), 400, "DPoP proof missing typ=dpop+jwt"),
        ("alg", json!("none"), 400, "Unsupported DPoP proof algorithm: none"),
        ("alg", json!("HS256"), 400, "Unsupported DPoP proof algorithm: HS256"),
        ("alg", json!("ES384"), 400, "JWK algorithm mismatch"),
        ("alg", json!("X"), 400, "Invalid DPoP proof"),
    ] {
        let mut bench = Bench::enrolled();
        refused(&bench.pending(&set(name, value), SOUND), status, text);
    }
    for right in [
        set("iat", json!(NOW - 120)),
        set("htm", json!("get")),
        set("htu", json!(format!("{ISSUER}/push-mfa/login/pending?userId=x#y"))),
    ] {
        assert_eq!(Bench::enrolled().pending(SOUND, &right).status, 200);
    }
}

#[test]
fn access_tokens() {
    let mut bench = Bench::enrolled();
    bench.now = NOW + 301;
    refused(&bench.pending(SOUND, SOUND), 401, "Invalid access token");

    // A token of the realm for something else, and one without a key bound to it.
    let mut bench = Bench::enrolled();
    let started = bench.state.start_login("alice-id", None, Client::SITE, NOW, &[5; 32]).expect("started");
    bench.state.apply(&started.changes);
    let challenge = bench.state.challenge(&started.id, NOW).expect("it waits");
    let link = bench.state.confirm_link(challenge, "http://127.0.0.1:8080").expect("a link");
    bench.access_token = link.split("token=").nth(1).expect("a token").to_owned();
    refused(&bench.pending(SOUND, SOUND), 401, "Invalid access token");

    let mut bench = Bench::enrolled();
    for client in &mut bench.state.clients {
        client.demands_proof = false;
    }
    let form = "grant_type=client_credentials&client_id=push-device-client&client_secret=secret";
    let answer = bench.send("POST", "/protocol/openid-connect/token", &[], form);
    let answer: Value = serde_json::from_str(&answer.body).expect("JSON");
    assert_eq!(answer["token_type"], "Bearer");
    bench.access_token = answer["access_token"].as_str().expect("a token").to_owned();
    refused(&bench.pending(SOUND, SOUND), 403, "Access token missing DPoP binding");

    let mut bench = Bench::enrolled();
    let mut parts: Vec<String> = bench.access_token.split('.').map(str::to_owned).collect();
    let claims = URL_SAFE_NO_PAD.decode(&parts[1]).expect("base64url");
    let mut claims: Value = serde_json::from_slice(&claims).expect("claims");
    claims["exp"] = json!(NOW + 9999);
    parts[1] = URL_SAFE_NO_PAD.encode(claims.to_string());
    bench.access_token = parts.join(".");
    refused(&bench.pending(SOUND, SOUND), 401, "Invalid access token");
}

#[test]
fn proofs_at_the_token_endpoint() {
    for (name, value, text) in [
        ("jti", Value::Null, "DPoP mandatory claims are missing"),
        ("iat", Value::Null, "DPoP mandatory claims are missing"),
        ("htm", json!("GET"), "DPoP HTTP method mismatch"),
        ("htu", json!(ISSUER), "DPoP HTTP URL mismatch"),
    ] {
        refused(&Bench::new().token(SOUND, &set(name, value)), 400, text);
    }
    let mut private = Bench::new().jwk();
    private["d"] = json!("AAAA");
    let mut foreign = Bench::new().jwk();
    foreign["x"] = foreign["y"].clone();
    for (name, value, text) in [
        ("typ", json!("jwt"), "Invalid or missing type in DPoP header: jwt"),
        ("typ", Value::Null, "Invalid or missing type in DPoP header: null"),
        ("alg", json!("none"), "Unsupported DPoP algorithm: none"),
        ("jwk", Value::Null, "No JWK in DPoP header"),
        ("jwk", json!({"kty": "OKP"}), "Unsupported key type in DPoP header"),
        ("jwk", private, "Private key is present in DPoP header"),
        ("jwk", foreign, "DPoP verification failure: Invalid token signature"),
    ] {
        refused(&Bench::new().token(&set(name, value), SOUND), 400, text);
    }
    let mut bench = Bench::new();
    let same = set("jti", json!("same"));
    assert_eq!(bench.token(SOUND, &same).status, 200);
    refused(&bench.token(SOUND, &same), 400, "DPoP proof has already been used");
}

#[test]
fn enrolments() {
    let key_flaw = |value: Value| set("cnf", json!({"jwk": value}));
    let mut private = Bench::new().jwk();
    private["d"] = json!("AAAA");
    let mut other = Bench::new().jwk();
    other["y"] = other["x"].clone();
    let bounded = |name: &'static str, length: usize| set(name, json!("x".repeat(length)));
    let refuse = |edit: Edit<'_>, status, text: &str| {
        refused(&Bench::new().enrol(SOUND, edit, SOUND), status, text);
    };
    refuse(&set("sub", json!("carol-id")), 404, "User not found");
    refuse(&set("sub", json!("bob-id")), 403, "Challenge does not belong to user");
    refuse(&set("enrollmentId", json!("x")), 400, "Invalid UUID field: enrollmentId");
    refuse(&set("enrollmentId", json!("33333333-3333-4333-8333-333333333333")), 404, "Challenge not found");
    refuse(&set("exp", json!(NOW - 1)), 400, "enrollment token expired");
    refuse(&set("nonce", Value::Null), 400, "Missing field: nonce");
    refuse(&set("cnf", Value::Null), 400, "Enrollment token is missing cnf.jwk claim");
    refuse(&key_flaw(json!("x")), 400, "Enrollment token cnf.jwk must be an object");
    refuse(&key_flaw(private), 400, "JWK must not contain private key parameters");
    refuse(&key_flaw(json!({"kty": "OKP"})), 400, "Unsupported JWK");
    refuse(&key_flaw(other), 403, "Invalid enrollment token signature");
    refuse(&set("deviceId", json!("other")), 403, "DPoP proof deviceId mismatch");
    refuse(&bounded("deviceId", 129), 400, "Field too long: deviceId");
    refuse(&set("deviceType", Value::Null), 400, "Missing field: deviceType");
    refuse(&bounded("deviceType", 65), 400, "Field too long: deviceType");
    refuse(&bounded("credentialId", 129), 400, "Field too long: credentialId");
    refuse(&bounded("deviceLabel", 129), 400, "Field too long: deviceLabel");
    refuse(&set("deviceLabel", json!("a\u{1b}")), 400, "Invalid characters in field: deviceLabel");
    refuse(
        &set("pushProviderType", json!("fcm")),
        400,
        "pushProviderId required unless pushProviderType=none",
    );
    refused(
        &Bench::new().enrol(&set("alg", json!("none")), SOUND, SOUND),
        400,
        "Unsupported enrollment token algorithm: none",
    );
    refused(&Bench::new().enrol(SOUND, SOUND, &set("sub", json!("bob-id"))), 403, "DPoP proof sub mismatch");
    let mut late = Bench::new();
    late.now = NOW + 240;
    refused(&late.enrol(SOUND, SOUND, SOUND), 404, "Challenge not found");

    let mut bench = Bench::new();
    assert_eq!(bench.enrol(SOUND, &set("deviceLabel", Value::Null), SOUND).status, 200);
    let label = &bench.state.user("alice-id").expect("alice").phones[0].label;
    assert_eq!(label, "Push MFA Device");
}

#[test]
fn answers() {
    let claims = |cid: &str| json!({"cid": cid, "credId": "credential", "deviceId": "device"});
    for (name, value, status, text) in [
        ("userVerification", json!(34), 400, "Invalid user verification value"),
        ("userVerification", json!("  "), 400, "Missing user verification"),
        ("userVerification", json!("99999"), 403, "User verification mismatch"),
        ("credId", Value::Null, 400, "Missing field: credId"),
        ("cid", json!("x"), 400, "Invalid UUID field: cid"),
        ("exp", json!(NOW - 1), 400, "authentication token expired"),
        ("action", json!("MAYBE"), 400, "Unsupported action: maybe"),
    ] {
        let (mut bench, cid, _) = Bench::asked();
        let mut answer = claims(&cid);
        set(name, value)(&mut answer);
        refused(&bench.respond(&cid, &answer), status, text);
        assert_eq!(bench.state.login_standing(&cid, NOW), Standing::Pending);
    }
    // Without an action it approves; blanks around the number don't matter.
    let (mut bench, cid, number) = Bench::asked();
    let mut answer = claims(&cid);
    answer["userVerification"] = json!(format!(" {number} "));
    assert_eq!(bench.respond(&cid, &answer).body, r#"{"status":"approved"}"#);
    assert_eq!(bench.state.login_standing(&cid, NOW), Standing::Approved);

    let (mut bench, cid, _) = Bench::asked();
    let mut answer = claims(&cid);
    answer["action"] = json!("Deny");
    assert_eq!(bench.respond(&cid, &answer).body, r#"{"status":"denied"}"#);

    // The one code for another thing, and somebody else's phone.
    let (mut bench, cid, _) = Bench::asked();
    refused(&bench.respond(ENROLMENT, &claims(&cid)), 400, "Challenge is not for login");
    let (mut bench, cid, _) = Bench::asked();
    bench.key = SigningKey::from_slice(&[8; 32]).expect("a key");
    refused(&bench.respond(&cid, &claims(&cid)), 403, "Invalid DPoP proof signature");
}

#[test]
fn bodies_and_addresses() {
    let complete = "/push-mfa/enroll/complete";
    let json_type = [("Content-Type", "application/json")];
    for (body, text) in [
        ("", "Request body required"),
        ("null", "Request body required"),
        ("[]", "Cannot parse the JSON"),
        ("{\"token\":", "Cannot parse the JSON"),
        ("{}", "Missing field: token"),
        ("{\"token\":{}}", "Missing field: token"),
        ("{\"token\":\"a.b\"}", "Invalid enrollment token"),
    ] {
        refused(&Bench::new().send("POST", complete, &json_type, body), 400, text);
    }
    let long = json!({"token": "x".repeat(20_000)}).to_string();
    refused(&Bench::new().send("POST", complete, &json_type, &long), 400, "Field too long: token");
    refused(&Bench::new().send("POST", complete, &[], "{}"), 415, "HTTP 415 Unsupported Media Type");
    refused(&Bench::new().send("GET", complete, &[], ""), 405, "HTTP 405 Method Not Allowed");
    refused(&Bench::new().send("GET", "/account", &[], ""), 404, "HTTP 404 Not Found");
    refused(&Bench::new().send("GET", "/push-mfa/../x", &[], ""), 400, "Request path not normalized");
    refused(&Bench::new().send("GET", "/push-mfa/login/pending", &[], ""), 400, "Missing field: userId");
    let no_grant = "client_id=push-device-client&client_secret=secret&grant_type=password";
    let mut bench = Bench::new();
    let token_path = "/protocol/openid-connect/token";
    let proof = bench.proof("POST", token_path, false, SOUND, SOUND);
    refused(&bench.send("POST", token_path, &[("DPoP", &proof)], no_grant), 400, "Unsupported grant_type");
}

#[test]
fn what_a_phone_changes_about_itself() {
    let mut bench = Bench::enrolled();
    let provider = "/push-mfa/device/push-provider";
    refused(&bench.authenticated("PUT", provider, &json!({}), SOUND), 400, "Missing field: pushProviderId");
    let body = json!({"pushProviderId": "address", "pushProviderType": "fcm"});
    assert_eq!(bench.authenticated("PUT", provider, &body, SOUND).body, r#"{"status":"updated"}"#);
    let body = json!({"pushProviderId": "address"});
    assert_eq!(bench.authenticated("PUT", provider, &body, SOUND).body, r#"{"status":"unchanged"}"#);

    let rotate = "/push-mfa/device/rotate-key";
    let mut wrong = bench.jwk();
    wrong["alg"] = json!("ES384");
    for (jwk, text) in [
        (Value::Null, "Request missing publicKeyJwk"),
        (json!("x"), "publicKeyJwk must be an object"),
        (wrong, "EC curve P-256 incompatible with ES384"),
    ] {
        refused(&bench.authenticated("PUT", rotate, &json!({"publicKeyJwk": jwk}), SOUND), 400, text);
    }
}

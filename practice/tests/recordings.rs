//! Holds `judge` against recorded exchanges with a real Keycloak: the same call at the same time gets the same
//! status, the same texts and the same headers.
//!
//! Three answers can't be the same to the letter, and are compared as far as they can be:
//! - access tokens and enrolment tokens are signed by another key: their surroundings and claims are compared;
//! - the key set has this realm's own key besides the recorded ones;
//! - an error page for a client that asked for HTML is Keycloak's own page: its status and type are compared.

#![allow(clippy::expect_used, reason = "a test ends where something is not as expected")]

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign_practice::realm::{
    Challenge, Change, Client, Enrolment, RealmKey, Request, Response, Settings, Standing, State, User,
    Verification, judge,
};
use serde_json::{Value, json};

const RECORDING: &str = include_str!("../../tests/fixtures/keycloak_push/exchanges.json");

#[test]
fn every_recorded_call_gets_the_recorded_answer() {
    let recording: Vec<Value> = serde_json::from_str(RECORDING).expect("a list");
    let mut state = realm(&recording);
    let mut compared = 0;
    for (at, entry) in recording.iter().enumerate() {
        let now = entry["now"].as_f64().expect("a time") as u64;
        if entry["kind"] == "page" {
            show_page(&mut state, entry, &recording[at..], now);
            continue;
        }
        behind_the_scenes(&mut state, entry);
        let request = request(&entry["request"]);
        let verdict = judge(&request, &state, now, &[at as u8; 32]);
        let what = format!("{at}: {} {} {}", entry["step"], request.method, request.url);
        compare(&what, &entry["response"], &verdict.response);
        state.apply(&verdict.changes);
        compared += 1;
    }
    assert_eq!(compared, 133);
}

/// Each recorded call once more, with the state as it is at the very end: no panic, and never a success that
/// would need what is gone.
#[test]
fn a_recording_played_again_achieves_nothing() {
    let recording: Vec<Value> = serde_json::from_str(RECORDING).expect("a list");
    let state = realm(&recording);
    let late = 1_795_475_336 + 3600;
    for entry in recording.iter().filter(|entry| entry["kind"] == "exchange") {
        let request = request(&entry["request"]);
        let verdict = judge(&request, &state, late, &[0; 32]);
        let is_push = request.url.contains("/push-mfa/");
        assert!(!is_push || verdict.response.status >= 400, "{}", entry["step"]);
    }
}

/// Each recorded call with one byte of its address, a header or its body changed: judged without a panic, the same
/// each time, and never for the better.
#[test]
fn damaged_calls_are_refused_or_mean_the_same() {
    let recording: Vec<Value> = serde_json::from_str(RECORDING).expect("a list");
    let mut state = realm(&recording);
    let mut random: u32 = 1;
    let mut next = move |end: usize| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (random >> 8) as usize % end.max(1)
    };
    for (at, entry) in recording.iter().enumerate() {
        let now = entry["now"].as_f64().expect("a time") as u64;
        if entry["kind"] == "page" {
            show_page(&mut state, entry, &recording[at..], now);
            continue;
        }
        behind_the_scenes(&mut state, entry);
        let sound = request(&entry["request"]);
        let right = judge(&sound, &state, now, &[0; 32]);
        for _ in 0..40 {
            let damaged = damage(&sound, &mut next);
            let verdict = judge(&damaged, &state, now, &[0; 32]);
            let again = judge(&damaged, &state, now, &[0; 32]);
            assert_eq!(verdict.response, again.response, "{at}: not a pure function");
            let better = verdict.response.status == 200 && right.response.status >= 400;
            assert!(!better, "{at}: {damaged:?}");
        }
        state.apply(&right.changes);
    }
}

fn damage(sound: &Request, next: &mut impl FnMut(usize) -> usize) -> Request {
    let mut request = sound.clone();
    let mut flip = |text: &str| {
        let mut bytes = text.as_bytes().to_vec();
        let place = next(bytes.len());
        if let Some(byte) = bytes.get_mut(place) {
            *byte = [b'A', b'.', b'%', b'{', b'"', 0xff, 0][next(7)];
        }
        String::from_utf8_lossy(&bytes).into_owned()
    };
    match sound.body.len() % 3 {
        0 => request.url = flip(&sound.url),
        _ => {
            let body = String::from_utf8_lossy(&sound.body).into_owned();
            request.body = flip(&body).into_bytes();
        }
    }
    for (name, value) in &mut request.headers {
        if name == "DPoP" || name == "Authorization" {
            *value = flip(value);
        }
    }
    request
}

fn realm(recording: &[Value]) -> State {
    let client = |id: &str, name: Option<&str>, secret: Option<&str>, demands_proof| Client {
        id: id.to_owned(),
        name: name.map(str::to_owned),
        secret: secret.map(str::to_owned),
        demands_proof,
    };
    let settings = Settings { realm: "push".to_owned(), ..Settings::default() };
    let key = RealmKey::generate().expect("a key");
    let mut state = State::new(
        settings,
        Arc::new(key),
        vec![
            client("push-device-client", None, Some("device-client-secret"), true),
            client("probe-demo-attr", None, Some("probe"), false),
            client("probe-public", None, None, false),
            client("web-app", Some("Example Web App"), None, false),
        ],
    );
    let certs = recording.iter().find(|entry| entry["step"] == "realm keys").expect("the key set");
    let certs: Value = body(&certs["response"]);
    state.retired_keys = certs["keys"].as_array().expect("keys").clone();
    state.apply(&[Change::UserAdded(alice("d32907c7-b7ef-41d7-a3ab-b356a1e33cd4"))]);
    state
}

fn alice(id: &str) -> User {
    User::new(id, "alice")
}

/// Brings the state to what the recorded page shows.
fn show_page(state: &mut State, page: &Value, rest: &[Value], now: u64) {
    if let Some(text) = page["enrolment_token"].as_str() {
        let (handle, token) = match text.rsplit_once("/request-token/") {
            // The page only has the address; the token comes with the first fetch.
            Some((_, handle)) => {
                let fetch = rest.iter().find(|entry| entry["step"] == "request-token").expect("a fetch");
                (handle, fetch["response"]["body"].as_str().expect("a token"))
            }
            None => ("00000000-0000-4000-8000-000000000000", text),
        };
        let claims = claims(token);
        let string = |name: &str| claims[name].as_str().expect("text").to_owned();
        if state.user(&string("sub")).is_none() {
            state.apply(&[Change::UserAdded(alice(&string("sub")))]);
        }
        state.apply(&[Change::EnrolmentStarted(Enrolment {
            id: string("enrollmentId"),
            handle: handle.to_owned(),
            user: string("sub"),
            nonce: string("nonce"),
            secret: String::new(),
            created_at: now,
            expires_at: claims["exp"].as_u64().expect("a time"),
            standing: Standing::Pending,
            phone: None,
        })]);
    }
    if let Some(token) = page["confirm_token"].as_str() {
        let claims = claims(token);
        let id = claims["cid"].as_str().expect("an id").to_owned();
        let user = state.user_named("alice").expect("a user");
        let phone = user.phones.first().expect("a phone").id.clone();
        let user = user.id.clone();
        state.apply(&[Change::ChallengeStarted(Challenge {
            verification: verification(page, rest, &id),
            id,
            user,
            phone,
            client: "web-app".to_owned(),
            secret: String::new(),
            created_at: claims["iat"].as_u64().expect("a time"),
            expires_at: claims["exp"].as_u64().expect("a time"),
            standing: Standing::Pending,
        })]);
    }
}

/// The number on the page, and the offered ones from the next pending list that has this sign-in.
fn verification(page: &Value, rest: &[Value], cid: &str) -> Verification {
    let Some(shown) = page["shown_number"].as_str() else {
        return Verification::None;
    };
    if shown.len() > 2 {
        return Verification::Pin(shown.to_owned());
    }
    let numbers = rest.iter().find_map(|entry| {
        let list: Value = serde_json::from_str(entry["response"]["body"].as_str()?).ok()?;
        let entry = list["challenges"].as_array()?.iter().find(|entry| entry["cid"] == cid)?.clone();
        serde_json::from_value(entry["userVerification"]["numbers"].clone()).ok()
    });
    Verification::Number {
        options: numbers.unwrap_or_else(|| vec![shown.to_owned()]),
        answer: shown.to_owned(),
    }
}

/// What the recorded browser and the recorded administrator did before this call.
fn behind_the_scenes(state: &mut State, entry: &Value) {
    let user = state.user_named("alice").map(|user| user.id.clone()).unwrap_or_default();
    match entry["step"].as_str().unwrap_or_default() {
        "approve after browser went on" => {
            let url = entry["request"]["url"].as_str().expect("an address");
            let id = url.split('/').rev().nth(1).expect("an id");
            state.apply(&state.end_login(id));
        }
        "pending after admin re-enabled" => {
            state.apply(&[Change::UserEnabled { user, enabled: true }]);
        }
        "pending after admin deleted the credential" => {
            let phone = state.user(&user).expect("a user").phones[0].id.clone();
            state.apply(&[Change::PhoneRemoved { user, phone }]);
        }
        "pending after admin deleted the user" => {
            state.apply(&[Change::UserRemoved { user }]);
        }
        _ => {}
    }
}

fn request(recorded: &Value) -> Request {
    let headers = recorded["headers"].as_object().expect("headers");
    Request {
        method: recorded["method"].as_str().expect("a method").to_owned(),
        url: recorded["url"].as_str().expect("an address").to_owned(),
        headers: headers
            .iter()
            .map(|(name, value)| (name.clone(), value.as_str().expect("text").to_owned()))
            .collect(),
        body: recorded["body"].as_str().unwrap_or_default().as_bytes().to_vec(),
    }
}

fn compare(what: &str, recorded: &Value, given: &Response) {
    assert_eq!(json!(given.status), recorded["status"], "{what}: {}", given.body);
    for name in ["Content-Type", "Cache-Control"] {
        assert_eq!(given.header(name), recorded["headers"][name].as_str(), "{what}: {name}");
    }
    match recorded["headers"]["Content-Type"].as_str().unwrap_or_default() {
        "text/html;charset=utf-8" => {}
        "application/jwt" => {
            let (mut given, mut recorded) =
                (claims(&given.body), claims(recorded["body"].as_str().expect("text")));
            // Made at the moment of the fetch: in the second in which the record says, or the next.
            let moved =
                given["iat"].as_u64().expect("a time").abs_diff(recorded["iat"].as_u64().expect("a time"));
            assert!(moved <= 1, "{what}: {moved}");
            given["iat"] = Value::Null;
            recorded["iat"] = Value::Null;
            assert_eq!(given, recorded, "{what}");
        }
        _ => compare_json(what, &body(recorded), &serde_json::from_str(&given.body).expect("JSON")),
    }
}

fn compare_json(what: &str, recorded: &Value, given: &Value) {
    if recorded.get("keys").is_some() {
        let given = given["keys"].as_array().expect("keys");
        assert!(recorded["keys"].as_array().expect("keys").iter().all(|key| given.contains(key)));
        return;
    }
    if recorded.get("access_token").is_none() {
        assert_eq!(given, recorded, "{what}");
        return;
    }
    let surroundings = |answer: &Value| {
        let mut answer = answer.clone();
        answer["access_token"] = Value::Null;
        answer["scope"] = words(&answer["scope"]);
        // Once in the recording a second ticked over between making the token and writing the answer.
        assert!((299..=300).contains(&answer["expires_in"].as_u64().unwrap_or_default()), "{what}");
        answer["expires_in"] = Value::Null;
        answer
    };
    assert_eq!(surroundings(given), surroundings(recorded), "{what}");
    let claims_of = |answer: &Value| {
        let claims = claims(answer["access_token"].as_str().expect("a token"));
        let named = ["iss", "aud", "typ", "azp", "acr", "cnf", "client_id"];
        named.map(|name| claims.get(name).cloned())
    };
    assert_eq!(claims_of(given), claims_of(recorded), "{what}");
}

fn words(text: &Value) -> Value {
    let mut words: Vec<&str> = text.as_str().expect("text").split(' ').collect();
    words.sort_unstable();
    json!(words)
}

fn body(recorded: &Value) -> Value {
    serde_json::from_str(recorded["body"].as_str().expect("text")).expect("JSON")
}

fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).expect("a payload");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).expect("base64url")).expect("claims")
}

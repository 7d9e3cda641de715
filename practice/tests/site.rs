//! The whole site over HTTP: its pages, and a phone beside them.

#![allow(clippy::expect_used, reason = "a test ends where something is not as expected")]

mod common;

use std::thread::sleep;
use std::time::Duration;

use common::browser::Browser;
use common::phone::{Phone, now};
use common::{send, tells_the_time};
use countersign_practice::realm::code_at;
use countersign_practice::{Options, Running, VerificationKind, start};

fn site(options: Options) -> Running {
    start(options).expect("started")
}

/// Sets up the account of alice with a phone, up to the page with the first number.
fn set_up(base: &str, language: &'static str) -> (Browser, Phone) {
    let mut browser = Browser::open(base, language);
    browser.sign_in("alice", "practice");
    assert_eq!(browser.path, "/setup");
    browser.get("/setup/app").post("/setup/scan", &[]);
    assert_eq!(browser.path, "/setup/scan");
    let (phone, reply) = Phone::enrol(&browser.link(), 1);
    assert_eq!((reply.status, reply.body.as_str()), (200, r#"{"status":"enrolled"}"#));
    browser.get("/setup/scan");
    assert!(browser.page.body.contains("data-standing=\"APPROVED\""));
    browser.post("/setup/next", &[]);
    (browser, phone)
}

/// Set up, signed in and signed out again.
fn set_up_and_out(base: &str) -> (Browser, Phone) {
    let (mut browser, mut phone) = set_up(base, "en");
    let number = browser.number();
    assert_eq!(phone.answer("approve", Some(&number)).status, 200);
    browser.get("/setup/try").get("/stay").post("/stay", &[("stay", "no")]);
    assert_eq!(browser.path, "/");
    browser.post("/sign-out", &[]);
    (browser, phone)
}

#[test]
fn the_guide_from_the_first_password_to_the_next_sign_in() {
    let site = site(Options::default());
    let (mut browser, mut phone) = set_up(&site.base_url(), "en");
    assert_eq!(browser.title(), "Let's try it out");
    let number = browser.number();
    let reply = phone.answer("approve", Some(&number));
    assert_eq!(reply.body, r#"{"status":"approved"}"#);
    browser.get("/setup/try");
    assert_eq!(browser.title(), "Authenticator added");
    browser.get("/stay");
    assert_eq!(browser.title(), "Stay signed in?");
    browser.post("/stay", &[("stay", "yes")]);
    assert_eq!(browser.title(), "You are signed in");
    browser.post("/sign-out", &[]);
    browser.get("/");
    assert_eq!(browser.title(), "Sign in");

    browser.sign_in("Alice", "practice");
    assert_eq!(browser.title(), "Approve sign in request");
    assert_eq!(browser.number().len(), 2);
    let pending = phone.pending();
    assert_eq!(pending[0]["clientName"], "Practice site");
    assert_eq!(pending[0]["userVerification"]["type"], "number-match");
    let number = browser.number();
    assert_eq!(phone.answer("approve", Some(&number)).status, 200);
    browser.get("/approve");
    assert_eq!(browser.title(), "Stay signed in?");
    assert!(phone.pending().is_empty());
}

#[test]
fn the_token_itself_can_be_in_the_code() {
    let site = site(Options { request_uri: false, ..Options::default() });
    let (browser, _) = set_up(&site.base_url(), "en");
    assert_eq!(browser.path, "/setup/try");
}

#[test]
fn declined_wrong_number_and_repeated() {
    let site = site(Options::default());
    let (mut browser, mut phone) = set_up_and_out(&site.base_url());
    browser.sign_in("alice", "practice");
    let number = browser.number();
    let wrong = if number == "10" { "11" } else { "10" };
    let reply = phone.answer("approve", Some(wrong));
    assert_eq!((reply.status, reply.body.as_str()), (403, r#"{"error":"User verification mismatch"}"#));
    browser.get("/approve");
    assert_eq!(browser.number(), number, "it stays pending");
    assert_eq!(phone.answer("deny", None).body, r#"{"status":"denied"}"#);
    browser.get("/approve");
    assert_eq!(browser.title(), "The request was declined");
    browser.post("/approve", &[]);

    let cid = phone.pending()[0]["cid"].as_str().expect("an id").to_owned();
    let answer = phone.answer_token(&cid, "approve", Some(&browser.number()));
    let target = format!("/push-mfa/login/challenges/{cid}/respond");
    let proof = phone.proof("POST", &target, true);
    assert_eq!(phone.call_with(&proof, "POST", &target, &answer).status, 200);
    let again = phone.call_with(&proof, "POST", &target, &answer);
    assert_eq!(again.body, r#"{"error":"Challenge already resolved or expired"}"#);
    browser.get("/approve");
    assert_eq!(browser.path, "/stay");
    let late = phone.call("POST", &target, &answer);
    assert_eq!((late.status, late.body.as_str()), (404, r#"{"error":"Challenge not found"}"#));

    let target = format!("/push-mfa/login/pending?userId={}", phone.subject);
    let proof = phone.proof("GET", &target, true);
    assert_eq!(phone.call_with(&proof, "GET", &target, "").status, 200);
    let replayed = phone.call_with(&proof, "GET", &target, "");
    assert_eq!((replayed.status, replayed.body.as_str()), (403, r#"{"error":"DPoP proof replay detected"}"#));
}

#[test]
fn no_answer_in_time() {
    let site = site(Options { challenge_seconds: 1, ..Options::default() });
    let (mut browser, mut phone) = set_up(&site.base_url(), "en");
    sleep(Duration::from_millis(2100));
    browser.get("/setup/try");
    assert_eq!(browser.title(), "We didn't hear from you");
    assert!(phone.pending().is_empty());
    browser.post("/setup/skip", &[]);
    assert_eq!(browser.title(), "Authenticator added");
}

#[test]
fn only_one_sign_in_waits() {
    let site = site(Options::default());
    let (mut browser, _) = set_up_and_out(&site.base_url());
    browser.sign_in("alice", "practice");
    let mut other = Browser::open(&site.base_url(), "en");
    other.sign_in("alice", "practice");
    assert_eq!((other.page.status, other.title().as_str()), (429, "You already have a pending request"));
    browser.get("/verify");
    other.post("/approve", &[]);
    assert_eq!(other.title(), "Approve sign in request");
}

#[test]
fn locked_out_from_the_phone() {
    let site = site(Options::default());
    let (mut browser, mut phone) = set_up_and_out(&site.base_url());
    browser.sign_in("alice", "practice");
    let reply = phone.call("POST", "/push-mfa/login/lockout", "");
    assert_eq!((reply.status, reply.body.as_str()), (200, r#"{"status":"locked_out"}"#));
    browser.get("/approve");
    assert_eq!(browser.title(), "This account is locked");
    browser.get("/setup/app");
    assert_eq!(browser.path, "/locked");
    let mut other = Browser::open(&site.base_url(), "en");
    other.sign_in("alice", "practice");
    assert_eq!(other.path, "/locked");
    other.post("/locked", &[]).sign_in("alice", "practice");
    assert_eq!(other.title(), "Approve sign in request");
    assert_eq!(phone.pending().len(), 1, "the phone works at once");
}

#[test]
fn one_time_codes_instead() {
    let site = site(Options::default());
    let mut browser = Browser::open(&site.base_url(), "en");
    browser.sign_in("alice", "practice").get("/setup/codes");
    let uri = browser.between("id=\"same-phone\" href=\"", "\"");
    assert!(uri.starts_with("otpauth://totp/Practice:alice?secret="), "{uri}");
    let key = browser.between("<code id=\"key\">", "</code>").replace(' ', "").to_uppercase();
    let secret = base32::decode(base32::Alphabet::Rfc4648 { padding: false }, &key).expect("Base32");
    browser.post("/setup/codes", &[("code", "000000")]);
    assert_eq!(browser.page.status, 400);
    let used = code_at(&secret, now());
    browser.post("/setup/codes", &[("code", &used)]);
    assert_eq!(browser.title(), "Authenticator added");
    browser.get("/").post("/sign-out", &[]);

    browser.sign_in("alice", "practice");
    assert_eq!(browser.title(), "Enter code");
    browser.post("/code", &[("code", &used)]);
    assert_eq!(browser.page.status, 401, "a code is taken once");
    let next = code_at(&secret, now() + 30);
    browser.post("/code", &[("code", &format!("{} {}", &next[..3], &next[3..]))]);
    assert_eq!(browser.title(), "Stay signed in?");

    browser.post("/stay", &[("stay", "no")]).post("/sign-out", &[]).sign_in("alice", "practice");
    for _ in 0..4 {
        browser.post("/code", &[("code", "1")]);
        assert_eq!(browser.page.status, 401);
    }
    browser.post("/code", &[("code", "1")]);
    assert_eq!(browser.page.status, 429);
    browser.get("/code");
    assert_eq!(browser.title(), "Sign in");
}

#[test]
fn methods_are_listed_and_removed() {
    let site = site(Options::default());
    let (mut browser, mut phone) = set_up(&site.base_url(), "en");
    let number = browser.number();
    phone.answer("approve", Some(&number));
    browser.get("/setup/try").get("/security-info");
    assert!(browser.page.body.contains("Test phone 1"));

    // A second phone: the first one is still the one that is asked, until it is changed.
    browser.post("/setup/scan", &[]);
    let (mut second, reply) = Phone::enrol(&browser.link(), 2);
    assert_eq!(reply.status, 200, "{}", reply.body);
    browser.get("/setup/scan").post("/setup/next", &[]);
    assert_eq!((second.pending().len(), phone.pending().len()), (1, 0), "the new phone is tried out");
    let number = browser.number();
    second.answer("approve", Some(&number));
    browser.get("/setup/try").get("/security-info");
    let second_id = browser.between("<input type=\"hidden\" name=\"id\" value=\"", "\"");
    browser.post("/security-info/default", &[("id", &second_id)]);

    let id = browser.between("/security-info/delete?id=", "\"");
    assert_eq!(id, second_id, "it is first now");
    browser.get(&format!("/security-info/delete?id={id}"));
    assert_eq!(browser.title(), "Delete this method?");
    browser.post("/security-info/delete", &[("kind", "app"), ("id", &id)]);
    assert!(!browser.page.body.contains("Test phone 2"));
    let gone = second.call("GET", &format!("/push-mfa/login/pending?userId={}", second.subject), "");
    assert_eq!((gone.status, gone.body.as_str()), (403, r#"{"error":"Device not registered for user"}"#));
}

#[test]
fn a_name_in_use_burns_the_code() {
    let site = site(Options::default());
    let (mut browser, mut phone) = set_up(&site.base_url(), "en");
    let number = browser.number();
    phone.answer("approve", Some(&number));
    browser.get("/setup/try").get("/security-info").post("/setup/scan", &[]);
    let (_, reply) = Phone::enrol_as(&browser.link(), 2, "test PHONE 1");
    assert_eq!(reply.status, 409);
    browser.get("/setup/scan");
    assert!(browser.page.body.contains("data-standing=\"DENIED\""));
    browser.post("/setup/scan", &[]);
    assert_eq!(Phone::enrol(&browser.link(), 3).1.status, 200);
}

/// A phone that never heard that it was taken can't say yes: its person goes on with another.
#[test]
fn who_has_just_added_a_phone_gets_another_code() {
    let site = site(Options::default());
    let mut browser = Browser::open(&site.base_url(), "en");
    browser.sign_in("alice", "practice").get("/setup/app").post("/setup/scan", &[]);
    assert_eq!(Phone::enrol(&browser.link(), 1).1.status, 200);
    browser.post("/setup/scan", &[]);
    assert_eq!((browser.path.as_str(), Phone::enrol(&browser.link(), 2).1.status), ("/setup/scan", 200));
    browser.get("/setup/scan").post("/setup/next", &[]);
    assert_eq!(browser.title(), "Let's try it out");
}

#[test]
fn pin_and_no_number() {
    let pin = site(Options { verification: VerificationKind::Pin, ..Options::default() });
    let (browser, mut phone) = set_up(&pin.base_url(), "en");
    assert_eq!(phone.pending()[0]["userVerification"]["pinLength"], 4);
    assert_eq!(phone.answer("approve", Some(&browser.number())).status, 200);

    let none = site(Options { verification: VerificationKind::None, ..Options::default() });
    let (browser, mut phone) = set_up(&none.base_url(), "en");
    assert!(!browser.page.body.contains("id=\"number\""));
    assert!(phone.pending()[0].get("userVerification").is_none());
    assert_eq!(phone.answer("approve", None).status, 200);
}

#[test]
fn in_japanese() {
    let site = site(Options::default());
    let (mut browser, mut phone) = set_up(&site.base_url(), "ja,en;q=0.5");
    assert!(browser.page.body.contains("<html lang=\"ja\">"));
    assert_eq!(browser.title(), "試してみましょう");
    let number = browser.number();
    phone.answer("approve", Some(&number));
    browser.get("/setup/try");
    assert_eq!(browser.title(), "認証アプリが追加されました");
    browser.post("/language", &[("to", "en"), ("back", "/security-info")]);
    assert_eq!((browser.path.as_str(), browser.title().as_str()), ("/security-info", "Security info"));
    browser.post("/language", &[("to", "ja"), ("back", "//elsewhere.example")]);
    assert_eq!(browser.path, "/");
}

#[test]
fn a_password_alone_changes_nothing() {
    let site = site(Options::default());
    let base = site.base_url();
    let (_, mut phone) = set_up_and_out(&base);
    let mut thief = Browser::open(&base, "en");
    thief.sign_in("alice", "practice");
    for path in [
        "/",
        "/setup",
        "/setup/app",
        "/setup/scan",
        "/setup/codes",
        "/setup/added",
        "/security-info",
        "/stay",
    ] {
        thief.get(path);
        assert!(["/sign-in", "/approve"].contains(&thief.path.as_str()), "{path} led to {}", thief.path);
        thief.get("/verify");
    }
    thief.post("/setup/scan", &[]);
    assert_eq!(thief.path, "/sign-in");
    assert!(phone.pending().is_empty());
}

#[test]
fn wrong_passwords_and_new_accounts() {
    let site = site(Options::default());
    let mut browser = Browser::open(&site.base_url(), "en");
    browser.sign_in("alice", "nope");
    assert_eq!(browser.page.status, 401);
    browser.sign_in("nobody", "practice");
    assert_eq!(browser.page.status, 401);
    browser.get("/create").post("/create", &[("name", "ALICE"), ("password", "x")]);
    assert!(browser.page.body.contains("taken"));
    let long = "n".repeat(65);
    browser.post("/create", &[("name", &long), ("password", "x")]);
    assert_eq!(browser.page.status, 400);
    browser.post("/create", &[("name", "<b>Bob</b>"), ("password", "x")]);
    assert_eq!(browser.path, "/setup");
    browser.get("/setup/codes");
    assert!(!browser.page.body.contains("<b>Bob"));
}

#[test]
fn everything_outlives_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = || Options { database: Some(folder.path().join("practice.db")), ..Options::default() };
    let first = site(options());
    let base = first.base_url();
    let (_, mut phone) = set_up_and_out(&base);
    let address = base.strip_prefix("http://").expect("plain").parse().expect("an address");
    first.stop();
    let _second = site(Options { address, ..options() });
    assert!(phone.pending().is_empty(), "key, token and phone are still good");
    let mut browser = Browser::open(&base, "en");
    browser.sign_in("alice", "practice");
    assert_eq!(browser.title(), "Approve sign in request");
}

#[test]
fn only_this_machine_and_only_its_own_pages() {
    let everyone = "0.0.0.0:0".parse().expect("an address");
    assert!(start(Options { address: everyone, ..Options::default() }).is_err());

    let site = site(Options::default());
    let base = site.base_url();
    for host in ["evil.example", "127.0.0.1", "127.0.0.1:1"] {
        assert_eq!(send(&base, "GET", "/sign-in", &[("Host", host)], "").status, 421, "{host}");
        assert_eq!(
            send(&base, "GET", "/realms/practice/protocol/openid-connect/certs", &[("Host", host)], "")
                .status,
            421
        );
    }
    let page = send(&base, "GET", "/sign-in", &[], "");
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    let stolen = send(&base, "POST", "/sign-in", &form, "csrf=x&name=alice&password=practice");
    assert_eq!(stolen.status, 403);
    assert_eq!(send(&base, "GET", "/nothing", &[], "").status, 404);
}

#[test]
fn hostile_input_is_refused() {
    let site = site(Options::default());
    let base = site.base_url();
    let realm = "/realms/practice";
    let json = [("Content-Type", "application/json")];
    let complete = format!("{realm}/push-mfa/enroll/complete");
    assert_eq!(send(&base, "POST", &complete, &json, &"x".repeat(100_000)).status, 413);
    assert_eq!(send(&base, "POST", &complete, &json, &"[".repeat(60_000)).status, 400);
    assert_eq!(
        send(
            &base,
            "POST",
            "/sign-in",
            &[("Content-Type", "application/x-www-form-urlencoded")],
            &"x".repeat(20_000)
        )
        .status,
        413
    );
    assert_eq!(send(&base, "GET", "/sign-in", &[("X-Long", &"x".repeat(60_000))], "").status, 431);
    assert_eq!(send(&base, "GET", &format!("/realms/practice/{}", "x".repeat(5000)), &[], "").status, 414);
    assert_eq!(send(&base, "GET", "/realms/practice/push-mfa//login/pending", &[], "").status, 400);
    assert_eq!(send(&base, "GET", "/realms/other/push-mfa/login/pending", &[], "").status, 404);
    assert_eq!(send(&base, "DELETE", &complete, &[], "").status, 405);
    let host = base.strip_prefix("http://").expect("plain");
    let head = format!(
        "GET /sign-in HTTP/1.1\r\nHost: {host}\r\nAccept-Language: \u{fffd}\u{0}ja\r\nConnection: close\r\n\r\n"
    );
    assert_eq!(common::raw(host, head.as_bytes()).status, 400);
    let head =
        format!("GET /sign-in HTTP/1.1\r\nHost: {host}\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    assert_ne!(common::raw(host, head.as_bytes()).status, 200);
    assert_eq!(send(&base, "GET", "/sign-in", &[], "").status, 200, "still there");
}

#[test]
fn a_browser_is_told_at_once() {
    let site = site(Options::default());
    let base = site.base_url();
    let (browser, mut phone) = set_up(&base, "en");
    let events = browser.between("data-events=\"", "\"");
    let number = browser.number();
    let listener = {
        let (base, events) = (base.clone(), events.clone());
        std::thread::spawn(move || read_until(&base, &events, "APPROVED"))
    };
    sleep(Duration::from_millis(300));
    phone.answer("approve", Some(&number));
    let heard = listener.join().expect("heard");
    assert!(!tells_the_time(&heard), "{heard}");
    assert!(heard.contains("\"status\":\"PENDING\"") && heard.contains("\"status\":\"APPROVED\""), "{heard}");
    let stranger = events.split("secret=").next().expect("an address").to_owned() + "secret=x";
    assert!(read_until(&base, &stranger, "FORBIDDEN").contains("FORBIDDEN"));
}

/// Reads an event stream until a word comes; ten seconds at most.
fn read_until(base: &str, target: &str, word: &str) -> String {
    use std::io::{Read as _, Write as _};
    let host = base.strip_prefix("http://").expect("plain");
    let mut stream = std::net::TcpStream::connect(host).expect("connected");
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("set");
    write!(stream, "GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n").expect("sent");
    let (mut heard, mut buffer) = (String::new(), [0; 1024]);
    while !heard.contains(word) {
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(length) => heard.push_str(&String::from_utf8_lossy(&buffer[..length])),
        }
    }
    heard
}

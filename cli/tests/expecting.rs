//! Requests that are waited for, and too many of them: `expect`, `quiet`, what `pending` counts, and the history of it,
//! at the practice site.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test program")]

#[path = "../../practice/tests/common/mod.rs"]
#[allow(dead_code, reason = "the site's own tests use all of it")]
mod common;
mod phone;

#[cfg(unix)]
use std::io::{BufRead as _, BufReader, Read as _};
use std::thread;
use std::time::{Duration, Instant};

use common::browser::Browser;
use countersign_practice::{Options, Running, start};
use phone::site::unix_now;
use phone::{Phone, Said, assert_failure, assert_fields};
use serde_json::{Value, json};

/// A phone that is set up at a site of its own, where nothing waits.
struct Bench {
    site: Running,
    phone: Phone,
    account: String,
}

impl Bench {
    fn new() -> Self {
        let site = start(Options::default()).unwrap();
        let base = site.base_url();
        let mut browser = Browser::open(&base, "en");
        browser.sign_in("alice", "practice").get("/setup/app").post("/setup/scan", &[]);
        let phone = Phone::new();
        let host = base.strip_prefix("http://").unwrap();
        let said = phone.run_with(&["add", "-", "--trust-host", host], browser.link());
        assert_eq!(said.exit, 0, "{said:?}");
        let account = said.object["id"].as_str().unwrap().to_owned();
        // The page tries it out at once.
        browser.get("/setup/scan").post("/setup/next", &[]);
        let bench = Self { site, phone, account };
        bench.answer(&["approve", "--number", &browser.number()]);
        bench
    }

    /// Somebody with the right password: the page that waits for the phone.
    fn sign_in(&self) -> Browser {
        let mut browser = Browser::open(&self.site.base_url(), "en");
        browser.sign_in("alice", "practice");
        assert_eq!(browser.title(), "Approve sign in request");
        browser
    }

    /// Looks, and answers the only request.
    fn answer(&self, command: &[&str]) -> Said {
        let request = only(&self.seen(&["pending"])["requests"])["request"].as_str().unwrap().to_owned();
        let said = self.phone.run(&[command, &[&request]].concat());
        assert_eq!(said.exit, 0, "{said:?}");
        said
    }

    /// What a look says that ended well.
    fn seen(&self, command: &[&str]) -> Value {
        let said = self.phone.run(command);
        assert_eq!(said.exit, 0, "{said:?}");
        assert_fields(&said.object, &["failed", "floods", "requests"]);
        assert_eq!(said.object["failed"], json!([]));
        said.object
    }

    /// What a person reads of a command: the answer, and what stands beside it.
    fn words(&self, command: &[&str], language: &str) -> (String, String) {
        let output = self.phone.output(command, "", language);
        assert!(output.status.success(), "{output:?}");
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    }
}

fn only(list: &Value) -> &Value {
    let [only] = &list.as_array().unwrap()[..] else { panic!("not one: {list}") };
    only
}

#[test]
fn a_sign_in_that_is_expected_is_found_by_itself() {
    let bench = Bench::new();
    for command in [&["expect"][..], &["pending", "--expect"], &["expect", &bench.account]] {
        thread::scope(|scope| {
            let looking = scope.spawn(|| (bench.seen(command), Instant::now()));
            // After its first look.
            thread::sleep(Duration::from_millis(1_500));
            assert!(!looking.is_finished(), "nothing has come yet");
            let mut browser = bench.sign_in();
            let came = Instant::now();
            let (found, at) = looking.join().unwrap();
            let request = only(&found["requests"]);
            assert_eq!((&request["account"], &request["answer"]), (&json!(bench.account), &json!("number")));
            // A look begins two to three seconds after the last has ended.
            assert!(at.duration_since(came) < Duration::from_secs(6), "{:?}", at.duration_since(came));
            bench.answer(&["approve", "--number", &browser.number()]);
            browser.get("/approve");
            assert_eq!(browser.title(), "Stay signed in?");
        });
    }
}

#[test]
fn a_request_that_waits_already_is_told_at_once() {
    let bench = Bench::new();
    let _browser = bench.sign_in();
    let (found, words) = bench.words(&["expect"], "C");
    assert!(found.contains("Practice site"), "{found}");
    assert!(words.contains("120"), "it says how long it looks: {words}");
}

#[cfg(unix)]
#[test]
fn whoever_stops_expecting_is_told_so() {
    let bench = Bench::new();
    let mut child = bench.phone.start(&["expect"]);
    let mut told = BufReader::new(child.stderr.take().unwrap());
    let mut words = String::new();
    told.read_line(&mut words).unwrap();
    assert!(words.contains("Looking for 120 s"), "{words}");
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    words.clear();
    told.read_to_string(&mut words).unwrap();
    assert!(words.contains("Stopped."), "{words}");
    assert_eq!(child.wait().unwrap().code(), Some(5), "{words}");
    // Nothing is left behind that would be in the way.
    let _browser = bench.sign_in();
    bench.answer(&["decline"]);
}

#[test]
fn a_flood_is_counted_and_the_account_can_be_made_quiet() {
    let bench = Bench::new();
    for nth in 1..=4 {
        bench.sign_in();
        assert_eq!(bench.answer(&["decline", "--reason", "unknown"]).object["result"], "declined");
        assert_eq!(
            bench.seen(&["pending"])["floods"],
            json!([]),
            "{nth} may be somebody whose sign-in fails"
        );
    }
    bench.sign_in();
    let flood = json!({"account": bench.account, "requests": 5, "minutes": 10, "quiet_until": null});
    assert_eq!(bench.seen(&["expect", &bench.account])["floods"], json!([flood]));
    assert_eq!(bench.seen(&["pending"])["floods"], json!([flood]));
    let (_, told) = bench.words(&["pending"], "C");
    assert!(
        told.contains("5 requests") && told.contains(&format!("countersign quiet {}", bench.account)),
        "{told}"
    );
    let (_, told) = bench.words(&["pending"], "ja_JP.UTF-8");
    assert!(told.contains("countersign quiet"), "{told}");

    let (before, said, after) = (unix_now(), bench.phone.run(&["quiet", "alice"]), unix_now());
    assert_eq!(said.exit, 0, "{said:?}");
    assert_fields(&said.object, &["account", "quiet_until", "result"]);
    assert_eq!((&said.object["account"], &said.object["result"]), (&json!(bench.account), &json!("quiet")));
    let until = said.object["quiet_until"].as_i64().unwrap();
    assert!((before + 3_600..=after + 3_600).contains(&until), "{said:?}");
    // Listed all the same, and counted.
    let seen = bench.seen(&["pending"]);
    assert_eq!(only(&seen["floods"])["quiet_until"], until);
    assert_eq!(only(&seen["floods"])["requests"], 5);
    only(&seen["requests"]);
    bench.answer(&["decline", "--reason", "cancelled"]);
    let quiet = json!({"account": bench.account, "requests": 4, "minutes": 10, "quiet_until": until});
    assert_eq!(bench.seen(&["pending"])["floods"], json!([quiet]), "one's own is none of a flood");

    let said = bench.phone.run(&["quiet", &bench.account, "--end"]);
    let ended = json!({"account": bench.account, "result": "told", "quiet_until": null});
    assert_eq!((said.exit, &said.object), (0, &ended));
    assert_eq!(
        bench.phone.run(&["quiet", &bench.account, "--end"]).object,
        ended,
        "once is as good as twice"
    );
    assert_eq!(bench.seen(&["pending"])["floods"], json!([]));
}

#[test]
fn quiet_is_for_accounts_that_approve_sign_ins() {
    let phone = Phone::new();
    assert_failure(&phone.run(&["quiet", "nobody"]), 3, "AccountNotFound");
    let codes = phone.add("otpauth://totp/Example:bob?secret=GEZDGNBVGY3TQOJQ&issuer=Example");
    for end in [&[][..], &["--end"]] {
        assert_failure(&phone.run(&[&["quiet", &codes], end].concat()), 3, "NoApprovals");
    }
}

#[test]
fn the_history_has_every_request_and_what_became_of_it() {
    let bench = Bench::new();
    // The history tells times to the second: what comes within one has no order.
    let sign_in = || {
        std::thread::sleep(Duration::from_millis(1_050));
        bench.sign_in()
    };
    sign_in();
    bench.answer(&["decline", "--reason", "unknown"]);
    sign_in();
    bench.answer(&["decline", "--reason", "cancelled"]);
    let browser = sign_in();
    assert_failure(
        &bench.phone.run(&[
            "approve",
            "--number",
            "100",
            only(&bench.seen(&["pending"])["requests"])["request"].as_str().unwrap(),
        ]),
        3,
        "NumberNotOffered",
    );
    bench.answer(&["approve", "--number", &browser.number()]);
    sign_in();
    bench.seen(&["pending"]);

    let said = bench.phone.run(&["history"]);
    assert_eq!(said.exit, 0, "{said:?}");
    let past = said.object["requests"].as_array().unwrap();
    // The newest first; the last is the one that the page of the set-up tried.
    let became: Vec<_> = past
        .iter()
        .map(|past| (past["result"].as_str().unwrap(), past["not_me"].as_bool().unwrap()))
        .collect();
    assert_eq!(
        became,
        [
            ("waiting", false),
            ("approved", false),
            ("declined", false),
            ("declined", true),
            ("approved", false)
        ]
    );
    for past in past {
        assert_eq!(
            (&past["account"], &past["application"]),
            (&json!(bench.account), &json!("Practice site"))
        );
        assert_eq!(past["answered_at"].is_null(), past["result"] == "waiting", "{past}");
    }
    let (words, _) = bench.words(&["history", "alice"], "C");
    assert_eq!(words.lines().count(), 5, "{words}");
    let said = bench.phone.run(&["history", "--clear"]);
    assert_eq!(said.object, json!({"result": "forgotten", "forgotten": 5}));
    // What waits is seen again by the next look.
    assert_eq!(bench.phone.run(&["history"]).object, json!({"requests": []}));
}

//! Sign-ins whose code is scanned, against a small tiqr server.

#![allow(clippy::unwrap_used, reason = "a test program")]

mod phone;

use std::net::TcpListener;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex};

use countersign_tests::sockets::serve;
use countersign_tests::tiqr::Tiqr;
use phone::site::unix_now;
use phone::{Phone, Said, assert_failure, assert_fields};
use serde_json::json;

const FIELDS: [&str; 7] = ["before_block", "code", "next", "reason", "request", "result", "tries_left"];

/// A server, and its host and port.
fn server() -> (Arc<Mutex<Tiqr>>, String) {
    server_that(|_| true)
}

/// A server that is gone, without a reply, after the first answer that it `stays` for no longer.
fn server_that(stays: fn(&Tiqr) -> bool) -> (Arc<Mutex<Tiqr>>, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = listener.local_addr().unwrap().to_string();
    let server = Arc::new(Mutex::new(Tiqr::new(&format!("http://{host}"))));
    let taking = Arc::clone(&server);
    serve(listener, move |request| {
        let (reply, is_there) = {
            let mut server = taking.lock().unwrap();
            (server.take(request, unix_now()), stays(&server))
        };
        if is_there { reply } else { resume_unwind(Box::new("gone")) }
    });
    (server, host)
}

#[test]
fn a_scanned_sign_in_is_answered_by_its_code() {
    let ((server, host), phone) = (server(), Phone::new());
    let sign_in = || server.lock().unwrap().sign_in(Some("alice"), unix_now());
    let set_up = server.lock().unwrap().show_set_up_code("alice", unix_now());
    let (code, session) = sign_in();

    assert_failure(&phone.run_with(&["add", "-"], &code), 3, "SignInScanned");
    let said = phone.run_with(&["approve", "--link", "-", "--yes"], &code);
    assert_failure(&said, 3, "SignInAccountUnknown");
    assert_eq!(said.object["request"], session.as_str());
    let said = phone.run_with(&["add", "-", "--trust-host", &host], &set_up);
    assert_eq!((said.exit, &said.object["account"]), (0, &json!("alice Example")), "{said:?}");
    let said = phone.run(&["show", "alice"]);
    assert_eq!((&said.object["system"], &said.object["key"]), (&json!("Tiqr"), &json!(null)));

    let said = phone.run_with(&["recognise", "-"], &code);
    assert_eq!(said.object["kind"], "tiqr_sign_in");
    assert!(said.object["next"].as_str().unwrap().contains("approve --link"));

    // Whoever shows a code need not be the one who scans it.
    let said = phone.run_with(&["approve", "--link", "-"], &code);
    assert_failure(&said, 3, "YesNeeded");
    assert_eq!(server.lock().unwrap().asked, 0);
    let said = phone.run_with(&["approve", "--link", "-", "--yes"], &code);
    assert_eq!((said.exit, &said.object["result"]), (0, &json!("approved")), "{said:?}");
    assert_fields(&said.object, &FIELDS);
    assert_eq!(said.object["request"], session.as_str());
    assert_eq!(server.lock().unwrap().answered, [session]);

    let (code, session) = sign_in();
    let said = phone.run_with(&["decline", "--link", "-", "--reason", "not-me"], &code);
    assert_eq!((said.exit, &said.object["result"]), (0, &json!("declined")), "{said:?}");
    assert_eq!(said.object["reason"], "NoDecline");
    // tiqr locks no accounts.
    let next = said.object["next"].as_str().unwrap();
    assert!(next.contains("password") && !next.contains("lock-out"), "{next}");
    assert_fields(&said.object, &FIELDS);
    let history = phone.run(&["history"]).object;
    let is_it = |past: &&serde_json::Value| past["request"] == session.as_str();
    let past = history["requests"].as_array().unwrap().iter().find(is_it).unwrap();
    assert_eq!(
        (&past["result"], &past["application"], &past["not_me"]),
        (&json!("declined"), &json!("Example tiqr"), &json!(true)),
        "{past}"
    );
    let said = phone.run_with(&["approve", "--link", "-", "--yes"], &code);
    assert_failure(&said, 3, "RequestEnded");
    assert_eq!(server.lock().unwrap().asked, 1);

    // No yes makes a lock-out possible.
    assert_failure(&phone.run(&["lock-out", "alice"]), 3, "NotPossibleHere");

    // A code that is refused changes nothing about who has the password.
    for refused in ["phonefactor://activate_account?code=1&url=https%3A%2F%2Fa.example", ""] {
        let declined = |reason| phone.run_with(&["decline", "--link", "-", "--reason", reason], refused);
        let next = |said: Said| said.object["next"].as_str().unwrap().to_owned();
        let (not_me, cancelled) = (declined("not-me"), declined("cancelled"));
        assert!(not_me.exit != 0 && cancelled.exit != 0);
        assert!(next(not_me).contains("change it now") && !next(cancelled).contains("change it now"));
    }
}

#[test]
fn nothing_to_look_for_is_said_by_name() {
    let ((server, host), phone) = (server(), Phone::new());
    let set_up = || server.lock().unwrap().show_set_up_code("alice", unix_now());
    let first = phone.run_with(&["add", "-", "--trust-host", &host], set_up());
    let said = phone.run(&["pending"]);
    assert_failure(&said, 3, "ScanToAnswer");
    assert_eq!(said.object["requests"], json!([]));
    let second = phone.run_with(&["add", "-", "--trust-host", &host], set_up());
    let said = phone.run(&["pending"]);
    let named = |id: &serde_json::Value| json!({"account": id, "reason": "ScanToAnswer"});
    let failed = json!([named(&first.object["id"]), named(&second.object["id"])]);
    assert_eq!((said.exit, &said.object["failed"]), (0, &failed));
    assert_failure(&phone.run(&["approve", "no-such-request"]), 3, "RequestNotFound");

    // The first set-up was replaced at the server by the second.
    let (code, _) = server.lock().unwrap().sign_in(None, unix_now());
    let said = phone.run_with(&["approve", "--link", "-", "--yes"], &code);
    assert_failure(&said, 3, "Ambiguous");
    let account = first.object["id"].as_str().unwrap();
    let said = phone.run_with(&["approve", "--link", "-", "--yes", "--account", account], &code);
    assert_failure(&said, 3, "ResponseRefused");
    assert_eq!((&said.object["before_block"], &said.object["tries_left"]), (&json!(2), &json!(null)));
    assert_eq!(said.object["result"], "wrong_answer");
    // Nobody typed anything.
    for (language, words) in [("C", "answer refused by the server"), ("ja_JP.UTF-8", "サーバーが応答を拒否")]
    {
        let shown = String::from_utf8(phone.output(&["history"], "", language).stdout).unwrap();
        assert!(shown.contains(words) && !shown.contains("wrong"), "{shown}");
    }
}

#[test]
fn not_me_is_advised_once() {
    let ((server, host), phone) = (server(), Phone::new());
    let set_up = server.lock().unwrap().show_set_up_code("alice", unix_now());
    assert_eq!(phone.run_with(&["add", "-", "--trust-host", &host], set_up).exit, 0);
    for (reason, count) in [("not-me", 1), ("cancelled", 1)] {
        let (code, _) = server.lock().unwrap().sign_in(Some("alice"), unix_now());
        let output = phone.output(&["decline", "--link", "-", "--reason", reason], &code, "C");
        let shown = String::from_utf8(output.stdout).unwrap();
        assert_eq!(shown.matches("password").count(), count, "{shown}");
    }
}

#[test]
fn a_lost_reply_is_looked_after_by_scanning_again() {
    let ((server, host), phone) = (server_that(|server| server.answered.is_empty()), Phone::new());
    let set_up = server.lock().unwrap().show_set_up_code("alice", unix_now());
    assert_eq!(phone.run_with(&["add", "-", "--trust-host", &host], set_up).exit, 0);
    let (code, session) = server.lock().unwrap().sign_in(Some("alice"), unix_now());
    let said = phone.run_with(&["approve", "--link", "-", "--yes"], &code);
    assert_failure(&said, 5, "ResultUnknown");
    assert_eq!(server.lock().unwrap().answered, [session]);
    let next = said.object["next"].as_str().unwrap();
    assert!(next.contains("--link") && !next.contains("waiting requests"), "{next}");
}

#[test]
fn what_is_no_sign_in_is_told_to_who_wants_to_answer_one() {
    let ((server, _), phone) = (server(), Phone::new());
    let set_up = server.lock().unwrap().show_set_up_code("alice", unix_now());
    let codes = "otpauth://totp/Example:bob?secret=GEZDGNBVGY3TQOJQ&issuer=Example";
    for (text, is_to_be_added) in
        [(set_up.as_str(), true), (codes, true), ("hello", false), ("tiqrauth://x", false)]
    {
        for command in [&["approve", "--link", "-", "--yes"][..], &["decline", "--link", "-"]] {
            let said = phone.run_with(command, text);
            assert_failure(&said, 3, "NotASignIn");
            assert!(said.object["text"].as_str().unwrap().contains("no sign-in's code"), "{said:?}");
            let next = said.object["next"].as_str().unwrap();
            assert_eq!(next.contains("countersign add -"), is_to_be_added, "{next}");
        }
    }
    assert_eq!(server.lock().unwrap().asked, 0);
}

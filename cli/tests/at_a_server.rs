//! What the command line does with a server that asks for approvals: "it's not me", push addresses, a silent server
//! beside another.

#![allow(clippy::unwrap_used, reason = "a test program")]

mod phone;

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use phone::site::Site;
use phone::{Phone, assert_failure, assert_fields};
use serde_json::{Value, json};

fn history(phone: &Phone) -> Vec<Value> {
    phone.run(&["history"]).object["requests"].as_array().unwrap().clone()
}

#[test]
fn not_me_names_the_lock_out_and_asks_nothing() {
    let (site, phone) = (Site::new("alice", 0), Phone::new());
    let account = site.add_to(&phone);
    let sign_in = site.sign_in();
    let said = phone.run(&["decline", &sign_in.id, "--reason", "not-me"]);
    assert_eq!((said.exit, &said.object["result"]), (0, &json!("declined")), "{said:?}");
    assert_fields(
        &said.object,
        &["before_block", "code", "next", "reason", "request", "result", "tries_left"],
    );
    let next = said.object["next"].as_str().unwrap();
    assert!(next.contains("password"), "{next}");
    assert!(next.contains(&format!("countersign lock-out {account} --yes")), "{next}");

    // For people without a terminal the same.
    let sign_in = site.sign_in();
    let output = phone.output(&["decline", &sign_in.id, "--reason", "unknown_trigger"], "", "C");
    let words = String::from_utf8(output.stdout).unwrap();
    assert!(words.starts_with("Declined.\n") && words.contains("lock-out"), "{words}");
    let sign_in = site.sign_in();
    let said = phone.run(&["decline", &sign_in.id, "--reason", "cancelled"]);
    assert_eq!((said.exit, &said.object["next"]), (0, &Value::Null), "{said:?}");
    assert!(!site.is_locked());
}

#[test]
fn not_me_has_its_advice_whatever_became_of_the_decline() {
    let (site, phone) = (Site::new("alice", 0), Phone::new());
    let account = site.add_to(&phone);
    let command = format!("countersign lock-out {account} --yes");
    let declined = |id: &str, more: &[&str], reason: &str| {
        let said = phone.run(&[&["decline", id, "--reason", reason], more].concat());
        let words = phone.output(&[&["decline", id, "--reason", reason], more].concat(), "", "C").stderr;
        assert_ne!(said.exit, 0, "{said:?}");
        let next = said.object["next"].as_str().unwrap().to_owned();
        assert!(String::from_utf8(words).unwrap().contains(&next), "{next}");
        next
    };
    // Over, of an account that nobody knows, and at a server that does not take it.
    let sign_in = site.sign_in();
    site.realm.lock().unwrap().end_sign_in(&sign_in.id);
    let next = declined(&sign_in.id, &["--account", "alice"], "not-me");
    assert!(next.contains("change it now") && next.contains(&command), "{next}");
    let next = declined("no-such-request", &[], "not-me");
    assert!(next.contains("change it now") && !next.contains("lock-out"), "{next}");
    let sign_in = site.sign_in();
    site.realm.lock().unwrap().remove_phones("alice");
    // The server takes a lock-out from this phone no more either.
    let next = declined(&sign_in.id, &["--account", "alice"], "not-me");
    assert!(next.contains("change it now") && !next.contains("lock-out"), "{next}");
    let next = declined(&sign_in.id, &["--account", "alice"], "cancelled");
    assert!(!next.contains("change it now"), "{next}");
    // Of an account, and of a vault, that can't be opened.
    let db = rusqlite::Connection::open(phone.vault()).unwrap();
    assert_ne!(db.execute("UPDATE row SET sealed = zeroblob(200) WHERE book = 0", []).unwrap(), 0);
    drop(db);
    assert_failure(&phone.run(&["show", "alice"]), 4, "VaultDamaged");
    let next = declined(&sign_in.id, &["--account", &account], "not-me");
    assert!(next.contains("change it now") && !next.contains("lock-out"), "{next}");
    std::fs::write(phone.file("password"), "wrong").unwrap();
    let next = declined(&sign_in.id, &["--account", "alice"], "not-me");
    assert!(next.contains("change it now"), "{next}");
}

#[test]
fn after_not_me_nothing_is_said_for_the_case_that_it_was_oneself() {
    let (site, phone) = (Site::new("alice", 0), Phone::new());
    site.add_to(&phone);
    let sign_in = site.sign_in();
    let decline = ["decline", &sign_in.id, "--reason", "not-me"];
    assert_eq!(phone.run(&decline).exit, 0);
    let said = phone.run(&decline);
    assert_failure(&said, 3, "RequestEnded");
    let next = said.object["next"].as_str().unwrap();
    assert!(next.starts_with("Somebody knows your password: change it now."), "{next}");
    let said = phone.run(&["decline", &sign_in.id]);
    assert!(said.object["next"].as_str().unwrap().contains("If it is yours"), "{said:?}");
}

#[test]
fn what_was_approved_here_is_told_as_that() {
    let (site, phone) = (Site::new("alice", 0), Phone::new());
    site.add_to(&phone);
    let sign_in = site.sign_in();
    let number = sign_in.shown.unwrap();
    assert_eq!(phone.run(&["approve", &sign_in.id, "--number", &number]).exit, 0);
    for again in [&["approve", &sign_in.id, "--number", &number][..], &["decline", &sign_in.id]] {
        let said = phone.run(again);
        assert_failure(&said, 3, "RequestEnded");
        let (text, next) = (said.object["text"].as_str().unwrap(), said.object["next"].as_str().unwrap());
        assert!(text.contains("You have approved this sign-in"), "{text}");
        assert!(!next.contains("If it is yours") && next.contains("If it was not you"), "{next}");
        let shown = String::from_utf8(phone.output(again, "", "ja_JP.UTF-8").stderr).unwrap();
        assert!(shown.contains("すでに承認しています"), "{shown}");
    }
}

#[test]
fn what_was_typed_wrong_is_a_wrong_answer() {
    let (site, phone) = (Site::new("alice", 0), Phone::new());
    site.add_to(&phone);
    let sign_in = site.sign_in();
    for reason in ["NumberNotOffered", "WrongNumber"] {
        assert_failure(&phone.run(&["approve", &sign_in.id, "--number", "100"]), 3, reason);
    }
    for (language, words) in [("C", "  wrong answer  "), ("ja_JP.UTF-8", "  答えの間違い  ")] {
        let shown = String::from_utf8(phone.output(&["history"], "", language).stdout).unwrap();
        assert!(shown.contains(words), "{shown}");
    }
}

#[test]
fn pending_says_what_is_wanted() {
    for (site, words, in_japanese) in [
        (Site::new("alice", 0), "wants the number on the page", "画面の番号が必要"),
        (Site::with_pins("alice"), "wants the PIN on the page, 4 characters", "画面の PIN (4 文字) が必要"),
    ] {
        let phone = Phone::new();
        site.add_to(&phone);
        site.sign_in();
        for (language, words) in [("C", words), ("ja_JP.UTF-8", in_japanese)] {
            let shown = String::from_utf8(phone.output(&["pending"], "", language).stdout).unwrap();
            assert!(shown.contains(words), "{shown}");
        }
    }
}

#[test]
fn not_me_that_came_too_late_stands_in_the_history() {
    // Also where a look has found before that it waits no more.
    for (has_looked, reason) in [(false, "AnsweredElsewhere"), (true, "RequestNotFound")] {
        let (site, phone) = (Site::new("alice", 0), Phone::new());
        site.add_to(&phone);
        let sign_in = site.sign_in();
        let first = || phone.run(&["pending"]).object["requests"][0]["request"].clone();
        assert_eq!(first(), sign_in.id.as_str());
        site.realm.lock().unwrap().end_sign_in(&sign_in.id);
        if has_looked {
            assert_eq!(first(), Value::Null);
            assert_failure(&phone.run(&["decline", &sign_in.id]), 3, reason);
            assert_eq!(history(&phone)[0]["not_me"], false);
        }
        assert_failure(&phone.run(&["decline", &sign_in.id, "--reason", "not-me"]), 3, reason);
        let past = &history(&phone)[0];
        assert_eq!(
            (&past["result"], &past["not_me"]),
            (&json!("answered_elsewhere"), &json!(true)),
            "{past:?}"
        );
        for (language, words) in [("C", "you answered that it was not you"), ("ja_JP.UTF-8", "自分ではない")]
        {
            let shown = String::from_utf8(phone.output(&["history"], "", language).stdout).unwrap();
            assert!(shown.contains(words), "{shown}");
        }
    }
}

#[test]
fn not_me_that_nobody_took_stands_in_the_history() {
    let (site, phone) = (Site::new("alice", 0), Phone::new());
    site.add_to(&phone);
    let sign_in = site.sign_in();
    assert_eq!(phone.run(&["pending"]).object["requests"][0]["request"], sign_in.id.as_str());
    site.realm.lock().unwrap().remove_phones("alice");
    assert_failure(&phone.run(&["decline", &sign_in.id, "--reason", "cancelled"]), 3, "DeviceNotRegistered");
    assert_failure(&phone.run(&["decline", &sign_in.id, "--reason", "not-me"]), 3, "DeviceNotRegistered");
    let past = &history(&phone)[0];
    // It may wait still, and be answered by another phone.
    assert_eq!((&past["result"], &past["not_me"]), (&json!("waiting"), &json!(true)), "{past:?}");
    assert_eq!(past["reason"], "DeviceNotRegistered");
}

#[test]
fn not_me_after_another_answer_stands_beside_it() {
    let (site, phone) = (Site::new("alice", 0), Phone::new());
    site.add_to(&phone);
    let declined = site.sign_in();
    assert_eq!(phone.run(&["decline", &declined.id, "--reason", "cancelled"]).exit, 0);
    let approved = site.sign_in();
    assert_eq!(phone.run(&["approve", &approved.id, "--number", &approved.shown.unwrap()]).exit, 0);
    for id in [&declined.id, &approved.id] {
        assert_failure(&phone.run(&["decline", id, "--reason", "not-me"]), 3, "RequestEnded");
    }
    for (id, result) in [(declined.id, "declined"), (approved.id, "approved")] {
        let past = history(&phone).into_iter().find(|past| past["request"] == id.as_str()).unwrap();
        assert_eq!((&past["result"], &past["not_me"]), (&json!(result), &json!(true)));
    }
    assert_failure(&phone.run(&["decline", "made-up", "--reason", "not-me"]), 3, "RequestNotFound");
    assert_eq!(history(&phone).len(), 2);
}

#[test]
fn a_lock_out_stands_in_the_history() {
    let (site, phone) = (Site::new("alice", 0), Phone::new());
    let account = site.add_to(&phone);
    let sign_in = site.sign_in();
    assert_eq!(phone.run(&["pending"]).object["requests"][0]["request"], sign_in.id.as_str());
    assert_failure(&phone.run(&["lock-out", "alice"]), 3, "YesNeeded");
    let said = phone.run(&["lock-out", "alice", "--yes"]);
    assert_eq!(said.object, json!({"account": account, "result": "locked_out"}));
    assert!(site.is_locked());

    let [locked, ended] = &history(&phone)[..] else { panic!() };
    assert_fields(locked, &ended.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(
        (&locked["request"], &locked["result"], &locked["account"], &locked["entra"]),
        (&Value::Null, &json!("locked_out"), &json!(account), &Value::Null)
    );
    assert_eq!((&ended["request"], &ended["result"]), (&json!(sign_in.id), &json!("unanswered")));
    for (language, words) in [("C", "account locked"), ("ja_JP.UTF-8", "アカウントをロック")] {
        let output = phone.output(&["history"], "", language);
        let shown = String::from_utf8(output.stdout).unwrap();
        assert!(shown.lines().next().unwrap().contains(words), "{shown}");
    }
}

#[test]
fn a_push_address_is_told_to_the_server() {
    let (site, phone) = (Site::new("alice", 0), Phone::new());
    let account = site.add_to(&phone);
    let none = site.push_address();
    assert_eq!(none.0, "none");
    let endpoint = "http://127.0.0.1:9/UP?id=1";
    // The second time the server says that nothing has changed.
    for _ in 0..2 {
        let said = phone.run_with(&["push-address", "alice", "unifiedpush", "-"], format!("{endpoint}\n"));
        assert_eq!(said.object, json!({"account": account, "result": "set"}));
        assert_eq!(site.push_address(), ("unifiedpush".to_owned(), Some(endpoint.to_owned())));
    }
    let token = phone.file("token");
    std::fs::write(&token, "abc:def").unwrap();
    assert_eq!(phone.run(&["push-address", "alice", "fcm", phone::path_text(&token)]).exit, 0);
    assert_eq!(site.push_address(), ("fcm".to_owned(), Some("abc:def".to_owned())));
    for unusable in ["http://push.example/UP", "push.example", ""] {
        let said = phone.run_with(&["push-address", "alice", "unifiedpush", "-"], unusable);
        assert_failure(&said, 3, "PushAddressUnusable");
    }
    assert_eq!(site.push_address().0, "fcm");
    assert_eq!(phone.run(&["push-address", "alice", "none"]).exit, 0);
    assert_eq!(site.push_address().0, "none");
    assert_failure(&phone.run(&["push-address", "alice", "fcm"]), 2, "Usage");
    let said = phone.run(&["push-address", "alice", "none", "absent"]);
    assert_failure(&said, 2, "Usage");
    assert!(said.words.contains("unexpected argument 'absent'"), "{said:?}");
    let output = phone.output(&["push-address", "alice", "none", "-"], "", "ja_JP.UTF-8");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("「-」は、ここでは使えません"), "{output:?}");
}

#[test]
fn what_cannot_be_read_beside_a_request_is_told() {
    let (site, phone) = (Site::new("alice", 0), Phone::new());
    let account = site.add_to(&phone);
    let sign_in = site.sign_in();
    site.list_something_odd();
    let said = phone.run(&["pending"]);
    assert_eq!(said.exit, 0, "{said:?}");
    assert_eq!(said.object["requests"][0]["request"], json!(sign_in.id));
    assert_eq!(said.object["failed"], json!([{"account": account, "reason": "ReplyUnreadable"}]));
    let answered = phone.run(&["approve", &sign_in.id, "--number", &sign_in.shown.unwrap()]);
    assert_eq!((answered.exit, &answered.object["result"]), (0, &json!("approved")), "{answered:?}");
    // By itself it is all that there is to tell.
    assert_failure(&phone.run(&["pending"]), 3, "ReplyUnreadable");
}

/// A phone with an account at a server that answers and one at a server that is silent.
fn beside_a_silent_server() -> (Site, Site, Phone) {
    let (site, silent, phone) = (Site::new("alice", 0), Site::new("bob", 0), Phone::new());
    silent.add_to(&phone);
    site.add_to(&phone);
    silent.fall_silent();
    (site, silent, phone)
}

#[test]
fn an_answer_waits_for_no_other_server() {
    // The silent one has more accounts than are begun at the same time, and they come first.
    let (silent, site, phone) = (Site::new("alice", 0), Site::new("bob", 0), Phone::new());
    (0..17).for_each(|_| drop(silent.add_to(&phone)));
    site.add_to(&phone);
    silent.fall_silent();
    let sign_in = site.sign_in();
    let begun = Instant::now();
    let said = phone.run(&["approve", &sign_in.id, "--number", &sign_in.shown.unwrap()]);
    assert_eq!((said.exit, &said.object["result"]), (0, &json!("approved")), "{said:?}");
    assert!(begun.elapsed() < Duration::from_secs(12), "{:?}", begun.elapsed());
}

#[test]
fn what_was_seen_before_is_not_the_expected_one() {
    let (one, other, phone) = (Site::new("alice", 0), Site::new("bob", 0), Phone::new());
    one.add_to(&phone);
    other.add_to(&phone);
    let old = one.sign_in();
    assert_eq!(phone.run(&["pending"]).object["requests"][0]["request"], json!(old.id));
    let mut looking = phone.command(&["--json", "expect"], "C");
    let mut looking = looking.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let told = BufReader::new(looking.stderr.take().unwrap());
    assert!(told.lines().any(|line| line.unwrap().contains("Waiting already, and seen before: 1.")));
    // Longer than a look and the pause after it.
    thread::sleep(Duration::from_secs(3));
    assert!(looking.try_wait().unwrap().is_none(), "the old one is not waited for");
    let new = other.sign_in();
    let came = Instant::now();
    let output = looking.wait_with_output().unwrap();
    assert!(came.elapsed() < Duration::from_secs(30), "{:?}", came.elapsed());
    let object: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &object["failed"]), (Some(0), &json!([])), "{object}");
    let requests = object["requests"].as_array().unwrap();
    assert!(requests.len() == 2 && requests.iter().any(|request| request["request"] == new.id), "{object}");
}

#[test]
fn what_has_come_waits_shortly_for_a_silent_server_which_is_named() {
    let (site, _silent, phone) = beside_a_silent_server();
    let sign_in = site.sign_in();
    let begun = Instant::now();
    let said = phone.run(&["expect"]);
    assert_eq!((said.exit, &said.object["requests"][0]["request"]), (0, &json!(sign_in.id)), "{said:?}");
    assert_eq!(said.object["failed"][0]["reason"], "ServerSilent", "{said:?}");
    assert!(begun.elapsed() < Duration::from_secs(18), "{:?}", begun.elapsed());
}

#[test]
fn an_id_of_two_servers_is_answered_for_the_account_that_is_named() {
    let (one, other, phone) = (Site::new("alice", 0), Site::new("alice", 0), Phone::new());
    let accounts = [one.add_to(&phone), other.add_to(&phone)];
    let (sign_in, same) = (one.sign_in(), other.sign_in());
    assert_eq!(sign_in.id, same.id, "the same dice were thrown");
    let silent = Site::new("bob", 0);
    silent.add_to(&phone);
    silent.fall_silent();
    let begun = Instant::now();
    // Whoever is the slower is heard as well.
    one.slow_down();
    let said = phone.run(&["decline", &sign_in.id]);
    assert_failure(&said, 3, "Ambiguous");
    let matches: Vec<_> =
        said.object["matches"].as_array().unwrap().iter().map(|found| &found["id"]).collect();
    assert!(matches.len() == 2 && accounts.iter().all(|id| matches.contains(&&json!(id))), "{said:?}");
    assert!(begun.elapsed() < Duration::from_secs(12), "{:?}", begun.elapsed());
    let said = phone.run(&["decline", &sign_in.id, "--account", &accounts[1]]);
    assert_eq!((said.exit, &said.object["result"]), (0, &json!("declined")), "{said:?}");
    let waiting = phone.run(&["pending", &accounts[0]]);
    assert_eq!(waiting.object["requests"][0]["request"], json!(sign_in.id), "{waiting:?}");
}

#[test]
fn no_sign_in_is_expected_at_an_account_that_its_server_does_not_know() {
    let (lost, other, phone) = (Site::new("alice", 0), Site::new("bob", 0), Phone::new());
    lost.add_to(&phone);
    other.add_to(&phone);
    lost.realm.lock().unwrap().remove_phones("alice");
    let begun = Instant::now();
    let said = phone.run(&["expect", "alice"]);
    assert_failure(&said, 3, "DeviceNotRegistered");
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
}

#[cfg(unix)]
mod at_a_terminal {
    use super::*;
    use phone::terminal::Terminal;

    #[test]
    fn not_me_offers_the_lock_out_and_asks_twice() {
        let (site, phone) = (Site::new("alice", 0), Phone::new());
        site.add_to(&phone);
        for (answers, is_locked) in [(&["n"][..], false), (&["y", "n"], false), (&["y", "y"], true)] {
            let sign_in = site.sign_in();
            let mut terminal = Terminal::run(&phone, &["decline", &sign_in.id, "--reason", "not-me"]);
            terminal.until("Declined.");
            terminal.until("change it now");
            for (question, answer) in ["Have it locked?", "Lock Practice: alice"].iter().zip(answers) {
                terminal.until(question);
                terminal.until("[y/N]");
                assert!(!site.is_locked());
                terminal.type_line(answer);
            }
            let (exit, shown) = terminal.end();
            assert_eq!(exit, 0, "{shown}");
            assert_eq!(
                shown.contains("only an administrator can open it")
                    || shown.contains("Only an administrator can open"),
                is_locked,
                "{shown}"
            );
            assert_eq!(
                shown.contains("Practice: alice has not been locked"),
                answers.len() == 2 && !is_locked,
                "{shown}"
            );
            assert_eq!(site.is_locked(), is_locked);
        }
        assert_eq!(history(&phone)[0]["result"], "locked_out");
    }

    #[test]
    fn a_decline_that_was_taken_ends_well_whatever_becomes_of_the_lock_out() {
        let (site, phone) = (Site::new("alice", 0), Phone::new());
        site.add_to(&phone);
        let to_the_second_question = |id: &str| {
            let mut terminal = Terminal::run(&phone, &["decline", id, "--reason", "not-me"]);
            terminal.until("Have it locked?");
            terminal.until("[y/N]");
            terminal.type_line("y");
            terminal.until("Lock Practice: alice");
            terminal.until("[y/N]");
            terminal
        };
        let terminal = to_the_second_question(&site.sign_in().id);
        terminal.interrupt();
        let (exit, shown) = terminal.end();
        assert!(exit == 0 && shown.contains("has not been locked"), "{exit} {shown}");

        // Stopped while nobody knows whether it was taken.
        let mut terminal = to_the_second_question(&site.sign_in().id);
        site.fall_silent();
        terminal.type_line("y");
        terminal.until("Waiting for the server");
        terminal.interrupt();
        let (exit, shown) = terminal.end();
        let words = "Whether the account was locked is not known";
        assert!(exit == 0 && shown.contains(words) && !shown.contains("Stopped."), "{exit} {shown}");
    }

    #[test]
    fn a_look_that_is_stopped_leaves_nothing_halfway() {
        let (site, phone) = (Site::new("alice", 0), Phone::new());
        site.add_to(&phone);
        let mut terminal = Terminal::run(&phone, &["expect"]);
        terminal.until("Ctrl-C ends it");
        terminal.interrupt();
        let (exit, shown) = terminal.end();
        assert!(exit == 5 && shown.contains("still there") && !shown.contains("may have arrived"), "{shown}");
    }

    #[test]
    fn not_me_that_is_stopped_on_its_way_has_its_advice_and_its_note() {
        let (site, phone) = (Site::new("alice", 0), Phone::new());
        site.add_to(&phone);
        let sign_in = site.sign_in();
        assert_eq!(phone.run(&["pending"]).exit, 0);
        site.fall_silent();
        let args = ["decline", &sign_in.id, "--reason", "not-me", "--account", "alice"];
        let mut terminal = Terminal::run(&phone, &args);
        terminal.until("Waiting for the server");
        terminal.interrupt();
        let (exit, shown) = terminal.end();
        assert!(exit == 5 && shown.contains("Stopped.") && shown.contains("change it now"), "{exit} {shown}");
        let past = &history(&phone)[0];
        assert_eq!((&past["result"], &past["not_me"]), (&json!("waiting"), &json!(true)), "{past:?}");
    }

    #[test]
    fn an_answer_that_is_stopped_on_its_way_says_how_to_learn_of_it() {
        let (site, phone) = (Site::new("alice", 0), Phone::new());
        site.add_to(&phone);
        let sign_in = site.sign_in();
        assert_eq!(phone.run(&["pending"]).exit, 0);
        let args = ["approve", &sign_in.id, "--number", sign_in.shown.as_ref().unwrap()];
        site.fall_silent();
        let mut terminal = Terminal::run(&phone, &args);
        terminal.until("Waiting for the server");
        terminal.interrupt();
        let (exit, shown) = terminal.end();
        assert!(exit == 5 && shown.contains("Wait ten seconds and run the same again"), "{exit} {shown}");
    }

    #[test]
    fn a_pin_is_asked_for_as_a_pin() {
        let (site, phone) = (Site::with_pins("alice"), Phone::new());
        site.add_to(&phone);
        let sign_in = site.sign_in();
        let mut terminal = Terminal::run(&phone, &["approve", &sign_in.id]);
        terminal.until("Enter the PIN that the sign-in page shows:");
        terminal.type_line(&sign_in.shown.unwrap());
        let (exit, shown) = terminal.end();
        assert!(exit == 0 && shown.contains("Approved.") && !shown.contains("number"), "{exit} {shown}");
    }

    #[test]
    fn a_lock_out_that_fails_is_told_beside_a_decline_that_was_taken() {
        let (site, phone) = (Site::new("alice", 0), Phone::new());
        site.add_to(&phone);
        let sign_in = site.sign_in();
        let mut terminal = Terminal::run(&phone, &["decline", &sign_in.id, "--reason", "not-me"]);
        for question in ["Have it locked?", "Lock Practice: alice"] {
            terminal.until(question);
            terminal.until("[y/N]");
            site.realm.lock().unwrap().remove_phones("alice");
            terminal.type_line("y");
        }
        let (exit, shown) = terminal.end();
        assert!(
            exit == 0 && shown.contains("Practice: alice: The server does not know this phone"),
            "{exit} {shown}"
        );
        assert!(!site.is_locked());
    }

    #[test]
    fn a_live_screen_ends_with_its_terminal() {
        let (site, phone) = (Site::new("alice", 0), Phone::new());
        site.add_to(&phone);
        for is_told in [true, false] {
            let mut terminal = Terminal::run(&phone, &["watch"]);
            terminal.until("Practice: alice");
            let (exit, took) = terminal.close(is_told);
            assert_eq!(exit, Some(5), "{is_told}");
            // By itself, before it is made to.
            assert!(took < Duration::from_secs(4), "{took:?}");
        }
    }

    #[test]
    fn a_live_screen_that_is_asked_to_end_says_so() {
        let (site, phone) = (Site::new("alice", 0), Phone::new());
        site.add_to(&phone);
        let mut terminal = Terminal::run(&phone, &["watch"]);
        terminal.until("Practice: alice");
        terminal.terminate();
        let (exit, shown) = terminal.end();
        assert!(exit == 5 && shown.contains("Stopped."), "{exit} {shown}");
    }

    #[test]
    fn the_vault_of_a_practice_goes_with_its_terminal() {
        let phone = Phone::bare();
        let folder = phone.file("temporary");
        std::fs::create_dir(&folder).unwrap();
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_countersign"));
        command.arg("practice").env_clear().env("HOME", phone.file("home")).env("TMPDIR", &folder);
        let mut terminal = Terminal::of(command);
        terminal.until("expecting");
        let count = || std::fs::read_dir(&folder).unwrap().count();
        assert_eq!(count(), 1);
        assert_eq!(terminal.close(false).0, Some(5));
        assert_eq!(count(), 0);
    }

    #[test]
    fn what_has_come_is_shown_and_who_is_awaited_is_named() {
        let (site, _silent, phone) = beside_a_silent_server();
        let sign_in = site.sign_in();
        let begun = Instant::now();
        let mut terminal = Terminal::run(&phone, &["pending"]);
        terminal.until(&sign_in.id);
        terminal.until("Waiting for the servers of: Practice: bob");
        assert!(terminal.is_running() && begun.elapsed() < Duration::from_secs(10));
        let (exit, shown) = terminal.end();
        assert_eq!(exit, 0, "{shown}");
        assert_eq!(shown.matches(&sign_in.id).count(), 1, "{shown}");
        assert!(shown.contains("Practice: bob: The server did not answer"), "{shown}");
        assert!(begun.elapsed() < Duration::from_secs(28), "{:?}", begun.elapsed());
    }
}

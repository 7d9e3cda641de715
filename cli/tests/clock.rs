//! A server whose clock is off: told, in words and for scripts, and used for the codes of its names.

#![allow(clippy::unwrap_used, reason = "a test program")]

mod phone;

use phone::site::{Site, unix_now};
use phone::{Phone, Said, assert_failure, assert_fields};
use serde_json::{Value, json};

const CODES: &str = "otpauth://totp/alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Practice";

struct Bench {
    site: Site,
    phone: Phone,
    account: String,
}

impl Bench {
    /// A phone with an account at a server that is so many seconds ahead.
    fn new(ahead: i64) -> Self {
        let (site, phone) = (Site::new("alice", ahead), Phone::new());
        let account = site.add_to(&phone);
        Self { site, phone, account }
    }

    fn clock(&self, args: &[&str]) -> Value {
        let said = self.phone.run(&[&["clock"], args].concat());
        assert_eq!(said.exit, 0, "{said:?}");
        let [clock] = &said.object["clocks"].as_array().unwrap()[..] else { panic!("{said:?}") };
        assert_fields(clock, &["account", "codes", "measured_at", "offset", "origin", "used_for_codes"]);
        clock.clone()
    }

    /// The checks of a self-test, each with the fields of all.
    fn checks(&self) -> Vec<Value> {
        let said = self.phone.run(&["self-test"]);
        assert_eq!(said.exit, 0, "{said:?}");
        let checks = said.object["checks"].as_array().unwrap().clone();
        for check in &checks {
            assert_fields(check, &["account", "check", "figure", "next", "ok", "reason", "text"]);
            assert!(check["text"].as_str().is_some_and(|text| text.len() > 4), "{check}");
            assert_eq!(check["reason"].is_null(), check["next"].is_null(), "{check}");
        }
        checks
    }

    fn words(&self, args: &[&str], language: &str) -> String {
        let output = self.phone.output(args, "", language);
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    }

    fn code_at(&self, id: &str, time: i64) -> Said {
        self.phone.run(&["code", id, "--at", &time.to_string()])
    }
}

fn check<'a>(checks: &'a [Value], kind: &str) -> &'a Value {
    checks.iter().find(|check| check["check"] == kind).unwrap_or_else(|| panic!("no {kind}: {checks:?}"))
}

#[test]
fn the_codes_of_a_server_that_is_ahead_are_its_own_once_chosen() {
    let bench = Bench::new(95);
    let clock = bench.clock(&[]);
    assert_eq!(
        (&clock["account"], &clock["codes"], &clock["used_for_codes"]),
        (&json!(bench.account), &json!([]), &json!(false))
    );
    assert_eq!(clock["origin"], format!("http://{}/realms/practice", bench.site.host));
    assert!((93..=97).contains(&clock["offset"].as_i64().unwrap()), "{clock}");
    assert!((unix_now() - clock["measured_at"].as_i64().unwrap()).abs() < 60, "{clock}");

    let codes = bench.phone.add(CODES);
    assert_failure(&bench.phone.run(&["clock", "--use-for-codes", &codes]), 3, "NoApprovals");
    assert_failure(&bench.phone.run(&["clock", "--use-for-codes", "nobody"]), 3, "AccountNotFound");
    let usual = bench.phone.run(&["code", &codes]);
    assert_eq!(usual.object["offset"], 0);

    // Both are called alike: the one with the clock is meant.
    let clock = bench.clock(&["--use-for-codes", "alice"]);
    assert_eq!((&clock["used_for_codes"], &clock["codes"]), (&json!(true), &json!([codes])));
    let offset = clock["offset"].as_i64().unwrap();
    let (before, said, after) = (unix_now(), bench.phone.run(&["code", &codes]), unix_now());
    assert_eq!(said.object["offset"], offset);
    let made = [before, after].map(|time| bench.code_at(&codes, time + offset).object);
    assert!(made.iter().any(|made| made["code"] == said.object["code"]), "{said:?} {made:?}");
    // How long it lasts is told by this machine's clock.
    let until = said.object["valid_until"].as_i64().unwrap();
    assert!((before + 1..=after + 30).contains(&until) && (until + offset) % 30 == 0, "{said:?}");
    // A time that is named is meant as it is.
    assert_eq!(bench.code_at(&codes, 59).object["offset"], 0);

    assert!(bench.words(&["clock"], "C").contains("The server is 9"));
    assert!(bench.words(&["clock"], "C").contains("It makes the codes of: Practice: alice"));
    assert!(bench.words(&["clock"], "ja_JP.UTF-8").contains("秒進んでいます"));
    let clock = bench.clock(&["--not-for-codes", &bench.account]);
    assert_eq!(clock["used_for_codes"], false);
    assert_eq!(bench.phone.run(&["code", &codes]).object["offset"], 0);
}

#[test]
fn a_self_test_says_what_stands_in_the_way_of_a_request() {
    let bench = Bench::new(-95);
    let checks = bench.checks();
    let clock = check(&checks, "clock");
    assert_eq!((&clock["ok"], &clock["reason"]), (&json!(null), &json!("ClockDiffers")));
    assert!((-97..=-93).contains(&clock["figure"].as_i64().unwrap()), "{clock}");
    assert!(clock["text"].as_str().unwrap().contains(" s behind."), "{clock}");
    for works in ["key", "network", "server", "client", "registration"] {
        assert_eq!(check(&checks, works)["ok"], true, "{works}");
    }
    let (requests, other) = (check(&checks, "requests"), check(&checks, "other_phone"));
    assert_eq!(
        (&requests["ok"], &requests["reason"], &requests["figure"]),
        (&json!(true), &json!("NothingWaits"), &json!(0))
    );
    assert_eq!((&other["ok"], &other["reason"]), (&json!(null), &json!("MaybeOnOtherPhone")));
    let words = bench.words(&["self-test"], "C");
    assert!(words.lines().any(|line| line.starts_with("? ") && line.contains(": clock: ")), "{words}");
    assert!(
        words.lines().any(|line| line.starts_with("? ") && line.contains(": another phone: ")),
        "{words}"
    );
    assert!(bench.words(&["self-test"], "ja_JP.UTF-8").contains("秒遅れています"));

    bench.site.sign_in();
    let checks = bench.checks();
    let requests = check(&checks, "requests");
    assert_eq!(
        (&requests["ok"], &requests["reason"], &requests["figure"]),
        (&json!(true), &json!(null), &json!(1))
    );
    assert_eq!(requests["text"], "Requests that wait: 1");
    assert!(checks.iter().all(|check| check["check"] != "other_phone"));
}

#[test]
fn nothing_is_known_before_a_server_has_told_its_time() {
    let phone = Phone::new();
    assert_eq!(phone.run(&["clock"]).object, json!({"clocks": []}));
    let output = phone.output(&["clock"], "", "C");
    assert!(String::from_utf8(output.stdout).unwrap().contains("countersign pending"));
}

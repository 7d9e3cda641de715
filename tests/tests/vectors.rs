//! The vectors that all languages read, against the core. The contract tests of the bindings read the same files.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use countersign::authenticator::Scanned;
use countersign::clock::UnixTime;
use countersign::link::{Recognised, recognise};
use countersign::otp::Otp;
use countersign::reason::Reason;
use serde_json::Value;

#[test]
fn rfc_4226() {
    let vectors = file("rfc4226.json");
    let first = format!(
        "otpauth://hotp/a?secret={}&digits={}&counter=0",
        text(&vectors["secret"]),
        vectors["digits"]
    );
    let mut otp = otp(&first);
    for vector in list(&vectors["codes"]) {
        assert_eq!(otp.code_of_counter().unwrap().as_str(), text(&vector["code"]), "{vector}");
        otp = otp.after_use();
    }
}

#[test]
fn rfc_6238() {
    let vectors = file("rfc6238.json");
    for vector in list(&vectors["codes"]) {
        let algorithm = text(&vector["algorithm"]);
        let secret = text(&vectors["secrets"][algorithm]);
        let (digits, period) = (&vectors["digits"], &vectors["period"]);
        let link =
            format!("otpauth://totp/a?secret={secret}&algorithm={algorithm}&digits={digits}&period={period}");
        let codes = otp(&link).codes_at(UnixTime(vector["time"].as_i64().unwrap())).unwrap();
        assert_eq!(codes.current.as_str(), text(&vector["code"]), "{vector}");
    }
}

#[test]
fn otpauth() {
    for vector in list(&file("otpauth.json")["links"]) {
        let scanned = Scanned::read(text(&vector["text"]).as_bytes());
        assert_eq!(scanned.kind(), text(&vector["kind"]), "{vector}");
        assert_eq!(scanned.issuer(), vector["issuer"].as_str(), "{vector}");
        assert_eq!(scanned.account(), vector["account"].as_str(), "{vector}");
        assert_eq!(scanned.refusal().map(Reason::name), vector["refusal"].as_str(), "{vector}");
        let odd: Vec<_> = scanned.odd().iter().map(|odd| format!("{odd:?}")).collect();
        assert_eq!(Value::from(odd), vector["odd"], "{vector}");
    }
}

fn otp(link: &str) -> Otp {
    match recognise(link) {
        Recognised::Codes(link) => link.otp,
        other => panic!("{} for {link}", other.kind()),
    }
}

fn file(name: &str) -> Value {
    let path = format!("{}/vectors/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(&path).expect(&path)).expect(&path)
}

fn list(value: &Value) -> &[Value] {
    let list = value.as_array().expect("a list");
    assert!(!list.is_empty());
    list
}

fn text(value: &Value) -> &str {
    value.as_str().expect("text")
}

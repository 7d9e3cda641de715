//! Real exports of other apps: exactly the entries and codes of `expected.json`, which an independent decoder made.
//! They may not be copied into this repository: `COUNTERSIGN_FIXTURES` names their folder.

#![allow(clippy::disallowed_methods, reason = "a test reads files")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]
#![allow(clippy::print_stdout, reason = "the counts are part of what `./check` says")]

use std::path::PathBuf;

use countersign::clock::UnixTime;
use countersign::reason::Reason;
use countersign::transfer::import::{Batch, Entry, Limits, Opened, Progress, open};
use serde_json::Value;

/// Formats of the table that are not read yet.
const LATER: [&str; 21] = [
    "authenticator plus",
    "authy",
    "battle.net",
    "duo",
    "freeotp",
    "google authenticator sqlite",
    "google sqlite",
    "kdbx",
    "keepass",
    "lastpass",
    "microsoft",
    "proton pass",
    "raivo",
    "raw luma",
    "steam",
    "stratum",
    "totp authenticator",
    "winauth",
    "sqlite",
    "authenticatorplus",
    "authpro",
];

#[test]
fn real_files_give_exactly_what_is_in_them() {
    let Some(folder) = std::env::var_os("COUNTERSIGN_FIXTURES").map(PathBuf::from) else {
        println!("COUNTERSIGN_FIXTURES is not set: the real exports of other apps are not read");
        return;
    };
    let expected: Value =
        serde_json::from_slice(&std::fs::read(folder.join("expected.json")).unwrap()).unwrap();
    let (mut files, mut entries, mut later) = (0, 0, 0);
    for (name, file) in expected.as_object().unwrap().iter().filter(|(name, _)| !name.starts_with('_')) {
        let format = file["format"].as_str().unwrap().to_lowercase();
        if LATER.iter().any(|other| format.contains(other)) {
            later += 1;
            continue;
        }
        let bytes = std::fs::read(folder.join(name)).unwrap();
        entries += compare(name, file, &bytes);
        files += 1;
    }
    println!(
        "counted: {files} exports of other apps with {entries} entries, each as an independent decoder reads it; {later} of formats to come"
    );
    assert!(files > 25);
}

fn compare(name: &str, expected: &Value, bytes: &[u8]) -> usize {
    let wanted = expected["entries"].as_array().unwrap();
    let batch = match read(bytes, expected["password"].as_str()) {
        Ok(batch) => batch,
        Err(reason) if wanted.is_empty() => {
            assert!(matches!(reason, Reason::NotAnImport | Reason::NotASetupCode), "{name}: {reason:?}");
            return 0;
        }
        Err(reason) => panic!("{name}: {reason:?}"),
    };
    let shown: Vec<_> = batch.entries.iter().map(of_entry).collect();
    let expected: Vec<_> = wanted.iter().map(of_value).collect();
    assert_eq!(shown, expected, "{name}");
    wanted.len()
}

fn read(bytes: &[u8], password: Option<&str>) -> Result<Batch, Reason> {
    let locked = match open(bytes).map_err(|refused| refused.reason)? {
        Opened::Entries(batch) => {
            assert_eq!(password, None, "a password that is not asked for");
            return Ok(batch);
        }
        Opened::Locked(locked) => locked,
    };
    assert_eq!(opened(&locked, b"no").unwrap_err(), Reason::ImportWrongPassword);
    opened(&locked, password.expect("a password is asked for").as_bytes())
}

fn opened(locked: &countersign::transfer::import::Locked, password: &[u8]) -> Result<Batch, Reason> {
    let mut unlocking = locked.unlock(password, Limits::default()).map_err(|refused| refused.reason)?;
    loop {
        if let Progress::Done(batch) = unlocking.step().map_err(|refused| refused.reason)? {
            return Ok(batch);
        }
    }
}

/// Type, names, parameters and the code at the time of the table.
type Shown = (String, String, String, String, Option<i64>, Option<i64>, Option<i64>, Option<String>);

fn of_entry(entry: &Entry) -> Shown {
    let parameters = &entry.parameters;
    let code = entry.otp.as_ref().ok().map(|otp| {
        let code = otp
            .codes_at(UnixTime(1_700_000_000))
            .map(|codes| codes.current)
            .or_else(|| otp.code_of_counter());
        code.unwrap().as_str().to_owned()
    });
    (
        parameters.kind.clone(),
        entry.issuer.clone(),
        entry.name.clone(),
        parameters.algorithm.clone(),
        parameters.digits,
        parameters.period,
        parameters.counter,
        code,
    )
}

fn of_value(entry: &Value) -> Shown {
    let text = |name: &str| entry[name].as_str().unwrap_or_default().to_owned();
    (
        text("type"),
        text("issuer"),
        text("account"),
        text("algorithm"),
        entry["digits"].as_i64(),
        entry["period"].as_i64(),
        entry["counter"].as_i64(),
        entry["code"].as_str().map(ToOwned::to_owned),
    )
}

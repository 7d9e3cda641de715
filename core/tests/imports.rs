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

use std::path::{Path, PathBuf};

use countersign::clock::UnixTime;
use countersign::reason::Reason;
use countersign::transfer::import::{Batch, Entry, Limits, Opened, Progress, open};
use serde_json::Value;

/// Formats of the table that are not read yet.
const LATER: [&str; 1] = ["raw luma"];

/// What is said of files without any entry.
const NOTHING: [Reason; 4] =
    [Reason::NotAnImport, Reason::NotASetupCode, Reason::NewerFormat, Reason::OlderFormat];

/// Files of our own making, in the repository.
#[test]
fn our_own_files_give_exactly_what_is_in_them() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/import");
    let (files, entries) = compare_all(&folder);
    println!(
        "counted: {files} files in the formats of other apps with {entries} entries, made for this test"
    );
    assert!(files > 15);
}

#[test]
fn real_files_give_exactly_what_is_in_them() {
    let Some(folder) = std::env::var_os("COUNTERSIGN_FIXTURES").map(PathBuf::from) else {
        println!("COUNTERSIGN_FIXTURES is not set: the real exports of other apps are not read");
        return;
    };
    let (files, entries) = compare_all(&folder);
    println!(
        "counted: {files} exports of other apps with {entries} entries, each as an independent decoder reads it"
    );
    assert!(files > 25);
}

/// How many files and entries were compared; says all that differ, not the first alone.
fn compare_all(folder: &Path) -> (usize, usize) {
    let expected: Value =
        serde_json::from_slice(&std::fs::read(folder.join("expected.json")).unwrap()).unwrap();
    let (mut files, mut entries, mut wrong) = (0, 0, Vec::new());
    for (name, file) in expected.as_object().unwrap().iter().filter(|(name, _)| !name.starts_with('_')) {
        let format = file["format"].as_str().unwrap().to_lowercase();
        if LATER.iter().any(|other| format.contains(other)) {
            continue;
        }
        let bytes = std::fs::read(folder.join(name)).unwrap();
        match compare(name, file, &bytes) {
            Ok(count) => entries += count,
            Err(differs) => wrong.push(differs),
        }
        files += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    (files, entries)
}

fn compare(name: &str, expected: &Value, bytes: &[u8]) -> Result<usize, String> {
    let wanted = expected["entries"].as_array().unwrap();
    let batch = match read(bytes, expected["password"].as_str()) {
        Ok(batch) => batch,
        Err(reason) if wanted.is_empty() && NOTHING.contains(&reason) => return Ok(0),
        Err(reason) if expected["reason"].as_str() == Some(reason.name()) => return Ok(0),
        Err(reason) => return Err(format!("{name}: {reason:?}")),
    };
    // Of an entry that is no code the table has the text, and no parameters.
    let malformed = expected["malformed"].as_array().map_or(0, Vec::len);
    let (read, refused): (Vec<_>, Vec<_>) =
        batch.entries.iter().partition(|entry| malformed == 0 || entry.otp.is_ok());
    if refused.len() != malformed {
        return Err(format!("{name}: {refused:?} refused, expected {malformed}"));
    }
    let shown: Vec<_> = read.into_iter().map(of_entry).collect();
    let expected: Vec<_> = wanted.iter().map(of_value).collect();
    if shown == expected {
        return Ok(wanted.len());
    }
    Err(format!("{name}:\n{shown:#?}\nexpected:\n{expected:#?}"))
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

//! Files that earlier versions wrote open for ever.

use std::path::Path;

use countersign::account::Account;
use countersign::clock::UnixTime;
use countersign::otp::Kind;
use countersign::reason::Reason;

use crate::kit::{PASSWORD, Phone, one_of_each, read, read_with_code};

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/backup")
}

/// Writes the kept file anew: only for a new version, under its name.
#[test]
fn writer() {
    let mut accounts = one_of_each();
    accounts[1] =
        Account { favourite: true, ..crate::kit::code("日本商店", "hotp", Kind::Hotp { counter: 7 }) };
    let mut phone = Phone::with(&accounts);
    let code = phone.core.new_backup_code(crate::kit::NOW).unwrap();
    let backup = phone.backup();
    assert_eq!(backup.accounts(), 7);
    if let Some(folder) = std::env::var_os("KEPT_BACKUP_FOLDER").map(std::path::PathBuf::from) {
        std::fs::write(folder.join("v1.backup"), backup.bytes()).unwrap();
        std::fs::write(folder.join("v1.code"), code.text().expose()).unwrap();
    }
}

#[test]
fn version_1() {
    let file = std::fs::read(folder().join("v1.backup")).unwrap();
    let code = std::fs::read_to_string(folder().join("v1.code")).unwrap();
    for batch in [read(&file, PASSWORD).unwrap(), read_with_code(&file, &code).unwrap()] {
        assert_eq!(batch.made_at, Some(UnixTime(1_800_000_000)));
        let codes: Vec<_> = batch
            .entries
            .iter()
            .map(|entry| {
                let otp = entry.otp.as_ref().map_err(|reason| *reason)?;
                let code = otp.codes_at(UnixTime(59)).map(|codes| codes.current);
                Ok(code.or_else(|| otp.code_of_counter()).unwrap().as_str().to_owned())
            })
            .collect();
        let expected: Vec<Result<String, Reason>> = std::fs::read_to_string(folder().join("v1.codes"))
            .unwrap()
            .lines()
            .map(|line| if line == "-" { Err(Reason::NeedsNewSetUp) } else { Ok(line.to_owned()) })
            .collect();
        assert_eq!(codes, expected);
    }
}

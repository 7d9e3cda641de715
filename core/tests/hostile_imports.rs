//! Files of other apps that somebody made to do harm: refused by name, or read as far as they are sound; no panic, no
//! work without end.

#![allow(clippy::disallowed_methods, reason = "a test reads files")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};

use countersign::reason::Reason;
use countersign::transfer::import::{Limits, Locked, MAX_ENTRIES, Opened, Progress, open};

const PASSWORD: &[u8] = "correct horse ü".as_bytes();
const LINK: &str = "otpauth://totp/a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/import")
}

/// Every file of ours, with its name.
fn files() -> Vec<(String, Vec<u8>)> {
    let apps = std::fs::read_dir(folder()).unwrap().map(|app| app.unwrap().path());
    let files = apps.filter(|app| app.is_dir()).flat_map(|app| std::fs::read_dir(app).unwrap());
    files
        .map(|file| file.unwrap().path())
        .map(|file| (file.display().to_string(), std::fs::read(&file).unwrap()))
        .collect()
}

/// Reads as far as it goes without much work.
fn read(file: &[u8]) -> Result<usize, Reason> {
    match open(file).map_err(|refused| refused.reason)? {
        Opened::Entries(batch) => Ok(batch.entries.len()),
        Opened::Locked(locked) if is_cheap(&locked) => {
            let mut unlocking =
                locked.unlock(PASSWORD, Limits::default()).map_err(|refused| refused.reason)?;
            loop {
                if let Progress::Done(batch) = unlocking.step().map_err(|refused| refused.reason)? {
                    return Ok(batch.entries.len());
                }
            }
        }
        Opened::Locked(_) => Ok(0),
    }
}

fn is_cheap(locked: &Locked) -> bool {
    locked.costs().all(|cost| cost.memory_kib <= 2048 && cost.rounds <= 20_000)
}

#[test]
fn files_that_end_early_or_were_changed() {
    for (name, file) in files() {
        for part in 0..=16 {
            let end = file.len() * part / 17;
            assert!(
                read(&file[..end]).is_ok_and(|count| count <= 5) || read(&file[..end]).is_err(),
                "{name}"
            );
        }
        for place in (0..file.len()).step_by(file.len() / 40 + 1) {
            for change in [0x01, 0x80] {
                let mut changed = file.clone();
                changed[place] ^= change;
                let _ = read(&changed);
            }
        }
    }
}

#[test]
fn depth_ends_before_the_stack_does() {
    for start in
        ["[", "{\"a\":", "{\"services\":", "{\"header\":", "{\"items\":[{\"login\":", "[{\"secret\":", "\""]
    {
        assert!(read(start.repeat(200_000).as_bytes()).is_err(), "{start}");
    }
    let inside = format!(
        r#"{{"version":1,"header":{{}},"db":{{"version":3,"entries":[{{"icon":{}}}]}}}}"#,
        "[".repeat(100_000)
    );
    assert_eq!(read(inside.as_bytes()), Err(Reason::ImportDamaged));
}

#[test]
fn counts_are_capped_before_anything_is_made_of_them() {
    let rows = vec!["{}"; MAX_ENTRIES + 1].join(",");
    for json in [
        format!(r#"{{"services":[{rows}],"schemaVersion":4}}"#),
        format!(r#"{{"version":1,"header":{{}},"db":{{"version":3,"entries":[{rows}]}}}}"#),
        format!(r#"{{"version":1,"entries":[{rows}]}}"#),
        format!(r#"{{"encrypted":false,"items":[{rows}]}}"#),
        format!(r#"[{{"label":"a","type":"TOTP"}},{rows}]"#),
        format!(r#"[{{"kind":"TOTP","timer":"30"}},{rows}]"#),
        format!(r#"{{"Authenticators":[{rows}]}}"#),
        format!(r#"{{"tokens":[{rows}],"tokenOrder":[]}}"#),
        format!(r#"{{"accounts":[{rows}],"folders":[]}}"#),
        format!(r#"{{"app":"2fauth_v5","data":[{rows}]}}"#),
        format!(r#"{{"version":{{"major":1}},"exporterRpId":"a","accounts":[{{"items":[{rows}]}}]}}"#),
        vec![LINK; MAX_ENTRIES + 1].join("\n"),
        format!("login_totp\n{}", vec!["A"; MAX_ENTRIES + 1].join("\n")),
        format!("Title,OTPAuth\n{}", vec!["a,A"; MAX_ENTRIES + 1].join("\n")),
        format!("<map>{}</map>", "<string name='tokenOrder'>[]</string>".repeat(MAX_ENTRIES + 1)),
        format!("<map><string name='STATIC_TOTP_CODES_LIST'>[{rows}]</string></map>"),
    ] {
        assert_eq!(read(json.as_bytes()), Err(Reason::ImportTooLarge), "{}", &json[..40]);
    }
    assert_eq!(read(vec![LINK; MAX_ENTRIES].join("\n").as_bytes()), Ok(MAX_ENTRIES));
}

#[test]
fn work_above_the_cap_is_refused_before_it_is_begun() {
    let change = |name: &str, from: &str, to: &str| {
        let text = std::fs::read_to_string(folder().join(name)).unwrap();
        assert!(text.contains(from), "{name}: {from}");
        text.replace(from, to)
    };
    for file in [
        change("aegis/encrypted.json", "\"n\": 1024", "\"n\": 1099511627776"),
        change("aegis/encrypted.json", "\"p\": 1", "\"p\": 4294967295"),
        change("ente/encrypted.txt", "1048576", "18446744073709551615"),
        change("ente/encrypted.txt", "\"opsLimit\": 2", "\"opsLimit\": 4294967295"),
        change("bitwarden/argon2.json", "\"kdfMemory\": 2", "\"kdfMemory\": 1048576"),
        change("privacyidea/backup.json", "\"iterations\": 100000", "\"iterations\": 2000000000"),
        change("bitwarden/pbkdf2.json", "\"kdfIterations\": 5000", "\"kdfIterations\": 2000000000"),
    ] {
        let Ok(Opened::Locked(locked)) = open(file.as_bytes()) else { panic!("{file}") };
        let refused = locked.unlock(PASSWORD, Limits::default()).unwrap_err();
        let figures = refused.figures.unwrap();
        assert_eq!(refused.reason, Reason::DerivationTooCostly);
        assert!(figures.wanted > figures.most);
    }
    // A parameter that the function does not take is damage, whatever the password.
    let odd = change("aegis/encrypted.json", "\"n\": 1024", "\"n\": 1025");
    let Ok(Opened::Locked(locked)) = open(odd.as_bytes()) else { panic!() };
    let refused = locked.unlock(PASSWORD, Limits::default()).unwrap().step().unwrap_err();
    assert_eq!(refused.reason, Reason::ImportDamaged);
}

//! Backups by the command line: written, checked, restored; folders, kills and full disks.

#![allow(clippy::unwrap_used, reason = "a test program")]
#![allow(clippy::print_stdout, reason = "the counts are part of what `./check` says")]

mod phone;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use phone::{Phone, Said, assert_failure, assert_fields, path_text};
use serde_json::{Value, json};

const SEED: &str = "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const KILLS: u32 = 120;

/// A phone with two accounts, and a file with the password of its backups.
fn phone() -> (Phone, String) {
    let phone = Phone::new();
    phone.add(&format!("otpauth://totp/A:a?{SEED}"));
    phone.add(&format!("otpauth://hotp/B:b?{SEED}&counter=7"));
    let password = phone.file("backup-password");
    fs::write(&password, "correct horse ü\n").unwrap();
    let password = path_text(&password).to_owned();
    (phone, password)
}

fn at(phone: &Phone, name: &str) -> String {
    path_text(&phone.file(name)).to_owned()
}

fn check(phone: &Phone, file: &str, password: &str) -> Said {
    phone.run(&["backup", "--check", file, "--password-file", password])
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn written_checked_and_restored_into_another_vault() {
    let (phone, password) = phone();
    let file = at(&phone, "accounts.backup");
    assert!(phone.run(&["list"]).words.contains("no backup yet"));
    let none = phone.run(&["backup", "--status"]);
    assert_fields(
        &none.object,
        &[
            "last",
            "missing",
            "old_for_days",
            "has_password",
            "has_recovery_code",
            "folder",
            "keep",
            "automatic",
        ],
    );
    assert_eq!((&none.object["last"], &none.object["missing"]), (&Value::Null, &json!(2)));
    assert_eq!((&none.object["has_password"], &none.object["automatic"]), (&json!(false), &json!(false)));
    assert_failure(&phone.run(&["backup", &file]), 3, "NoBackupPassword");
    let said = phone.run(&["backup", &file, "--password-file", &password]);
    assert_eq!(said.exit, 0, "{said:?}");
    assert_fields(&said.object, &["file", "made_at", "accounts", "damaged", "removed", "recovery_code"]);
    assert_eq!((&said.object["accounts"], &said.object["recovery_code"]), (&json!(2), &Value::Null));
    let status = phone.run(&["backup", "--status"]);
    let last = json!({"made_at": said.object["made_at"], "accounts": 2, "damaged": 0});
    assert_eq!((&status.object["last"], &status.object["missing"]), (&last, &json!(0)));
    assert_eq!((&status.object["has_password"], &status.object["folder"]), (&json!(true), &Value::Null));
    let listed = phone.run(&["list"]);
    assert!(listed.object["accounts"].as_array().unwrap().iter().all(|one| one["needs_backup"] == false));
    assert!(!listed.words.contains("backup"), "{listed:?}");

    // The next one needs no password, and has the change that is in none yet.
    phone.run(&["code", "b"]);
    assert!(phone.run(&["list"]).words.contains("in no backup as they are now: 1"));
    assert_eq!(phone.run(&["backup", &file]).exit, 0);

    let checked = check(&phone, &file, &password);
    assert_eq!(checked.exit, 0, "{checked:?}");
    assert_fields(&checked.object, &["file", "made_at", "accounts", "in_trash", "set_up_again", "rows"]);
    assert_eq!(checked.object["rows"][1]["counter"], 8);
    assert!(!checked.object.to_string().contains("GEZDGNBVGY3TQOJQ"));

    let other = Phone::new();
    let preview = other.run(&["restore-backup", &file, "--preview", "--password-file", &password]);
    assert_eq!(preview.object["rows"].as_array().unwrap().len(), 2, "{preview:?}");
    assert_eq!(other.run(&["list"]).object["accounts"], json!([]));
    let back = other.run(&["restore-backup", &file, "--password-file", &password]);
    assert_eq!(
        (back.exit, &back.object["added"], &back.object["app"]),
        (0, &json!(2), &json!("Countersign"))
    );
    assert_eq!(other.run(&["code", "a", "--at", "59"]).object["code"], "287082");
    let again = other.run(&["import", &file, "--password-file", &password]);
    assert_eq!((&again.object["added"], &again.object["rows"][0]["outcome"]), (&json!(0), &json!("same")));
    assert_eq!(other.run(&["import", "--undo"]).object["removed"], 2);
}

#[test]
fn a_recovery_code_is_a_second_way_in() {
    let (phone, password) = phone();
    let file = at(&phone, "accounts.backup");
    let said = phone.run(&["backup", &file, "--password-file", &password, "--new-recovery-code"]);
    let code = said.object["recovery_code"].as_str().unwrap();
    let check = |code: &str| phone.run_with(&["backup", "--check", &file, "--recovery-code-file", "-"], code);
    assert_eq!(check(code).exit, 0);
    // Any one symbol: the check symbol of the code notices it.
    let mistyped = format!("{}{}", if code.starts_with('0') { '1' } else { '0' }, &code[1..]);
    assert_failure(&check(&mistyped), 3, "RecoveryCodeMistyped");
    let other = phone.run(&["recovery", "new"]).object["recovery_code"].as_str().unwrap().to_owned();
    assert_failure(&check(&other), 3, "ImportWrongRecoveryCode");
    let without = at(&phone, "without.backup");
    let bare = Phone::new();
    bare.run(&["backup", &without, "--password-file", &password]);
    let refused = bare.run_with(&["restore-backup", &without, "--recovery-code-file", "-"], code);
    assert_failure(&refused, 3, "NoCodeSlot");
}

#[test]
fn each_wrong_file_has_an_answer_of_its_own() {
    let (phone, password) = phone();
    let file = at(&phone, "accounts.backup");
    phone.run(&["backup", &file, "--password-file", &password]);
    let whole = fs::read(&file).unwrap();
    let restore = |content: &[u8], password: &str| {
        fs::write(&file, content).unwrap();
        let said = phone.run(&["restore-backup", &file, "--password-file", password]);
        assert_eq!(check(&phone, &file, password).object["reason"], said.object["reason"]);
        said
    };
    let mut newer = whole.clone();
    newer[11] = 2;
    let mut changed = whole.clone();
    *changed.last_mut().unwrap() ^= 1;
    assert_failure(&restore(&whole, &at(&phone, "password")), 3, "ImportWrongPassword");
    assert_failure(&restore(&whole[..5000], &password), 3, "ImportDamaged");
    assert_failure(&restore(&changed, &password), 3, "ImportDamaged");
    assert_failure(&restore(&newer, &password), 3, "NewerFormat");
    assert_failure(&restore(b"otpauth://totp/a?secret=GEZDGNBV", &password), 3, "NotABackup");
    assert_failure(&restore(b"", &password), 3, "NotABackup");
    fs::write(&file, &whole).unwrap();
    assert_failure(&phone.run(&["restore-backup", &file]), 3, "FilePasswordNeeded");
    assert_failure(&phone.run(&["backup"]), 3, "BackupPlaceNeeded");
    assert_failure(&phone.run(&["backup", &file, "--folder", "x"]), 2, "Usage");
    fs::write(&file, "a letter").unwrap();
    assert_failure(&phone.run(&["backup", &file]), 3, "FileExists");
    assert_eq!(fs::read(&file).unwrap(), b"a letter");
    let nowhere = at(&phone, "no/accounts.backup");
    assert_failure(&phone.run(&["backup", &nowhere]), 3, "FileUnwritable");
}

#[test]
fn a_folder_keeps_the_latest_and_gets_one_after_each_change() {
    let (phone, password) = phone();
    let folder = phone.file("backups");
    let shown = path_text(&folder);
    let first = phone.run(&[
        "backup",
        "--folder",
        shown,
        "--keep",
        "3",
        "--automatic",
        "on",
        "--password-file",
        &password,
    ]);
    assert_eq!(first.exit, 0, "{first:?}");
    fs::write(folder.join("letter.txt"), "mine").unwrap();
    let count = || files(&folder).len() - 1;
    assert_eq!(count(), 1);
    for name in ["one", "two", "three", "four"] {
        phone.run(&["rename", "a", "--issuer", name]);
    }
    assert_eq!(count(), 3);
    // Looking changes nothing.
    let before = files(&folder);
    for args in [&["list"][..], &["show", "a"], &["code", "a"]] {
        phone.run(args);
    }
    assert_eq!(files(&folder), before);
    // Each opens, and the latest has the latest names.
    let latest = phone.run(&["backup"]);
    assert_eq!(latest.object["removed"].as_array().unwrap().len(), 1);
    let checked = check(&phone, latest.object["file"].as_str().unwrap(), &password);
    assert_eq!(checked.object["rows"][0]["issuer"], "four");
    for file in files(&folder).iter().filter(|file| file.extension().is_some_and(|end| end == "backup")) {
        assert_eq!(check(&phone, path_text(file), &password).exit, 0);
    }
    assert!(folder.join("letter.txt").exists());

    // A disk that is not there is said, and undoes no change; it is not taken for an empty folder.
    fs::rename(&folder, phone.file("elsewhere")).unwrap();
    let renamed = phone.run(&["rename", "a", "--issuer", "five"]);
    assert_eq!(renamed.exit, 0);
    assert!(renamed.words.contains("could not be written"), "{renamed:?}");
    assert!(!folder.exists());
    assert!(phone.run(&["list"]).words.contains("in no backup as they are now: 1"));
}

#[test]
fn the_first_run_may_say_where_backups_live() {
    let phone = Phone::bare();
    let folder = phone.file("backups");
    let said = phone.run(&["init", "--backup-folder", path_text(&folder)]);
    assert_eq!(said.exit, 0, "{said:?}");
    assert_fields(&said.object, &["vault", "recovery_code"]);
    phone.add(&format!("otpauth://totp/A:a?{SEED}"));
    let files = files(&folder);
    assert_eq!(files.len(), 2);
    // With the vault's password.
    let opened = files.iter().map(|file| check(&phone, path_text(file), &at(&phone, "password")).object);
    let mut counts: Vec<_> = opened.map(|object| object["accounts"].as_u64().unwrap()).collect();
    counts.sort_unstable();
    assert_eq!(counts, [0, 1]);
}

#[test]
fn killed_while_writing_over_an_older_one() {
    let (phone, password) = phone();
    let file = at(&phone, "accounts.backup");
    assert_eq!(phone.run(&["backup", &file, "--password-file", &password]).exit, 0);
    let (mut old, mut new) = (0, 0);
    let mut before = fs::read(&file).unwrap();
    for turn in 0..KILLS {
        let mut child = phone.start(&["backup", &file]);
        // The vault's password takes most of the time; the moments are spread over all of it.
        let moment = u64::from(turn.wrapping_mul(2_654_435_761) % 1000);
        std::thread::sleep(Duration::from_micros(moment * LASTS_MS));
        let _ = child.kill();
        child.wait().unwrap();
        let after = fs::read(&file).unwrap();
        if after == before {
            old += 1;
        } else {
            new += 1;
        }
        if after != before || turn % 20 == 0 {
            assert_eq!(check(&phone, &file, &password).object["accounts"], 2, "turn {turn}");
        }
        before = after;
    }
    println!(
        "counted: {KILLS} kills while a backup was written over another: {old} left the older one, {new} the newer; each opens"
    );
    assert!(new > 0 && old > 0, "{old} {new}");
    // What is left over stands in nobody's way.
    assert_eq!(phone.run(&["backup", &file]).exit, 0);
}

/// About how long a backup takes, with the vault's password, in a build for tests.
const LASTS_MS: u64 = 700;

#[test]
fn a_disk_that_is_full_leaves_the_older_one() {
    let (phone, password) = phone();
    let file = at(&phone, "accounts.backup");
    assert_eq!(phone.run(&["backup", &file, "--password-file", &password]).exit, 0);
    // More than fits into what may be written; what SQLite needs to open the vault does.
    let many: Vec<_> = (0..300).map(|number| format!("otpauth://totp/C:{number}?{SEED}")).collect();
    assert_eq!(phone.run_with(&["import", "-"], many.join("\n")).object["added"], 300);
    let before = fs::read(&file).unwrap();
    let vault = phone.vault();
    let command = format!(
        "trap '' XFSZ; ulimit -f 64; exec {} --vault {} --password-file {} --json backup {file}",
        env!("CARGO_BIN_EXE_countersign"),
        path_text(&vault),
        at(&phone, "password"),
    );
    let home = phone.file("");
    let output = Command::new("sh").args(["-c", &command]).env("HOME", home).output().unwrap();
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &said["reason"]), (Some(3), &json!("FileUnwritable")), "{said}");
    assert_eq!(fs::read(&file).unwrap(), before);
    let names = files(file.rsplit_once('/').map(|(folder, _)| Path::new(folder)).unwrap());
    assert!(names.iter().all(|name| !path_text(name).ends_with(".tmp")), "{names:?}");
}

#[test]
fn people_see_words_in_their_language() {
    let (phone, password) = phone();
    let file = at(&phone, "accounts.backup");
    let words = |args: &[&str], language: &str| {
        let output = phone.output(args, "", language);
        String::from_utf8(output.stdout).unwrap()
    };
    let written = words(&["backup", &file, "--password-file", &password], "C");
    assert!(written.starts_with("Written, read back and opened: "), "{written}");
    let checked = words(&["backup", "--check", &file, "--password-file", &password], "ja_JP.UTF-8");
    assert!(checked.starts_with("開けました。") && checked.contains("A: a"), "{checked}");
}

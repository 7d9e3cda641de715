//! Accounts for other apps by the command line: preview, selection, passwords, files that stay.

#![allow(clippy::unwrap_used, reason = "a test program")]

mod phone;

use std::fs;

use phone::{Phone, assert_failure, assert_fields, path_text};
use serde_json::{Value, json};

const SEED: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

/// A phone with an account of each kind that formats differ in, and one in the trash.
fn phone() -> Phone {
    let phone = Phone::new();
    for link in [
        "totp/Example:alice@example.com?",
        "totp/Example:bob?period=60&",
        "hotp/Bank:carol?counter=7&digits=8&",
        "steam/Steam:dave?",
    ] {
        phone.add(&format!("otpauth://{link}secret={SEED}"));
    }
    let trashed = phone.add(&format!("otpauth://totp/Gone:erin?secret={SEED}"));
    assert_eq!(phone.run(&["remove", &trashed]).exit, 0);
    phone
}

fn path(phone: &Phone, name: &str) -> String {
    path_text(&phone.file(name)).to_owned()
}

fn column<'a>(object: &'a Value, name: &str) -> Vec<&'a Value> {
    object["accounts"].as_array().unwrap().iter().map(|row| &row[name]).collect()
}

#[test]
fn a_preview_says_what_is_lost_and_writes_nothing() {
    let phone = phone();
    let before = fs::read_dir(phone.file("")).unwrap().count();
    let said = phone.run(&["export", "google", "--preview"]);
    assert_eq!(said.exit, 0, "{said:?}");
    assert_fields(&said.object, &["format", "encrypted", "files", "accounts", "exported"]);
    assert_fields(
        &said.object["accounts"][0],
        &["id", "issuer", "account", "outcome", "lost", "left_out", "text"],
    );
    assert_eq!(column(&said.object, "account"), ["alice@example.com", "bob", "carol", "dave"]);
    assert_eq!(column(&said.object, "outcome"), ["whole", "left_out", "whole", "left_out"]);
    assert_eq!(
        column(&said.object, "left_out"),
        [&Value::Null, &json!("period"), &Value::Null, &json!("kind")]
    );
    assert_eq!((&said.object["files"], &said.object["exported"]), (&json!([]), &Value::Null));
    assert!(!said.object.to_string().contains(SEED));
    assert_eq!(fs::read_dir(phone.file("")).unwrap().count(), before);

    let table = |language| {
        let output = phone.output(&["export", "google", "--preview"], "", language);
        String::from_utf8(output.stdout).unwrap()
    };
    let english = table("C");
    assert!(
        english.starts_with("whole     Example: alice@example.com\nleft out  Example: bob · This"),
        "{english}"
    );
    assert!(
        table("ja_JP.UTF-8").contains("対象外  Example: bob · この形式にない"),
        "{}",
        table("ja_JP.UTF-8")
    );
}

#[test]
fn files_are_the_owners_and_are_not_overwritten() {
    let phone = phone();
    let file = path(&phone, "links.txt");
    let said = phone.run(&["export", "otpauth", "-o", &file]);
    assert_eq!(
        (said.exit, &said.object["exported"], &said.object["encrypted"]),
        (0, &json!(4), &json!(false))
    );
    assert_eq!(said.object["files"], json!([file]));
    assert!(!said.object.to_string().contains(SEED) && !said.words.contains(SEED));
    let written = fs::read_to_string(&file).unwrap();
    assert_eq!((written.lines().count(), written.contains("erin")), (4, false));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let again = phone.run(&["export", "otpauth", "alice", "-o", &file]);
    assert_failure(&again, 3, "FileExists");
    assert_eq!((&again.object["file"], fs::read_to_string(&file).unwrap()), (&json!(file), written));
    let replaced = phone.run(&["export", "otpauth", "alice", "--to", &file, "--replace"]);
    assert_eq!((replaced.exit, fs::read_to_string(&file).unwrap().lines().count()), (0, 1));
    // The picture of one account goes by the same rule.
    let picture = path(&phone, "code.svg");
    assert_eq!(phone.run(&["qr", "show", "alice", "-o", &picture]).exit, 0);
    assert_failure(&phone.run(&["qr", "show", "alice", "-o", &picture]), 3, "FileExists");
    assert_eq!(phone.run(&["qr", "show", "alice", "-o", &picture, "--replace"]).exit, 0);
    assert_failure(&phone.run(&["export", "otpauth", "-o", "/no/such/folder/x"]), 3, "FileUnwritable");
}

#[test]
fn accounts_are_chosen_as_everywhere() {
    let phone = phone();
    let file = path(&phone, "some.txt");
    let said = phone.run(&["export", "otpauth", "carol", "alice", "bank", "-o", &file]);
    assert_eq!(column(&said.object, "account"), ["carol", "alice@example.com"]);
    assert!(fs::read_to_string(&file).unwrap().starts_with("otpauth://hotp/Bank:carol?"));
    assert_failure(&phone.run(&["export", "cxf", "example", "--preview"]), 3, "Ambiguous");
    assert_failure(&phone.run(&["export", "cxf", "erin", "--preview"]), 3, "AccountNotFound");
    let none = phone.run(&["export", "entra", "dave", "bob", "-o", &path(&phone, "none.csv")]);
    assert_failure(&none, 3, "NothingToExport");
    assert_eq!(column(&none.object, "left_out"), ["kind", "name"]);
    assert!(!phone.file("none.csv").exists());
}

#[test]
fn under_a_password_unless_it_is_to_be_plain() {
    let phone = phone();
    let password = path(&phone, "file-password");
    fs::write(&password, "correct horse ü\n").unwrap();
    for format in ["aegis", "2fas"] {
        let file = path(&phone, format);
        assert_failure(&phone.run(&["export", format, "-o", &file]), 3, "NewPasswordNeeded");
        let said = phone.run(&["export", format, "-o", &file, "--password-file", &password]);
        assert_eq!((said.exit, &said.object["encrypted"]), (0, &json!(true)), "{said:?}");
        assert!(!fs::read_to_string(&file).unwrap().contains("alice"));
        let other = Phone::new();
        let back = other.run(&["import", &file, "--password-file", &password]);
        assert_eq!((back.exit, &back.object["added"]), (0, &said.object["exported"]), "{back:?}");
        let code = |phone: &Phone| phone.run(&["code", "alice", "--at", "59"]).object["code"].clone();
        assert_eq!((code(&other), code(&phone)), (json!("287082"), json!("287082")));
    }
    fs::write(&password, "\n").unwrap();
    let file = path(&phone, "accounts.json");
    let empty = phone.run(&["export", "aegis", "-o", &file, "--password-file", &password]);
    assert_failure(&empty, 3, "PasswordUnusable");
    let plain = phone.run(&["export", "aegis", "-o", &file, "--plain"]);
    assert_eq!((plain.exit, &plain.object["encrypted"]), (0, &json!(false)));
    assert!(fs::read_to_string(&file).unwrap().contains("alice@example.com"));
}

#[test]
fn what_does_not_go_together() {
    let phone = phone();
    let file = path(&phone, "x");
    for args in [
        &["export", "otpauth"][..],
        &["export", "authy", "-o", &file],
        &["export", "otpauth", "-o", "-"],
        &["export", "otpauth", "-o", &file, "--plain"],
        &["export", "cxf", "-o", &file, "--password-file", &file],
        &["export", "aegis", "-o", &file, "--password-file", &file, "--plain"],
        &["export", "google", "-o", &file],
        &["export", "google", "-o", "-"],
    ] {
        assert_failure(&phone.run(args), 2, "Usage");
    }
    assert!(!phone.file("x").exists());
}

#[test]
fn standard_output_is_the_file_and_nothing_else() {
    let phone = phone();
    let output = phone.output(&["export", "otpauth", "alice", "-o", "-"], "", "C");
    let link = format!(
        "otpauth://totp/Example:alice%40example.com?secret={SEED}&issuer=Example&algorithm=SHA1&digits=6&period=30\n"
    );
    assert_eq!(String::from_utf8(output.stdout).unwrap(), link);
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(
        words.contains("Exported: 1") && words.contains("in the clear") && !words.contains(SEED),
        "{words}"
    );
}

#[test]
fn pictures_that_come_back() {
    let phone = Phone::new();
    let links: Vec<_> = (0..12).map(|n| format!("otpauth://totp/Example:person{n}?secret={SEED}")).collect();
    assert_eq!(phone.run_with(&["import", "-"], links.join("\n")).object["added"], 12);
    let said = phone.run(&["export", "google", "-o", &path(&phone, "codes.png")]);
    let files = [path(&phone, "codes-1.png"), path(&phone, "codes-2.png")];
    assert_eq!((said.exit, &said.object["files"]), (0, &json!(files)));
    let other = Phone::new();
    let back = other.run(&["import", &files[1], &files[0]]);
    assert_eq!((&back.object["added"], &back.object["missing_parts"]), (&json!(12), &json!([])));
    // One picture in the way: nothing is written, and the one that was stays.
    fs::remove_file(&files[0]).unwrap();
    let again = phone.run(&["export", "google", "-o", &path(&phone, "codes.png")]);
    assert_failure(&again, 3, "FileExists");
    assert!(!phone.file("codes-1.png").exists() && phone.file("codes-2.png").exists());
    let one = phone.run(&["export", "google", "person3", "-o", &path(&phone, "one.svg")]);
    assert_eq!(one.object["files"], json!([path(&phone, "one.svg")]));
}

#[test]
fn a_sheet_speaks_the_language_of_its_owner() {
    let phone = phone();
    for (language, lang, words) in
        [("C", "en", "Whoever sees a QR code"), ("ja_JP.UTF-8", "ja", "QR コードを読み取るか")]
    {
        let file = path(&phone, &format!("{lang}.html"));
        let output = phone.output(&["export", "sheet", "-o", &file], "", language);
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.contains("A4") && output.status.success(), "{said}");
        let page = fs::read_to_string(&file).unwrap();
        assert!(page.contains(&format!("<html lang=\"{lang}\">")) && page.contains(words));
        assert_eq!(page.matches("<svg ").count(), 4);
    }
}

//! Accounts of other apps by the command line: preview, choice, passwords, undo.

#![allow(clippy::unwrap_used, reason = "a test program")]

mod phone;

use std::path::{Path, PathBuf};

use phone::{Phone, assert_failure, assert_fields, path_text};
use serde_json::{Value, json};

const SEED: &str = "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

fn fixture(name: &str) -> String {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/import").join(name);
    path_text(&file).to_owned()
}

/// A file with the password of the fixtures.
fn password(phone: &Phone) -> String {
    let file = phone.file("file-password");
    std::fs::write(&file, "correct horse ü\n").unwrap();
    path_text(&file).to_owned()
}

fn write(phone: &Phone, name: &str, text: &str) -> String {
    let file = phone.file(name);
    std::fs::write(&file, text).unwrap();
    path_text(&file).to_owned()
}

fn column<'a>(object: &'a Value, name: &str) -> Vec<&'a Value> {
    object["rows"].as_array().unwrap().iter().map(|row| &row[name]).collect()
}

fn accounts(phone: &Phone) -> Vec<Value> {
    let listed = phone.run(&["list"]).object;
    listed["accounts"].as_array().unwrap().iter().map(|account| account["account"].clone()).collect()
}

#[test]
fn a_preview_needs_no_vault_and_tells_no_secret() {
    let phone = Phone::bare();
    let (file, password) = (fixture("aegis/encrypted.json"), password(&phone));
    let args = ["import", &file, "--preview", "--codes-at", "1700000000", "--password-file", &password];
    let said = phone.run(&args);
    assert_eq!(said.exit, 0, "{said:?}");
    assert_fields(
        &said.object,
        &["app", "format", "files", "missing_parts", "made_at", "set_up_again", "rows", "import", "added"],
    );
    assert_eq!(
        (&said.object["app"], &said.object["format"]),
        (&json!("Aegis"), &json!("aegis_json_encrypted"))
    );
    let expected: Value =
        serde_json::from_str(&std::fs::read_to_string(fixture("expected.json")).unwrap()).unwrap();
    for (row, entry) in said.object["rows"]
        .as_array()
        .unwrap()
        .iter()
        .zip(expected["aegis/encrypted.json"]["entries"].as_array().unwrap())
    {
        for field in ["type", "issuer", "account", "algorithm", "digits", "period", "counter", "code"] {
            assert_eq!(row.get(field).unwrap(), entry.get(field).unwrap_or(&Value::Null), "{field}");
        }
    }
    assert_fields(
        &said.object["rows"][0],
        &[
            "row",
            "outcome",
            "chosen",
            "reason",
            "text",
            "next",
            "like",
            "repeats",
            "differs",
            "odd",
            "notes",
            "type",
            "issuer",
            "account",
            "algorithm",
            "digits",
            "period",
            "counter",
            "favourite",
            "tags",
            "code",
            "id",
        ],
    );
    assert!(!said.object.to_string().contains("GEZDGNBVGY3TQOJQ"));
    assert!(!phone.vault().exists());
}

#[test]
fn an_import_its_choice_and_its_undoing() {
    let phone = Phone::new();
    let text = format!(
        "otpauth://totp/A:a?{SEED}\notpauth://totp/B:b?{SEED}&digits=8\notpauth://totp/C:c?secret=1\notpauth://totp/A:a?{SEED}\notpauth://totp/D:d?{SEED}B&digits=7"
    );
    let said = phone.run_with(&["import", "-", "--without", "2"], &text);
    assert_eq!(said.exit, 0, "{said:?}");
    assert_eq!(column(&said.object, "outcome"), ["new", "new", "refused", "same", "odd"]);
    assert_eq!(said.object["rows"][2]["reason"], "SecretNotBase32");
    assert_eq!(said.object["rows"][3]["repeats"], 1);
    assert_eq!(said.object["rows"][4]["odd"], json!(["SecretOddLength"]));
    assert_eq!((&said.object["added"], accounts(&phone)), (&json!(2), vec![json!("a"), json!("d")]));
    let id = said.object["rows"][0]["id"].as_str().unwrap();
    assert_eq!(phone.run(&["code", id, "--at", "59"]).object["code"], "287082");

    let again = phone.run_with(&["import", "-"], &text);
    assert_eq!(column(&again.object, "outcome"), ["same", "differs", "refused", "same", "same"]);
    assert_eq!(again.object["rows"][1]["differs"], json!(["names", "parameters"]));
    assert_eq!(again.object["rows"][0]["like"], id);
    assert_eq!((&again.object["added"], accounts(&phone).len()), (&json!(1), 3));

    let undone = phone.run(&["import", "--undo"]);
    assert_eq!((&undone.object["result"], &undone.object["removed"]), (&json!("undone"), &json!(1)));
    let first = format!("--undo={}", said.object["import"].as_str().unwrap());
    assert_eq!(phone.run(&["import", &first]).object["removed"], 2);
    assert_eq!(accounts(&phone), Vec::<Value>::new());
    assert_failure(&phone.run(&["import", &first]), 3, "NoSuchImport");
    // Out of the trash again, not a second time.
    let back = phone.run_with(&["import", "-", "--only", "1"], &text);
    assert_eq!((&back.object["rows"][0]["id"], accounts(&phone)), (&json!(id), vec![json!("a")]));
}

#[test]
fn rows_that_are_named_must_be_there_and_usable() {
    let phone = Phone::new();
    let text = format!("otpauth://totp/A:a?{SEED}\notpauth://totp/C:c?secret=1");
    let refused = phone.run_with(&["import", "-", "--only", "1-2"], &text);
    assert_failure(&refused, 3, "SecretNotBase32");
    assert_eq!(refused.object["row"], 2);
    assert_failure(&phone.run_with(&["import", "-", "--only", "3"], &text), 3, "NoSuchEntry");
    assert_failure(&phone.run_with(&["import", "-", "--only", "0"], &text), 2, "Usage");
    assert_failure(&phone.run_with(&["import"], &text), 2, "Usage");
    assert_eq!(accounts(&phone), Vec::<Value>::new());
}

#[test]
fn passwords_come_from_a_file_after_the_word_import() {
    let phone = Phone::new();
    let file = fixture("2fas/encrypted_ios.2fas");
    let missing = phone.run(&["import", &file]);
    assert_failure(&missing, 3, "FilePasswordNeeded");
    assert_eq!((&missing.object["app"], &missing.object["file"]), (&json!("2FAS"), &json!(file)));
    let wrong = write(&phone, "wrong", "no");
    assert_failure(&phone.run(&["import", &file, "--password-file", &wrong]), 3, "ImportWrongPassword");
    let said = phone.run_with(&["import", &file, "--password-file", "-"], "correct horse ü\n");
    assert_eq!((said.exit, &said.object["added"]), (0, &json!(4)), "{said:?}");
    assert_failure(&phone.run(&["import", "-", "--password-file", "-"]), 2, "Usage");
}

#[test]
fn five_different_answers() {
    let phone = Phone::bare();
    let cases = [
        ("no export", "Lorem ipsum", "NotAnImport"),
        ("damaged", "{\"services\":[],\"schemaVersion\":", "ImportDamaged"),
        ("newer", "{\"services\":[],\"schemaVersion\":5}", "NewerFormat"),
        ("unsupported", "{\"encrypted\":true,\"items\":[]}", "AccountRestricted"),
    ];
    for (name, text, reason) in cases {
        let file = write(&phone, name, text);
        assert_failure(&phone.run(&["import", &file, "--preview"]), 3, reason);
    }
    let named = phone.run(&["import", &write(&phone, "named", cases[2].1), "--preview"]);
    assert_eq!(named.object["app"], "2FAS");
    assert!(named.object["text"].as_str().unwrap().starts_with("2FAS: "), "{named:?}");
    let work =
        write(&phone, "work", "https://login.microsoftonline.com/authenticatorApp/activateAccount?code=1");
    assert_failure(&phone.run(&["import", &work, "--preview"]), 3, "MicrosoftActivation");
    let missing = phone.run(&["import", "nowhere", "--preview"]);
    assert_failure(&missing, 3, "FileUnreadable");
}

#[test]
fn costs_above_the_cap_are_told_and_can_be_allowed() {
    let phone = Phone::bare();
    let text = std::fs::read_to_string(fixture("ente/encrypted.txt")).unwrap();
    let file = write(&phone, "ente", &text.replace("1048576", &(300 * 1024 * 1024).to_string()));
    let password = password(&phone);
    let args = ["import", &file, "--preview", "--password-file", &password];
    let said = phone.run(&args);
    assert_failure(&said, 3, "DerivationTooCostly");
    assert_eq!(
        (&said.object["wanted"], &said.object["most"], &said.object["unit"]),
        (&json!(300 * 1024), &json!(256 * 1024), &json!("KiB"))
    );
    assert!(said.object["text"].as_str().unwrap().ends_with("It wants 300 MiB; at most 256 MiB are given."));
    // It is allowed then, and told how long it takes; with another memory the password does not fit any more.
    let allowed = [&args[..], &["--memory", "300"]].concat();
    assert_failure(&phone.run(&allowed), 3, "ImportWrongPassword");
}

#[test]
fn parts_of_one_export_in_any_order() {
    let phone = Phone::new();
    let text = std::fs::read_to_string(fixture("google/version2.txt")).unwrap();
    let parts: Vec<_> = text.lines().collect();
    let (third, first) = (write(&phone, "3", parts[0]), write(&phone, "1", parts[1]));
    let some = phone.run(&["import", "--preview", &third, &first]);
    assert_eq!(
        (&some.object["missing_parts"], some.object["rows"].as_array().unwrap().len()),
        (&json!([2]), 2)
    );
    assert!(some.words.contains("3 parts"), "{}", some.words);
    let second = write(&phone, "2", parts[2]);
    let all = phone.run(&["import", &third, &first, &second, &first]);
    assert_eq!((&all.object["missing_parts"], &all.object["added"]), (&json!([]), &json!(3)));
    assert_eq!(all.object["files"].as_array().unwrap().len(), 4);
}

#[test]
fn people_see_a_table_in_their_language() {
    let phone = Phone::bare();
    let file = write(&phone, "list", &format!("otpauth://totp/A:a?{SEED}\notpauth://totp/B:b?secret=1"));
    let words = |language: &str| {
        let output = phone.output(&["import", &file, "--preview", "--codes-at", "59"], "", language);
        String::from_utf8(output.stdout).unwrap()
    };
    let (english, japanese) = (words("C"), words("ja_JP.UTF-8"));
    assert!(
        english.starts_with(
            "From: a list of set-up codes\n+ 1  new             A: a · 287082\n  2  can't be taken  B: b · "
        ),
        "{english}"
    );
    assert!(
        japanese.starts_with("書き出し元: 設定コードの一覧\n+ 1  新規            A: a · 287082\n"),
        "{japanese}"
    );
    assert!(Path::new(&file).exists());
}

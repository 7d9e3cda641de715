//! What people at a terminal are told: words of others shown as they are and no more, and reminders that fit.

#![allow(clippy::unwrap_used, reason = "a test program")]

mod phone;

use phone::{Phone, path_text};

const TOTP: &str = "otpauth://totp/Example:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Example";
const HOTP: &str = "otpauth://hotp/Example:bob?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&counter=0";

/// Sets the clipboard, goes back a line and clears it, colours by C1, turns the direction: and begins lines of its own.
const HOSTILE: &str =
    "a\u{1b}]52;c;AAAA\u{7}\u{1b}[1A\u{1b}[2K\u{9b}31m\u{7f}\u{202e}b\r\nAdded: c\u{85}d\u{2028}e";

/// What a person said nothing to is told on standard output and standard error.
fn told(phone: &Phone, args: &[&str]) -> (String, String) {
    let output = phone.output(args, "", "C");
    assert!(output.status.success(), "{args:?}: {output:?}");
    (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// In so many lines, and nothing in it that a terminal would obey.
fn assert_plain(words: &str, lines: usize) {
    assert_eq!(words.lines().count(), lines, "{words:?}");
    let obeyed = |c: char| c != '\n' && (c.is_control() || ('\u{2028}'..='\u{202e}').contains(&c));
    assert!(!words.contains(obeyed), "{words:?}");
}

#[test]
fn the_text_of_a_qr_code_is_shown_and_not_obeyed() {
    let phone = Phone::bare();
    // The name of a file may be a stranger's as well.
    let picture = phone.file("code\u{1b}[2K\nother.png: b.png");
    std::fs::write(&picture, countersign::qr::png(HOSTILE, 4).unwrap().expose()).unwrap();
    let absent = phone.file("absent\u{1b}[2K.png");
    let (words, _) = told(&phone, &["qr", "read", path_text(&picture), path_text(&absent)]);
    assert_plain(&words, 2);
    assert!(words.contains("a\\u{1b}]52;c;AAAA\\u{7}"), "{words}");
    assert!(words.contains("\\u{202e}b⏎Added: c⏎d⏎e"), "{words}");
    // Scripts get what is there.
    let said = phone.run(&["qr", "read", path_text(&picture)]);
    assert_eq!(said.object["files"][0]["texts"][0], HOSTILE);
}

#[test]
fn a_note_is_shown_and_not_obeyed() {
    let phone = Phone::new();
    let export = serde_json::json!({
        "version": 1,
        "header": {"slots": null, "params": null},
        "db": {"version": 3, "entries": [{
            "type": "totp", "uuid": "3f1c", "name": "alice", "issuer": "Example", "note": HOSTILE,
            "favorite": false, "icon": null,
            "info": {"secret": "GEZDGNBVGY3TQOJQ", "algo": "SHA1", "digits": 6, "period": 30},
        }]},
    });
    assert_eq!(phone.run_with(&["import", "-", "--yes"], export.to_string()).object["added"], 1);
    let without = Phone::new();
    without.add(TOTP);
    let lines = told(&without, &["show", "alice"]).0.lines().count();
    let (words, _) = told(&phone, &["show", "alice"]);
    assert_plain(&words, lines + 1);
    assert!(words.contains("Note: a\\u{1b}]52") && words.contains("b⏎Added: c"), "{words}");
    assert_eq!(phone.run(&["show", "alice"]).object["note"], HOSTILE);
}

#[test]
fn a_new_name_is_told_as_it_is_kept() {
    let phone = Phone::new();
    phone.add(TOTP);
    let (words, _) = told(&phone, &["rename", "alice", "--account", " bo\u{200b}b "]);
    assert_eq!(words, "Now called: Example: bob\n");
}

#[test]
fn a_removed_account_of_codes_is_no_phone_at_a_server() {
    let phone = Phone::new();
    phone.add(TOTP);
    let (_, reminder) = told(&phone, &["remove", "alice"]);
    assert!(!reminder.contains("this phone") && reminder.contains("locked out"), "{reminder}");
}

#[test]
fn a_counter_knows_no_time_and_that_is_told() {
    let phone = Phone::new();
    phone.add(HOTP);
    let (code, note) = told(&phone, &["code", "bob", "--at", "59"]);
    assert_eq!(code, "755224\n");
    assert!(note.contains("--at"), "{note}");
    assert!(!told(&phone, &["code", "bob"]).1.contains("--at"));
}

//! The demo as a new user runs it: one command, both languages.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test program")]

use std::io::ErrorKind;
use std::net::TcpListener;
use std::process::Command;

/// The demo's words in one line, without the columns.
fn demo(language: &str) -> String {
    let home = tempfile::tempdir().unwrap();
    let temporary = tempfile::tempdir().unwrap();
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    proxy.set_nonblocking(true).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .arg("demo")
        .env_clear()
        .env("HOME", home.path())
        .env("TMPDIR", temporary.path())
        .env("LANG", language)
        // The demo stays on this machine: a proxy is not asked.
        .env("ALL_PROXY", format!("http://{}", proxy.local_addr().unwrap()))
        .output()
        .unwrap();
    assert_eq!(proxy.accept().unwrap_err().kind(), ErrorKind::WouldBlock);
    let words = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{words}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty() && !words.contains('\x1b'));
    for folder in [home.path(), temporary.path()] {
        assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0, "something was left behind");
    }
    words
}

fn in_order(words: &str, wanted: &[&str]) {
    let mut rest = words;
    for part in wanted {
        rest = rest.split_once(part).unwrap_or_else(|| panic!("no {part:?} in:\n{rest}")).1;
    }
}

#[test]
fn in_english() {
    let words = demo("en_US.UTF-8");
    in_order(
        &words,
        &[
            "THE SIGN-IN PAGE",
            "Sign in",
            "Let's keep your account secure",
            "Scan the QR code",
            "countersign add qr-code.png",
            "Is that your organisation's address?",
            "Added: Practice: alice",
            "Let's try it out",
            "New sign-in request",
            "Enter the number shown to sign in:",
            "Approved.",
            "Authenticator added",
            "Signed in as alice.",
            "Set up one-time codes",
            "countersign code",
            "s left",
            "Authenticator added",
            "Approve sign in request",
            "Nothing has been sent.",
            "Tries left: 1",
            "Approve sign in request",
            "Approved.",
            "Signed in as alice.",
            "No, it's not me",
            "Declined.",
            "The request was declined",
            "countersign practice",
        ],
    );
    assert!(words.lines().filter(|line| line.contains('│')).all(|line| line.chars().count() <= 80));
}

#[test]
fn in_japanese() {
    in_order(
        &demo("ja_JP.UTF-8"),
        &[
            "サインイン画面",
            "アカウントのセキュリティ保護",
            "QR コードのスキャン",
            "追加しました: Practice: alice",
            "試してみましょう",
            "新しいサインイン要求",
            "認証アプリが追加されました",
            "ワンタイム コードのセットアップ",
            "サインイン要求を承認",
            "残り 1 回",
            "承認しました。",
            "いいえ、私ではありません",
            "要求は拒否されました",
            "countersign practice",
        ],
    );
}

#[test]
fn no_json() {
    let output = Command::new(env!("CARGO_BIN_EXE_countersign")).args(["demo", "--json"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

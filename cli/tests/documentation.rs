//! The examples of `docs/command-line.md`, run as they stand.

#![allow(clippy::unwrap_used, reason = "a test program")]

mod phone;

use std::path::Path;
use std::process::Command;

use phone::{Phone, path_text};

/// A command of the page, what it prints and its exit code.
struct Example<'a> {
    command: &'a str,
    prints: &'a str,
    exit: i32,
}

fn examples(page: &str) -> Vec<Example<'_>> {
    let block = page.split("```console\n").nth(1).unwrap().split("```").next().unwrap();
    let mut examples = Vec::new();
    for line in block.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            examples.push(Example { command, prints: "", exit: 0 });
        } else if let Some(exit) = line.strip_prefix("[exit ").and_then(|rest| rest.strip_suffix(']')) {
            examples.last_mut().unwrap().exit = exit.parse().unwrap();
        } else {
            examples.last_mut().unwrap().prints = line;
        }
    }
    examples
}

/// Whether `said` is `pattern`, with anything where that has `…`.
fn is_like(pattern: &str, said: &str) -> bool {
    let pieces: Vec<_> = pattern.split('…').collect();
    let [first, middle @ .., last] = pieces.as_slice() else { return pattern == said };
    let Some(mut rest) = said.strip_prefix(first).and_then(|rest| rest.strip_suffix(last)) else {
        return false;
    };
    middle.iter().all(|piece| {
        let found = rest.find(piece).map(|at| at + piece.len());
        rest = &rest[found.unwrap_or_default()..];
        found.is_some()
    })
}

#[test]
fn each_example_prints_what_the_page_says() {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/command-line.md"))
        .unwrap();
    let phone = Phone::bare();
    let (vault, password) = (phone.vault(), phone.file("password"));
    let binary = format!(
        "{} --vault {} --password-file {}",
        env!("CARGO_BIN_EXE_countersign"),
        path_text(&vault),
        path_text(&password)
    );
    let examples = examples(&page);
    assert!(examples.len() > 10, "the page has its examples");
    for example in examples {
        let output = Command::new("sh")
            .args(["-c", &example.command.replace("countersign --json", &format!("{binary} --json"))])
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", phone.file("home"))
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let Example { command, prints, exit } = example;
        assert_eq!(output.status.code(), Some(exit), "{command}: {said}");
        assert!(is_like(prints, said.trim_end()), "{command}\n  the page: {prints}\n  it said: {said}");
    }
}

#[test]
fn likeness() {
    assert!(is_like("a…c", "abbc") && is_like("a", "a") && is_like("…", "anything"));
    assert!(!is_like("a…c", "abbd") && !is_like("a", "ab") && !is_like("b…", "ab"));
}

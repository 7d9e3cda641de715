//! The repository itself: what must be in it, and what must not.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::path::Path;

use countersign::reason::Reason;
use countersign_tests::files::{is_test, root, tests_of, text, under, without_tests};

/// Files that everyone looks for.
const EXPECTED: [&str; 12] = [
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "THIRD-PARTY.md",
    "deny.toml",
    "check",
    ".ci/run",
    "uniffi.toml",
    "docs/security.md",
];

/// Where only one person's machine keeps things. Written in two halves: this file is looked at as well.
const MACHINES: [(&str, &str); 4] = [("/ro", "ot/"), ("/wo", "rk/"), ("/Us", "ers/"), ("C:\\Us", "ers\\")];

/// Hosts of package registries: how packages are found is the client's business, and its user's settings'.
const REGISTRIES: [(&str, &str); 7] = [
    ("index.crat", "es.io"),
    ("static.crat", "es.io"),
    ("py", "pi.org"),
    ("files.python", "hosted.org"),
    ("registry.np", "mjs.org"),
    ("maven.apa", "che.org"),
    ("deb.deb", "ian.org"),
];

fn texts() -> impl Iterator<Item = (String, String)> {
    under("").into_iter().filter_map(|path| text(&path).map(|text| (path, text)))
}

fn holds(text: &str, halves: &[(&str, &str)]) -> Vec<String> {
    let words = halves.iter().map(|(first, second)| format!("{first}{second}"));
    words.filter(|word| text.contains(word)).collect()
}

#[test]
fn what_everyone_looks_for_is_there() {
    let files = under("");
    let missing: Vec<&str> =
        EXPECTED.into_iter().filter(|path| !files.iter().any(|file| file == path)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(text("CHANGELOG.md").unwrap().contains("## Unreleased"));
}

#[test]
fn no_path_of_a_machine() {
    let wrong: Vec<_> =
        texts().filter(|(_, text)| !holds(text, &MACHINES).is_empty()).map(|(path, _)| path).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A POM has Maven's host in its namespace, and names its repositories: Google's must come after Maven's own.
#[test]
fn no_host_of_a_registry() {
    let wrong: Vec<_> = texts()
        .filter(|(path, text)| !path.ends_with("pom.xml") && !holds(text, &REGISTRIES).is_empty())
        .map(|(path, _)| path)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_crate_has_the_licence_of_the_workspace() {
    let ours = under("").into_iter().filter(|path| path.ends_with("/Cargo.toml"));
    for path in ours {
        let manifest = text(&path).unwrap();
        assert!(
            manifest.contains("license.workspace = true")
                || manifest.contains("license = \"Apache-2.0 OR MIT\""),
            "{path}"
        );
    }
}

#[test]
fn files_from_elsewhere_say_from_where() {
    let fixtures = under("tests/fixtures");
    let folders: BTreeSet<&str> = fixtures
        .iter()
        .filter_map(|path| path.strip_prefix("tests/fixtures/")?.split_once('/'))
        .map(|at| at.0)
        .collect();
    for folder in folders {
        let says = ["README.md", "NOTICE", "LICENSE"]
            .iter()
            .any(|name| fixtures.contains(&format!("tests/fixtures/{folder}/{name}")));
        assert!(says, "tests/fixtures/{folder} has no README.md, NOTICE or LICENSE");
    }
}

#[test]
fn every_link_of_a_page_leads_somewhere() {
    let mut wrong = Vec::new();
    for (path, page) in texts().filter(|(path, _)| path.ends_with(".md")) {
        for link in links(&page) {
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let folder = Path::new(&path).parent().unwrap();
            let target = if file.is_empty() { root().join(&path) } else { root().join(folder).join(file) };
            if !target.exists() {
                wrong.push(format!("{path}: {link}"));
            } else if !anchor.is_empty() {
                let headings = std::fs::read_to_string(target).unwrap_or_default();
                if !anchors(&headings).contains(anchor) {
                    wrong.push(format!("{path}: {link}: no such heading"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Paths of this repository in backticks: what begins with one of its folders and names a file.
#[test]
fn every_path_in_backticks_is_there() {
    let mut wrong = Vec::new();
    for (path, page) in texts().filter(|(path, _)| path.ends_with(".md")) {
        wrong.extend(
            paths(&page).filter(|named| !root().join(named).exists()).map(|named| format!("{path}: {named}")),
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A comment that sends its reader to a file by name: there is one of that name.
#[test]
fn every_file_that_a_comment_names_is_there() {
    let files = under("");
    let sources = [".rs", ".kt", ".kts", ".swift", ".py", ".mjs", ".toml"];
    let mut wrong = Vec::new();
    for (path, source) in texts().filter(|(path, _)| sources.iter().any(|end| path.ends_with(end))) {
        for named in named_in_comments(&source) {
            let is_it = |file: &String| {
                file.strip_suffix(named).is_some_and(|before| before.is_empty() || before.ends_with('/'))
            };
            if !files.iter().any(is_it) {
                wrong.push(format!("{path}: {named}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Files in backticks, behind what begins a comment in any of the languages.
fn named_in_comments(source: &str) -> Vec<&str> {
    let is_file = |text: &&str| {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
        [".md", ".rs"].iter().any(|end| text.ends_with(end)) && text.chars().all(is_plain)
    };
    let comments = source.lines().map(str::trim_start);
    let comments = comments.filter(|line| ["//", "#", "*", "/*"].iter().any(|sign| line.starts_with(sign)));
    comments.flat_map(|line| line.split('`').skip(1).step_by(2)).filter(is_file).collect()
}

#[test]
fn files_in_comments_are_found() {
    let source =
        "//! As `docs/a.md` says.\n/// `b.rs`, `not one.md`, `c.json`\nlet path = \"`d.md`\";\n# `e.md`\n";
    assert_eq!(named_in_comments(source), ["docs/a.md", "b.rs", "e.md"]);
}

fn paths(page: &str) -> impl Iterator<Item = &str> {
    let is_path = |text: &&str| {
        let (first, rest) = text.split_once('/').unwrap_or_default();
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
        let is_named = rest.rsplit('/').next().is_some_and(|name| name.contains('.'));
        is_named && text.chars().all(is_plain) && root().join(first).is_dir()
    };
    // Blocks of code show what is typed and made.
    let prose = page.split("```").step_by(2);
    prose.flat_map(|prose| prose.split('`').skip(1).step_by(2)).filter(is_path)
}

#[test]
fn paths_in_backticks_are_found() {
    let page = "`core/src/gone.rs` and `docs` and `other/a.md`\n```\n`core/src/typed.rs`\n```\n`docs/a.md`, `core/*.rs`";
    assert_eq!(paths(page).collect::<Vec<_>>(), ["core/src/gone.rs", "docs/a.md"]);
}

/// Targets of Markdown links and pictures that lie in this repository.
fn links(page: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut fenced = false;
    for line in page.lines() {
        fenced ^= line.trim_start().starts_with("```");
        if fenced {
            continue;
        }
        for part in line.split("](").skip(1) {
            let target = part.split([')', ' ']).next().unwrap_or_default();
            if !target.contains("://") && !target.starts_with("mailto:") {
                found.push(target);
            }
        }
    }
    found
}

/// The anchors that headings get: lower case, words joined by dashes, punctuation dropped.
fn anchors(page: &str) -> BTreeSet<String> {
    page.lines().filter(|line| line.starts_with('#')).map(anchor).collect()
}

fn anchor(heading: &str) -> String {
    let kept = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = kept.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[test]
fn links_and_anchors_are_found() {
    let page = "# The check, alone\n[a](docs/a.md) ![b](b.png \"title\") [c](https://c.example)\n```\n[d](d.md)\n```\n";
    assert_eq!(links(page), ["docs/a.md", "b.png"]);
    assert!(anchors(page).contains("the-check-alone"));
}

#[test]
fn decisions_are_numbered() {
    let numbers: Vec<String> = under("docs/decisions")
        .iter()
        .filter_map(|path| path.rsplit('/').next()?.get(..4).map(str::to_owned))
        .collect();
    let expected: Vec<String> = (1..=numbers.len()).map(|number| format!("{number:04}")).collect();
    assert!(!numbers.is_empty());
    assert_eq!(numbers, expected);
}

#[test]
fn every_reason_is_named_in_a_test() {
    let this = "tests/tests/repository.rs";
    let of_code = |path: &str| [".rs", ".py", ".mjs"].iter().any(|end| path.ends_with(end)) && path != this;
    let all: String = texts()
        .filter(|(path, _)| of_code(path))
        .flat_map(|(path, source)| [tests_of(&path, &source).to_owned(), "\n".to_owned()])
        .collect();
    let unnamed: Vec<Reason> =
        Reason::ALL.iter().copied().filter(|reason| !names_reason(&all, *reason)).collect();
    assert!(unnamed.is_empty(), "{unnamed:?}");
}

/// As `Reason::Name` in Rust, `Reason.A_NAME` in Python, `"Name"` in what a command printed.
fn names_reason(tests: &str, reason: Reason) -> bool {
    let name = reason.name();
    let mut python = String::new();
    for (at, letter) in name.char_indices() {
        if at > 0 && letter.is_uppercase() {
            python.push('_');
        }
        python.push(letter.to_ascii_uppercase());
    }
    let is_whole =
        |text: &str, end: usize| !text[end..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
    [format!("Reason::{name}"), format!("Reason.{python}")]
        .iter()
        .any(|word| tests.match_indices(word).any(|(at, _)| is_whole(tests, at + word.len())))
        || tests.contains(&format!("\"{name}\""))
}

#[test]
fn names_of_reasons_are_found_whole() {
    assert!(names_reason("x(Reason::Locked)", Reason::Locked));
    assert!(names_reason("Reason.NOT_A_VAULT,", Reason::NotAVault));
    assert!(names_reason("error == \"Locked\"", Reason::Locked));
    assert!(!names_reason("Reason::LockedUp, VaultError::Locked, \"Lockedness\"", Reason::Locked));
}

/// Where a secret is opened, its reason stands within so many lines before.
const NEAR: usize = 3;

#[test]
fn every_opened_secret_says_why() {
    let shipped = ["core/src/", "cli/src/", "bindings/", "practice/src/"];
    let mut silent = Vec::new();
    for (path, source) in texts().filter(|(path, _)| path.ends_with(".rs") && !is_test(path)) {
        if shipped.iter().any(|folder| path.starts_with(folder)) {
            silent.extend(
                exposed_in_silence(without_tests(&source)).iter().map(|line| format!("{path}:{line}")),
            );
        }
    }
    assert!(silent.is_empty(), "no `// EXPOSE: why` in the {NEAR} lines before: {silent:#?}");
}

/// The lines, counted from 1, that open a secret without saying why.
fn exposed_in_silence(source: &str) -> Vec<usize> {
    let lines: Vec<&str> = source.lines().collect();
    let opens = |line: &str| {
        [".expose()", ".expose_str()", ".expose_mut()", "::expose"].iter().any(|call| line.contains(call))
            && !line.trim_start().starts_with("//")
    };
    let says = |at: usize| lines[at.saturating_sub(NEAR)..at].iter().any(|line| line.contains("// EXPOSE: "));
    (0..lines.len()).filter(|at| opens(lines[*at]) && !says(*at)).map(|at| at + 1).collect()
}

#[test]
fn opened_secrets_are_found() {
    let source = "// EXPOSE: it is sent.\nlet a = x.expose();\n\n\nlet b = y.expose_str();\n// c.expose()\n.map(Secret::expose)\n";
    assert_eq!(exposed_in_silence(source), [5, 7]);
}

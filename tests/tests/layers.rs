//! The shape of the code: who may use whom, which crate is used where, how long a file is.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use countersign_tests::files::{text, under, without_tests};

/// What each module of the core may use. Whoever stands lower knows nothing of those above.
const CORE: [(&str, &[&str]); 13] = [
    ("reason", &[]),
    ("clock", &[]),
    ("secret", &["reason"]),
    ("entropy", &["reason", "secret"]),
    ("otp", &["reason", "clock", "secret", "entropy"]),
    ("link", &["reason", "clock", "secret", "entropy", "otp"]),
    ("qr", &["reason", "clock", "secret", "entropy", "otp", "link"]),
    ("account", &["reason", "clock", "secret", "entropy", "otp", "link"]),
    ("vault", &["reason", "clock", "secret", "entropy", "otp", "link", "account"]),
    ("approval", &["reason", "clock", "secret", "entropy", "otp", "link", "account"]),
    ("transfer", &["reason", "clock", "secret", "entropy", "otp", "link", "qr", "account", "vault"]),
    (
        "transfer/move",
        &["reason", "clock", "secret", "entropy", "otp", "link", "qr", "account", "vault", "approval"],
    ),
    (
        "authenticator",
        &[
            "reason", "clock", "secret", "entropy", "otp", "link", "qr", "account", "vault", "approval",
            "transfer",
        ],
    ),
];

/// Crates of the core that only some places may name.
const GUARDED: [(&str, &[&str]); 4] = [
    ("rusqlite", &["core/src/vault/store", "core/src/transfer/import/sqlite.rs"]),
    ("image", &["core/src/qr"]),
    ("rxing", &["core/src/qr"]),
    ("qrcode", &["core/src/qr"]),
];

/// Lines of a file without its tests.
const LONGEST: usize = 500;

/// Lines of `bindings/src` in all.
const BINDINGS: usize = 2_500;

fn sources(folder: &str) -> Vec<(String, String)> {
    let files = under(folder).into_iter().filter(|path| path.ends_with(".rs"));
    files.map(|path| (text(&path).unwrap(), path)).map(|(text, path)| (path, text)).collect()
}

/// Source without its tests and its comments.
fn code(source: &str) -> String {
    let lines = without_tests(source).lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The modules of the crate that a file names: `crate::NAME`, also in a group `crate::{A, B}`.
fn used(source: &str) -> BTreeSet<String> {
    let name = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut found = BTreeSet::new();
    for (at, matched) in source.match_indices("crate::") {
        let rest = &source[at + matched.len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut start = true;
            for (at, c) in group.char_indices() {
                if start && depth == 0 && !c.is_whitespace() {
                    found.insert(name(&group[at..]));
                    start = false;
                }
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' => start = true,
                    _ => {}
                }
            }
        } else {
            found.insert(name(rest));
        }
    }
    found.remove("");
    found
}

/// The entry of `CORE` that a file belongs to: the longest that fits.
fn room(path: &str) -> Option<(&'static str, &'static [&'static str])> {
    let inside = path.strip_prefix("core/src/")?;
    let fits = |name: &str| {
        inside.strip_prefix(name).is_some_and(|rest| rest.starts_with('/') || rest.starts_with(".rs"))
    };
    CORE.iter().copied().filter(|(name, _)| fits(name)).max_by_key(|(name, _)| name.len())
}

#[test]
fn the_core_depends_downwards_only() {
    let modules: BTreeSet<&str> = CORE.iter().map(|(name, _)| *name).collect();
    let mut wrong = Vec::new();
    for (path, source) in sources("core/src") {
        if path == "core/src/lib.rs" {
            continue;
        }
        let Some((name, allowed)) = room(&path) else {
            wrong.push(format!("{path}: not in the table of this test"));
            continue;
        };
        let own = name.split('/').next().unwrap();
        for other in used(&code(&source)) {
            // Macros and functions of the crate's root are nobody's.
            if other != own && modules.contains(other.as_str()) && !allowed.contains(&other.as_str()) {
                wrong.push(format!("{path}: {name} uses {other}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_guarded_crate_is_named_where_it_belongs_only() {
    let mut wrong = Vec::new();
    for (path, source) in sources("core/src") {
        let source = code(&source);
        for (guarded, places) in GUARDED {
            let named = source.contains(&format!("use {guarded}::"))
                || source.contains(&format!(" {guarded}::"))
                || source.contains(&format!("({guarded}::"))
                || source.contains(&format!("<{guarded}::"));
            if named && !places.iter().any(|place| path.starts_with(place)) {
                wrong.push(format!("{path} names {guarded}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn unsafe_code_is_forbidden() {
    for top in ["core/src/lib.rs", "cli/src/main.rs", "practice/src/lib.rs"] {
        assert!(text(top).unwrap().contains("#![forbid(unsafe_code)]"), "{top}");
    }
}

#[test]
fn files_are_short() {
    let mut long = Vec::new();
    for folder in ["core/src", "cli/src", "practice/src", "bindings", "tests/src"] {
        for (path, source) in sources(folder) {
            let lines = without_tests(&source).lines().count();
            if lines > LONGEST {
                long.push(format!("{path}: {lines} lines without its tests"));
            }
        }
    }
    assert!(long.is_empty(), "{long:#?}");
    let bindings: usize = sources("bindings/src").iter().map(|(_, source)| source.lines().count()).sum();
    assert!(bindings <= BINDINGS, "{bindings} lines of bindings");
}

#[test]
fn the_bindings_decide_nothing() {
    for (path, source) in sources("bindings/src") {
        let code = code(&source);
        let mut words = code.split(|c: char| !c.is_alphanumeric() && c != '_');
        assert!(!words.any(|word| word == "if"), "{path} has an `if`");
    }
}

#[test]
fn the_names_in_use_are_found() {
    let source = "use crate::otp::{Code, Kind};\nuse crate::{\n    link::{A, B},\n    qr,\n};\nlet x = crate::clock::Now;";
    assert_eq!(used(source), ["clock", "link", "otp", "qr"].map(String::from).into());
    assert_eq!(room("core/src/transfer/move/mod.rs").unwrap().0, "transfer/move");
    assert_eq!(room("core/src/otp/code.rs").unwrap().0, "otp");
    assert_eq!(room("core/src/secret.rs").unwrap().0, "secret");
    assert!(room("core/src/secretary.rs").is_none());
}

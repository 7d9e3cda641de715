//! The shape of the code: who may use whom, which crate is used where, how long a file is.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use countersign_tests::files::{text, under, without_tests};

/// What each module of the core may use. Whoever stands lower knows nothing of those above.
const CORE: [(&str, &[&str]); 15] = [
    ("reason", &[]),
    ("clock", &[]),
    ("hex", &[]),
    ("order", &[]),
    ("secret", &["reason"]),
    ("entropy", &["reason", "secret"]),
    ("otp", &["reason", "clock", "hex", "secret", "entropy"]),
    ("link", &["reason", "clock", "secret", "entropy", "otp"]),
    ("qr", &["reason", "clock", "secret", "entropy", "otp", "link"]),
    ("account", &["reason", "clock", "secret", "entropy", "otp", "link"]),
    ("vault", &["reason", "clock", "hex", "secret", "entropy", "otp", "link", "account"]),
    ("approval", &["reason", "clock", "hex", "order", "secret", "entropy", "otp", "link", "account"]),
    ("transfer", &["reason", "clock", "secret", "entropy", "otp", "link", "qr", "account", "vault"]),
    (
        "transfer/move",
        &["reason", "clock", "secret", "entropy", "otp", "link", "qr", "account", "vault", "approval"],
    ),
    (
        "authenticator",
        &[
            "reason", "clock", "hex", "order", "secret", "entropy", "otp", "link", "qr", "account", "vault",
            "approval", "transfer",
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
const BINDINGS: usize = 2_600;

fn sources(folder: &str) -> Vec<(String, String)> {
    let files = under(folder).into_iter().filter(|path| path.ends_with(".rs"));
    files.map(|path| (text(&path).unwrap(), path)).map(|(text, path)| (path, text)).collect()
}

/// Source without its tests and its comments.
fn code(source: &str) -> String {
    let lines = without_tests(source).lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Names, `::` and single characters; spaces are left out.
fn tokens(source: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = source.trim_start();
    while let Some(first) = rest.chars().next() {
        let name = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let length = match name {
            0 if rest.starts_with("::") => 2,
            0 => first.len_utf8(),
            length => length,
        };
        let (token, after) = rest.split_at(length);
        found.push(token);
        rest = after.trim_start();
    }
    found
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphanumeric() || c == '_')
}

/// Every path that goes on from `before`, with the groups of `use` taken apart; gives the place behind it.
fn paths<'a>(tokens: &[&'a str], mut at: usize, before: &[&'a str], found: &mut Vec<Vec<&'a str>>) -> usize {
    let mut path = before.to_vec();
    loop {
        match tokens.get(at).copied() {
            Some("{") => {
                at += 1;
                while !matches!(tokens.get(at).copied(), None | Some("}")) {
                    at = match tokens[at] {
                        "as" => at + 2,
                        token if is_name(token) || matches!(token, "{" | "*") => {
                            paths(tokens, at, &path, found)
                        }
                        _ => at + 1,
                    };
                }
                return at + 1;
            }
            Some(token) if is_name(token) || token == "*" => {
                path.push(token);
                at += 1;
            }
            _ => break,
        }
        if tokens.get(at) != Some(&"::") {
            break;
        }
        at += 1;
    }
    found.push(path);
    at
}

/// The modules at the top of the core that a file names, be it from `crate` downwards or upwards by `super`; `*` for
/// the crate itself under another name or all of it.
fn used(path: &str, source: &str) -> BTreeSet<String> {
    let inside = path.trim_start_matches("core/src/").trim_end_matches(".rs").trim_end_matches("/mod");
    let depth = inside.split('/').count();
    let tokens = tokens(source);
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let begins = matches!(*token, "crate" | "super" | "self")
            && at.checked_sub(1).is_none_or(|before| tokens[before] != "::");
        if begins && matches!(tokens.get(at + 1), Some(&"::" | &"as")) {
            paths(&tokens, at, &[], &mut found);
        }
    }
    let named = found.iter().filter_map(|path| {
        let path = if path[0] == "self" { &path[1..] } else { path };
        let ups = path.iter().take_while(|name| **name == "super").count();
        let from_top = match path.first() {
            Some(&"crate") => &path[1..],
            // One that is deeper in the file, in a module of its own, goes up by more.
            _ if ups >= depth => &path[ups..],
            _ => return None,
        };
        Some(from_top.first().filter(|name| **name != "self").map_or("*", |name| *name).to_owned())
    });
    named.collect()
}

/// Whether a crate is named: as the beginning of a path or of a `use`.
fn names_crate(source: &str, name: &str) -> bool {
    let tokens = tokens(source);
    let before = |at: usize, by: usize| at.checked_sub(by).map(|place| tokens[place]);
    tokens.iter().enumerate().any(|(at, token)| {
        let is_within = |token: &str| token == ">" || (is_name(token) && token != "use");
        let is_first = before(at, 1) != Some("::") || !before(at, 2).is_some_and(is_within);
        let is_used = matches!(before(at, 1), Some("use" | "crate"));
        *token == name && is_first && (tokens.get(at + 1) == Some(&"::") || is_used)
    })
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
        for other in used(&path, &code(&source)) {
            // Macros and functions of the crate's root are nobody's.
            let is_module = other == "*" || modules.contains(other.as_str());
            if other != own && is_module && !allowed.contains(&other.as_str()) {
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
            if names_crate(&source, guarded) && !places.iter().any(|place| path.starts_with(place)) {
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
    let names = |path: &str, source: &str| used(path, source).into_iter().collect::<Vec<_>>().join(" ");
    let source = "use crate::otp::{Code, Kind};\nuse crate::{\n    link::{A, B},\n    qr,\n};\nlet x = crate::clock::Now;";
    assert_eq!(names("core/src/a.rs", source), "clock link otp qr");
    for (path, source, expected) in [
        ("core/src/approval/keycloak/enrol.rs", "use super::super::super::vault;", "vault"),
        ("core/src/approval/keycloak/enrol.rs", "use super::super::{io::Io, super::vault::Vault};", "vault"),
        ("core/src/approval/keycloak/enrol.rs", "use super::super::io;", ""),
        ("core/src/approval/keycloak/mod.rs", "let x = super::super::vault::open();", "vault"),
        ("core/src/approval/mod.rs", "use self::super::vault;", "vault"),
        ("core/src/link.rs", "use super::{qr, vault::{Vault, Way}};", "qr vault"),
        ("core/src/link.rs", "pub(super) fn f() {} pub(crate) fn g(self) { self.x }", ""),
        ("core/src/link/uri.rs", "pub(in crate::link) fn f() {}", "link"),
        ("core/src/link/uri.rs", "use super::super as top;", "*"),
        ("core/src/link/uri.rs", "use crate::{self as top};", "*"),
        ("core/src/link/uri.rs", "use crate::*;", "*"),
    ] {
        assert_eq!(names(path, source), expected, "{source}");
    }
    assert_eq!(room("core/src/transfer/move/mod.rs").unwrap().0, "transfer/move");
    assert_eq!(room("core/src/otp/code.rs").unwrap().0, "otp");
    assert_eq!(room("core/src/secret.rs").unwrap().0, "secret");
    assert!(room("core/src/secretary.rs").is_none());
}

#[test]
fn a_crate_is_found_wherever_it_is_named() {
    for source in [
        "use image::Luma;",
        "use image;",
        "extern crate image;",
        "use ::image::Luma;",
        "fn f(x: &image::Luma)",
        "[image::Luma; 2]",
        "Vec<image::Luma>",
        "f(image::open)",
        "!image::x()",
        "use {a::b, image::Luma};",
    ] {
        assert!(names_crate(source, "image"), "{source}");
    }
    for source in
        ["let image = 1;", "image.width()", "use crate::qr::image::X;", "my_image::x()", "imagery::x()"]
    {
        assert!(!names_crate(source, "image"), "{source}");
    }
}

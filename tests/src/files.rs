//! The files of this repository.

use std::fs;
use std::path::{Path, PathBuf};

/// What is made or fetched, and not part of it.
const LEFT_OUT: [&str; 10] = [
    "target",
    ".check",
    ".git",
    "node_modules",
    "__pycache__",
    "artifacts",
    "corpus",
    ".build",
    "Generated",
    "DerivedData",
];

/// The folder of the workspace.
#[must_use]
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every file under a folder of the repository, with its path from the root.
#[must_use]
pub fn under(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    collect(&root().join(folder), folder.trim_end_matches('/'), &mut found);
    found.sort();
    found
}

/// The text of a file; `None` for a picture and other binary files.
#[must_use]
pub fn text(path: &str) -> Option<String> {
    fs::read_to_string(root().join(path)).ok()
}

/// The part of a Rust file before its tests, which stand last.
#[must_use]
pub fn without_tests(source: &str) -> &str {
    source.split("#[cfg(test)]\nmod tests").next().unwrap_or(source)
}

/// Whether a file is nothing but test code: a folder of tests, or a module that only tests or fuzz targets have.
#[must_use]
pub fn is_test(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let folders = ["tests", "benches", "fuzz", "fuzz_targets"];
    let names = ["recorded.rs", "fuzzing.rs", "tests.rs", "live_tests.rs"];
    folder.split('/').any(|part| folders.contains(&part)) || names.contains(&name)
}

/// The test code of a source file: all of it, or what stands last.
#[must_use]
pub fn tests_of<'a>(path: &str, source: &'a str) -> &'a str {
    if is_test(path) { source } else { &source[without_tests(source).len()..] }
}

fn collect(folder: &Path, name: &str, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let file_name = entry.file_name().to_string_lossy().into_owned();
        if LEFT_OUT.contains(&file_name.as_str()) {
            continue;
        }
        let path = if name.is_empty() { file_name } else { format!("{name}/{file_name}") };
        if entry.path().is_dir() { collect(&entry.path(), &path, found) } else { found.push(path) }
    }
}

//! The command-line phone as a script uses it: a process for each command, JSON out.

#![allow(clippy::unwrap_used, clippy::expect_used, dead_code, reason = "shared by several test programs")]

pub mod site;
#[cfg(unix)]
pub mod terminal;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// A phone with a vault, a password and a home of its own.
pub struct Phone {
    home: tempfile::TempDir,
}

/// What a command said.
#[derive(Debug)]
pub struct Said {
    pub exit: i32,
    pub object: Value,
    pub words: String,
}

impl Said {
    fn of(output: Output) -> Self {
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.trim_end().lines().count() <= 1, "more than one line on standard output: {text}");
        Self {
            exit: output.status.code().unwrap_or(-1),
            object: serde_json::from_str(&text).unwrap_or_else(|_| panic!("no JSON: {text:?}")),
            words: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Phone {
    /// A phone without a vault.
    pub fn bare() -> Self {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("password"), "correct horse\n").unwrap();
        Self { home }
    }

    /// A phone with a vault.
    pub fn new() -> Self {
        let phone = Self::bare();
        assert_eq!(phone.run(&["init"]).exit, 0);
        phone
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    pub fn vault(&self) -> PathBuf {
        self.file("vault.db")
    }

    /// Runs a command with `--json`.
    pub fn run(&self, args: &[&str]) -> Said {
        self.run_with(args, "")
    }

    /// The same with a text on standard input.
    pub fn run_with(&self, args: &[&str], input: impl AsRef<[u8]>) -> Said {
        let mut all = vec!["--json"];
        all.extend(args);
        Said::of(self.output(&all, input, "C"))
    }

    /// Runs a command whose standard output goes elsewhere.
    pub fn output_to(&self, args: &[&str], out: impl Into<Stdio>) -> Output {
        self.command(args, "C").stdout(out).stderr(Stdio::piped()).output().unwrap()
    }

    /// Runs the program with these arguments and this environment alone.
    pub fn alone(args: &[&str], environment: &[(&str, &Path)]) -> Said {
        let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
        let output = command
            .arg("--json")
            .args(args)
            .env_clear()
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        Said::of(output)
    }

    /// A command as typed, to be run.
    pub fn command(&self, args: &[&str], language: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
        command
            .arg("--vault")
            .arg(self.vault())
            .arg("--password-file")
            .arg(self.file("password"))
            .args(args)
            .env_clear()
            .env("HOME", self.home.path())
            .env("LANG", language);
        command
    }

    /// Starts a command, as typed.
    pub fn start(&self, args: &[&str]) -> std::process::Child {
        let mut command = self.command(args, "C");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Runs a command in a language, as typed.
    pub fn output(&self, args: &[&str], input: impl AsRef<[u8]>, language: &str) -> Output {
        let mut child = self
            .command(args, language)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that does not read its input closes it.
        let _ = child.stdin.take().unwrap().write_all(input.as_ref());
        child.wait_with_output().unwrap()
    }

    /// Adds a set-up text and gives the account's id.
    pub fn add(&self, text: &str) -> String {
        let said = self.run_with(&["add", "-"], text);
        assert_eq!(said.exit, 0, "{said:?}");
        said.object["id"].as_str().unwrap().to_owned()
    }
}

/// The object has exactly these fields.
pub fn assert_fields(object: &Value, fields: &[&str]) {
    let mut there: Vec<_> = object.as_object().unwrap().keys().map(String::as_str).collect();
    let mut wanted = fields.to_vec();
    there.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(there, wanted);
}

/// A failure: exit code, name, and the fields of every failure.
pub fn assert_failure(said: &Said, exit: i32, reason: &str) {
    assert_eq!((said.exit, said.object["reason"].as_str()), (exit, Some(reason)), "{said:?}");
    for field in ["text", "next"] {
        assert!(said.object[field].as_str().is_some_and(|words| words.len() > 4), "{said:?}");
    }
}

pub fn path_text(path: &Path) -> &str {
    path.to_str().unwrap()
}

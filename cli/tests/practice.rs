//! The practice site as a command.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test program")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};

fn countersign() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    command.env_clear().env("LANG", "C").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[test]
fn the_site_answers_on_its_port_and_ends_when_asked() {
    let mut child = countersign().args(["practice", "--site-only"]).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    let host = line.trim().rsplit("//").next().unwrap().to_owned();
    assert!(host.starts_with("127.0.0.1:"), "{line}");
    line.clear();
    out.read_line(&mut line).unwrap();
    assert!(line.contains("browser"), "{line}");

    let mut stream = TcpStream::connect(&host).unwrap();
    write!(stream, "GET /sign-in HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).unwrap();
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("id=\"sign-in\""), "{page}");

    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    assert!(child.wait().unwrap().success());
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    assert!(rest.contains("has ended"), "{rest}");
    assert!(TcpStream::connect(&host).is_err());
}

#[test]
fn a_port_in_use_is_told() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = countersign().args(["practice", "--site-only", "--port", &port]).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8(output.stderr).unwrap().contains("--port"));
}

#[test]
fn a_live_screen_needs_a_terminal() {
    for command in ["practice", "watch"] {
        let output = countersign().env("HOME", "/nowhere").arg(command).output().unwrap();
        assert_eq!(output.status.code(), Some(3), "{command}");
        assert!(String::from_utf8(output.stderr).unwrap().contains("terminal"), "{command}");
    }
}

/// The words up to and with a line that has these in it.
fn read_until(lines: &mut impl Iterator<Item = std::io::Result<String>>, words: &str) -> String {
    let mut read = String::new();
    for line in lines {
        read += &line.unwrap();
        if read.contains(words) {
            return read;
        }
    }
    panic!("not said: {words}; but: {read}");
}

#[test]
fn a_silent_server_is_told_and_being_stopped_too() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("password"), "correct horse").unwrap();
    // It takes calls and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let command = |args: &[&str]| {
        let mut command = countersign();
        command.env("HOME", home.path()).arg("--password-file").arg(home.path().join("password")).args(args);
        command.stdin(Stdio::piped());
        command
    };
    assert!(command(&["init"]).stdin(Stdio::null()).output().unwrap().status.success());
    let host = format!("127.0.0.1:{port}");
    let mut child = command(&["--json", "add", "-", "--trust-host", &host]).spawn().unwrap();
    let link = format!(
        "otpauth://pipush/PIPU0001?url=http%3A//127.0.0.1%3A{port}/ttype/push&ttl=10&issuer=privacyIDEA&enrollment_credential=585a9fcd976deb1c18322e5186b3ac254a62e746&v=1&serial=PIPU0001&sslverify=1&poll_only=True"
    );
    child.stdin.take().unwrap().write_all(link.as_bytes()).unwrap();
    let mut words = BufReader::new(child.stderr.take().unwrap()).lines();
    read_until(&mut words, "Waiting for the server");
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let output = child.wait_with_output().unwrap();
    let object: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &object["reason"]), (Some(5), &serde_json::json!("Interrupted")));
}

#[test]
fn the_site_may_be_kept() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("site.db");
    let run = |file: &std::path::Path| {
        let mut child =
            countersign().args(["practice", "--site-only", "--database"]).arg(file).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
        let is_up = out.next().is_some();
        if is_up {
            let pid = rustix::process::Pid::from_child(&child);
            read_until(&mut out, "Ctrl-C");
            rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        }
        child.wait().unwrap().code()
    };
    assert_eq!((run(&file), run(&file)), (Some(0), Some(0)));
    assert!(file.metadata().unwrap().len() > 0);
    let text = folder.path().join("text.db");
    std::fs::write(&text, "not a database, and long enough to be looked at as one").unwrap();
    assert_eq!(run(&text), Some(3));
    assert!(std::fs::read_to_string(&text).unwrap().starts_with("not a database"));
}

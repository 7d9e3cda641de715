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
        let output = countersign().arg(command).output().unwrap();
        assert_eq!(output.status.code(), Some(3), "{command}");
        assert!(String::from_utf8(output.stderr).unwrap().contains("terminal"), "{command}");
    }
}

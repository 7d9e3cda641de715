//! A person at a terminal: a pseudo-terminal that commands are run at.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::process::Child;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use super::Phone;

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A command at its terminal.
pub struct Terminal {
    child: Child,
    keys: File,
    screen: Receiver<Vec<u8>>,
    shown: String,
    /// How much of it has been waited for.
    read: usize,
}

impl Terminal {
    /// Runs a command as typed.
    pub fn run(phone: &Phone, args: &[&str]) -> Self {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&ours).unwrap();
        unlockpt(&ours).unwrap();
        let name = ptsname(&ours, Vec::new()).unwrap();
        let theirs = File::options().read(true).write(true).open(OsStr::from_bytes(name.as_bytes())).unwrap();
        let mut command = phone.command(args, "C");
        command.stdin(theirs.try_clone().unwrap()).stdout(theirs.try_clone().unwrap()).stderr(theirs);
        let child = command.spawn().unwrap();
        let keys = File::from(ours);
        let (shows, screen) = mpsc::channel();
        let mut reads = keys.try_clone().unwrap();
        thread::spawn(move || {
            let mut piece = [0; 4096];
            // It fails once the command has closed its end.
            while let Ok(read @ 1..) = reads.read(&mut piece) {
                let _ = shows.send(piece[..read].to_vec());
            }
        });
        Self { child, keys, screen, shown: String::new(), read: 0 }
    }

    /// Waits until these words are shown, after those that were waited for before.
    pub fn until(&mut self, words: &str) {
        while !self.shown[self.read..].contains(words) {
            let Ok(piece) = self.screen.recv_timeout(PATIENCE) else {
                panic!("no {words:?} in {:?}", self.shown);
            };
            // A character that two pieces share is not read; nobody waits for one of several bytes.
            self.shown.push_str(&String::from_utf8_lossy(&piece));
        }
        self.read += self.shown[self.read..].find(words).unwrap() + words.len();
    }

    pub fn type_line(&mut self, line: &str) {
        writeln!(self.keys, "{line}").unwrap();
    }

    /// Asks the command to end, as Ctrl-C does.
    pub fn interrupt(&self) {
        kill_process(Pid::from_child(&self.child), Signal::INT).unwrap();
    }

    /// Whether the command is still running.
    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Waits for the command's end: its exit code, and all that was shown.
    pub fn end(mut self) -> (i32, String) {
        while let Ok(piece) = self.screen.recv_timeout(PATIENCE) {
            self.shown.push_str(&String::from_utf8_lossy(&piece));
        }
        (self.child.wait().unwrap().code().unwrap_or(-1), std::mem::take(&mut self.shown))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It has ended, or nobody waits for it.
        let _ = self.child.kill();
    }
}

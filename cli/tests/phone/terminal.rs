//! A person at a terminal: a pseudo-terminal that commands are run at.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::process::{Child, Command};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::io::{FdFlags, fcntl_setfd};
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use super::Phone;

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A command at its terminal.
pub struct Terminal {
    child: Running,
    keys: File,
    screen: Receiver<Vec<u8>>,
    reader: JoinHandle<()>,
    /// Set once nobody looks at the screen any more.
    is_closed: Arc<AtomicBool>,
    shown: String,
    /// How much of it has been waited for.
    read: usize,
}

impl Terminal {
    /// Runs a command as typed.
    pub fn run(phone: &Phone, args: &[&str]) -> Self {
        Self::of(phone.command(args, "C"))
    }

    /// Runs a command that is ready to be run.
    pub fn of(mut command: Command) -> Self {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        // Or the command would keep its own terminal open.
        fcntl_setfd(&ours, FdFlags::CLOEXEC).unwrap();
        grantpt(&ours).unwrap();
        unlockpt(&ours).unwrap();
        tcsetwinsize(&ours, Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
        let name = ptsname(&ours, Vec::new()).unwrap();
        let theirs = File::options().read(true).write(true).open(OsStr::from_bytes(name.as_bytes())).unwrap();
        command.stdin(theirs.try_clone().unwrap()).stdout(theirs.try_clone().unwrap()).stderr(theirs);
        let child = command.spawn().unwrap();
        let keys = File::from(ours);
        let (shows, screen) = mpsc::channel();
        let mut reads = keys.try_clone().unwrap();
        let is_closed = Arc::new(AtomicBool::new(false));
        let closed = Arc::clone(&is_closed);
        let reader = thread::spawn(move || {
            let mut piece = [0; 4096];
            // It fails once the command has closed its end.
            while let Ok(read @ 1..) = reads.read(&mut piece)
                && !closed.load(Ordering::Relaxed)
            {
                let _ = shows.send(piece[..read].to_vec());
            }
        });
        Self { child: Running(child), keys, screen, reader, is_closed, shown: String::new(), read: 0 }
    }

    /// Waits until these words are shown, after those that were waited for before.
    pub fn until(&mut self, words: &str) {
        let until = Instant::now() + PATIENCE;
        while !self.shown[self.read..].contains(words) {
            let left = until.saturating_duration_since(Instant::now());
            let Ok(piece) = self.screen.recv_timeout(left) else {
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
        self.child.signal(Signal::INT);
    }

    /// Asks the command to end, as a service manager does.
    pub fn terminate(&self) {
        self.child.signal(Signal::TERM);
    }

    /// Closes the window of a command that writes now and then, which may be told of that by a signal; the command's exit
    /// code, and how long it took to end.
    pub fn close(self, is_told: bool) -> (Option<i32>, Duration) {
        let Self { mut child, keys, reader, is_closed, .. } = self;
        is_closed.store(true, Ordering::Relaxed);
        reader.join().unwrap();
        let begun = Instant::now();
        drop(keys);
        if is_told {
            child.signal(Signal::HUP);
        }
        while begun.elapsed() < PATIENCE {
            if let Some(status) = child.0.try_wait().unwrap() {
                return (status.code(), begun.elapsed());
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("it goes on without a terminal");
    }

    /// Whether the command is still running.
    pub fn is_running(&mut self) -> bool {
        self.child.0.try_wait().unwrap().is_none()
    }

    /// Waits for the command's end: its exit code, and all that was shown.
    pub fn end(mut self) -> (i32, String) {
        while let Ok(piece) = self.screen.recv_timeout(PATIENCE) {
            self.shown.push_str(&String::from_utf8_lossy(&piece));
        }
        (self.child.0.wait().unwrap().code().unwrap_or(-1), std::mem::take(&mut self.shown))
    }
}

/// A command that goes with its terminal.
struct Running(Child);

impl Running {
    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.0), signal).unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended, or nobody waits for it.
        let _ = self.0.kill();
    }
}

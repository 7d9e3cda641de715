//! What goes out: one JSON object for scripts, or words for people.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::Value;

use crate::failure::{Failure, Own};
use crate::text::visible_lines;
use crate::words::Language;

/// What takes longer than this says that it goes on.
const PATIENCE: Duration = Duration::from_secs(1);

/// Where a command's result and words go.
#[derive(Clone, Copy)]
pub struct Console {
    /// One JSON object on standard output instead of words.
    pub json: bool,
    /// The language of the words.
    pub language: Language,
    /// Says nothing beside the result: for a phone in a play, where the stage says everything.
    pub is_quiet: bool,
}

impl Console {
    /// Words beside the result: progress, warnings, questions.
    pub fn note(self, words: &str) {
        if self.is_quiet {
            return;
        }
        // Nobody is told where nothing can be written.
        let _ = writeln!(io::stderr(), "{}", visible_lines(words));
    }

    /// Says `words` if what is being done takes longer than a second; until the guard is dropped.
    pub fn busy(self, words: String) -> Busy {
        let (done, wait) = mpsc::channel::<()>();
        let told = thread::spawn(move || {
            if wait.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                self.note(&words);
            }
        });
        Busy { done: Some(done), told: Some(told) }
    }

    /// The result: `object` for scripts, `words` for people. Whatever is in the words, a terminal obeys none of it; that
    /// a stranger's text begins no line of its own is seen to where it is put into the words ([`visible`]).
    ///
    /// [`visible`]: crate::text::visible
    pub fn result(self, object: &Value, words: &str) -> Result<(), Failure> {
        if self.json {
            print(&format!("{object}\n"))
        } else if words.is_empty() {
            Ok(())
        } else {
            print(&format!("{}\n", visible_lines(words)))
        }
    }

    /// Reports a failure and gives its exit code.
    pub fn failure(self, failure: &Failure) -> u8 {
        let (text, next) = failure.words(self.language);
        if !self.json || self.result(&failure.object(self.language), "").is_err() {
            self.note(&format!("{text}\n{next}"));
        }
        failure.exit()
    }

    /// Whether somebody can be asked.
    pub fn can_ask(self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Whether somebody sees the result come.
    pub fn is_live(self) -> bool {
        !self.json && io::stdout().is_terminal()
    }

    /// Whether colour and bold are wanted on standard output (<https://no-color.org>).
    pub fn in_colour(self) -> bool {
        self.is_live() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
    }
}

/// Something that takes a while; it has ended when this is dropped.
pub struct Busy {
    done: Option<mpsc::Sender<()>>,
    told: Option<JoinHandle<()>>,
}

impl Drop for Busy {
    fn drop(&mut self) {
        drop(self.done.take());
        // Nothing is said after the end: the thread ends first.
        let _ = self.told.take().map(JoinHandle::join);
    }
}

/// Writes to standard output. Whoever closed it wants no more: that is no failure.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Own::ResultUnwritten.into()),
        _ => Ok(()),
    }
}

//! Panics that nobody need see. The library that reads QR codes has some, at pictures that are none; the core catches
//! them, as they mean no more than "not a code". But what is said of a panic is said before it is caught, in the middle
//! of a live screen too.

use std::cell::RefCell;
use std::io::{self, Write as _};
use std::panic::{self, PanicHookInfo};
use std::thread;

thread_local! {
    /// While this thread reads pictures, what was said of the last panic.
    static KEPT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// From now on nothing is said of a panic while pictures are read, unless it goes on to be the program's.
pub fn keep_those_of_readers() {
    let say = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if !keep(panic) {
            say(panic);
        }
    }));
}

/// Whether this thread reads pictures. With care: a panic in here would end the program at once.
fn keep(panic: &PanicHookInfo<'_>) -> bool {
    let keep = |kept: &RefCell<Option<String>>| {
        let Ok(mut kept) = kept.try_borrow_mut() else { return false };
        kept.as_mut().map(|words| *words = panic.to_string()).is_some()
    };
    KEPT.try_with(keep).unwrap_or(false)
}

/// Runs what reads pictures.
pub fn reading<T>(read: impl FnOnce() -> T) -> T {
    KEPT.set(Some(String::new()));
    let _reading = Reading;
    read()
}

struct Reading;

impl Drop for Reading {
    fn drop(&mut self) {
        let words = KEPT.take();
        // Nobody has caught it: now it is to be said.
        if thread::panicking() {
            let _ = writeln!(io::stderr(), "{}", words.unwrap_or_default());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Counts the panics of this thread that are said; those of other tests are said as ever.
    fn said() -> Arc<AtomicUsize> {
        let (said, here) = (Arc::new(AtomicUsize::new(0)), thread::current().id());
        let (counter, say) = (Arc::clone(&said), panic::take_hook());
        panic::set_hook(Box::new(move |panic| {
            if thread::current().id() == here {
                counter.fetch_add(1, Ordering::Relaxed);
            } else {
                say(panic);
            }
        }));
        said
    }

    #[test]
    fn a_panic_is_kept_while_pictures_are_read_and_only_then() {
        let said = said();
        keep_those_of_readers();
        let panicking = || catch_unwind(|| panic!("on purpose"));
        assert!(reading(panicking).is_err());
        assert_eq!(said.load(Ordering::Relaxed), 0);
        assert!(panicking().is_err());
        assert_eq!(said.load(Ordering::Relaxed), 1);
    }
}

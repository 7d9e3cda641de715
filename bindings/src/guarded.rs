use std::sync::{Mutex, MutexGuard, PoisonError};

/// A value that one thread at a time uses.
///
/// A thread that panicked doesn't close it for the others: what the core changes is committed whole or not at all, so
/// the next call finds it as it was.
pub(crate) struct Guarded<T>(Mutex<T>);

impl<T> Guarded<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(Mutex::new(value))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_while_it_is_held_does_not_close_it() {
        let guarded = Guarded::new(1);
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            *guarded.lock() = 2;
            let _held = guarded.lock();
            panic!("on purpose");
        }));
        assert!(panicked.is_err() && guarded.0.is_poisoned());
        assert_eq!(*guarded.lock(), 2);
    }
}

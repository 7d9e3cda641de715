//! How long a question has stood without a key.

use countersign::clock::Now;

/// A yes counts once its question has stood for so long without a key. A key that is held down, or was meant for what
/// was there before, is no answer.
pub const STANDS_MS: u64 = 1_000;

/// Since when a question has stood without a key, by the steady clock; `None` until the next tick.
#[derive(Clone, Copy, Default)]
pub struct Stands(Option<u64>);

impl Stands {
    /// Another question, or a key.
    pub const fn anew(&mut self) {
        self.0 = None;
    }

    pub(super) fn tick(&mut self, now: Now) {
        self.0.get_or_insert(now.steady_ms);
    }

    /// Whether a yes is an answer by now.
    pub fn takes_keys(self, now: Now) -> bool {
        self.0.is_some_and(|since| now.steady_ms.saturating_sub(since) >= STANDS_MS)
    }
}
